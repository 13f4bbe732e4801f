/**
 * @file Judgements as a file (JSON Lines), one comparison a line: to keep, to have a second annotator judge the same
 * answers, and to measure how far two annotators agree. A line without a verdict is one that is still to be judged,
 * or was skipped.
 * Files are matched by what was compared, not by order or side, since each annotator sees their own.
 */
import { isJsonObject } from '../../../core/json';
import { parseJsonLines, writeJsonLines } from '../../../data/json-lines';
import { measureAgreement, type Agreement } from '../../../evaluation/agreement';
import { verdicts, type JudgedPrompt, type JudgingRound, type Verdict } from '../../../storage/judging-record';
import { comparisonsOf } from './comparisons';

export interface JudgementLine {
  readonly prompt: JudgedPrompt;
  readonly a: string;
  readonly b: string;
  readonly verdict: Verdict | null;
  readonly edited: string | null;
  /** What the annotator wrote beside the judgement. */
  readonly comment: string | null;
  readonly annotator: string;
  readonly judged_at: string | null;
  /** Name of who wrote answer `a`, as "base" or "dpo-1". */
  readonly a_from: string;
  readonly b_from: string;
  readonly model: string;
}

export interface JudgementsFile {
  readonly lines: readonly JudgementLine[];
  /** Numbers of the lines that are no judgement, where 1 is the first. */
  readonly refused: readonly number[];
}

export function linesOf(round: JudgingRound): readonly JudgementLine[] {
  const nameOf = (voice: number): string => round.voices[voice]?.name ?? '';
  return comparisonsOf(round).map(({ prompt, a, b }, index) => {
    const judgement = round.judgements[index];
    return {
      prompt,
      a: a.text,
      b: b.text,
      verdict: judgement === undefined || judgement.skipped === true ? null : judgement.verdict,
      edited: judgement?.edited ?? null,
      comment: judgement?.comment ?? null,
      annotator: round.annotator,
      judged_at: judgement?.at ?? null,
      a_from: nameOf(a.voice),
      b_from: nameOf(b.voice),
      model: round.modelName,
    };
  });
}

export function writeJudgements(lines: readonly JudgementLine[]): string {
  return writeJsonLines(lines);
}

function isPrompt(value: unknown): value is JudgedPrompt {
  if (typeof value === 'string') return true;
  const isMessage = (message: unknown) =>
    isJsonObject(message) && typeof message['role'] === 'string' && typeof message['content'] === 'string';
  return Array.isArray(value) && value.length > 0 && value.every(isMessage);
}

/** Reads a line as a judgement; null where a part of one is missing or of another kind. */
function readLine(value: unknown): JudgementLine | null {
  if (!isJsonObject(value)) return null;
  const { prompt, a, b, verdict = null, edited = null } = value;
  const isVerdict = verdict === null || verdicts.some((known) => known === verdict);
  if (!isPrompt(prompt) || typeof a !== 'string' || typeof b !== 'string' || !isVerdict) return null;
  if (edited !== null && (typeof edited !== 'string' || (verdict !== 'a' && verdict !== 'b'))) return null;
  const text = (key: string): string => (typeof value[key] === 'string' ? value[key] : '');
  return {
    prompt: typeof prompt === 'string' ? prompt : prompt.map(({ role, content }) => ({ role, content })),
    a,
    b,
    verdict: verdict as Verdict | null,
    edited,
    comment: typeof value['comment'] === 'string' ? value['comment'] : null,
    annotator: text('annotator'),
    judged_at: typeof value['judged_at'] === 'string' ? value['judged_at'] : null,
    a_from: text('a_from'),
    b_from: text('b_from'),
    model: text('model'),
  };
}

export function parseJudgements(text: string): JudgementsFile {
  const lines: JudgementLine[] = [];
  const refused: number[] = [];
  for (const { row, value } of parseJsonLines(text)) {
    const line = readLine(value);
    if (line === null) refused.push(row);
    else lines.push(line);
  }
  return { lines, refused };
}

/** Says what a line compared, whichever side it stood on, and the verdict as seen from the text that sorts first. */
export function agreementKey({
  prompt,
  a,
  b,
  verdict,
}: JudgementLine): readonly [key: string, category: string | null] {
  const isTurned = b < a;
  const category = verdict === 'a' || verdict === 'b' ? ((verdict === 'a') === isTurned ? 'second' : 'first') : verdict;
  return [JSON.stringify([prompt, ...(isTurned ? [b, a] : [a, b])]), category];
}

/**
 * Maps what was compared to its verdict, the last one where it was judged twice. An edit counts for the answer that was
 * edited.
 */
function categoriesOf(lines: readonly JudgementLine[]): ReadonlyMap<string, string> {
  const categories = new Map<string, string>();
  for (const [key, category] of lines.map(agreementKey)) if (category !== null) categories.set(key, category);
  return categories;
}

/** Measures how far two annotators agree on what both have judged. */
export function agreementOf(first: readonly JudgementLine[], second: readonly JudgementLine[]): Agreement {
  const others = categoriesOf(second);
  const ratings = [...categoriesOf(first)].flatMap(([key, category]) => {
    const other = others.get(key);
    return other === undefined ? [] : [[category, other] as const];
  });
  return measureAgreement(ratings);
}

/** Makes the parts of a round from the lines of a file: each line is a prompt with two answers, each name a voice. */
export function roundPartsOf(
  lines: readonly JudgementLine[],
): Pick<JudgingRound, 'voices' | 'prompts' | 'answered' | 'modelName'> {
  const names = [...new Set(lines.flatMap(({ a_from, b_from }) => [a_from, b_from]))];
  const answerOf = (text: string, from: string) => ({ voice: names.indexOf(from), text, isCut: false });
  return {
    voices: names.map((name) => ({ runId: null, name })),
    prompts: lines.map(({ prompt }) => prompt),
    answered: lines.map(({ prompt, a, b, a_from, b_from }) => ({
      prompt,
      answers: [answerOf(a, a_from), answerOf(b, b_from)],
    })),
    modelName: lines[0]?.model ?? '',
  };
}
