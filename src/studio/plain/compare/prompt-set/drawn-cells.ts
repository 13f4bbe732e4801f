/**
 * @file The cells of a prompt set whose answers are drawn while judges of other models are still to choose among them:
 * what each is to be asked, and what becomes of the set as they say it. Pure.
 */
import type {
  PromptSet,
  PromptSetAnswer,
  PromptSetColumn,
  PromptSetDrawn,
} from '../../../../storage/prompt-set-record';
import { placeOfBest } from '../../../../evaluation/best-of-n';
import { comparisonOf, type DrawnPrompt } from '../waiting-answers';
import { placeOf } from './prompt-set';

type Drawn = Pick<PromptSet, 'answered' | 'drawn' | 'columns' | 'prompts' | 'temperatures'>;
type DrawnCell = readonly PromptSetDrawn[];

/** Those that are not answered yet; another tab may have gone ahead. */
const openCells = ({ drawn, answered }: Pick<Drawn, 'answered' | 'drawn'>): readonly DrawnCell[] =>
  drawn == null ? [] : drawn.cells.slice(Math.max(0, answered.length - drawn.from));

/** How many of the first cells have answers, chosen or not. */
export const countDrawn = (promptSet: Pick<Drawn, 'answered' | 'drawn'>): number =>
  promptSet.answered.length + openCells(promptSet).length;

/** The answer that a column keeps; null while a judge has not said all. */
function chosenOf({ answers, preferences }: PromptSetDrawn): PromptSetAnswer | null {
  const [first] = answers;
  if (preferences === undefined || first === undefined) return first ?? null;
  const { pairs, rewardsBy } = comparisonOf({ prompt: '', answers: answers.map(({ text }) => text) });
  if (preferences.length < pairs.length) return null;
  const rewards = rewardsBy(preferences);
  const best = placeOfBest(rewards.map((reward) => reward ?? -Infinity));
  return { ...(answers[best] ?? first), reward: rewards[best] ?? null };
}

/** Moves the first cells in which all columns have chosen to those that are answered. */
function settle<T extends Drawn>(promptSet: T): T {
  const cells = openCells(promptSet);
  const done: PromptSetAnswer[][] = [];
  for (const cell of cells) {
    const chosen = cell.map(chosenOf);
    if (chosen.includes(null)) break;
    done.push(chosen as PromptSetAnswer[]);
  }
  const answered = done.length === 0 ? promptSet.answered : [...promptSet.answered, ...done];
  const rest = cells.slice(done.length);
  return { ...promptSet, answered, drawn: rest.length === 0 ? null : { from: answered.length, cells: [...rest] } };
}

/** Adds the next cell. */
export function withDrawnCell<T extends Drawn>(promptSet: T, cell: DrawnCell): T {
  const cells = [...openCells(promptSet), cell].map((each) => [...each]);
  return settle({ ...promptSet, drawn: { from: promptSet.answered.length, cells } });
}

/** Answers of one column to one prompt that wait for a judge. */
export interface WaitingDraw extends DrawnPrompt {
  readonly cell: number;
  readonly column: number;
  /** How many of its comparisons are made. */
  readonly made: number;
}

/** What waits for the judge that some columns have as reward, in the order in which it is asked. */
export function waitingFor(promptSet: Drawn, reward: string): readonly WaitingDraw[] {
  const first = promptSet.answered.length;
  return openCells(promptSet).flatMap((cell, at) =>
    cell.flatMap((drawn, column): WaitingDraw[] => {
      const isItself = drawn.preferences !== undefined && promptSet.columns[column]?.best?.reward === reward;
      if (!isItself || chosenOf(drawn) !== null) return [];
      const prompt = promptSet.prompts[placeOf(first + at, promptSet).prompt] ?? '';
      const answers = drawn.answers.map(({ text }) => text);
      return [{ cell: first + at, column, prompt, answers, made: drawn.preferences?.length ?? 0 }];
    }),
  );
}

/** The judges that columns wait for, by their names as rewards, and how many comparisons are left for them. */
export function judgesWaitedFor(promptSet: Drawn): ReadonlyMap<string, number> {
  const rewards = new Set(promptSet.columns.flatMap(({ best }: PromptSetColumn) => best?.reward ?? []));
  const left = [...rewards].map((reward) => [reward, countLeft(waitingFor(promptSet, reward))] as const);
  return new Map(left.filter(([, comparisons]) => comparisons > 0));
}

export const countLeft = (waiting: readonly WaitingDraw[]): number =>
  waiting.reduce((sum, each) => sum + comparisonOf(each).pairs.length - each.made, 0);

/**
 * The set with what a judge has said of a draw; null where that has changed since.
 * @param preferences those that follow the ones that were made
 */
export function withChoice<T extends Drawn>(
  promptSet: T,
  { cell, column, made }: Pick<WaitingDraw, 'cell' | 'column' | 'made'>,
  preferences: readonly (number | null)[],
): T | null {
  const cells = openCells(promptSet).map((each) => [...each]);
  const drawn = cells[cell - promptSet.answered.length]?.[column];
  if (drawn?.preferences?.length !== made) return null;
  const changed = { ...drawn, preferences: [...drawn.preferences, ...preferences] };
  (cells[cell - promptSet.answered.length] as PromptSetDrawn[])[column] = changed;
  return settle({ ...promptSet, drawn: { from: promptSet.answered.length, cells } });
}
