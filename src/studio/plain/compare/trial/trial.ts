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
  /** By column. */
  readonly answers: readonly TrialAnswer[];
}

/** Two answers to judge; of `a` and `b`, `voice` is the column. */
export interface TrialComparison extends Comparison {
  readonly cell: number;
  /** The column that is held against the one that win rates are against. */
  readonly column: number;
}

/** Spreads the seeds of cells apart: 2^32 over the golden ratio. */
const stride = 0x9e3779b9;

const isSame = (first: TrialAnswer, second: TrialAnswer) => first.text.trim() === second.text.trim();

/** Index into the prompts and the temperatures of the cell to answer next or later. */
export function placeOf(
  cell: number,
  { temperatures }: Pick<Trial, 'temperatures'>,
): { readonly prompt: number; readonly temperature: number } {
  return { prompt: Math.floor(cell / temperatures.length), temperature: cell % temperatures.length };
}

export const countCells = ({ prompts, temperatures }: Pick<Trial, 'prompts' | 'temperatures'>): number =>
  prompts.length * temperatures.length;

/** The cells that are answered. */
export function cellsOf(trial: Trial): readonly Cell[] {
  return trial.answered.map((answers, index) => {
    const { prompt, temperature } = placeOf(index, trial);
    return { prompt: trial.prompts[prompt] ?? '', temperature: trial.temperatures[temperature] ?? 0, answers };
  });
}

/** Columns that are held against the chosen one. */
export const challengers = ({ columns, against }: Pick<Trial, 'columns' | 'against'>): readonly number[] =>
  columns.flatMap((_, index) => (index === against ? [] : [index]));

/** What there is to judge, cell after cell; answers that say the same are no question, and count as ties. */
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

/** One column at one temperature against the chosen column; null where nothing is judged. */
export interface Rate {
  readonly column: number;
  readonly temperature: number;
  readonly rate: WinRate | null;
}

type JudgedCell = { readonly column: number; readonly cell: number; readonly outcome: Outcome };

/**
 * Only cells of which the judgements are all there, so that ties by equality are not counted before the choices are.
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

/** By column, then temperature. The scorer's are all null where the prompts are of no task that it knows. */
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

/** Mean of the scorer's scores, by column and then temperature; null where it cannot score. */
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

/** Whether the judge has judged all that there is. */
export function isDecided(trial: Trial): boolean {
  return trial.judge === 'scorer' ? isTaskId(trial.task) : trial.judgements.length >= trialComparisons(trial).length;
}
