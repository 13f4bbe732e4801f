/**
 * @file Judging: a model answers prompts, a person compares the answers two at a time, and each choice is a pair of the
 * data set at once. Who wrote what is in the round and stays out of sight until the summary. The machinery of a round
 * is in round.ts.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Agreement } from '../../evaluation/agreement';
import type { JudgedAnswer, Judgement, Judging, JudgingRound, Verdict } from '../../storage/judging-record';
import type { DatasetRow } from '../../storage/records';
import type { Stamp } from '../../storage/studio-storage';
import type { ModelSummary } from '../../worker/protocol';
import { toFileName } from '../browser/download';
import type { Engine } from '../browser/engine-client';
import { comparisonsOf, pairOf, type Comparison } from '../plain/judge/comparisons';
import { initialJudgeForm, planRound, type JudgeForm, type RoundPlan } from '../plain/judge/judge-form';
import {
  agreementOf,
  linesOf,
  parseJudgements,
  roundPartsOf,
  writeJudgements,
  type JudgementLine,
} from '../plain/judge/judgements-file';
import type { Storage } from '../plain/records';
import { currentText } from '../text/text';
import { answerAll } from './answer-all';
import type { DatasetStore } from './dataset';
import type { WritePairs } from './dataset-state';
import type { EngineTime } from './engine-time';
import type { LibraryStore } from './library';
import type { NoticeStore } from './notices';
import type { PendingWrites } from './pending-writes';
import {
  createRound,
  waitingComparison,
  withAnswered,
  type Answering,
  type Judgement as JudgementMade,
  type RoundOfStore,
  type RoundState,
} from './round';
import type { Write } from './shared-value';
import { keptAnswer } from '../plain/compare/best-of';
import { variantsOf } from './variants';
import { oneAtATime } from './one-at-a-time';

export interface AgreementReport {
  readonly names: readonly [string, string];
  readonly agreement: Agreement;
}

export interface NamedText {
  readonly name: string;
  readonly text: string;
}

export interface JudgeState extends RoundState<JudgeForm, JudgingRound, Comparison> {
  /** What is wrong with a chosen file, a sentence; null when all was well. */
  readonly fileProblem: string | null;
  readonly report: AgreementReport | null;

  /** Begins a round as the form says. */
  start(): Promise<void>;
  /** Puts a round in place of the one before, with no answers yet. @returns its name; null where no model is open */
  begin(plan: RoundPlan): Promise<string | null>;
  /** @param edited the better text in place of the chosen answer, which is then the rejected one */
  judge(verdict: Verdict, edited?: string, comment?: string): Promise<void>;
  /** Leaves the comparison undecided and goes on to the next. */
  skip(comment?: string): Promise<void>;
  /** The round as a file of judgements, or null without one. */
  exportRound(): NamedText | null;
  /** Begins a round over the answers of a file, blind to its verdicts. */
  importRound(file: NamedText): Promise<void>;
  /** Compares one file with this round, or two with each other. */
  compareFiles(files: readonly NamedText[]): void;
}

export type JudgeStore = StoreApi<JudgeState>;

export interface JudgeDependencies {
  readonly engine: Engine;
  readonly library: LibraryStore;
  readonly dataset: DatasetStore;
  readonly notices: NoticeStore;
  readonly storage: Pick<Storage, 'readJudging' | 'writeJudging' | 'writeJudgement'>;
  readonly getModel: () => ModelSummary | null;
  readonly engineTime: EngineTime;
  readonly onStored: () => void;
  readonly pending?: PendingWrites;
  /** Milliseconds. */
  readonly now?: () => number;
}

type JudgeRound = RoundOfStore<JudgeForm, JudgingRound, Comparison>;

/** "judged-Kim-2026-03-05-090702" */
function nameRound(annotator: string, iso: string): string {
  const [day = '', time = ''] = iso.split('T');
  return toFileName(
    ['judged', annotator, day, time.slice(0, 8).replaceAll(':', '')].filter((part) => part !== '').join('-'),
  );
}

/** What a round has from the moment and the person that begin it. */
function beginningOf(annotator: string, now: () => number) {
  const name = nameRound(annotator, new Date(now()).toISOString());
  return { annotator, name, orderSeed: now() >>> 0, judgements: [] };
}

