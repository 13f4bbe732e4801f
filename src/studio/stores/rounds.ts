/**
 * @file Rounds: a run answers prompts, the answers are judged by the analyst or by a reward, and the next run goes on
 * from it with the reference kept. Each step is done by the store that does it anyway; here is which step is next, and
 * what the prompt sets so far say of the runs.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ModelSummary } from '../../worker/protocol';
import { judgeIdOf } from '../plain/compare/best-of';
import type { PromptSetForm } from '../plain/compare/prompt-set/prompt-set-form';
import { readRuleForms } from '../plain/data/rule-form';
import { isTaskId } from '../plain/starter/manifest';
import { isStarterModel } from '../plain/starter/recipe';
import type { ScoreAnswer } from '../plain/starter/result';
import type { Settings } from '../plain/records';
import { lineageOf, numberAfter, referenceAfter } from '../plain/rounds/lineage';
import { ratesBetween, withRatesOf, withRatesOfRound, type KeptRate } from '../plain/rounds/rates';
import { nextOf, placeOf, type RoundFacts, type RoundPlace, type RoundUnderWay } from '../plain/rounds/round';
import {
  initialRoundForm,
  pairsFormOf,
  readRoundForm,
  type ReadRoundForm,
  type RoundForm,
} from '../plain/rounds/round-form';
import type { Run } from '../plain/runs/run';
import { withMethod } from '../plain/train/options';
import { currentText } from '../text/text';
import type { CompareStore } from './compare';
import type { DatasetState, DatasetStore } from './dataset';
import { countUnanswered, type JudgeState, type JudgeStore } from './judge';
import type { JudgesState, JudgesStore } from './judges';
import type { LibraryState, LibraryStore } from './library';
import type { MakePairsState, MakePairsStore } from './make-pairs';
import type { ModelShelfState, ModelShelfStore } from './model-shelf';
import type { NoticeStore } from './notices';
import type { PromptSetStore } from './prompt-set';
import type { RulesState, RulesStore } from './rules';
import type { TrainingStore } from './training-state';
import { oneAtATime } from './one-at-a-time';

export interface RoundsState {
  readonly form: RoundForm;
  /** Null while none is under way. */
  readonly round: RoundUnderWay | null;
  /** What the prompt sets that were judged in full say, the oldest first. */
  readonly rates: readonly KeptRate[];
  /** The run on whose page the form of the next round is open; null where none is. */
  readonly asking: string | null;

  /** Opens the form of the round after a run, or closes it. */
  ask(runId: string | null): void;
  setForm(change: Partial<RoundForm>): void;
  /** Has the run answer as the form says, in place of the round that was under way. Resolves when all is answered. */
  begin(runId: string): Promise<void>;
  /** Goes on with the answers that a reward judges, where the page was left before all were there. */
  goOn(): Promise<void>;
  /** Opens the round's pairs, and sets the training up: from the run, held against what the first round was. */
  prepareTraining(): Promise<boolean>;
  /** Sets up a prompt set of a round, the one before it and the start. False where the data set cannot be opened. */
  prepareComparison(run: Run): Promise<boolean>;
  /** Ends the round; the notice that says so can bring it back. */
  putAway(): void;
}

export type RoundsStore = StoreApi<RoundsState>;

export interface RoundsDependencies {
  readonly library: LibraryStore;
  readonly dataset: DatasetStore;
  readonly judge: JudgeStore;
  readonly makePairs: MakePairsStore;
  readonly training: TrainingStore;
  readonly compare: CompareStore;
  readonly promptSet: PromptSetStore;
  readonly rules: RulesStore;
  readonly judges: JudgesStore;
  readonly modelShelf: ModelShelfStore;
  readonly notices: NoticeStore;
  readonly getModel: () => ModelSummary | null;
  readonly score: ScoreAnswer;
  readonly kept?: NonNullable<Settings['rounds']>;
  /** Milliseconds. */
  readonly now?: () => number;
}

type MadeSoFar = Pick<MakePairsState, 'answered' | 'waiting' | 'made' | 'answering'>;

interface Sources {
  readonly dataset: Pick<DatasetState, 'rows' | 'split'>;
  readonly rules: Pick<RulesState, 'rules'>;
  readonly library: Pick<LibraryState, 'runs'>;
  readonly judges: JudgesState;
  readonly modelShelf: Pick<ModelShelfState, 'stored'>;
}

/** The form as it is read against what is there; null without a model. */
export function readForm(
  form: RoundForm,
  run: Run,
  model: ModelSummary | null,
  { dataset: { rows, split }, rules, library: { runs }, judges: { judges }, modelShelf: { stored } }: Sources,
): ReadRoundForm | null {
  if (model === null) return null;
  const hasRules = readRuleForms(rules.rules).rules !== null;
  return readRoundForm(form, { model, rows, split, hasRules, runs, judges, stored }, numberAfter(run, runs));
}

