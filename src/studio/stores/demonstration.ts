/**
 * @file The demonstration: a script of prompts, answered beforehand by two or three columns and kept, then shown to an
 * audience that votes blind. The machinery of a round (progress, stopping, two tabs) is in round.ts, the show itself in
 * demonstration-show.ts.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Demonstration } from '../../storage/demonstration-record';
import type { Generation, ModelSummary } from '../../worker/protocol';
import { computingObstacle } from '../plain/demonstration/computing';
import {
  initialDemonstrationForm,
  planDemonstration,
  scriptOf,
  type DemonstrationForm,
  type DemonstrationPlan,
} from '../plain/demonstration/demonstration-form';
import { movedUp, withoutPrompt } from '../plain/demonstration/edit-script';
import { demonstrationOfStarter } from '../plain/demonstration/of-starter';
import { describeFailure } from '../text/failure';
import { currentText } from '../text/text';
import { answerAll } from './answer-all';
import {
  askedAt,
  scoreGenerations,
  scoringOf,
  type DemonstrationDependencies,
  type DemonstrationRound,
} from './demonstration-answers';
import { initialShow, showing, type ShowState } from './demonstration-show';
import { fetchPrompts, sourcesOf } from './prompt-set';
import { createRound, withAnswered, type Answering, type RoundState } from './round';
import { keptAnswer } from '../plain/compare/best-of';
import { variantsOf } from './variants';
import { oneAtATime } from './one-at-a-time';

export interface DemonstrationState extends RoundState<DemonstrationForm, Demonstration, never>, ShowState {
  /** Begins a demonstration as the form says and prepares its answers. */
  start(): Promise<void>;
  /**
   * Begins one of the starter's prompts. Where its model is open the answers are written anew, with the same seeds, so
   * that they have rewards; else those that the starter kept are shown. Resolves when it can be shown.
   */
  startFromStarter(): Promise<void>;
  /** Has all prompts answered again, with scores. */
  prepareAgain(): Promise<void>;
  leaveOut(at: number): Promise<void>;
  moveUp(at: number): Promise<void>;
}

export type DemonstrationStore = StoreApi<DemonstrationState>;

/** Prompts that are answered at once, then scored and kept. */
const together = 4;

async function prepareAnswering(
  demonstration: Demonstration,
  dependencies: DemonstrationDependencies,
): Promise<Answering<Demonstration>> {
  const { engine, library } = dependencies;
  const { columns, script } = demonstration;
  const variants = await variantsOf(columns, library);
  return {
    items: script.length,
    answersOf: (items) => items * columns.length,
    async answerFrom(first, signal, { showDone, keep }) {
      for (let from = first; from < script.length && !signal.aborted; from += together) {
        const places = [...script.keys()].slice(from, from + together);
        const answered: (readonly Generation[])[] = [];
        const asked = places.map((at) => askedAt(demonstration, at));
        await answerAll(
          engine,
          { asked, variants },
          {
            signal,
            showDone: (prompts) => showDone((from - first + prompts) * columns.length),
            onAnswers: (_, generations) => void answered.push(generations),
          },
        );
        for (const [index, generations] of answered.entries()) {
          const at = from + index;
          const scored = await scoreGenerations(demonstration, at, generations, dependencies, signal);
          signal.throwIfAborted();
          await keep(
            at,
            withAnswered(
              generations.map((answer, column) => ({ ...keptAnswer(answer), scored: scored[column] ?? null })),
            ),
          );
        }
      }
    },
  };
}

function createDemonstrationRound(
  store: DemonstrationStore,
  dependencies: DemonstrationDependencies,
  now: () => number,
): DemonstrationRound {
  const { storage } = dependencies;
  return createRound<DemonstrationForm, Demonstration, never>(store, {
    ...dependencies,
    workKind: 'demonstration',
    now,
    initialForm: initialDemonstrationForm,
    read: () => storage.readDemonstration(),
    write: (value, over) => storage.writeDemonstration(value, over),
    isSame: (a, b) => a.at === b.at,
    comparisonsOf: () => [],
    prepareAnswering: (demonstration) => prepareAnswering(demonstration, dependencies),
    words: () => currentText().demonstration,
  });
}

