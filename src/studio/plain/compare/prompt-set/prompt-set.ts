/**
 * @file A prompt set taken apart: its cells (one prompt at one temperature), the comparisons that the analyst judges
 * blind, and the outcomes and win rates that come of them. Pure: order and sides follow from the record's seed.
 */
import { Random } from '../../../../core/random';
import { judgeContests, preferHigher, winRateOf, type Outcome, type WinRate } from '../../../../evaluation/win-rate';
import type { JudgedPrompt } from '../../../../storage/judging-record';
import type { PromptSet, PromptSetAnswer } from '../../../../storage/prompt-set-record';
import type { Comparison } from '../../judge/comparisons';
import { askedText } from '../../data/prompt-text';
import { isTaskId, type TaskId } from '../../starter/manifest';
import type { ScoreAnswer } from '../../starter/result';

export interface Cell {
  readonly prompt: JudgedPrompt;
  readonly temperature: number;
  /** What each column answered, in the order of the columns. */
  readonly answers: readonly PromptSetAnswer[];
}

/** Two answers to judge. As `voice`, each of `a` and `b` has the index of its column. */
export interface PromptSetComparison extends Comparison {
  readonly cell: number;
  /** Index of the column whose win is asked about; the other answer is of the column that win rates are against. */
  readonly column: number;
}

/** Spreads the seeds of cells apart: 2^32 over the golden ratio. */
const stride = 0x9e3779b9;

const isSame = (first: PromptSetAnswer, second: PromptSetAnswer) => first.text.trim() === second.text.trim();

/** Says which prompt and which temperature a cell is, by their indices. */
export function placeOf(
  cell: number,
  { temperatures }: Pick<PromptSet, 'temperatures'>,
): { readonly prompt: number; readonly temperature: number } {
  return { prompt: Math.floor(cell / temperatures.length), temperature: cell % temperatures.length };
}

export const countCells = ({ prompts, temperatures }: Pick<PromptSet, 'prompts' | 'temperatures'>): number =>
  prompts.length * temperatures.length;

/** Lists the cells that are answered, with the answers of all columns. */
export function cellsOf(promptSet: PromptSet): readonly Cell[] {
  return promptSet.answered.map((answers, index) => {
    const { prompt, temperature } = placeOf(index, promptSet);
    return { prompt: promptSet.prompts[prompt] ?? '', temperature: promptSet.temperatures[temperature] ?? 0, answers };
  });
}

/** Indices of the columns that are compared with the chosen one. */
export const challengers = ({ columns, against }: Pick<PromptSet, 'columns' | 'against'>): readonly number[] =>
  columns.flatMap((_, index) => (index === against ? [] : [index]));

/** Lists what there is to judge, cell after cell. Answers that say the same are not asked about; they are ties. */
export function promptSetComparisons(promptSet: PromptSet): readonly PromptSetComparison[] {
  return cellsOf(promptSet).flatMap(({ prompt, answers }, cell) => {
    const random = new Random(promptSet.orderSeed + Math.imul(cell, stride));
    const theirs = answers[promptSet.against];
    const open = challengers(promptSet).filter(
      (column) => theirs !== undefined && answers[column] !== undefined && !isSame(answers[column], theirs),
    );
    return random.shuffled(open).map((column): PromptSetComparison => {
      const ours = { voice: column, ...(answers[column] as PromptSetAnswer) };
      const other = { voice: promptSet.against, ...(theirs as PromptSetAnswer) };
      return random.uniform() < 0.5
        ? { prompt, cell, column, a: ours, b: other }
        : { prompt, cell, column, a: other, b: ours };
    });
  });
}

/** How often one column won against the chosen one at one temperature; the rate is null where nothing is judged. */
export interface Rate {
  readonly column: number;
  readonly temperature: number;
  readonly rate: WinRate | null;
}

type JudgedCell = { readonly column: number; readonly cell: number; readonly outcome: Outcome };