/** How many prompts of the round are not answered yet. */
export function countUnanswered(round: JudgingRound): number {
  return round.prompts.length - round.answered.length;
}

/** Answers every prompt as often as the round says, every time with another seed. */
async function prepareAnswering(
  round: JudgingRound,
  { engine, library }: JudgeDependencies,
): Promise<Answering<JudgingRound>> {
  const { prompts, answersEach, voices, sampling } = round;
  const variants = await variantsOf(voices, library);
  const { temperature, maxNewTokens, seed } = sampling;
  const asked = prompts.flatMap((prompt, index) =>
    Array.from({ length: answersEach }, (_, time) => ({
      prompt,
      options: { temperature, maxNewTokens, topK: 0, topP: 1, seed: seed + index * answersEach + time },
    })),
  );
  return {
    items: prompts.length,
    answersOf: (items) => items * answersEach * voices.length,
    async answerFrom(first, signal, { showDone, keep }) {
      let item = first;
      let answers: JudgedAnswer[] = [];
      const keepItem = async (): Promise<void> => {
        const answered = { prompt: prompts[item] ?? '', answers };
        answers = [];
        await keep(item++, withAnswered(answered));
      };
      await answerAll(
        engine,
        { asked: asked.slice(first * answersEach), variants },
        {
          signal,
          showDone: (done) => showDone(done * voices.length),
          onAnswers: async (_, generations) => {
            answers.push(...generations.map((answer, voice) => ({ voice, ...keptAnswer(answer) })));
            if (answers.length === answersEach * voices.length) await keepItem();
          },
        },
      );
      // Two answers can be compared, be they all or not.
      if (answers.length >= 2) await keepItem();
    },
  };
}

/** The row of the data set that judgement n makes; null where it makes none. */
function rowOf(round: JudgingRound, comparison: Comparison | undefined, n: number, judgement: Judgement) {
  const pair = comparison === undefined ? null : pairOf(comparison, judgement);
  return pair === null ? null : ({ pair, file: round.name, row: n + 1 } satisfies DatasetRow);
}

/** Writes a judgement together with the pair that it makes, or without the pair again that it made. */
function writingWithPair(
  { isGiven }: JudgementMade<JudgingRound>,
  row: DatasetRow | null,
  { storage, dataset }: JudgeDependencies,
): Write<Judging<JudgeForm>> {
  if (row === null) return (judging, over) => storage.writeJudging(judging, over);
  return async (judging, over) => {
    let written: Stamp | null = null;
    let failed: unknown = null;
    const writePairs: WritePairs = async (pairs) => {
      try {
        const stamps = await storage.writeJudgement(judging, over, pairs);
        written = stamps.judging;
        // The round is to be judged anew before anything is written.
        return stamps.judging === null ? false : stamps.pairs;
      } catch (error) {
        failed = error;
        throw error;
      }
    };
    const { add, takeBack } = dataset.getState();
    const isWritten = await (isGiven ? add(row, writePairs) : takeBack(row, writePairs));
    if (isWritten === 'absent') return storage.writeJudging(judging, over);
    if (failed !== null) throw failed;
    return written;
  };
}

function createJudgeRound(store: JudgeStore, dependencies: JudgeDependencies, now: () => number): JudgeRound {
  const { storage } = dependencies;
  const rowAt = (round: JudgingRound, n: number, judgement: Judgement) =>
    rowOf(round, store.getState().comparisons[n], n, judgement);
  return createRound<JudgeForm, JudgingRound, Comparison>(store, {
    ...dependencies,
    workKind: 'judging',
    now,
    initialForm: initialJudgeForm,
    read: () => storage.readJudging(),
    write: (value, over) => storage.writeJudging(value, over),
    isSame: (a, b) => a.name === b.name,
    comparisonsOf,
    prepareAnswering: (round) => prepareAnswering(round, dependencies),
    writeJudged: (judged) => writingWithPair(judged, rowAt(judged.round, judged.n, judged.judgement), dependencies),
    words: () => currentText().judge,
  });
}

