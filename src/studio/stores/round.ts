/**
 * @file What a round of judging and a prompt set have in common. Models answer many prompts at once, a person
 * judges the answers, judgements are taken back, the round is put away. It is written after every item and every
 * judgement, so a reload goes on where it stood, and two tabs may work on one round. What an item is, which answers are
 * compared and what becomes of a judgement is the store's own.
 */
import type { StoreApi } from 'zustand/vanilla';
import type { Stamp, Stamped } from '../../storage/studio-storage';
import type { ModelSummary } from '../../worker/protocol';
import { describeFailure, isAbort, type Failure } from '../text/failure';
import { currentText } from '../text/text';
import type { Comparing } from './answer-all';
import type { EngineTime, WorkKind } from './engine-time';
import { mergeJudged, type Judged } from './merge-judged';
import type { NoticeStore } from './notices';
import type { PendingWrites } from './pending-writes';
import { shareValue, tellSharing, type SharedParts, type SharedValue, type Write } from './shared-value';
import type { EngineSignal } from '../browser/engine-client';

export interface AnswerProgress {
  /** Answers that are there. */
  readonly done: number;
  readonly total: number;
  /** Null until the first is there. */
  readonly secondsLeft: number | null;
  /** How far a judge is with answers that are there; absent while none compares. */
  readonly comparing?: Comparing;
}

/** Nobody knows how long the answers take that are still to come, while a judge compares others. */
export const withComparing = (progress: AnswerProgress, comparing: Comparing | undefined): AnswerProgress =>
  comparing === undefined ? progress : { ...progress, secondsLeft: null, comparing };

export interface RoundRecord extends Judged {
  /** Of the model that answers; null where none can. */
  readonly fingerprint: string | null;
}

type JudgementOf<Round extends RoundRecord> = Round['judgements'][number];

/** A judgement of a round, and whether it was given or taken back. */
export interface Judgement<Round extends RoundRecord> {
  readonly round: Round;
  readonly n: number;
  readonly judgement: JudgementOf<Round>;
  readonly isGiven: boolean;
}

/** What is stored, and shared between tabs. */
export interface FormAndRound<Form, Round> {
  readonly form: Form;
  readonly round: Round | null;
}

export interface RoundState<Form, Round extends RoundRecord, Comparison> extends FormAndRound<Form, Round> {
  /** Answers beside each other, in the order of judging: judgement n is on comparison n. */
  readonly comparisons: readonly Comparison[];
  /** Null while nothing is being answered. */
  readonly answering: AnswerProgress | null;
  readonly stopping: boolean;
  readonly failure: Failure | null;

  /** Reads what is stored, also what another tab wrote. */
  refresh(): Promise<void>;
  setForm(change: Partial<Form>): void;
  /** Writes form and round; every change of the round does so by itself. */
  keepRound(): Promise<void>;
  /** Writes form and round into a storage that was cleared. */
  writeAnew(): Promise<void>;
  /** Answers what has no answers yet. */
  answerRest(): Promise<void>;
  /** Ends the answering; what is answered is kept. */
  stop(): void;
  /** Takes the last judgement back. */
  undo(): Promise<void>;
  /** Puts the round away; the notice that says so can bring it back. */
  close(): Promise<void>;
}

/** How one round is answered, with what that needs at hand. */
export interface Answering<Round extends RoundRecord> {
  /** How many items the round has to answer, those that are answered included. */
  readonly items: number;
  /** How many of the first items have answers, also those that wait for something else before they are answered. */
  readonly countItems?: (round: Round) => number;
  /** How many answers the first items have in all. */
  readonly answersOf: (items: number) => number;
  /** Answers the items from one on, many at once. */
  answerFrom(first: number, signal: EngineSignal, to: AnswersTaken<Round>): Promise<void>;
}

/** What becomes of the answers of a round. */
export interface AnswersTaken<Round extends RoundRecord> {
  /** Is told how many answers are there since it began, and how far a judge is with those at hand. */
  readonly showDone: (answers: number, comparing?: Comparing) => void;
  /** Keeps the next item in the round that it is given. */
  readonly keep: (item: number, withItem: (round: Round) => Round) => Promise<void>;
}

/** Keeps an item that is answered. */
export const withAnswered =
  <Round extends RoundRecord>(answered: Round['answered'][number]) =>
  (round: Round): Round => ({ ...round, answered: [...round.answered, answered] });

