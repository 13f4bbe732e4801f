/** @file Numbers that were typed: the rule that a field has, and what is wrong with a text that breaks it. */

/** What a number field asks of its number; the forms of training, sampling and judging share it. */
export interface NumberRule {
  readonly min: number;
  readonly max: number;
  /** Whether the minimum itself is not allowed. */
  readonly above?: boolean;
  readonly integer?: boolean;
}

/** A text that was typed where its rule wants a number. */
export interface NumberProblem {
  readonly rule: NumberRule;
  readonly given: string;
  /** The number with a decimal point where a comma was typed, as "1.5" for "1,5"; else null. */
  readonly withPoint: string | null;
}

export type ParsedNumber =
  { readonly value: number; readonly problem: null } | { readonly value: null; readonly problem: NumberProblem };

/** Reads a number as "0.0001", "1e-4" or " 3 "; "1,5", "0x10" and the empty text are problems. */
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