/** Files of judgements: this round as one, a round over the answers of one, how far two agree. */
function judgementFiles(
  { getState, setState }: JudgeStore,
  { setRound }: JudgeRound,
  now: () => number,
): Pick<JudgeState, 'exportRound' | 'importRound' | 'compareFiles'> {
  function readFile({ name, text }: NamedText): readonly JudgementLine[] {
    const { lines, refused } = parseJudgements(text);
    const { files } = currentText().judge;
    const refusal = refused.length > 0 ? files.refused(refused.length, name, refused[0] ?? 1) : null;
    setState({ fileProblem: lines.length === 0 ? files.nothing(name) : refusal });
    return lines;
  }

  return {
    exportRound() {
      const { round } = getState();
      return round === null ? null : { name: `${round.name}.jsonl`, text: writeJudgements(linesOf(round)) };
    },

    async importRound(file) {
      const lines = readFile(file);
      if (lines.length === 0 || getState().answering !== null) return;
      await setRound({
        ...roundPartsOf(lines),
        ...beginningOf(getState().form.annotator.trim(), now),
        fingerprint: null,
        answersEach: 1,
        sampling: { temperature: 0, seed: 0, maxNewTokens: 0 },
      });
      setState({ report: null });
    },

    compareFiles([first, second]) {
      if (first === undefined) return;
      setState({ report: null });
      const { files } = currentText().judge;
      const { round } = getState();
      const own = round === null ? null : { name: round.name, lines: linesOf(round) };
      const firstSide = { name: first.name, lines: readFile(first) };
      // A problem of the first file is told before the second is read.
      if (firstSide.lines.length === 0) return;
      const otherSide = second === undefined ? own : { name: second.name, lines: readFile(second) };
      if (otherSide === null) return setState({ fileProblem: files.needsTwo });
      if (otherSide.lines.length === 0) return;
      const agreement = agreementOf(firstSide.lines, otherSide.lines);
      if (agreement.items === 0) return setState({ fileProblem: files.nothingShared(firstSide.name, otherSide.name) });
      setState({ report: { names: [firstSide.name, otherSide.name], agreement } });
    },
  };
}

/** What stands beside any judgement: when it was made, and a comment where there is one. */
function beside(comment: string, now: () => number): Pick<Judgement, 'at' | 'comment'> {
  const words = comment.trim();
  return { at: new Date(now()).toISOString(), ...(words !== '' && { comment: words }) };
}

export function createJudgeStore(dependencies: JudgeDependencies): JudgeStore {
  const { library, dataset, getModel, now = Date.now } = dependencies;
  return createStore<JudgeState>()((set, get, store) => {
    const round = createJudgeRound(store, dependencies, now);
    return {
      ...round.initial,
      ...judgementFiles(store, round, now),
      fileProblem: null,
      report: null,

      start: oneAtATime(async () => {
        const model = getModel();
        const { form, answerRest, begin } = get();
        if (model === null) return;
        const { plan } = planRound(form, { model, runs: library.getState().runs, rows: dataset.getState().rows });
        if (plan !== null && (await begin(plan)) !== null) await answerRest();
      }),

      async begin(plan) {
        const model = getModel();
        if (model === null || get().answering !== null) return null;
        const beginning = beginningOf(get().form.annotator.trim(), now);
        const { name: modelName, fingerprint } = model;
        await round.setRound({ ...plan, ...beginning, modelName, fingerprint, answered: [] });
        return beginning.name;
      },

      async skip(comment = '') {
        if (waitingComparison(get()) !== null)
          await round.addJudgement({ verdict: 'tie', edited: null, skipped: true, ...beside(comment, now) });
      },

      async judge(verdict, edited, comment = '') {
        const waiting = waitingComparison(get());
        if (waiting === null) return;
        const original = verdict === 'a' ? waiting.a : waiting.b;
        const isEdit = edited !== undefined && edited.trim() !== '' && edited.trim() !== original.text.trim();
        await round.addJudgement({ verdict, edited: isEdit ? edited : null, ...beside(comment, now) });
      },

      async close() {
        await round.initial.close();
        set({ report: null });
      },
    };
  });
}