export interface RoundParts<Form, Round extends RoundRecord, Comparison> {
  readonly notices: NoticeStore;
  readonly getModel: () => ModelSummary | null;
  readonly engineTime: EngineTime;
  /** What the answering is to the engine. */
  readonly workKind: WorkKind;
  readonly onStored: () => void;
  /** Milliseconds. */
  readonly now: () => number;
  readonly initialForm: Form;
  read(): Promise<Stamped<FormAndRound<Form, Round> | null>>;
  write(value: FormAndRound<Form, Round>, over: Stamp): Promise<Stamp | null>;
  /** Whether both are one round, at two moments or in two tabs. */
  isSame(a: Round, b: Round): boolean;
  comparisonsOf(round: Round): readonly Comparison[];
  prepareAnswering(round: Round): Promise<Answering<Round>>;
  /** What follows when every item has answers. */
  afterAnswering?(signal: EngineSignal): Promise<void>;
  /** How judgement n is written, given or taken back, where something else follows from it. */
  writeJudged?(judged: Judgement<Round>): Write<FormAndRound<Form, Round>>;
  readonly pending?: PendingWrites;
  /** The sentences after a failed write and after the round was put away. */
  words(): { readonly notKept: string; readonly closed: string };
}

export interface RoundOfStore<Form, Round extends RoundRecord, Comparison> {
  /** What the store begins with: the shared fields and their actions. */
  readonly initial: RoundState<Form, Round, Comparison>;
  /** Writes another round and shows it. */
  setRound(round: Round | null): Promise<void>;
  /** Writes what becomes of the round, and shows it; nothing where that is null. */
  changeRound(next: (now: Round) => Round | null): Promise<boolean>;
  /** Judges the comparison that waits; nothing happens where none does. */
  addJudgement(judgement: JudgementOf<Round>): Promise<void>;
}

/** The comparison that waits for a verdict, or null where all answers so far are judged. */
export function waitingComparison<Comparison>({
  round,
  comparisons,
}: {
  readonly round: Judged | null;
  readonly comparisons: readonly Comparison[];
}): Comparison | null {
  return round === null ? null : (comparisons[round.judgements.length] ?? null);
}

/** Merges what two tabs did, and tells of it. */
function shareRound<Form, Round extends RoundRecord, Comparison>(
  { getState, setState }: StoreApi<RoundState<Form, Round, Comparison>>,
  parts: RoundParts<Form, Round, Comparison>,
): SharedValue<FormAndRound<Form, Round>> {
  const empty = { form: parts.initialForm, round: null };
  const shared: SharedParts<FormAndRound<Form, Round>> = {
    empty,
    read: async () => {
      const { value, stamp } = await parts.read();
      return { value: value ?? empty, stamp };
    },
    write: (value, over) => parts.write(value, over),
    mine: () => ({ form: getState().form, round: getState().round }),
    show({ form, round }) {
      const { round: before, comparisons } = getState();
      const isSame = round !== null && round.answered === before?.answered;
      setState({ form, round, comparisons: round === null ? [] : isSame ? comparisons : parts.comparisonsOf(round) });
    },
    merge: (base, mine, theirs) => ({
      form: mine.form === base.form ? theirs.form : mine.form,
      round: mergeJudged(base.round, mine.round, theirs.round, (a, b) => parts.isSame(a, b)),
    }),
    onWritten: parts.onStored,
    ...tellSharing(parts.notices, () => parts.words().notKept),
  };
  return shareValue(shared, parts.pending);
}

/** A function that shows how many answers of how many are there, and from their pace how long the rest takes. */
export function progressFrom(already: number, total: number, now: () => number): (done: number) => AnswerProgress {
  const started = now();
  return (done) => {
    const secondsEach = (now() - started) / 1000 / (done - already);
    return { done, total, secondsLeft: done === already ? null : (total - done) * secondsEach };
  };
}

/** Answers the items that have no answers yet, until all have, it is stopped, or another round takes its place. */
async function answerItems<Form, Round extends RoundRecord, Comparison>(
  { getState, setState }: StoreApi<RoundState<Form, Round, Comparison>>,
  parts: RoundParts<Form, Round, Comparison>,
  changeRound: RoundOfStore<Form, Round, Comparison>['changeRound'],
  signal: EngineSignal,
): Promise<void> {
  const { round } = getState();
  if (round === null) return;
  const { items, answersOf, answerFrom, countItems } = await parts.prepareAnswering(round);
  const countOf = (now: Round): number => countItems?.(now) ?? now.answered.length;
  const progress = progressFrom(answersOf(countOf(round)), answersOf(items), parts.now);
  const ifSame = (now: Round | null): Round | null => (now !== null && parts.isSame(now, round) ? now : null);
  /** The round as it is now, with what was judged and answered here and in another tab; null once it is put away. */
  const current = (): Round | null => ifSame(getState().round);
  for (let before = current(); before !== null && countOf(before) < items; before = current()) {
    const first = countOf(before);
    /** Ends the call where another tab has got ahead; the next one goes on from there. */
    const overtaken = new AbortController();
    const showDone = (answers: number, comparing?: Comparing): void =>
      setState({ answering: withComparing(progress(answersOf(first) + answers), comparing) });
    showDone(0);
    await answerFrom(first, AbortSignal.any([signal, overtaken.signal]) as EngineSignal, {
      showDone,
      async keep(item, withItem) {
        await changeRound((now) => {
          if (ifSame(now) !== null && countOf(now) === item) return withItem(now);
          overtaken.abort();
          return null;
        });
        if (current() === null) overtaken.abort();
      },
    });
    if (!overtaken.signal.aborted) break;
  }
  const after = current();
  if (after !== null && countOf(after) >= items && !signal.aborted) await parts.afterAnswering?.(signal);
}

