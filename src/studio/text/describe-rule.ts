/** @file What became of a rule on an answer, as a sentence, and what is wrong with one that is not right yet. */
import type { RuleResult } from '../../evaluation/rules';
import type { RuleProblem } from '../plain/data/rule-form';
import type { Text } from './text';

type Words = Text['rules'];

export function describeRuleProblem(problem: RuleProblem, words: Words): string {
  return problem.kind === 'badPattern' ? words.badPattern(problem.reason) : words.problems[problem.kind];
}

/** Why a rule is kept, broken or not counted. */
export function describeRuleResult({ rule, isKept, seen }: RuleResult, words: Words): string {
  const { reasons } = words;
  switch (rule.kind) {
    case 'contains':
      return isKept ? reasons.found : reasons.notFound;
    case 'not_contains':
      return isKept ? reasons.notFound : reasons.found;
    case 'pattern':
      return isKept ? reasons.matched(seen) : reasons.unmatched;
    case 'length':
      return isKept === null ? reasons.uncounted : reasons.counted[rule.unit](Number(seen));
    case 'json':
      return isKept ? reasons.json : reasons.noJson(seen);
    case 'one_of':
      return isKept ? reasons.oneOf : reasons.notOneOf;
    case 'language':
      return reasons.share(seen.replace(' ', ''), words.languages[rule.language]);
    case 'ends_properly':
      return isKept ? reasons.ends : reasons.noEnd(seen);
    case 'reference':
      return isKept === null ? reasons.noReference : isKept ? reasons.agrees : reasons.disagrees;
  }
}
