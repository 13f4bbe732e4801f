/**
 * @file Rules of one's own as they stand in the form, numbers and lists as typed; the rules that they make, or what is
 * wrong with one; and what becomes of them where two tabs change them. Pure.
 */
import { z } from '../../../core/zod';
import { mergeRows } from '../../../data/merge-rows';
import type { SlowText } from '../../../core/slow-text';
import type { Rule, RuleKind, Rules } from '../../../data/rules';
import { patternFault } from '../../../evaluation/rules';
import { mapping, type Kept } from '../../../storage/versioned';
import { parseNumber, type NumberProblem, type NumberRule } from '../numbers';

export const ruleKinds = [
  ...(['contains', 'not_contains', 'pattern', 'length', 'language', 'ends_properly', 'json', 'one_of'] as const),
  'reference',
] as const satisfies readonly RuleKind[];
export const lengthUnits = ['words', 'tokens', 'characters'] as const;
export const ruleLanguages = ['ko', 'en'] as const;
export const ruleMatches = ['equal', 'contains', 'numbers'] as const;

/** Rules that a set may hold, and characters of a text or a pattern, as the reader of rules has them. */
export const ruleLimits = { rules: 100, text: 10_000, pattern: 1000, values: 1000 } as const;

const ruleFormSchema = mapping({
  /** Tells the rule from the others, in another tab too. */
  id: z.string(),
  kind: z.enum(ruleKinds),
  weight: z.string().default('1'),
  /** The text, the pattern, or the answers of a list, one a line. */
  text: z.string().default(''),
  ignoreCase: z.boolean().default(true),
  unit: z.enum(lengthUnits).default('words'),
  min: z.string().default(''),
  /** Empty for no upper bound. */
  max: z.string().default(''),
  language: z.enum(ruleLanguages).default('ko'),
  /** Per cent. */
  share: z.string().default('80'),
  match: z.enum(ruleMatches).default('equal'),
});
export type RuleForm = Kept<typeof ruleFormSchema>;

export const ruleFormsSchema = mapping({ rules: z.array(ruleFormSchema).max(ruleLimits.rules) });
export type RuleForms = Kept<typeof ruleFormsSchema>;

export const newRule = (kind: RuleKind, id: string): RuleForm => ruleFormSchema.parse({ id, kind });

const numberRules = {
  weight: { min: 0, max: 1000, above: true },
  min: { min: 0, max: 1_000_000 },
  max: { min: 0, max: 1_000_000 },
  share: { min: 0, max: 100, above: true },
} as const satisfies Readonly<Record<string, NumberRule>>;
export type RuleNumber = keyof typeof numberRules;

/** What is wrong with a rule beside its numbers. */
export type RuleProblem =
  | { readonly kind: 'noText' | 'noPattern' | 'noValues' | 'tooLong' | 'tooMany' | 'emptyRange' }
  | { readonly kind: 'badPattern'; readonly reason: string }
  | ({ readonly kind: 'slowPattern' } & SlowText);

export interface ReadRule {
  /** The rule; null where something is wrong with it. */
  readonly rule: Rule | null;
  readonly numbers: Readonly<Partial<Record<RuleNumber, NumberProblem>>>;
  readonly problem: RuleProblem | null;
}

type Draft = Rule | RuleProblem;
const isProblem = (draft: Draft): draft is RuleProblem => !('weight' in draft);

const linesOf = (text: string): readonly string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

type Numbers = Readonly<Record<RuleNumber, number | null>>;
type Maker = (form: RuleForm, weight: number, numbers: Numbers) => Draft;

function makeContains(kind: 'contains' | 'not_contains'): Maker {
  return ({ text, ignoreCase }, weight) => {
    if (text === '') return { kind: 'noText' };
    return text.length > ruleLimits.text ? { kind: 'tooLong' } : { kind, text, ignore_case: ignoreCase, weight };
  };
}

const makers: { readonly [Kind in RuleKind]: Maker } = {
  contains: makeContains('contains'),
  not_contains: makeContains('not_contains'),
  pattern({ text: pattern }, weight) {
    if (pattern === '') return { kind: 'noPattern' };
    if (pattern.length > ruleLimits.pattern) return { kind: 'tooLong' };
    const fault = patternFault(pattern);
    if (fault === null) return { kind: 'pattern', pattern, weight };
    return 'slow' in fault ? { kind: 'slowPattern', ...fault.slow } : { kind: 'badPattern', ...fault };
  },
  length({ unit }, weight, { min, max }) {
    const least = min ?? 0;
    return max !== null && max < least ? { kind: 'emptyRange' } : { kind: 'length', unit, min: least, max, weight };
  },
  json: (_, weight) => ({ kind: 'json', weight }),
  one_of({ text }, weight) {
    const values = linesOf(text);
    if (values.length === 0) return { kind: 'noValues' };
    if (values.length > ruleLimits.values) return { kind: 'tooMany' };
    return values.some((value) => value.length > ruleLimits.text)
      ? { kind: 'tooLong' }
      : { kind: 'one_of', values: [...values], weight };
  },
  language: ({ language }, weight, { share }) => ({
    kind: 'language',
    language,
    min_share: (share ?? 80) / 100,
    weight,
  }),
  ends_properly: (_, weight) => ({ kind: 'ends_properly', weight }),
  reference: ({ match }, weight) => ({ kind: 'reference', match, weight }),
};