/** Begins and stops the answering, one at a time. */
function createAnswering<Form, Round extends RoundRecord, Comparison>(
  store: StoreApi<RoundState<Form, Round, Comparison>>,
  parts: RoundParts<Form, Round, Comparison>,
  changeRound: RoundOfStore<Form, Round, Comparison>['changeRound'],
): Pick<RoundState<Form, Round, Comparison>, 'answerRest' | 'stop'> {
  const { getState, setState } = store;
  const { engineTime, workKind } = parts;

  async function answer(signal: EngineSignal): Promise<void> {
    setState({ answering: { done: 0, total: 0, secondsLeft: null }, stopping: false, failure: null });
    try {
      await answerItems(store, parts, changeRound, signal);
    } catch (error) {
      if (!isAbort(error)) setState({ failure: describeFailure(error) });
    } finally {
      setState({ answering: null, stopping: false });
    }
  }

  return {
    async answerRest() {
      const { round, answering } = getState();
      if (round === null || answering !== null || round.fingerprint !== parts.getModel()?.fingerprint) return;
      await engineTime.run(workKind, answer);
    },
    stop() {
      if (getState().answering === null) return;
      setState({ stopping: true });
      engineTime.stop(workKind);
    },
  };
}

/** What changes the round that is shown. */
function changingRound<Form, Round extends RoundRecord, Comparison>(
  getState: () => RoundState<Form, Round, Comparison>,
  shared: SharedValue<FormAndRound<Form, Round>>,
  parts: RoundParts<Form, Round, Comparison>,
) {
  type Value = FormAndRound<Form, Round>;
  /** Judgements that were given here. */
  const own = new Set<unknown>();

  async function setRound(round: Round | null): Promise<void> {
    await shared.change(({ form }) => ({ form, round }));
  }

  const changeRound = (next: (now: Round) => Round | null, write?: Write<Value>): Promise<boolean> =>
    shared.change((now) => {
      const round = now.round === null ? null : next(now.round);
      return round === null ? now : { ...now, round };
    }, write);

  /** Changes the judgements of the round as it is shown now; another tab may be faster, and then that is said. */
  async function changeJudgements(judged: Judgement<Round>): Promise<void> {
    const { n, judgement, isGiven } = judged;
    let isByOther = false;
    if (isGiven) own.add(judgement);
    const next = (now: Round): Round | null => {
      // What was seen is what was judged: by now the round may stand elsewhere, or be another one.
      const isThere = parts.isSame(now, judged.round) && now.judgements.length === judged.round.judgements.length;
      isByOther = !isThere && !own.has(now.judgements[n]);
      if (!isThere) return null;
      return { ...now, judgements: isGiven ? [...now.judgements, judgement] : now.judgements.slice(0, n) };
    };
    await changeRound(next, parts.writeJudged?.(judged));
    if (isByOther) parts.notices.getState().warn(currentText().faults.judgedElsewhere);
  }

  async function addJudgement(judgement: JudgementOf<Round>): Promise<void> {
    const { round } = getState();
    if (round === null || waitingComparison(getState()) === null) return;
    await changeJudgements({ round, n: round.judgements.length, judgement, isGiven: true });
  }

  return { setRound, changeRound, changeJudgements, addJudgement };
}

/** What the store of a round begins with, and what its own actions work with. */
export function createRound<Form, Round extends RoundRecord, Comparison>(
  store: StoreApi<RoundState<Form, Round, Comparison>>,
  parts: RoundParts<Form, Round, Comparison>,
): RoundOfStore<Form, Round, Comparison> {
  const { getState, setState } = store;
  const shared = shareRound(store, parts);

  const changing = changingRound(getState, shared, parts);
  const { setRound, changeRound, changeJudgements } = changing;

  return {
    setRound,
    changeRound,
    addJudgement: changing.addJudgement,
    initial: {
      form: parts.initialForm,
      round: null,
      comparisons: [],
      answering: null,
      stopping: false,
      failure: null,
      refresh: () => shared.refresh(),
      setForm: (change) => setState({ form: { ...getState().form, ...change } }),
      keepRound: () => shared.keepMine(),
      writeAnew: () => shared.writeAnew(),
      ...createAnswering(store, parts, changeRound),
      async undo() {
        const { round } = getState();
        if (round === null || round.judgements.length === 0) return;
        const n = round.judgements.length - 1;
        await changeJudgements({ round, n, judgement: round.judgements[n], isGiven: false });
      },
      async close() {
        const { round } = getState();
        if (round === null) return;
        getState().stop();
        await setRound(null);
        setState({ failure: null });
        parts.notices.getState().tellDone(parts.words().closed, () => {
          if (getState().round === null) void setRound(round);
        });
      },
    },
  };
}
