/**
 * @file Rewards of one's own: rules that a person puts together without code, each of which an answer keeps or breaks.
 * The reward is the weighted share that it keeps, 0 to 1. A set of rules is a JSON file:
 * `{"version": 1, "rules": [{"kind": "contains", "text": "kind regards"}, ...]}`.
 */
import { findSlowText, type SlowText } from '../core/slow-text';
import { UserError } from '../core/errors';
import { message, type Message } from '../messages/message';
import type { z } from '../core/zod';
import { rulesSchema, type Rule, type RuleKind, type Rules } from '../data/rules';

/** An answer with what rules may ask of it beside its text. */
export interface RuledAnswer {
  readonly text: string;
  /** Tokens of the answer; null where nobody has counted them. */
  readonly tokens: number | null;
  /** What the answer ought to be; null where the data has no such column. */
  readonly reference: string | null;
  /** Whether it ended by its end token and not by the limit of length; null where that is unknown. */
  readonly isEnded: boolean | null;
}

/** What became of a rule: kept or broken, or null where it could not be looked at, with what was seen. */
export interface RuleResult {
  readonly rule: Rule;
  readonly isKept: boolean | null;
  readonly seen: string;
}

export interface RuledScore {
  /** The weighted share of the rules that are kept, of those that could be looked at; null where none could. */
  readonly score: number | null;
  readonly results: readonly RuleResult[];
}

/**
 * Reads a set of rules.
 * @param where names the source in messages
 * @throws UserError for JSON that is none, and for a rule that is none, with its number
 */
export function readRules(source: string, where: string): Rules {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (error) {
    throw new UserError('rulesNotJson', { where, reason: (error as Error).message });
  }
  const parsed = rulesSchema.safeParse(value);
  if (!parsed.success) throw new UserError('rulesBad', { where, problem: describe(parsed.error) });
  return checkRules(parsed.data);
}

/**
 * What the form of rules does not tell: whether each can be held against an answer.
 * @returns the rules
 * @throws UserError for a pattern that is none or too slow, and for a range without a length
 */
export function checkRules(rules: Rules): Rules {
  rules.rules.forEach((rule, index) => {
    if (rule.kind === 'pattern') requirePattern(rule.pattern, index);
    if (rule.kind === 'length' && rule.max !== null && rule.max < rule.min)
      throw new UserError('ruleRangeEmpty', { number: index + 1, min: rule.min, max: rule.max });
  });
  return rules;
}

function describe({ issues }: z.ZodError): Message {
  const [issue] = issues;
  const path = issue?.path ?? [];
  const place = path[0] === 'rules' && typeof path[1] === 'number' ? path[1] + 1 : null;
  const field = path.slice(2).join('.') || String(path[0] ?? '');
  return place === null
    ? message('rulesField', { field, reason: issue?.message ?? '' })
    : message('ruleField', { number: place, field, reason: issue?.message ?? '' });
}

/** Why a pattern cannot be used: the engine's reason for not reading it, or the text that it takes too long on. */
export type PatternFault = { readonly reason: string } | { readonly slow: SlowText };

/** What was found of patterns: a form that is drawn again asks again, and a trial may take a second. */
const foundFaults = new Map<string, PatternFault | null>();
const mostFound = 200;

export function patternFault(pattern: string): PatternFault | null {
  const known = foundFaults.get(pattern);
  if (known !== undefined) return known;
  const found = tryPattern(pattern);
  if (foundFaults.size >= mostFound) foundFaults.clear();
  foundFaults.set(pattern, found);
  return found;
}

function tryPattern(pattern: string): PatternFault | null {
  try {
    const read = new RegExp(pattern, 'u');
    const slow = findSlowText((text) => read.exec(text), pattern);
    return slow && { slow };
  } catch (error) {
    return { reason: (error as Error).message };
  }
}

function requirePattern(pattern: string, index: number): void {
  const fault = patternFault(pattern);
  if (fault === null) return;
  if ('slow' in fault) throw new UserError('rulePatternSlow', { number: index + 1, ...fault.slow });
  throw new UserError('rulePatternBad', { number: index + 1, reason: fault.reason });
}

/** Characters of an answer that a pattern is tried on: what passed its trial may grow with their square. */
const mostTried = 20_000;

const folded = (value: string, ignoreCase: boolean): string => {
  const composed = value.normalize('NFC');
  return ignoreCase ? composed.toLowerCase() : composed;
};

