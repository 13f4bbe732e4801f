/**
 * @file What a courier carries between an office and an annotator without a network: a round to be judged, without
 * anybody's verdicts, or the judged answers back. Both are lines of judgements (judgements-file.ts).
 */
import type { JudgingRound } from '../../../storage/judging-record';
import type { DatasetRow } from '../../../storage/records';
import { pairOf } from './comparisons';
import { agreementKey, linesOf, type JudgementLine } from './judgements-file';

export const courierParts = ['round', 'answers'] as const;
export type CourierPart = (typeof courierParts)[number];

/** A round over a courier's answers has no model behind it, and goes back judged. */
export const partOf = ({ fingerprint }: Pick<JudgingRound, 'fingerprint'>): CourierPart =>
  fingerprint === null ? 'answers' : 'round';

/** What leaves: the second annotator is to see no verdict of the first. */
export function courierLines(round: JudgingRound): readonly JudgementLine[] {
  const lines = linesOf(round);
  if (partOf(round) === 'answers') return lines;
  return lines.map((line) => ({ ...line, verdict: null, edited: null, comment: null, annotator: '', judged_at: null }));
}

/** The pairs that judged lines make, as rows of a "file" named after the round that they come of. */
export function rowsOfJudged(lines: readonly JudgementLine[], file: string): readonly DatasetRow[] {
  return lines.flatMap(({ prompt, a, b, verdict, edited, judged_at }, index) => {
    if (verdict === null) return [];
    const answer = (text: string) => ({ voice: 0, text, isCut: false });
    const pair = pairOf({ prompt, a: answer(a), b: answer(b) }, { verdict, edited, at: judged_at ?? '' });
    return pair === null ? [] : [{ pair, file, row: index + 1 }];
  });
}

/** Those on which nobody here decided otherwise. */
export function undisputed(lines: readonly JudgementLine[], own: readonly JudgementLine[]): readonly JudgementLine[] {
  const decided = new Map(own.flatMap((line) => (line.verdict === null ? [] : [agreementKey(line)])));
  return lines.map((line) => {
    const [key, category] = agreementKey(line);
    const other = decided.get(key);
    return other === undefined || other === category ? line : { ...line, verdict: null, edited: null };
  });
}
