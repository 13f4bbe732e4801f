/** @file What the report tells, gathered from the stores' states; nothing here is made up or rounded. Pure. */
import type { PreferencePair } from '../../../../data/preference-pair';
import { splitPairs } from '../../../../data/split';
import type { Demonstration } from '../../../../storage/demonstration-record';
import type { PromptSet } from '../../../../storage/prompt-set-record';
import type { ModelSummary } from '../../../../worker/protocol';
import type { StepMetrics } from '../../../../run/metrics';
import { decidedPrompts } from '../../../plain/demonstration/votes';
import { chainOf } from '../../../plain/runs/chain';
import { sumOfRatios } from '../../../plain/compare/token-heat';
import type { ScoreAnswer } from '../../../plain/starter/result';
import type { StudioStates } from '../../../stores/studio-stores';
import type { Run } from '../../../plain/runs/run';
import { roleOfMethod, type Role } from '../../../plain/roles';
import {
  examplesOf,
  verdictsOf,
  type PairingExample,
  type PairingVerdict,
} from '../../../plain/compare/prompt-set/verdict';
import { answererOf, rewardReferenceOf } from '../../../plain/compare/columns';
import { isUnjudged } from '../../../plain/compare/judged-best';
import {
  cellsOf,
  isDecided,
  meanScoresOf,
  ratesOf,
  type MeanScores,
  type Rate,
} from '../../../plain/compare/prompt-set/prompt-set';

export interface ReportedRun {
  readonly run: Run;
  /** Names of what the run grew from: the base first, the run's own adapter last. */
  readonly chain: readonly string[];
  /** Name of the adapter that DPO compared with; null where that was the base. */
  readonly reference: string | null;
  readonly metrics: readonly StepMetrics[];
}

export interface ReportedAnswer {
  readonly run: string | null;
  readonly role: Role | null;
  readonly strength: number;
  /** Of how many answers it is the best; null where it is as it came. */
  readonly bestOf: number | null;
  readonly text: string;
  /** The implicit reward, beta times the summed log-ratio; null where the tokens were not scored. */
  readonly reward: number | null;
}

export interface ReportedPrompt {
  readonly prompt: PreferencePair['prompt'];
  readonly temperature: number;
  readonly answers: readonly ReportedAnswer[];
}

export interface ReportFacts {
  /** When the report was made, in ISO 8601. */
  readonly at: string;
  readonly title: string;
  readonly remarks: string;
  readonly model: { readonly name: string; readonly fingerprint: string; readonly summary: ModelSummary | null };
  readonly runs: readonly ReportedRun[];
  readonly data: {
    readonly pairs: number;
    readonly train: number;
    readonly evaluation: number;
    readonly files: readonly string[];
  };
  readonly prompts: readonly ReportedPrompt[];
  /** The prompt set; null where there is none, and while it is still being judged. */
  readonly promptSet: {
    readonly promptSet: PromptSet;
    readonly rates: readonly Rate[];
    readonly scores: MeanScores | null;
    /** The first is the headline. */
    readonly verdicts: readonly PairingVerdict[];
    /** Of the headline: where it shows best, and where worst; null where it won, or lost, nowhere. */
    readonly best: PairingExample | null;
    readonly worst: PairingExample | null;
  } | null;
  /** The demonstration that an audience voted on; null where none was decided. */
  readonly demonstration: Demonstration | null;
}

/** So many prompts of the set stand in the report as examples; more would not stay on one page. */
const shownPrompts = 2;

export type ReportSources = Pick<
  StudioStates,
  'model' | 'compare' | 'library' | 'dataset' | 'promptSet' | 'demonstration'
>;

/**
 * The runs that answer in columns, in the prompt set or in the demonstration, and the runs that these were trained from
 * or against. The oldest comes first.
 */
export function reportedRuns({
  model,
  compare,
  library,
  promptSet,
  demonstration,
}: Pick<ReportSources, 'model' | 'compare' | 'library' | 'promptSet' | 'demonstration'>): readonly Run[] {
  const wanted = new Map<string, Run>();
  const add = (run: Run | undefined) => {
    if (run === undefined || wanted.has(run.id)) return;
    wanted.set(run.id, run);
    for (const id of [run.startedFrom, run.reference]) add(library.runs.find((other) => other.id === id));
  };
  for (const column of compare.columns) {
    const answerer = answererOf(column, library.runs, model.summary?.fingerprint);
    if (answerer.kind === 'run') add(answerer.run);
  }
  for (const round of [promptSet.round, votedDemonstration(demonstration)])
    for (const { runId } of round?.columns ?? []) add(library.runs.find(({ id }) => id === runId));
  return [...wanted.values()].sort((a, b) => a.startedAt.localeCompare(b.startedAt));
}

