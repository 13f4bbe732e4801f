/**
 * @file A prompt set taken apart: its cells (one prompt at one temperature), the comparisons that the analyst judges
 * blind, and the outcomes and win rates that come of them. Pure: order and sides follow from the record's seed.
 */
import { Random } from '../../../../core/random';
import { meanOf } from '../../../../core/statistics';
import type { Choice } from '../../../../evaluation/judge';
import { preferHigher, winRateOf, type Outcome, type WinRate } from '../../../../evaluation/win-rate';
import type { JudgedPrompt } from '../../../../storage/judging-record';
import type { PromptSet, PromptSetAnswer } from '../../../../storage/prompt-set-record';
import type { Comparison } from '../../judge/comparisons';
import { askedText } from '../../data/prompt-text';
import { roleColours, type Role, type RoleColour } from '../../roles';
import { isTaskId } from '../../starter/manifest';
import type { ScoreAnswer } from '../../starter/result';
import { choiceOf, isAccepted } from './model-judge';

export interface Cell {
  readonly prompt: JudgedPrompt;
  readonly temperature: number;
  /** What each column answered, in the order of the columns. */
  readonly answers: readonly PromptSetAnswer[];
}

/** Two columns that are compared, by their indices: the one whose win is asked about, and the one it is against. */
export interface Pairing {
  readonly column: number;
  readonly against: number;
}

/** Two answers to judge. As `voice`, each of `a` and `b` has the index of its column. */
export interface PromptSetComparison extends Comparison, Pairing {
  readonly cell: number;
}

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

/** The columns' colours: of their roles. A record that tells none still tells the base. */
export const columnColours = ({ columns }: Pick<PromptSet, 'columns'>): readonly RoleColour[] =>
  roleColours(columns.map(({ role, runId }) => role ?? (runId === null ? 'base' : null)));

/** Every column against the chosen one; and DPO against SFT directly, where neither is the chosen one. */
export function pairingsOf(promptSet: Pick<PromptSet, 'columns' | 'against'>): readonly Pairing[] {
  const others = challengers(promptSet);
  const ofRole = (role: Role) => others.filter((column) => promptSet.columns[column]?.role === role);
  return [
    ...others.map((column) => ({ column, against: promptSet.against })),
    ...ofRole('dpo').flatMap((column) => ofRole('sft').map((against) => ({ column, against }))),
  ];
}

const isPairing = (a: Pairing, b: Pairing): boolean => a.column === b.column && a.against === b.against;

/** Lists what there is to judge, cell after cell. Answers that say the same are not asked about; they are ties. */
export function promptSetComparisons(promptSet: PromptSet): readonly PromptSetComparison[] {
  return cellsOf(promptSet).flatMap(({ prompt, answers }, cell) => {
    const random = Random.ofItem(promptSet.orderSeed, cell);
    const open = pairingsOf(promptSet).flatMap(({ column, against }) => {
      const [ours, theirs] = [answers[column], answers[against]];
      return ours === undefined || theirs === undefined || isSame(ours, theirs)
        ? []
        : [{ pairing: { column, against }, ours: { voice: column, ...ours }, theirs: { voice: against, ...theirs } }];
    });
    return random
      .shuffled(open)
      .map(({ pairing, ours, theirs }): PromptSetComparison =>
        random.uniform() < 0.5
          ? { prompt, cell, ...pairing, a: ours, b: theirs }
          : { prompt, cell, ...pairing, a: theirs, b: ours },
      );
  });
}

/** How often one column won against another at one temperature; the rate is null where nothing is judged. */
export interface Rate extends Pairing {
  readonly temperature: number;
  readonly rate: WinRate | null;
}

export interface JudgedCell extends Pairing {
  readonly cell: number;
  readonly outcome: Outcome;
}

/**
 * The outcomes of the cells that are judged in full: ties of equal answers are not counted before the choices beside
 * them are made.
 * @param choices on the first comparisons, in their order; null where none could be made, which is not counted
 */
function outcomesOfChoices(promptSet: PromptSet, choices: readonly (Choice | null)[]): readonly JudgedCell[] {
  const comparisons = promptSetComparisons(promptSet);
  const judged = comparisons.slice(0, choices.length);
  const waiting = comparisons[choices.length];
  const until = waiting?.cell ?? promptSet.answered.length;
  const chosen = judged.flatMap(({ column, against, cell, a }, index): JudgedCell[] => {
    const choice = choices[index] ?? null;
    if (choice === null) return [];
    if (choice === 'tie') return [{ column, against, cell, outcome: 'tie' }];
    return [{ column, against, cell, outcome: (choice === 'a') === (a.voice === column) ? 'win' : 'loss' }];
  });
  const asked = new Set(comparisons.map(({ column, against, cell }) => `${cell} ${column} ${against}`));
  const equal = promptSet.answered.flatMap((_, cell) =>
    pairingsOf(promptSet).flatMap((pairing): JudgedCell[] =>
      asked.has(`${cell} ${pairing.column} ${pairing.against}`) ? [] : [{ ...pairing, cell, outcome: 'tie' }],
    ),
  );
  return [...chosen, ...equal].filter(({ cell }) => cell < until);
}