/**
 * The outcomes of the cells that are judged in full: ties of equal answers are not counted before the choices beside
 * them are made.
 */
function analystOutcomes(promptSet: PromptSet): readonly JudgedCell[] {
  const comparisons = promptSetComparisons(promptSet);
  const judged = comparisons.slice(0, promptSet.judgements.length);
  const waiting = comparisons[promptSet.judgements.length];
  const until = waiting?.cell ?? promptSet.answered.length;
  const chosen = judged.map(({ column, cell, a }, index): JudgedCell => {
    const { verdict } = promptSet.judgements[index] ?? { verdict: 'tie' };
    if (verdict === 'tie' || verdict === 'bad') return { column, cell, outcome: 'tie' };
    return { column, cell, outcome: (verdict === 'a') === (a.voice === column) ? 'win' : 'loss' };
  });
  const asked = new Set(comparisons.map(({ column, cell }) => `${cell} ${column}`));
  const equal = promptSet.answered.flatMap((_, cell) =>
    challengers(promptSet).flatMap((column): JudgedCell[] =>
      asked.has(`${cell} ${column}`) ? [] : [{ column, cell, outcome: 'tie' }],
    ),
  );
  return [...chosen, ...equal].filter(({ cell }) => cell < until);
}

function scorerOutcomes(promptSet: PromptSet, task: TaskId, score: ScoreAnswer): readonly JudgedCell[] {
  const judge = (prompt: string, first: string, second: string) =>
    preferHigher(score(task, prompt, first), score(task, prompt, second));
  return cellsOf(promptSet).flatMap(({ prompt, answers }, cell) =>
    challengers(promptSet).map((column): JudgedCell => {
      const contest = {
        prompt: askedText(prompt),
        ours: answers[column]?.text ?? '',
        theirs: answers[promptSet.against]?.text ?? '',
      };
      const [outcome = 'tie'] = judgeContests(
        [contest],
        judge,
        new Random(promptSet.orderSeed + Math.imul(cell, stride)),
      );
      return { column, cell, outcome };
    }),
  );
}

/**
 * Win rates of all columns that are compared, by column and then temperature. A scorer's are all null where the prompts
 * are of no task that it knows.
 */
export function ratesOf(promptSet: PromptSet, score: ScoreAnswer): readonly Rate[] {
  const outcomes =
    promptSet.judge === 'analyst'
      ? analystOutcomes(promptSet)
      : isTaskId(promptSet.task)
        ? scorerOutcomes(promptSet, promptSet.task, score)
        : [];
  return challengers(promptSet).flatMap((column) =>
    promptSet.temperatures.map((temperature, index) => {
      const own = outcomes.filter(
        (judged) => judged.column === column && placeOf(judged.cell, promptSet).temperature === index,
      );
      return { column, temperature, rate: own.length === 0 ? null : winRateOf(own.map(({ outcome }) => outcome)) };
    }),
  );
}

/** Mean scores, `scores[column][temperature]`; null where the prompts are of no task that the scorer knows. */
export function meanScoresOf(promptSet: PromptSet, score: ScoreAnswer): readonly (readonly number[])[] | null {
  const { task } = promptSet;
  if (!isTaskId(task) || promptSet.answered.length < promptSet.temperatures.length) return null;
  const cells = cellsOf(promptSet);
  return promptSet.columns.map((_, column) =>
    promptSet.temperatures.map((_temperature, index) => {
      const own = cells.filter((_cell, at) => placeOf(at, promptSet).temperature === index);
      return (
        own.reduce((sum, { prompt, answers }) => sum + score(task, askedText(prompt), answers[column]?.text ?? ''), 0) /
        own.length
      );
    }),
  );
}

/** Says whether all that there is to judge is judged. */
export function isDecided(promptSet: PromptSet): boolean {
  return promptSet.judge === 'scorer'
    ? isTaskId(promptSet.task)
    : promptSet.judgements.length >= promptSetComparisons(promptSet).length;
}