function shownAnswers({
  compare,
  promptSet: { round: promptSet },
}: Pick<ReportSources, 'compare' | 'promptSet'>): readonly ReportedPrompt[] {
  const { asked, answers, scores, columns } = compare;
  const written = columns.flatMap(({ id }): ReportedAnswer[] => {
    const answer = answers[id];
    if (answer === undefined || isUnjudged(answer)) return [];
    const scored = scores?.answers[id];
    const reward = scored === undefined || scores?.beta == null ? null : scores.beta * sumOfRatios(scored);
    const role = answer.run === null ? 'base' : roleOfMethod(answer.run.method);
    const bestOf = answer.best?.candidates.length ?? null;
    return [{ run: answer.run?.name ?? null, role, strength: answer.strength, bestOf, text: answer.text, reward }];
  });
  const own =
    asked === null || written.length === 0
      ? []
      : [{ prompt: asked.prompt, temperature: asked.options.temperature, answers: written }];
  if (promptSet === null || !isDecided(promptSet)) return own;
  const examples = cellsOf(promptSet)
    .filter(({ temperature }) => temperature === promptSet.temperatures[0])
    .slice(0, shownPrompts)
    .map(({ prompt, temperature, answers: ofAll }): ReportedPrompt => ({
      prompt,
      temperature,
      answers: ofAll.map(({ text }, index) => ({
        run: promptSet.columns[index]?.runId == null ? null : (promptSet.columns[index]?.name ?? null),
        role: promptSet.columns[index]?.role ?? null,
        strength: promptSet.columns[index]?.strength ?? 100,
        bestOf: null,
        text,
        reward: null,
      })),
    }));
  return [...own, ...examples];
}

function reportedSet(promptSet: PromptSet, score: ScoreAnswer): NonNullable<ReportFacts['promptSet']> {
  const rates = ratesOf(promptSet, score);
  const verdicts = verdictsOf(promptSet, rates);
  const [first] = verdicts;
  const examples = first === undefined ? null : examplesOf(promptSet, first, score, 1);
  return {
    promptSet,
    rates,
    verdicts,
    scores: meanScoresOf(promptSet, score),
    best: examples?.best[0] ?? null,
    worst: examples?.worst[0] ?? null,
  };
}

/** The demonstration, where an audience voted on it and saw whose answers they were. */
export function votedDemonstration({ round }: Pick<StudioStates['demonstration'], 'round'>): Demonstration | null {
  return round !== null && decidedPrompts(round).length > 0 ? round : null;
}

/** Gathers all that the report tells; null where there is no model, prompt set or voted demonstration to report on. */
export function gatherReport(
  sources: ReportSources,
  {
    title,
    remarks,
    at,
    score,
    deletedRun,
  }: {
    readonly title: string;
    readonly remarks: string;
    readonly at: string;
    readonly score: ScoreAnswer;
    /** The words that stand for the name of a deleted run. */
    readonly deletedRun: string;
  },
): ReportFacts | null {
  const {
    model: { summary },
    library,
    dataset: { rows, split },
    promptSet: { round: promptSet },
  } = sources;
  const voted = votedDemonstration(sources.demonstration);
  const { fingerprint } = summary ?? promptSet ?? voted ?? {};
  const name = summary?.name ?? promptSet?.modelName ?? voted?.modelName;
  if (name === undefined || fingerprint == null) return null;
  // What was answered by another model than the open one is not told beside it.
  const ofThis = promptSet !== null && promptSet.fingerprint === fingerprint && isDecided(promptSet) ? promptSet : null;
  const { train, evaluation } = splitPairs(rows, split);
  const demonstration = voted?.fingerprint === fingerprint ? voted : null;
  const own = {
    ...sources,
    promptSet: { ...sources.promptSet, round: ofThis },
    demonstration: { ...sources.demonstration, round: demonstration },
  };
  return {
    at,
    title,
    remarks,
    model: { name, fingerprint, summary },
    runs: reportedRuns(own).map((run) => {
      const reference = run.method !== 'sft' && run.method !== 'reward' ? rewardReferenceOf(run, library.runs) : null;
      return {
        run,
        chain: chainOf(run, library.runs, deletedRun),
        metrics: library.metrics[run.id] ?? [],
        reference: reference?.run?.name ?? (reference?.isStandIn === true ? deletedRun : null),
      };
    }),
    data: {
      pairs: rows.length,
      train: train.length,
      evaluation: evaluation.length,
      files: [...new Set(rows.map(({ file }) => file))],
    },
    prompts: shownAnswers(own),
    promptSet: ofThis === null ? null : reportedSet(ofThis, score),
    demonstration,
  };
}