/** What a judge gives each answer of a cell, in the order of the columns; null where it could give nothing. */
type CellScores = readonly (number | null)[];

/**
 * The scores of the first cells, where the judge is one that scores; of the starter's none where the prompts are of no
 * task that it knows.
 */
export function scoresOf(promptSet: PromptSet, score: ScoreAnswer): readonly CellScores[] {
  const { judge, task, rewardJudge } = promptSet;
  if (judge === 'reward') return rewardJudge?.scores ?? [];
  if (judge !== 'scorer' || !isTaskId(task)) return [];
  return cellsOf(promptSet).map(({ prompt, answers }) =>
    answers.map(({ text }) => score(task, askedText(prompt), text)),
  );
}

const ourOutcome = { first: 'win', second: 'loss', tie: 'tie' } as const;

/** The higher score wins. What has none is not judged. */
function outcomesOfScores(promptSet: PromptSet, scores: readonly CellScores[]): readonly JudgedCell[] {
  return scores.flatMap((given, cell) =>
    pairingsOf(promptSet).flatMap(({ column, against }): JudgedCell[] => {
      const [ours, theirs] = [given[column] ?? null, given[against] ?? null];
      if (ours === null || theirs === null) return [];
      return [{ column, against, cell, outcome: ourOutcome[preferHigher(ours, theirs)] }];
    }),
  );
}

/**
 * What is judged so far; of a scorer nothing where the prompts are of no task that it knows, of a model nothing where
 * it is not accepted.
 */
export function outcomesOf(promptSet: PromptSet, score: ScoreAnswer): readonly JudgedCell[] {
  const { judge, judgements, modelJudge } = promptSet;
  if (judge === 'analyst')
    return outcomesOfChoices(
      promptSet,
      judgements.map(({ verdict }) => choiceOf(verdict)),
    );
  if (judge !== 'model') return outcomesOfScores(promptSet, scoresOf(promptSet, score));
  const verdicts = isAccepted(promptSet) ? (modelJudge?.verdicts ?? []) : [];
  return verdicts.length === 0
    ? []
    : outcomesOfChoices(
        promptSet,
        verdicts.map((verdict) => verdict?.choice ?? null),
      );
}

/** Win rates of all pairings, by pairing and then temperature; null where nothing is judged. */
export function ratesOf(promptSet: PromptSet, score: ScoreAnswer): readonly Rate[] {
  const outcomes = outcomesOf(promptSet, score);
  return pairingsOf(promptSet).flatMap((pairing) =>
    promptSet.temperatures.map((temperature, index): Rate => {
      const own = outcomes.filter(
        (judged) => isPairing(judged, pairing) && placeOf(judged.cell, promptSet).temperature === index,
      );
      return { ...pairing, temperature, rate: own.length === 0 ? null : winRateOf(own.map(({ outcome }) => outcome)) };
    }),
  );
}

/** Of each column at each temperature, `scores[column][temperature]`; null where no answer has a score. */
export type MeanScores = readonly (readonly (number | null)[])[];

/** Mean scores; null where the judge gives none, or none of them yet. */
export function meanScoresOf(promptSet: PromptSet, score: ScoreAnswer): MeanScores | null {
  const scores = scoresOf(promptSet, score);
  if (scores.length < promptSet.temperatures.length) return null;
  return promptSet.columns.map((_, column) =>
    promptSet.temperatures.map((_temperature, index) => {
      const own = scores.flatMap((given, cell) =>
        placeOf(cell, promptSet).temperature === index ? (given[column] ?? []) : [],
      );
      return own.length === 0 ? null : meanOf(own);
    }),
  );
}

/**
 * Says whether all that there is to judge is judged, by a judge that counts; nothing is before the first answers are
 * there.
 */
export function isDecided(promptSet: PromptSet): boolean {
  const { answered, judge, task, judgements, modelJudge, rewardJudge } = promptSet;
  if (answered.length === 0) return false;
  if (judge === 'scorer') return isTaskId(task);
  if (judge === 'reward') return (rewardJudge?.scores.length ?? 0) >= answered.length;
  const total = promptSetComparisons(promptSet).length;
  if (judge === 'analyst') return judgements.length >= total;
  return isAccepted(promptSet) && (modelJudge?.verdicts.length ?? 0) >= total;
}
