/** @file Rules of one's own: the form, what is wrong with a rule, and what became of each on an answer. */
import type { SlowText } from '../../../core/slow-text';
import type { RuleKind } from '../../../data/rules';
import type { lengthUnits, ruleLanguages, ruleMatches, RuleNumber, RuleProblem } from '../../plain/data/rule-form';
import { formatCount, plural } from '../format';

const kinds: Readonly<Record<RuleKind, string>> = {
  contains: 'contains a text',
  not_contains: 'does not contain a text',
  pattern: 'matches a pattern',
  length: 'has a length',
  language: 'is in a language',
  ends_properly: 'ends properly',
  json: 'is valid JSON',
  one_of: 'is one of a list',
  reference: 'agrees with the right answer',
};

const units: Readonly<Record<(typeof lengthUnits)[number], string>> = {
  words: 'Words',
  tokens: 'Tokens',
  characters: 'Characters',
};

const counted: Readonly<Record<(typeof lengthUnits)[number], (count: number) => string>> = {
  words: (count) => plural(count, 'word'),
  tokens: (count) => plural(count, 'token'),
  characters: (count) => plural(count, 'character'),
};

const languages: Readonly<Record<(typeof ruleLanguages)[number], string>> = { ko: 'Korean', en: 'English' };

const matches: Readonly<Record<(typeof ruleMatches)[number], string>> = {
  equal: 'is the same text',
  contains: 'contains it',
  numbers: 'has all its numbers',
};

const numbers: Readonly<Record<RuleNumber, string>> = {
  weight: 'Weight',
  min: 'At least',
  max: 'At most',
  share: 'Share of letters',
};

const problems: Readonly<Record<Exclude<RuleProblem['kind'], 'badPattern' | 'slowPattern'>, string>> = {
  noText: 'Write the text that is looked for.',
  noPattern: 'Write the pattern, a regular expression: \\d+ is any number, ^(yes|no)$ one of two words.',
  noValues: 'Write the answers that are allowed, one a line.',
  tooLong: 'The text is longer than a rule may hold; shorten it.',
  tooMany: 'A list holds 1,000 answers at most; shorten it.',
  emptyRange: 'No answer is at least this long and at most that long; raise “At most” or lower “At least”.',
};

export const rules = {
  title: 'Rules',
  lead: 'What a good answer keeps. Rules score any answer without a model: the weighted share that it keeps, 0 to 1. They belong to this data set.',
  empty:
    'No rules yet. Add what a good answer must keep and try it on a text; Compare then chooses the best of several answers by it.',
  list: 'Rules of this data set',
  add: 'Add a rule',
  import: 'Import rules',
  export: 'Export rules',
  fileName: 'rules.json',
  exportWhole: 'Rules can be exported when all of them are right.',
  full: 'A set holds 100 rules at most.',
  rule: (number: number) => `Rule ${formatCount(number)}`,
  kind: 'An answer',
  kinds,
  of: (kind: string, what: string) => `${kind}: ${what}`,
  quoted: (words: string) => `“${words}”`,
  atLeast: (min: string) => `${min} or more`,
  atMost: (max: string) => `up to ${max}`,
  text: 'Text',
  pattern: 'Pattern (regular expression)',
  values: 'Allowed answers, one a line',
  ignoreCase: 'Ignore case',
  unit: 'Counted in',
  units,
  tokensNote: 'Tokens of the open model, its end token included.',
  noLimit: 'Empty: no limit.',
  language: 'Language',
  languages,
  match: 'It',
  matches,
  referenceNote:
    'The right answer of a prompt is the chosen answer of this data set; where it has none, the rule does not count.',
  numbers,
  weightHelp: 'Counts so often.',
  up: (rule: string) => `Move up: ${rule}`,
  down: (rule: string) => `Move down: ${rule}`,
  remove: (rule: string) => `Remove: ${rule}`,
  removed: 'The rule was removed.',
  imported: (count: number, file: string) => `${plural(count, 'rule')} of ${file} imported.`,
  otherSet: 'The rules are of another data set, which is not open; open it first.',
  notKept: 'The rules are in use, but will be gone after a reload.',
  problems,
  badPattern: (reason: string) => `The pattern cannot be read: ${reason}.`,
  slowPattern: ({ characters, seconds }: SlowText) =>
    `The pattern takes ${seconds} seconds for ${characters} equal characters and might never end on an answer. Write it without a repetition inside a repetition, as (a+)+.`,
  trial: {
    title: 'Try an answer',
    answer: 'Answer to try',
    placeholder: 'Paste an answer',
    reference: 'Right answer',
    first: 'Paste an answer: each rule says at once what becomes of it.',
    score: (score: string) => `Score ${score}`,
    none: 'No rule can be looked at yet.',
    wrong: (count: number) =>
      `${plural(count, 'rule')} ${count === 1 ? 'needs' : 'need'} correction and ${count === 1 ? 'does' : 'do'} not count yet.`,
  },
  kept: 'Kept',
  broken: 'Broken',
  unseen: 'Not counted',
  reasons: {
    found: 'The text is there.',
    notFound: 'The text is not there.',
    matched: (seen: string) => `Found: ${seen}`,
    unmatched: 'Nothing in the answer matches.',
    counted,
    uncounted: 'Its tokens were not counted; a model that is open counts them.',
    json: 'It is valid JSON.',
    noJson: (why: string) => `It is no JSON: ${why}`,
    oneOf: 'It is on the list.',
    notOneOf: 'It is not on the list.',
    share: (share: string, language: string) => `${share} of the letters are ${language}.`,
    ends: 'It ends with a mark that ends a sentence.',
    noEnd: (seen: string) => `It does not end a sentence: ${seen}`,
    agrees: 'It agrees with the right answer.',
    disagrees: 'It does not agree with the right answer.',
    noReference: 'There is no right answer to hold it against.',
  },
};
