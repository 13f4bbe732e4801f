/** @file What is wrong with a number that was typed, as a sentence. */
import type { NumberProblem } from '../plain/numbers';
import type { Text } from './text';

export function describeNumberProblem(
  label: string,
  { rule, given, withPoint }: NumberProblem,
  text: Text['shell']['number'],
): string {
  return text.problem(
    label,
    text.range(rule.min, rule.max, rule.above === true, rule.integer === true),
    given,
    withPoint,
  );
}