/** The numbers that a kind of rule has beside its weight; those of a length may be left out. */
const numbersOf: Readonly<Partial<Record<RuleKind, readonly RuleNumber[]>>> = {
  length: ['min', 'max'],
  language: ['share'],
};

/** The rule that a line of the form makes, or what is wrong with it. */
export function readRule(form: RuleForm): ReadRule {
  const values: Record<RuleNumber, number | null> = { weight: null, min: null, max: null, share: null };
  const numbers: Partial<Record<RuleNumber, NumberProblem>> = {};
  for (const key of ['weight', ...(numbersOf[form.kind] ?? [])] as const) {
    if ((key === 'min' || key === 'max') && form[key].trim() === '') continue;
    const { value, problem } = parseNumber(form[key], numberRules[key]);
    values[key] = value;
    if (problem !== null) numbers[key] = problem;
  }
  const draft = makers[form.kind](form, values.weight ?? 1, values);
  const problem = isProblem(draft) ? draft : null;
  const isWhole = problem === null && Object.keys(numbers).length === 0;
  return { rule: isWhole ? (draft as Rule) : null, numbers, problem };
}

/** The set of rules, null where there is none or a rule is not right yet; and how many are not. */
export function readRuleForms(forms: readonly RuleForm[]): { readonly rules: Rules | null; readonly wrong: number } {
  const rules = forms.map((form) => readRule(form).rule);
  const right = rules.filter((rule) => rule !== null);
  const wrong = rules.length - right.length;
  return { rules: wrong > 0 || right.length === 0 ? null : { version: 1, rules: right }, wrong };
}

function formOf(rule: Rule, id: string): RuleForm {
  const form = { ...newRule(rule.kind, id), weight: String(rule.weight) };
  switch (rule.kind) {
    case 'contains':
    case 'not_contains':
      return { ...form, text: rule.text, ignoreCase: rule.ignore_case };
    case 'pattern':
      return { ...form, text: rule.pattern };
    case 'length':
      return {
        ...form,
        unit: rule.unit,
        min: rule.min === 0 ? '' : String(rule.min),
        max: rule.max === null ? '' : String(rule.max),
      };
    case 'one_of':
      return { ...form, text: rule.values.join('\n') };
    case 'language':
      return { ...form, language: rule.language, share: String(Number((100 * rule.min_share).toPrecision(12))) };
    case 'reference':
      return { ...form, match: rule.match };
    case 'json':
    case 'ends_properly':
      return form;
  }
}

/** The lines of the form that make these rules. @param newId gives each an id */
export const formsOf = ({ rules }: Rules, newId: () => string): readonly RuleForm[] =>
  rules.map((rule) => formOf(rule, newId()));

/** The file that the command line reads as a reward. */
export const writeRules = (rules: Rules): string => `${JSON.stringify(rules, null, 2)}\n`;

/** The rule a place up (-1) or down (1), as far as there is a place. */
export function withMoved(forms: readonly RuleForm[], id: string, by: -1 | 1): readonly RuleForm[] {
  const at = forms.findIndex((form) => form.id === id);
  const [form, to] = [forms[at], at + by];
  if (form === undefined || to < 0 || to >= forms.length) return forms;
  return forms.toSpliced(at, 1).toSpliced(to, 0, form);
}

/** The ids of both in the same order? Those that only one has are left aside. */
function isReordered(before: readonly string[], after: readonly string[]): boolean {
  const [had, has] = [new Set(before), new Set(after)];
  const [a, b] = [before.filter((id) => has.has(id)), after.filter((id) => had.has(id))];
  return a.some((id, at) => id !== b[at]);
}

/**
 * Gives `theirs` with what was changed on the way from `base` to `mine`: what either added, changed or moved is there,
 * and what one side deleted goes unless the other has changed it. Of a rule that both changed it is mine.
 */
export function mergeRuleForms(
  base: readonly RuleForm[],
  mine: readonly RuleForm[],
  theirs: readonly RuleForm[],
): readonly RuleForm[] {
  if (mine === base) return theirs;
  const byId = (forms: readonly RuleForm[]) => new Map(forms.map((form) => [form.id, form]));
  const [was, own, other] = [byId(base), byId(mine), byId(theirs)];
  const isChanged = (form: RuleForm): boolean => JSON.stringify(form) !== JSON.stringify(was.get(form.id));
  const [ids, ownIds, otherIds] = [base, mine, theirs].map((forms) => forms.map(({ id }) => id)) as [
    string[],
    string[],
    string[],
  ];
  const merged = isReordered(ids, ownIds) ? mergeRows(ids, otherIds, ownIds) : mergeRows(ids, ownIds, otherIds);
  const kept = [...own.values(), ...other.values()].filter((form) => was.has(form.id) && isChanged(form));
  return [...new Set([...merged, ...kept.map(({ id }) => id)])].flatMap((id) => {
    const [ours, others] = [own.get(id), other.get(id)];
    const form = ours !== undefined && (others === undefined || isChanged(ours)) ? ours : (others ?? ours);
    return form === undefined ? [] : [form];
  });
}