/**
 * Whether a reward has judged all that the round asks for, and no answer was better than another: there is nothing to
 * go on with then, and no pair.
 */
export function isWithoutPairs(
  round: RoundUnderWay,
  { asked, makePairs }: { readonly asked: ReadRoundForm | null; readonly makePairs: MadeSoFar },
): boolean {
  const { answered, waiting, made, answering } = makePairs;
  if (round.judge === 'analyst' || round.made !== null || answering !== null || waiting !== null) return false;
  const all = asked?.plan?.prompts.length ?? Infinity;
  return answered !== null && answered.length >= all && made?.rows.length === 0;
}

/** The form that the round was begun with, where a reward judges. */
export const askedForm = (round: RoundUnderWay, form: RoundForm): RoundForm =>
  round.judge === 'analyst' ? form : { ...form, ...round.asked, judge: 'reward', reward: round.judge };

/** Where the round stands, by the states of the stores that do its steps. */
export function readPlace(
  round: RoundUnderWay,
  states: {
    readonly judge: Pick<JudgeState, 'round' | 'comparisons'>;
    readonly makePairs: Pick<MakePairsState, 'answering'>;
    readonly dataset: Pick<DatasetState, 'sets' | 'openId' | 'rows'>;
    readonly library: Pick<LibraryState, 'runs'>;
    readonly rounds: Pick<RoundsState, 'rates'>;
  },
): RoundPlace {
  const { judge, makePairs, dataset, library, rounds } = states;
  const next = nextOf(round, library.runs);
  const { made } = round;
  const stored = dataset.sets.find(({ id }) => id === made)?.pairs ?? 0;
  const facts: RoundFacts = {
    judging: judge.round && {
      name: judge.round.name,
      unanswered: countUnanswered(judge.round),
      compared: judge.comparisons.length,
      judged: judge.round.judgements.length,
    },
    pairs: made !== null && dataset.openId === made ? dataset.rows.length : stored,
    next,
    isCompared: next !== null && ratesBetween(rounds.rates, next.id, round.runId).length > 0,
  };
  return placeOf(round, facts, makePairs.answering !== null);
}

/** What a form asks for as things stand; null where something is in the way. */
function planOf(form: RoundForm, run: Run, dependencies: RoundsDependencies) {
  const { dataset, rules, library, judges, modelShelf, getModel } = dependencies;
  const states = {
    ...{ dataset: dataset.getState(), rules: rules.getState(), library: library.getState() },
    ...{ judges: judges.getState(), modelShelf: modelShelf.getState() },
  };
  return readForm(form, run, getModel(), states)?.plan ?? null;
}

/** What the data set of the round after a run is called, and what it says of itself. */
function nameAfter(run: Run, { library }: Pick<RoundsDependencies, 'library'>) {
  const number = numberAfter(run, library.getState().runs);
  const label = { round: { number, runId: run.id, run: run.name } };
  return { name: currentText().rounds.setName(number, run.name), label };
}

/** Begins a round: its answers, and who judges them. */
function beginning(
  { getState: get, setState: set }: RoundsStore,
  dependencies: RoundsDependencies,
): Pick<RoundsState, 'begin' | 'goOn'> {
  const { library, dataset, judge, makePairs, now = Date.now } = dependencies;
  const change = (of: RoundUnderWay, part: Partial<RoundUnderWay>): void => {
    const { round } = get();
    if (round?.at === of.at) set({ round: { ...round, ...part } });
  };

  const findRun = (runId: string): Run | undefined => library.getState().runs.find(({ id }) => id === runId);

  /** Has a reward judge answers, and makes the pairs that follow the round's data set. */
  async function answerByReward(round: RoundUnderWay, run: Run, form: RoundForm, goesOn: boolean): Promise<void> {
    const plan = planOf(form, run, dependencies);
    if (plan === null) return;
    makePairs.getState().setForm(pairsFormOf(form, run.id));
    await makePairs.getState().start(plan.sampling, goesOn);
    // What still waits for a judge is gone on with.
    if (get().round?.at !== round.at || makePairs.getState().waiting !== null) return;
    const { name, label } = nameAfter(run, dependencies);
    if (await makePairs.getState().makeSet(name, label)) change(round, { made: dataset.getState().openId });
  }

  return {
    async goOn() {
      const { round, form } = get();
      const run = round === null ? undefined : findRun(round.runId);
      if (round === null || run === undefined || round.judge === 'analyst' || round.made !== null) return;
      await answerByReward(round, run, askedForm(round, form), true);
    },

    begin: oneAtATime(async (runId) => {
      const run = findRun(runId);
      const plan = run && planOf(get().form, run, dependencies);
      if (run === undefined || plan == null) return;
      const { form } = get();
      const { name, label } = nameAfter(run, dependencies);
      const round: RoundUnderWay = {
        ...{ runId, at: new Date(now()).toISOString(), made: null, judging: null, isTraining: false },
        judge: form.judge === 'analyst' ? 'analyst' : form.reward,
        source: dataset.getState().openId,
        ...(form.judge === 'reward' && { asked: form }),
      };
      if (form.judge === 'analyst') {
        if (!(await dataset.getState().makeSet(name, [], label))) return;
        const { answers: answersEach, prompts, sampling } = plan;
        const { temperature, seed, maxNewTokens } = sampling;
        const judging = await judge.getState().begin({
          ...{ prompts, answersEach, sampling: { temperature, seed, maxNewTokens } },
          voices: [{ runId, name: run.name }],
        });
        set({ round: { ...round, judging, made: dataset.getState().openId } });
        return judge.getState().answerRest();
      }
      set({ round });
      await answerByReward(round, run, form, false);
    }),
  };
}

