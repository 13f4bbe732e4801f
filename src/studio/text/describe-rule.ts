/** @file What became of a rule on an answer, as a sentence, and what is wrong with one that is not right yet. */
import type { Rule } from '../../data/rules';
import type { RuleResult } from '../../evaluation/rules';
import type { RuleProblem } from '../plain/data/rule-form';
import type { Text } from './text';

type Words = Text['rules'];

export function describeRuleProblem(problem: RuleProblem, words: Words): string {
  if (problem.kind === 'badPattern') return words.badPattern(problem.reason);
  return problem.kind === 'slowPattern' ? words.slowPattern(problem) : words.problems[problem.kind];
}

const short = (words: string): string => (words.length > 40 ? `${words.slice(0, 40)}…` : words);

function whatOf(rule: Rule, words: Words): string | null {
  switch (rule.kind) {
    case 'contains':
    case 'not_contains':
      return words.quoted(short(rule.text));
    case 'pattern':
      return short(rule.pattern);
    case 'length': {
      const count = words.reasons.counted[rule.unit];
      const parts = [
        ...(rule.min > 0 ? [words.atLeast(count(rule.min))] : []),
        ...(rule.max === null ? [] : [words.atMost(count(rule.max))]),
      ];
      return parts.length === 0 ? null : parts.join(', ');
    }
    case 'one_of':
      return short(rule.values.join(', '));
    case 'language':
      return words.languages[rule.language];
    case 'reference':
      return words.matches[rule.match];
    case 'json':
    case 'ends_properly':
      return null;
  }
}

/** A rule in a few words, as it stands away from its form: "contains a text: “pump”". */
export function nameOfRule(rule: Rule, words: Words): string {
  const what = whatOf(rule, words);
  return what === null ? words.kinds[rule.kind] : words.of(words.kinds[rule.kind], what);
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
