/**
 * @file Judges of other models than the open one choose the best of the drawn answers of a prompt set, each loaded once
 * for all columns that it chooses in. What it has said of the answers to a prompt is written when that is all of them,
 * and when it is stopped.
 */
import type { StoreApi } from 'zustand/vanilla';
import type { PromptSet } from '../../storage/prompt-set-record';
import type { EngineSignal } from '../browser/engine-client';
import { rewardIdSchema } from '../plain/compare/best-of';
import { countLeft, judgesWaitedFor, waitingFor, withChoice } from '../plain/compare/prompt-set/drawn-cells';
import { portionsToAsk } from '../plain/compare/waiting-answers';
import { askKeptJudge, type KeptJudgeDependencies } from './ask-kept-judge';
import { progressFrom, type AnswerProgress } from './round';

/** The store of the prompt set, as far as a judge that chooses needs. */
type DrawnSetStore = StoreApi<{
  readonly round: PromptSet | null;
  readonly answering: AnswerProgress | null;
  readonly isChoosing: boolean;
}>;

export interface ChooseInSetDependencies extends KeptJudgeDependencies {
  readonly changeRound: (next: (now: PromptSet) => PromptSet | null) => Promise<boolean>;
  /** Milliseconds. */
  readonly now: () => number;
}

async function chooseBy(
  promptSet: PromptSet,
  reward: string,
  { setState: set }: DrawnSetStore,
  dependencies: ChooseInSetDependencies,
  signal: EngineSignal,
): Promise<void> {
  const { changeRound, now } = dependencies;
  const draws = waitingFor(promptSet, reward);
  const total = countLeft(draws);
  const overtaken = new AbortController();
  let progress = (done: number): AnswerProgress => ({ done, total, secondsLeft: null });
  let kept: Promise<unknown> = Promise.resolve();
  let [done, at] = [0, 0];
  let said: (number | null)[] = [];

  function keep(): void {
    const [draw, preferences] = [draws[at], said];
    if (draw === undefined || preferences.length === 0) return;
    kept = kept.then(() =>
      changeRound((then) => {
        const chosen = then.at === promptSet.at ? withChoice(then, draw, preferences) : null;
        // Another tab has got ahead, or the set was put away.
        if (chosen === null) overtaken.abort();
        return chosen;
      }),
    );
  }

  const toAsk = {
    reward: rewardIdSchema.parse(reward),
    answers: Math.max(...draws.map(({ answers }) => answers.length)),
    onBegin: () => set({ answering: progress(0), isChoosing: true }),
    portions() {
      progress = progressFrom(0, total, now);
      return portionsToAsk(draws);
    },
    onPreference(preference: number | null) {
      said.push(preference);
      set({ answering: progress(++done) });
      const draw = draws[at];
      if (draw === undefined || said.length < countLeft([draw])) return;
      keep();
      [at, said] = [at + 1, []];
    },
  };
  try {
    await askKeptJudge(toAsk, dependencies, AbortSignal.any([signal, overtaken.signal]) as EngineSignal);
  } finally {
    keep();
    await kept;
  }
}

/**
 * Has the judges that a prompt set waits for choose, one after the other.
 * @throws as `askKeptJudge`
 */
export async function chooseInSet(
  store: DrawnSetStore,
  dependencies: ChooseInSetDependencies,
  signal: EngineSignal,
): Promise<void> {
  const { round } = store.getState();
  if (round === null) return;
  try {
    for (const reward of judgesWaitedFor(round).keys()) {
      const now = store.getState().round;
      if (now?.at === round.at) await chooseBy(now, reward, store, dependencies, signal);
    }
  } finally {
    store.setState({ isChoosing: false });
  }
}