/** What the form asks for, over the columns and the data as they stand; null while something is in the way. */
function planOf(
  form: DemonstrationForm,
  model: ModelSummary,
  dependencies: DemonstrationDependencies,
): DemonstrationPlan | null {
  const promptSet = dependencies.promptSet.getState().round;
  return planDemonstration(form, { ...sourcesOf(model, dependencies), promptSet }).plan;
}

/** Beginning a demonstration: of the form, of the starter, or of the same script again. */
function beginning(
  { getState: get, setState: set }: DemonstrationStore,
  dependencies: DemonstrationDependencies,
  { setRound }: DemonstrationRound,
  now: () => number,
): Pick<DemonstrationState, 'start' | 'startFromStarter' | 'prepareAgain'> {
  const { library, starter, getModel, engineTime } = dependencies;
  const runsNow = () => library.getState().runs;

  /** What a demonstration has from the moment that begins it. */
  const beginningNow = () => ({ at: new Date(now()).toISOString(), orderSeed: now() >>> 0, judgements: [] });

  /** Whether all columns can answer now. */
  const canCompute = (demonstration: Pick<Demonstration, 'columns' | 'fingerprint'>): boolean =>
    computingObstacle(demonstration, runsNow(), getModel()?.fingerprint) === null &&
    engineTime.state.getState().foreground.length === 0;

  return {
    start: oneAtATime(async () => {
      const model = getModel();
      const plan = model === null ? null : planOf(get().form, model, dependencies);
      if (model === null || plan === null || get().answering !== null) return;
      set({ failure: null, ...initialShow });
      try {
        const prompts = plan.prompts ?? (await fetchPrompts(plan.task, plan.count, dependencies));
        const { seed, ...sampling } = plan.sampling;
        await setRound({
          ...beginningNow(),
          modelName: model.name,
          fingerprint: model.fingerprint,
          columns: plan.columns,
          sampling,
          script: scriptOf(prompts, seed),
          answered: [],
          scoring: scoringOf(plan.columns, runsNow()),
        });
      } catch (error) {
        return set({ failure: describeFailure(error) });
      }
      await get().answerRest();
    }),

    async startFromStarter() {
      const { result } = starter.getState();
      if (result === null || result.prompts.length === 0 || get().answering !== null) return;
      const made = demonstrationOfStarter(result, runsNow());
      const isAnew = canCompute(made);
      set({ failure: null, ...initialShow });
      await setRound({
        ...made,
        ...beginningNow(),
        ...(isAnew && { answered: [], scoring: scoringOf(made.columns, runsNow()) }),
      });
      if (isAnew) void get().answerRest();
    },

    async prepareAgain() {
      const { round, answering } = get();
      if (round === null || answering !== null || !canCompute(round)) return;
      set({ failure: null, ...initialShow });
      await setRound({ ...round, ...beginningNow(), answered: [], scoring: scoringOf(round.columns, runsNow()) });
      await get().answerRest();
    },
  };
}

export function createDemonstrationStore(dependencies: DemonstrationDependencies): DemonstrationStore {
  const { now = Date.now } = dependencies;
  return createStore<DemonstrationState>()((_set, get, store) => {
    const round = createDemonstrationRound(store, dependencies, now);

    /** Another script is another demonstration to other tabs: places in it mean other prompts. */
    async function edit(change: (demonstration: Demonstration) => Demonstration): Promise<void> {
      const { round: demonstration, answering } = get();
      if (demonstration === null || answering !== null) return;
      const edited = change(demonstration);
      if (edited !== demonstration) await round.setRound({ ...edited, at: new Date(now()).toISOString() });
    }

    return {
      ...round.initial,
      ...initialShow,
      ...showing(store, dependencies, round, now),
      ...beginning(store, dependencies, round, now),
      leaveOut: (at) => edit((demonstration) => withoutPrompt(demonstration, at)),
      moveUp: (at) => edit((demonstration) => movedUp(demonstration, at)),
    };
  });
}
