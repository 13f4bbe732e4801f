/**
 * @file Answers of columns to one prompt, as the engine writes them; where they are shown is the caller's. A column of
 * the best of N has its N answers written at once, and shows the best of those that are there; where a judge of another
 * model chooses, once it has compared them (judge-best.ts).
 */
import { UserError } from '../../core/errors';
import type { ModelSummary, Progress, Variant } from '../../worker/protocol';
import type { EngineSignal } from '../browser/engine-client';
import type { Answer, AnswerSheet, Asked } from '../plain/compare/answers';
import { bestFirst, judgeAnswer, type Best, type BestAnswers, type Candidate } from '../plain/compare/best-of';
import { answererOf, strengthRange, type Column } from '../plain/compare/columns';
import type { Run } from '../plain/runs/run';
import type { KeptJudgeDependencies } from './ask-kept-judge';
import type { ChooseReward } from './choose-reward';
import { judgeDrawn } from './judge-best';
import { progressFrom } from './round';
import { variantOf } from './variants';

export interface AnsweringDependencies extends KeptJudgeDependencies {
  readonly getModel: () => ModelSummary | null;
  readonly chooseReward: ChooseReward;
  /** The right answer of a prompt, by the open data set. */
  readonly referenceOf: (prompt: Asked['prompt']) => string | null;
}

/** A column that can answer, with the run whose adapter does; null is the base. */
export interface Answerer {
  readonly column: Column;
  readonly run: Run | null;
}

export function answerersOf(
  chosen: readonly Column[],
  { library, getModel }: Pick<AnsweringDependencies, 'library' | 'getModel'>,
): readonly Answerer[] {
  const { runs } = library.getState();
  return chosen.flatMap((column): Answerer[] => {
    const answerer = answererOf(column, runs, getModel()?.fingerprint);
    if (answerer.kind === 'base') return [{ column, run: null }];
    return answerer.kind === 'run' ? [{ column, run: answerer.run }] : [];
  });
}

const unwritten = { text: '', tokens: 0, ids: [], finish: null, secondsPerToken: null };

/** What changes an answer that is there. */
const changing =
  (sheet: AnswerSheet) =>
  (id: string, made: Partial<Answer>): void => {
    const written = sheet.read(id);
    if (written) sheet.write(id, { ...written, ...made });
  };

interface Writing {
  readonly asked: Asked;
  readonly dependencies: AnsweringDependencies;
  readonly sheet: AnswerSheet;
  readonly signal: EngineSignal;
}

/** One answer of each column, side by side. */
async function writeSingle(who: readonly Answerer[], { asked, dependencies, sheet, signal }: Writing): Promise<void> {
  const ids = who.map(({ column }) => column.id);
  const change = changing(sheet);
  const onProgress = (event: Progress) => {
    const id = event.kind === 'token' ? ids[event.variant] : undefined;
    if (event.kind === 'token' && id !== undefined) change(id, { text: event.text, tokens: event.tokens });
  };
  const variants: Variant[] = [];
  for (const { column, run } of who) {
    const { id, strength } = column;
    variants.push(await variantOf({ runId: run?.id ?? null, strength }, id, dependencies.library));
    sheet.write(id, { run, strength: run === null ? strengthRange.whole : strength, ...unwritten });
  }
  if (who.length === 0) return;
  const generations = await dependencies.engine.call('generate', { ...asked, variants }, { signal, onProgress });
  for (const [index, { label, ...rest }] of generations.entries()) change(ids[index] ?? label, rest);
}

/** N answers of one column with seeds that follow each other from the one that was set; the best stands in it. */
async function writeBest({ column, run }: Answerer, best: Best, writing: Writing): Promise<void> {
  const { asked, dependencies, sheet, signal } = writing;
  const { id, strength } = column;
  const { reward, scoring, isLater } = await dependencies.chooseReward(best.reward, best.count);
  if (asked.options.temperature === 0) throw new UserError('bestAtZero');
  const reference = dependencies.referenceOf(asked.prompt);
  const voice = await variantOf({ runId: run?.id ?? null, strength }, id, dependencies.library);
  const variant = { ...voice, ...scoring };
  const whole = { run, strength: run === null ? strengthRange.whole : strength };
  const progress = progressFrom(0, best.count, Date.now);
  let candidates: readonly Candidate[] = [];
  let waiting: BestAnswers['waiting'];
  const show = (secondsLeft: number | null, isWhole: boolean): void => {
    const first = isLater ? undefined : candidates[0];
    const { text, tokens, ids } = first ?? unwritten;
    const finish = isWhole && first !== undefined ? first.finish : null;
    const made = {
      ...{ ...best, candidates: [...candidates], secondsLeft },
      ...(waiting && !isWhole && { waiting }),
      ...(isLater && candidates.length > 0 && { preferences: [] }),
    };
    sheet.write(id, { ...whole, text, tokens, ids: [...ids], finish, secondsPerToken: null, best: made });
  };
  show(null, false);
  const all = Array.from({ length: best.count }, (_, index) => ({
    prompt: asked.prompt,
    options: { ...asked.options, seed: asked.options.seed + index },
  }));
  const onProgress = (event: Progress): void => {
    if (event.kind === 'drawn') waiting = { answers: event.answers, compared: 0, comparisons: 0 };
    if (event.kind === 'compared') waiting = { answers: best.count, compared: event.done, comparisons: event.total };
    if (event.kind === 'drawn' || event.kind === 'compared') return show(null, false);
    const [generation] = event.kind === 'answers' ? event.generations : [];
    if (event.kind !== 'answers' || generation === undefined) return;
    const candidate = judgeAnswer(reward, asked.prompt, reference, generation, event.asked);
    candidates = isLater
      ? [...candidates, candidate].sort((a, b) => a.index - b.index)
      : bestFirst([...candidates, candidate]);
    show(progress(candidates.length).secondsLeft, false);
  };
  try {
    await dependencies.engine.call('answerAll', { asked: all, variants: [variant] }, { signal, onProgress });
  } finally {
    // What is there when it is stopped is whole, each answer by itself.
    show(null, true);
  }
}

/** Has columns answer; each answer is told as it grows. What was not finished, by whatever end, is marked `stopped`. */
export async function writeAnswers(
  who: readonly Answerer[],
  asked: Asked,
  dependencies: AnsweringDependencies,
  sheet: AnswerSheet,
  signal: EngineSignal,
): Promise<void> {
  const writing = { asked, dependencies, sheet, signal };
  try {
    await writeSingle(
      who.filter(({ column }) => column.best === undefined),
      writing,
    );
    for (const answerer of who) {
      const { best } = answerer.column;
      if (best !== undefined && !signal.aborted) await writeBest(answerer, best, writing);
    }
    const ids = who.map(({ column }) => column.id);
    if (!signal.aborted) await judgeDrawn(ids, writing);
  } finally {
    for (const { column } of who)
      if (sheet.read(column.id)?.finish === null) changing(sheet)(column.id, { finish: 'stopped' });
  }
}
