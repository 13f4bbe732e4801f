/**
 * @file Judging: a model answers prompts, a person compares the answers two at a time, and each choice is a pair of the
 * data set at once. The round is written after every prompt and every judgement, so a reload goes on where it stood.
 * Who wrote what is in the round and stays out of sight until the summary.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Agreement } from '../../evaluation/agreement';
import type {
  AnsweredPrompt,
  JudgedAnswer,
  JudgedPrompt,
  Judgement,
  JudgingRound,
  Verdict,
  Voice,
} from '../../storage/judging-record';
import type { DatasetRow } from '../../storage/records';
import type { StudioStorage } from '../../storage/studio-storage';
import type { AdapterFiles, ModelSummary } from '../../worker/protocol';
import { toFileName } from '../browser/download';
import type { Engine } from '../browser/engine-client';
import { describeFailure, isAbort, type Failure } from '../text/failure';
import { comparisonsOf, pairOf, type Comparison } from '../plain/judge/comparisons';
import { initialJudgeForm, planRound, reviveJudgeForm, type JudgeForm } from '../plain/judge/judge-form';
import {
  agreementOf,
  linesOf,
  parseJudgements,
  roundPartsOf,
  writeJudgements,
  type JudgementLine,
} from '../plain/judge/judgements-file';
import { currentText } from '../text/text';
import type { DatasetStore } from './dataset';
import type { LibraryStore } from './library';
import { mergeJudged } from './merge-judged';
import type { NoticeStore } from './notices';
import { shareValue, tellSharing } from './shared-value';

export interface AnswerProgress {
  /** Answers. */
  readonly done: number;
  readonly total: number;
  /** Null until the first is there. */
  readonly secondsLeft: number | null;
}

export interface AgreementReport {
  readonly names: readonly [string, string];
  readonly agreement: Agreement;
}

export interface NamedText {
  readonly name: string;
  readonly text: string;
}

export interface JudgeState {
  readonly form: JudgeForm;
  readonly round: JudgingRound | null;
  /** Of the round; the judgements are those of the first ones. */
  readonly comparisons: readonly Comparison[];
  readonly generating: AnswerProgress | null;
  readonly stopping: boolean;
  readonly failure: Failure | null;
  /** What a chosen file was good for, a sentence; null when all was well. */
  readonly fileProblem: string | null;
  readonly report: AgreementReport | null;

  restore(): Promise<void>;
  /** Takes over what another tab wrote. */
  refresh(): Promise<void>;
  setForm(change: Partial<JudgeForm>): void;
  /** Writes form and round; every change of the round does so by itself. */
  keep(): Promise<void>;
  /** Begins a round as the form says. */
  start(): Promise<void>;
  /** Answers the prompts of the round that have no answers yet. */
  goOn(): Promise<void>;
  /** Ends the answering; what is answered is kept. */
  stop(): void;
  /** @param edited the better text in place of the chosen answer, which is then the rejected one */
  judge(verdict: Verdict, edited?: string): Promise<void>;
  undo(): Promise<void>;
  /** Puts the round away; its pairs stay in the data set. */
  close(): Promise<void>;
  /** The round as a file of judgements, or null without one. */
  exportRound(): NamedText | null;
  /** Begins a round over the answers of a file, blind to its verdicts. */
  importRound(file: NamedText): Promise<void>;
  /** One file against this round, or two against each other. */
  compareFiles(files: readonly NamedText[]): void;
}

/** Before a first round. */
const nothing: Pick<JudgeState, 'form' | 'round'> = { form: initialJudgeForm, round: null };

export type JudgeStore = StoreApi<JudgeState>;

export interface JudgeDependencies {
  readonly engine: Engine;
  readonly library: LibraryStore;
  readonly dataset: DatasetStore;
  readonly notices: NoticeStore;
  readonly storage: Pick<StudioStorage<unknown, unknown>, 'readJudging' | 'writeJudging'>;
  readonly getModel: () => ModelSummary | null;
  readonly claimEngine: () => void;
  readonly onStored: () => void;
  readonly now?: () => number;
}

/** "judged-Kim-2026-03-05-090702" */
function nameRound(annotator: string, iso: string): string {
  const [day = '', time = ''] = iso.split('T');
  return toFileName(
    ['judged', annotator, day, time.slice(0, 8).replaceAll(':', '')].filter((part) => part !== '').join('-'),
  );
}

/** The comparison that waits for a verdict, or null where all answers so far are judged. */
export function waitingComparison({
  round,
  comparisons,
}: Pick<JudgeState, 'round' | 'comparisons'>): Comparison | null {
  return round === null ? null : (comparisons[round.judgements.length] ?? null);
}

