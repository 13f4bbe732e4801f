/**
 * @file A prompt set taken apart: its cells (one prompt at one temperature), the comparisons that the analyst judges
 * blind, and the outcomes and win rates that come of them. Pure: order and sides follow from the record's seed.
 */
import { Random } from '../../../../core/random';
import { judgeContests, preferHigher, winRateOf, type Outcome, type WinRate } from '../../../../evaluation/win-rate';
import type { JudgedPrompt } from '../../../../storage/judging-record';
import type { Trial, TrialAnswer } from '../../../../storage/trial-record';
import type { Comparison } from '../../judge/comparisons';
import { askedText } from '../../data/prompt-text';
import { isTaskId, type TaskId } from '../../starter/manifest';
import type { ScoreAnswer } from '../../starter/result';

export interface Cell {
  readonly prompt: JudgedPrompt;
  readonly temperature: number;
  /** What each column answered, in the order of the columns. */
  readonly answers: readonly TrialAnswer[];
}

/** Two answers to judge. As `voice`, each of `a` and `b` has the index of its column. */
export interface TrialComparison extends Comparison {
  readonly cell: number;
  /** Index of the column whose win is asked about; the other answer is of the column that win rates are against. */
  readonly column: number;
}

/** Spreads the seeds of cells apart: 2^32 over the golden ratio. */
const stride = 0x9e3779b9;

const isSame = (first: TrialAnswer, second: TrialAnswer) => first.text.trim() === second.text.trim();

/** Says which prompt and which temperature a cell is, by their indices. */
export function placeOf(
  cell: number,
  { temperatures }: Pick<Trial, 'temperatures'>,
): { readonly prompt: number; readonly temperature: number } {
  return { prompt: Math.floor(cell / temperatures.length), temperature: cell % temperatures.length };
}

export const countCells = ({ prompts, temperatures }: Pick<Trial, 'prompts' | 'temperatures'>): number =>
  prompts.length * temperatures.length;

/** Lists the cells that are answered, with the answers of all columns. */
export function cellsOf(trial: Trial): readonly Cell[] {
  return trial.answered.map((answers, index) => {
    const { prompt, temperature } = placeOf(index, trial);
    return { prompt: trial.prompts[prompt] ?? '', temperature: trial.temperatures[temperature] ?? 0, answers };
  });
}

/** Indices of the columns that are compared with the chosen one. */
export const challengers = ({ columns, against }: Pick<Trial, 'columns' | 'against'>): readonly number[] =>
  columns.flatMap((_, index) => (index === against ? [] : [index]));

/** Lists what there is to judge, cell after cell. Answers that say the same are not asked about; they are ties. */
export function trialComparisons(trial: Trial): readonly TrialComparison[] {
  return cellsOf(trial).flatMap(({ prompt, answers }, cell) => {
    const random = new Random(trial.orderSeed + Math.imul(cell, stride));
    const theirs = answers[trial.against];
    const open = challengers(trial).filter(
      (column) => theirs !== undefined && answers[column] !== undefined && !isSame(answers[column], theirs),
    );
    return random.shuffled(open).map((column): TrialComparison => {
      const ours = { voice: column, ...(answers[column] as TrialAnswer) };
      const other = { voice: trial.against, ...(theirs as TrialAnswer) };
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
function analystOutcomes(trial: Trial): readonly JudgedCell[] {
  const comparisons = trialComparisons(trial);
  const judged = comparisons.slice(0, trial.judgements.length);
  const waiting = comparisons[trial.judgements.length];
  const until = waiting?.cell ?? trial.answered.length;
  const chosen = judged.map(({ column, cell, a }, index): JudgedCell => {
    const { verdict } = trial.judgements[index] ?? { verdict: 'tie' };
    if (verdict === 'tie' || verdict === 'bad') return { column, cell, outcome: 'tie' };
    return { column, cell, outcome: (verdict === 'a') === (a.voice === column) ? 'win' : 'loss' };
  });
  const asked = new Set(comparisons.map(({ column, cell }) => `${cell} ${column}`));
  const equal = trial.answered.flatMap((_, cell) =>
    challengers(trial).flatMap((column): JudgedCell[] =>
      asked.has(`${cell} ${column}`) ? [] : [{ column, cell, outcome: 'tie' }],
    ),
  );
  return [...chosen, ...equal].filter(({ cell }) => cell < until);
}

function scorerOutcomes(trial: Trial, task: TaskId, score: ScoreAnswer): readonly JudgedCell[] {
  const judge = (prompt: string, first: string, second: string) =>
    preferHigher(score(task, prompt, first), score(task, prompt, second));
  return cellsOf(trial).flatMap(({ prompt, answers }, cell) =>
    challengers(trial).map((column): JudgedCell => {
      const contest = {
        prompt: askedText(prompt),
        ours: answers[column]?.text ?? '',
        theirs: answers[trial.against]?.text ?? '',
      };
      const [outcome = 'tie'] = judgeContests([contest], judge, new Random(trial.orderSeed + Math.imul(cell, stride)));
      return { column, cell, outcome };
    }),
  );
}

/**
 * Win rates of all columns that are compared, by column and then temperature. A scorer's are all null where the prompts
 * are of no task that it knows.
 */
export function ratesOf(trial: Trial, score: ScoreAnswer): readonly Rate[] {
  const outcomes =
    trial.judge === 'analyst'
      ? analystOutcomes(trial)
      : isTaskId(trial.task)
        ? scorerOutcomes(trial, trial.task, score)
        : [];
  return challengers(trial).flatMap((column) =>
    trial.temperatures.map((temperature, index) => {
      const own = outcomes.filter(
        (judged) => judged.column === column && placeOf(judged.cell, trial).temperature === index,
      );
      return { column, temperature, rate: own.length === 0 ? null : winRateOf(own.map(({ outcome }) => outcome)) };
    }),
  );
}

/** Mean scores, `scores[column][temperature]`; null where the prompts are of no task that the scorer knows. */
export function meanScoresOf(trial: Trial, score: ScoreAnswer): readonly (readonly number[])[] | null {
  const { task } = trial;
  if (!isTaskId(task) || trial.answered.length < trial.temperatures.length) return null;
  const cells = cellsOf(trial);
  return trial.columns.map((_, column) =>
    trial.temperatures.map((_temperature, index) => {
      const own = cells.filter((_cell, at) => placeOf(at, trial).temperature === index);
      return (
        own.reduce((sum, { prompt, answers }) => sum + score(task, askedText(prompt), answers[column]?.text ?? ''), 0) /
        own.length
      );
    }),
  );
}

/** Says whether all that there is to judge is judged. */
export function isDecided(trial: Trial): boolean {
  return trial.judge === 'scorer' ? isTaskId(trial.task) : trial.judgements.length >= trialComparisons(trial).length;
}
