/** @file Numbers that were typed: the rule that a field has, and what is wrong with a text that breaks it. */

/** What is asked of a number; the forms of training, sampling and judging share it. */
export interface NumberRule {
  readonly min: number;
  readonly max: number;
  /** The minimum itself is not allowed. */
  readonly above?: boolean;
  readonly integer?: boolean;
}

/** What was typed and is no such number. */
export interface NumberProblem {
  readonly rule: NumberRule;
  readonly given: string;
  /** The number with a decimal point, where a comma was typed. */
  readonly withPoint: string | null;
}

export type ParsedNumber =
  { readonly value: number; readonly problem: null } | { readonly value: null; readonly problem: NumberProblem };

/** Reads "0.0001", "1e-4" and " 3 "; not "1,5", "0x10" or the empty text. */
export function parseNumber(text: string, rule: NumberRule): ParsedNumber {
  const given = text.trim();
  const wrong = (withPoint: string | null = null) => ({ value: null, problem: { rule, given, withPoint } });
  if (/^[+-]?\d+,\d+$/.test(given)) return wrong(given.replace(',', '.'));
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(given)) return wrong();
  const value = Number(given);
  if (rule.integer && !Number.isInteger(value)) return wrong();
  if (value > rule.max || value < rule.min || (rule.above && value === rule.min)) return wrong();
  return { value, problem: null };
}
