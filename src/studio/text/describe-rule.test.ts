import { expect, it } from 'vitest';
import { applyRules, readRules } from '../../evaluation/rules';
import { describeRuleResult, nameOfRule } from './describe-rule';
import { textIn } from './text';

const rules = readRules(
  JSON.stringify({
    version: 1,
    rules: [
      { kind: 'contains', text: 'pump' },
      { kind: 'not_contains', text: 'pump' },
      { kind: 'pattern', pattern: 'the \\w+' },
      { kind: 'length', min: 2, max: 3 },
      { kind: 'length', unit: 'tokens', max: 3 },
      { kind: 'language', language: 'en' },
      { kind: 'ends_properly' },
      { kind: 'json' },
      { kind: 'one_of', values: ['yes', 'no'] },
      { kind: 'reference' },
    ],
  }),
  'rules.json',
);
const { rules: words } = textIn('en');

it('names each rule and says what became of it', () => {
  const answer = { text: 'Stop the pump.', tokens: null, reference: 'Stop the pump', isEnded: true };
  const said = applyRules(rules, answer).results.map((result) => [
    nameOfRule(result.rule, words),
    result.isKept,
    describeRuleResult(result, words),
  ]);
  expect(said.map(([name, isKept, why]) => `${name} | ${isKept} | ${why}`.replace(/(no JSON: ).*/, '$1…'))).toEqual([
    'contains a text: “pump” | true | The text is there.',
    'does not contain a text: “pump” | false | The text is there.',
    'matches a pattern: the \\w+ | true | Found: "the pump"',
    'has a length: 2 words or more, up to 3 words | true | 3 words',
    'has a length: up to 3 tokens | null | Its tokens were not counted; a model that is open counts them.',
    'is in a language: English | true | 100% of the letters are English.',
    'ends properly | true | It ends with a mark that ends a sentence.',
    'is valid JSON | false | It is no JSON: …',
    'is one of a list: yes, no | false | It is not on the list.',
    'agrees with the right answer: is the same text | false | It does not agree with the right answer.',
  ]);
});
