import { describe, expect, it } from 'vitest';
import { readRules } from '../../../evaluation/rules';
import {
  formsOf,
  mergeRuleForms,
  newRule,
  readRule,
  readRuleForms,
  ruleKinds,
  withMoved,
  writeRules,
  type RuleForm,
} from './rule-form';

let last = 0;
const newId = () => String(last++);
const rule = (kind: RuleForm['kind'], change: Partial<RuleForm> = {}): RuleForm => ({
  ...newRule(kind, newId()),
  ...change,
});

/** A file with every kind of rule, none as it is by itself. */
const file = JSON.stringify({
  version: 1,
  rules: [
    { kind: 'contains', text: 'V-101', ignore_case: false, weight: 2 },
    { kind: 'not_contains', text: ' sorry ' },
    { kind: 'pattern', pattern: '\\d+ bar', weight: 0.5 },
    { kind: 'length', unit: 'tokens', min: 3, max: 60 },
    { kind: 'length', unit: 'characters' },
    { kind: 'language', language: 'en', min_share: 0.07 },
    { kind: 'ends_properly', weight: 1000 },
    { kind: 'json' },
    { kind: 'one_of', values: ['yes', 'no idea'] },
    { kind: 'reference', match: 'numbers' },
  ],
});

describe('the form of rules', () => {
  it('takes every kind of rule from a file and gives the same file back', () => {
    const rules = readRules(file, 'rules.json');
    expect(new Set(rules.rules.map(({ kind }) => kind))).toEqual(new Set(ruleKinds));
    const made = readRuleForms(formsOf(rules, newId));
    expect(made).toEqual({ rules, wrong: 0 });
    expect(readRules(writeRules(made.rules!), 'again.json')).toEqual(rules);
  });

  it.each([
    [rule('contains'), 'noText'],
    [rule('not_contains', { text: 'x'.repeat(10_001) }), 'tooLong'],
    [rule('pattern'), 'noPattern'],
    [rule('pattern', { text: '(' }), 'badPattern'],
    [rule('pattern', { text: '(a+)+b' }), 'slowPattern'],
    [rule('pattern', { text: 'x'.repeat(1001) }), 'tooLong'],
    [rule('one_of', { text: ' \n ' }), 'noValues'],
    [rule('one_of', { text: 'x\n'.repeat(1001) }), 'tooMany'],
    [rule('length', { min: '5', max: '4' }), 'emptyRange'],
  ])('says what is wrong with %o', (form, problem) => {
    expect(readRule(form)).toMatchObject({ rule: null, problem: { kind: problem } });
    // No set is made of which a part is missing.
    expect(readRuleForms([rule('json'), form])).toEqual({ rules: null, wrong: 1 });
  });

  it('says which number is wrong, of the fields that the kind has', () => {
    expect(Object.keys(readRule(rule('length', { weight: '0', min: '-1', max: '1,5', share: 'all' })).numbers)).toEqual(
      ['weight', 'min', 'max'],
    );
    expect(readRule(rule('language', { share: '0' })).numbers.share?.given).toBe('0');
    expect(readRule(rule('json', { share: '0', min: 'x' })).problem).toBeNull();
  });

  it('moves a rule as far as there is a place', () => {
    const [a, b, c] = [rule('json'), rule('json'), rule('json')];
    expect(withMoved([a, b, c], b.id, -1)).toEqual([b, a, c]);
    expect(withMoved([a, b, c], b.id, 1)).toEqual([a, c, b]);
    expect(withMoved([a, b, c], a.id, -1)).toEqual([a, b, c]);
    expect(withMoved([a, b, c], c.id, 1)).toEqual([a, b, c]);
  });
});

describe('two tabs that change the rules', () => {
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((text) => rule('contains', { text })) as [
    RuleForm,
    RuleForm,
    RuleForm,
    RuleForm,
  ];
  const changed = (form: RuleForm, text: string): RuleForm => ({ ...form, text });

  it.each<[string, RuleForm[], RuleForm[], RuleForm[]]>([
    ['both add', [a, b, c], [a, b, d], [a, b, c, d]],
    ['one edits, the other deletes another', [changed(a, 'A'), b], [a], [changed(a, 'A')]],
    ['one edits, the other moves', [changed(a, 'A'), b], [b, a], [b, changed(a, 'A')]],
    ['one moves, the other edits', [b, a], [a, changed(b, 'B')], [changed(b, 'B'), a]],
    ['one edits what the other deletes', [changed(a, 'A'), b], [b], [b, changed(a, 'A')]],
    ['one deletes what the other edits', [b], [changed(a, 'A'), b], [b, changed(a, 'A')]],
    ['both edit the same', [changed(a, 'mine'), b], [changed(a, 'theirs'), b], [changed(a, 'mine'), b]],
    ['one moves, the other adds', [b, a], [a, b, d], [b, d, a]],
  ])('lose nothing: %s', (_, mine, theirs, merged) => {
    // What is read from storage is another object.
    const theirsRead = structuredClone(theirs);
    const result = mergeRuleForms([a, b], mine, theirsRead);
    expect(new Set(result.map(({ text }) => text))).toEqual(new Set(merged.map(({ text }) => text)));
    expect(result).toEqual(merged);
  });

  it('take over what the other wrote where nothing was changed here', () => {
    const mine = [a, b];
    const theirs = [c];
    expect(mergeRuleForms(mine, mine, theirs)).toBe(theirs);
  });
});