/** The columns that tell how a round compares: the start, the round before where that is another one, and itself. */
export function columnsOfRound(run: Run, runs: readonly Run[]): readonly string[] {
  const { start, rounds } = lineageOf(run, runs);
  const before = rounds[rounds.indexOf(run) - 1];
  return [start?.id ?? 'base', ...(before === undefined ? [] : [before.id]), run.id];
}

/** Who judges the comparison of rounds: who has judged the round. */
function judgeAfter(judge: RoundUnderWay['judge']): Partial<PromptSetForm> {
  if (judge === 'analyst') return { judge };
  if (isTaskId(judge)) return { judge: 'scorer' };
  return judgeIdOf(judge) === null ? { judge: 'reward', judgeReward: judge } : { judge: 'model' };
}

/** Sets up what follows the judging. */
function preparing(
  { getState: get, setState: set }: RoundsStore,
  { library, dataset, training, compare, promptSet, getModel }: RoundsDependencies,
): Pick<RoundsState, 'prepareTraining' | 'prepareComparison'> {
  return {
    async prepareTraining() {
      const { round } = get();
      const { runs } = library.getState();
      const run = runs.find(({ id }) => id === round?.runId);
      if (round === null || round.made === null || run === undefined) return false;
      if (!(await dataset.getState().openSet(round.made))) return false;
      const { form, setForm, setStartFrom, setReference } = training.getState();
      // Pairs are what there is now, whatever the run before learned from.
      setForm(withMethod(form, 'dpo'));
      setStartFrom(run.id);
      setReference(referenceAfter(run, runs));
      set({ round: { ...round, isTraining: true } });
      return true;
    },

    async prepareComparison(run) {
      const { round, form } = get();
      const { openId, sets, openSet } = dataset.getState();
      // Prompts of the round's own pairs were trained on.
      const source = sets.find(({ id, label }) => id === round?.source && label.deletedAt === undefined)?.id ?? openId;
      if (!(await openSet(source))) return false;
      const columns = columnsOfRound(run, library.getState().runs);
      compare.getState().setColumns(columns);
      const isStarters = isStarterModel(getModel()?.name ?? '');
      if (promptSet.getState().round !== null) await promptSet.getState().close();
      promptSet.getState().setForm({
        ...{ source: isStarters ? 'starter' : 'dataset', against: columns.length - 1, temperatures: form.temperature },
        ...judgeAfter(round?.judge ?? 'analyst'),
      });
      return true;
    },
  };
}

export function createRoundsStore(dependencies: RoundsDependencies): RoundsStore {
  const { kept, notices, promptSet, judge, score } = dependencies;
  const made = createStore<RoundsState>()((set, get, store) => ({
    form: (kept?.form as RoundForm | undefined) ?? initialRoundForm,
    round: (kept?.round as RoundUnderWay | null | undefined) ?? null,
    rates: kept?.rates ?? [],
    asking: null,
    ask: (asking) => set({ asking }),
    setForm: (change) => set({ form: { ...get().form, ...change } }),
    ...beginning(store, dependencies),
    ...preparing(store, dependencies),

    putAway() {
      const { round } = get();
      if (round === null) return;
      set({ round: null });
      notices.getState().tellDone(currentText().rounds.wasPutAway, () => {
        if (get().round === null) set({ round });
      });
    },
  }));
  const keep = (change: (rates: readonly KeptRate[]) => readonly KeptRate[]): void => {
    const { rates } = made.getState();
    const next = change(rates);
    if (next.length !== rates.length || JSON.stringify(next) !== JSON.stringify(rates)) made.setState({ rates: next });
  };
  promptSet.subscribe(({ round }, before) => {
    if (round !== null && round !== before.round) keep((rates) => withRatesOf(rates, round, score));
  });
  judge.subscribe(({ round }, before) => {
    if (round !== null && round !== before.round) keep((rates) => withRatesOfRound(rates, round));
  });
  return made;
}
