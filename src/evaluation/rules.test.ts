import { describe, expect, it } from 'vitest';
import { applyRules, readRules, type RuledAnswer } from './rules';

const answer = (text: string, more: Partial<RuledAnswer> = {}): RuledAnswer => ({
  ...{ text, tokens: null, reference: null, isEnded: null },
  ...more,
});
const rules = (...list: unknown[]) => readRules(JSON.stringify({ version: 1, rules: list }), 'rules.json');
const keeps = (rule: unknown, given: RuledAnswer) => applyRules(rules(rule), given).results[0]?.isKept;

describe('rules of one’s own', () => {
  it.each([
    [{ kind: 'contains', text: 'Kind Regards' }, 'with kind regards', 'with regards'],
    [{ kind: 'contains', text: 'A', ignore_case: false }, 'A b', 'a b'],
    [{ kind: 'contains', text: '점검' }, '점검 완료'.normalize('NFD'), '완료'],
    [{ kind: 'not_contains', text: 'sorry' }, 'Here it is.', 'Sorry, no.'],
    [{ kind: 'pattern', pattern: '^\\d{3}-\\d{4}$' }, '123-4567', 'call 123-4567'],
    [{ kind: 'pattern', pattern: '\\p{Script=Hangul}' }, '예', 'yes'],
    [{ kind: 'length', max: 3 }, 'one two three', 'one two three four'],
    [{ kind: 'length', unit: 'characters', min: 2, max: 2 }, '👍👍', '👍'],
    [{ kind: 'json' }, ' {"a": [1, null]} ', '{"a": 1'],
    [{ kind: 'one_of', values: ['yes', 'no'] }, ' Yes\n', 'yes, but'],
    [{ kind: 'language', language: 'ko' }, '밸브를 닫으십시오 (V-101).', 'Close the valve 밸브.'],
    [{ kind: 'language', language: 'en', min_share: 0.5 }, 'valve 밸브', '밸브를 닫으십시오'],
    [{ kind: 'ends_properly' }, 'It is closed.', 'It is closed and'],
    [{ kind: 'ends_properly' }, '“Closed!”', ''],
  ])('%j', (rule, kept, broken) => {
    expect(keeps(rule, answer(kept))).toBe(true);
    expect(keeps(rule, answer(broken))).toBe(false);
  });

  it('a sentence that the limit of length cut did not end', () => {
    expect(keeps({ kind: 'ends_properly' }, answer('It is 5.', { isEnded: false }))).toBe(false);
    expect(keeps({ kind: 'ends_properly' }, answer('It is 5.', { isEnded: true }))).toBe(true);
  });

  it('agree with a reference: the same, containing it, or its numbers', () => {
    const given = answer('The pump ran 1,200 hours.', { reference: '1200' });
    expect(keeps({ kind: 'reference', match: 'numbers' }, given)).toBe(true);
    expect(keeps({ kind: 'reference', match: 'contains' }, given)).toBe(false);
    expect(keeps({ kind: 'reference' }, answer(' Yes ', { reference: 'yes' }))).toBe(true);
    expect(keeps({ kind: 'reference', match: 'numbers' }, answer('About 1,300.', { reference: '1200' }))).toBe(false);
  });

  it('a reference that has no words, or no number where numbers are compared, is none', () => {
    for (const [match, reference] of [
      ['numbers', 'I do not know.'],
      ['numbers', ''],
      ['contains', ' '],
      ['equal', ''],
    ])
      for (const text of ['', '12', 'any words'])
        expect(keeps({ kind: 'reference', match }, answer(text, { reference: reference ?? null }))).toBeNull();
  });

  it('what could not be looked at counts neither way', () => {
    const set = rules(
      { kind: 'reference' },
      { kind: 'length', unit: 'tokens', max: 4 },
      { kind: 'contains', text: 'a' },
    );
    expect(applyRules(set, answer('a')).score).toBe(1);
    expect(applyRules(set, answer('a', { tokens: 9 })).score).toBe(0.5);
    expect(applyRules(rules({ kind: 'reference' }), answer('a')).score).toBeNull();
  });

  it('are weighed', () => {
    const set = rules({ kind: 'contains', text: 'a', weight: 3 }, { kind: 'contains', text: 'b' });
    expect(applyRules(set, answer('a')).score).toBe(0.75);
    expect(applyRules(set, answer('b')).score).toBe(0.25);
  });
});

describe('a file of rules that is none is refused, with the place', () => {
  const refusal = (source: string) => {
    try {
      readRules(source, 'rules.json');
      return '';
    } catch (error) {
      return String(error);
    }
  };
  it.each([
    ['{', /rules\.json is no JSON/],
    ['[]', /rules\.json/],
    ['{"version": 1, "rules": []}', /rules\.json.*`rules`/],
    ['{"version": 1, "rules": [{"kind": "json"}, {"kind": "contains"}]}', /rule 2.*`text`/],
    ['{"version": 1, "rules": [{"kind": "nonsense"}]}', /rule 1.*`kind`/],
    ['{"version": 1, "rules": [{"kind": "json", "wieght": 2}]}', /rule 1/],
    ['{"version": 1, "rules": [{"kind": "json", "weight": 0}]}', /rule 1.*`weight`/],
    ['{"version": 1, "rules": [{"kind": "pattern", "pattern": "("}]}', /[Rr]ule 1.*pattern/],
    ['{"version": 1, "rules": [{"kind": "pattern", "pattern": "(a|a)*c"}]}', /[Rr]ule 1: its pattern takes [\d.]+ sec/],
    ['{"version": 1, "rules": [{"kind": "length", "min": 5, "max": 2}]}', /[Rr]ule 1.*5.*2/],
  ])('%s', (source, sentence) => {
    expect(refusal(source)).toMatch(sentence);
  });
});