/** Prompts of the round that are not answered yet. */
export function countUnanswered(round: JudgingRound): number {
  return round.prompts.length - round.answered.length;
}

export function createJudgeStore(dependencies: JudgeDependencies): JudgeStore {
  const { engine, library, dataset, notices, storage, getModel, claimEngine, onStored, now = Date.now } = dependencies;
  let controller: AbortController | null = null;

  return createStore<JudgeState>()((set, get) => {
    const shared = shareValue<Pick<JudgeState, 'form' | 'round'>>({
      empty: nothing,
      read: async () => {
        const { value, stamp } = await storage.readJudging();
        return { value: value === null ? nothing : { form: reviveJudgeForm(value.form), round: value.round }, stamp };
      },
      write: ({ form, round }, over) => storage.writeJudging({ form: { ...form }, round }, over),
      mine: () => ({ form: get().form, round: get().round }),
      show: ({ form, round }) => set({ form, round, comparisons: round === null ? [] : comparisonsOf(round) }),
      merge: (base, mine, theirs) => ({
        form: mine.form === base.form ? theirs.form : mine.form,
        round: mergeJudged(base.round, mine.round, theirs.round, (a, b) => a.name === b.name),
      }),
      onWritten: onStored,
      ...tellSharing(notices, () => currentText().judge.notKept),
    });

    async function keepRound(round: JudgingRound | null): Promise<void> {
      const isSame = round !== null && round.answered === get().round?.answered;
      set({ round, comparisons: round === null ? [] : isSame ? get().comparisons : comparisonsOf(round) });
      await get().keep();
    }

    /** One answer of each voice; those that were stopped are left out. */
    async function answerOnce(
      prompt: JudgedPrompt,
      round: JudgingRound,
      adapters: readonly (AdapterFiles | null)[],
      seed: number,
      signal: AbortSignal,
    ): Promise<JudgedAnswer[]> {
      const { temperature, maxNewTokens } = round.sampling;
      const variants = adapters.map((adapter, voice) => ({ label: String(voice), adapter }));
      const options = { temperature, maxNewTokens, topK: 0, topP: 1, seed };
      const generations = await engine.call('generate', { prompt, variants, options }, { signal });
      return generations.flatMap(({ text, finish }, voice) =>
        finish === 'stopped' ? [] : [{ voice, text, isCut: finish === 'length' }],
      );
    }

    const fail = (error: unknown) => set({ failure: describeFailure(error) });

    const adapterOf = ({ runId }: Voice): Promise<AdapterFiles | null> =>
      runId === null ? Promise.resolve(null) : library.getState().adapterOf(runId);

    async function answerPrompts(signal: AbortSignal): Promise<void> {
      const { round } = get();
      if (round === null) return;
      const adapters = await Promise.all(round.voices.map(adapterOf));
      const [started, alreadyDone] = [now(), round.answered.length];
      const perPrompt = round.answersEach * round.voices.length;
      const total = round.prompts.length * perPrompt;
      const show = (done: number) => {
        const secondsEach = (now() - started) / 1000 / Math.max(1, done - alreadyDone * perPrompt);
        set({
          generating: {
            done,
            total,
            secondsLeft: done === alreadyDone * perPrompt ? null : (total - done) * secondsEach,
          },
        });
      };
      for (const [index, prompt] of round.prompts.entries()) {
        if (index < alreadyDone) continue;
        const answers: JudgedAnswer[] = [];
        for (let time = 0; time < round.answersEach && !signal.aborted; time++) {
          show(index * perPrompt + answers.length);
          answers.push(
            ...(await answerOnce(
              prompt,
              round,
              adapters,
              round.sampling.seed + index * round.answersEach + time,
              signal,
            )),
          );
        }
        // The round may have been judged meanwhile.
        const current = get().round;
        if (current === null || current.name !== round.name || (signal.aborted && answers.length < 2)) return;
        // Another tab may have answered it meanwhile.
        if (current.answered.length !== index) continue;
        const item: AnsweredPrompt = { prompt, answers };
        await keepRound({ ...current, answered: [...current.answered, item] });
        if (signal.aborted) return;
      }
    }

    function rowOf(round: JudgingRound, index: number, judgement: Judgement): DatasetRow | null {
      const comparison = get().comparisons[index];
      const pair = comparison === undefined ? null : pairOf(comparison, judgement);
      return pair === null ? null : { pair, file: round.name, row: index + 1 };
    }

    function readFile({ name, text }: NamedText): readonly JudgementLine[] {
      const { lines, refused } = parseJudgements(text);
      const { files } = currentText().judge;
      set({
        fileProblem:
          lines.length === 0
            ? files.nothing(name)
            : refused.length > 0
              ? files.refused(refused.length, name, refused[0] ?? 1)
              : null,
      });
      return lines;
    }

    return {
      ...nothing,
      comparisons: [],
      generating: null,
      stopping: false,
      failure: null,
      fileProblem: null,
      report: null,

      restore: () => shared.refresh(),
      refresh: () => shared.refresh(),

      setForm: (change) => set({ form: { ...get().form, ...change } }),

      keep: () => shared.keep(),

      async start() {
        const model = getModel();
        const { form, generating } = get();
        if (model === null || generating !== null) return;
        const { plan } = planRound(form, { model, runs: library.getState().runs, rows: dataset.getState().rows });
        if (plan === null) return;
        const [annotator, at] = [form.annotator.trim(), new Date(now()).toISOString()];
        await keepRound({
          ...plan,
          annotator,
          name: nameRound(annotator, at),
          modelName: model.name,
          fingerprint: model.fingerprint,
          orderSeed: now() >>> 0,
          answered: [],
          judgements: [],
        });
        await get().goOn();
      },

      async goOn() {
        const { round, generating } = get();
        if (round === null || generating !== null || round.fingerprint !== getModel()?.fingerprint) return;
        claimEngine();
        controller = new AbortController();
        set({ generating: { done: 0, total: 0, secondsLeft: null }, stopping: false, failure: null });
        try {
          await answerPrompts(controller.signal);
        } catch (error) {
          if (!isAbort(error)) fail(error);
        } finally {
          controller = null;
          set({ generating: null, stopping: false });
        }
      },

      stop() {
        if (controller === null) return;
        set({ stopping: true });
        controller.abort();
      },

      async judge(verdict, edited) {
        const { round } = get();
        const waiting = waitingComparison(get());
        if (round === null || waiting === null) return;
        const original = verdict === 'a' ? waiting.a : waiting.b;
        const isEdit = edited !== undefined && edited.trim() !== '' && edited.trim() !== original.text.trim();
        const judgement: Judgement = { verdict, edited: isEdit ? edited : null, at: new Date(now()).toISOString() };
        const row = rowOf(round, round.judgements.length, judgement);
        const kept = keepRound({ ...round, judgements: [...round.judgements, judgement] });
        if (row !== null) await dataset.getState().add(row);
        await kept;
      },

      async undo() {
        const { round } = get();
        const last = round?.judgements.at(-1);
        if (round === null || last === undefined) return;
        const index = round.judgements.length - 1;
        const row = rowOf(round, index, last);
        const kept = keepRound({ ...round, judgements: round.judgements.slice(0, index) });
        if (row !== null) await dataset.getState().takeBack(row);
        await kept;
      },

      async close() {
        const { round } = get();
        if (round === null) return;
        get().stop();
        await keepRound(null);
        set({ failure: null, report: null });
        notices.getState().tell(currentText().judge.closed, () => {
          if (get().round === null) void keepRound(round);
        });
      },

      exportRound() {
        const { round } = get();
        return round === null ? null : { name: `${round.name}.jsonl`, text: writeJudgements(linesOf(round)) };
      },

      async importRound(file) {
        const lines = readFile(file);
        if (lines.length === 0 || get().generating !== null) return;
        const [annotator, at] = [get().form.annotator.trim(), new Date(now()).toISOString()];
        await keepRound({
          ...roundPartsOf(lines),
          annotator,
          name: nameRound(annotator, at),
          fingerprint: null,
          orderSeed: now() >>> 0,
          answersEach: 1,
          sampling: { temperature: 0, seed: 0, maxNewTokens: 0 },
          judgements: [],
        });
        set({ report: null });
      },

      compareFiles(files) {
        const [first, second] = files;
        const { round } = get();
        if (first === undefined) return;
        set({ report: null });
        const own = round === null ? null : { name: round.name, lines: linesOf(round) };
        const firstSide = { name: first.name, lines: readFile(first) };
        // A problem of the first file is told before the second is read.
        if (firstSide.lines.length === 0) return;
        const otherSide = second === undefined ? own : { name: second.name, lines: readFile(second) };
        if (otherSide === null) return set({ fileProblem: currentText().judge.files.needsTwo });
        if (otherSide.lines.length === 0) return;
        const agreement = agreementOf(firstSide.lines, otherSide.lines);
        if (agreement.items === 0)
          return set({ fileProblem: currentText().judge.files.nothingShared(firstSide.name, otherSide.name) });
        set({ report: { names: [firstSide.name, otherSide.name], agreement } });
      },
    };
  });
}