const wordsOf = (value: string): readonly string[] =>
  value
    .trim()
    .split(/\s+/u)
    .filter((word) => word !== '');

const numbersOf = (value: string): readonly string[] =>
  (value.match(/\d+(?:[.,]\d+)*/gu) ?? []).map((number) => number.replaceAll(',', ''));

/** The share of a text's letters that are Hangul or Latin; 0 without letters. */
function shareOfLanguage(value: string, language: 'ko' | 'en'): number {
  const letters = value.match(/\p{L}/gu) ?? [];
  const script = language === 'ko' ? /\p{Script=Hangul}/u : /\p{Script=Latin}/u;
  return letters.length === 0 ? 0 : letters.filter((letter) => script.test(letter)).length / letters.length;
}

const quote = (value: string): string => JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);

type Check<Kind extends RuleKind> = (
  rule: Extract<Rule, { kind: Kind }>,
  answer: RuledAnswer,
) => Omit<RuleResult, 'rule'>;

function checkJson({ text: given }: RuledAnswer): Omit<RuleResult, 'rule'> {
  try {
    JSON.parse(given);
    return { isKept: true, seen: quote(given.trim()) };
  } catch (error) {
    return { isKept: false, seen: (error as Error).message };
  }
}

function checkReference(match: 'equal' | 'contains' | 'numbers', answer: RuledAnswer): Omit<RuleResult, 'rule'> {
  const words = answer.reference?.trim() ?? '';
  // Every answer has all numbers of a reference without any.
  if (words === '' || (match === 'numbers' && numbersOf(words).length === 0)) return { isKept: null, seen: '' };
  const [given, wanted] = [answer.text.trim(), words].map((value) => folded(value, true)) as [string, string];
  const isKept =
    match === 'equal'
      ? given === wanted
      : match === 'contains'
        ? given.includes(wanted)
        : numbersOf(wanted).every((number) => numbersOf(given).includes(number));
  return { isKept, seen: quote(answer.text.trim()) };
}

const checks: { readonly [Kind in RuleKind]: Check<Kind> } = {
  contains: ({ text: wanted, ignore_case }, answer) => ({
    isKept: folded(answer.text, ignore_case).includes(folded(wanted, ignore_case)),
    seen: quote(answer.text),
  }),
  not_contains: ({ text: unwanted, ignore_case }, answer) => ({
    isKept: !folded(answer.text, ignore_case).includes(folded(unwanted, ignore_case)),
    seen: quote(answer.text),
  }),
  pattern: ({ pattern }, answer) => {
    const found = new RegExp(pattern, 'u').exec(answer.text.normalize('NFC').slice(0, mostTried));
    return { isKept: found !== null, seen: found === null ? '' : quote(found[0]) };
  },
  length: ({ unit, min, max }, answer) => {
    const lengths = {
      words: wordsOf(answer.text).length,
      characters: Array.from(answer.text.normalize('NFC')).length,
      tokens: answer.tokens,
    };
    const seen = lengths[unit];
    return { isKept: seen === null ? null : seen >= min && (max === null || seen <= max), seen: String(seen ?? '') };
  },
  json: (_, answer) => checkJson(answer),
  one_of: ({ values }, answer) => ({
    isKept: values.some((value) => folded(value.trim(), true) === folded(answer.text.trim(), true)),
    seen: quote(answer.text.trim()),
  }),
  language: ({ language, min_share }, answer) => {
    const share = shareOfLanguage(answer.text, language);
    return { isKept: share >= min_share, seen: `${Math.round(100 * share)} %` };
  },
  ends_properly: (_, { text: given, isEnded }) => ({
    isKept: isEnded !== false && /[.!?…。！？]["'”’)\]]*$/u.test(given.trimEnd()),
    seen: quote(given.trimEnd().slice(-30)),
  }),
  reference: ({ match }, answer) => checkReference(match, answer),
};

/** Holds an answer against a set of rules. */
export function applyRules({ rules }: Rules, answer: RuledAnswer): RuledScore {
  const results = rules.map((rule): RuleResult => {
    const check = checks[rule.kind] as Check<RuleKind>;
    return { rule, ...check(rule, answer) };
  });
  const looked = results.filter(({ isKept }) => isKept !== null);
  const total = looked.reduce((sum, { rule }) => sum + rule.weight, 0);
  const kept = looked.reduce((sum, { rule, isKept }) => sum + (isKept === true ? rule.weight : 0), 0);
  return { score: total === 0 ? null : kept / total, results };
}
