/**
 * @file A sweep of beta as numbers: which answers come when, and from those that are there the frontier: reward against
 * KL divergence of every run, beside what Best-of-N and the optimum of the objective would give. Pure.
 */
import { meanOf, varianceOf } from '../../../core/statistics';
import { rulesReward, starterReward, type Reward } from '../../../evaluation/reward';
import {
  bestOfCurve,
  optimumCurve,
  splitKl,
  type BestOfPoint,
  type OptimumPoint,
  type ReferenceRewards,
  type Spending,
} from '../../../evaluation/frontier';
import { meanInterval, pairedDifference, standingOf, type MeanInterval } from '../../../evaluation/intervals';
import type { RewardChoice } from '../../../run/reward-choice';
import type { Sweep, SweepAnswer } from '../../../storage/sweep-record';
import { bestCounts } from '../compare/best-of';
import { baseReference, type Run } from '../runs/run';
import type { Job } from '../train/options';

/** Prompts of a block: what is answered in one go, and lost at most where it is broken off. */
export const blockPrompts = 8;

/** Below so many prompts intervals are so wide that betas can hardly be told apart. */
export const fewPrompts = 32;

/** Shape of a sweep that tells which answers it has to have. */
type Layout = Pick<Sweep, 'prompts' | 'betas' | 'sampling'>;

const blocksEach = ({ prompts }: Pick<Layout, 'prompts'>): number => Math.ceil(prompts.length / blockPrompts);

/** How many policies answer: the reference and a run for each beta. */
const countPolicies = ({ betas }: Pick<Layout, 'betas'>): number => betas.length + 1;

export const countBlocks = (sweep: Layout): number => blocksEach(sweep) * countPolicies(sweep);

/** How many answers a policy gives to each prompt; policy 0 is the reference. */
export const answersEach = ({ sampling }: Pick<Layout, 'sampling'>, policy: number): number =>
  policy === 0 ? sampling.referenceAnswers : sampling.answers;

export interface Block {
  /** 0 is the reference, and policy n + 1 the run of beta n. */
  readonly policy: number;
  /** The place of its first prompt. */
  readonly first: number;
  readonly prompts: Sweep['prompts'];
}

export function blockAt(index: number, sweep: Layout): Block {
  const each = blocksEach(sweep);
  const first = (index % each) * blockPrompts;
  return { policy: Math.floor(index / each), first, prompts: sweep.prompts.slice(first, first + blockPrompts) };
}

/** How many answers the first blocks have in all. */
export function countAnswers(blocks: number, sweep: Layout): number {
  let answers = 0;
  for (let index = 0; index < blocks; index++) {
    const { policy, prompts } = blockAt(index, sweep);
    answers += prompts.length * answersEach(sweep, policy);
  }
  return answers;
}

/**
 * The seed of an answer. Runs share theirs, so that what differs is the run; the reference has others, for its answers
 * are compared with theirs as if drawn apart.
 */
export function seedOf({ policy, first }: Block, prompt: number, answer: number, sweep: Layout): number {
  const each = answersEach(sweep, policy);
  const apart = policy === 0 ? sweep.prompts.length * sweep.sampling.answers : 0;
  return (sweep.sampling.seed + apart + (first + prompt) * each + answer) >>> 0;
}

/** Blocks that can be answered now: those of the reference, and of each run up to the first that has not ended. */
export function blocksAtHand(sweep: Layout & Pick<Sweep, 'runs'>, runs: readonly Run[]): number {
  const ended = sweep.runs.findIndex((id) => !isMeasurable(runs.find((run) => run.id === id)));
  return blocksEach(sweep) * (1 + (ended < 0 ? sweep.betas.length : ended));
}

/** What is still to be answered: how many answers, how many are there, and who is next. */
export function answersLeft(sweep: Layout & Pick<Sweep, 'answered'>) {
  const done = countAnswers(sweep.answered.length, sweep);
  const count = countAnswers(countBlocks(sweep), sweep) - done;
  return { count, done, next: blockAt(sweep.answered.length, sweep).policy };
}

/** How many runs have still to be trained to their end. */
export const runsLeft = ({ runs: ids }: Pick<Sweep, 'runs'>, runs: readonly Run[]): number =>
  ids.filter((id) => !isMeasurable(runs.find((run) => run.id === id))).length;

/** The run whose adapter is the reference; null for the base. */
export const referenceRun = ({ reference, startFrom }: Pick<Sweep, 'reference' | 'startFrom'>): string | null =>
  reference === baseReference ? null : (reference ?? startFrom);

/** A run whose adapter is the one that its settings come to. */
export const isMeasurable = (run: Run | undefined): run is Run => run?.status === 'finished' && run.adapterBytes > 0;

/** What the run of a beta is trained with. */
export function jobOf({ job, betas }: Pick<Sweep, 'job' | 'betas'>, at: number): Job {
  const beta = betas[at];
  return { ...job, config: { ...job.config, ...(beta !== undefined && { beta }) } };
}

/** The answers of a policy by prompt, as far as they are there. */
export function answersOf(
  sweep: Layout & Pick<Sweep, 'answered'>,
  policy: number,
): readonly (readonly SweepAnswer[])[] {
  const each = blocksEach(sweep);
  return sweep.answered.slice(policy * each, (policy + 1) * each).flat();
}

/** What scores the answers in the page; null for a reward model, and for what no tab can open. */
export function rewardOfChoice(choice: RewardChoice): Reward | null {
  if ('scorer' in choice) return starterReward(choice.scorer);
  return 'rules' in choice && typeof choice.rules !== 'string' ? rulesReward('rules', choice.rules) : null;
}

type Scored = SweepAnswer & { readonly reward: number };

const isScored = (answer: SweepAnswer): answer is Scored => answer.reward !== null && Number.isFinite(answer.reward);

export interface FrontierPoint {
  /** 0 is the reference. */
  readonly policy: number;
  /** Null for the reference. */
  readonly beta: number | null;
  /** Over prompts, each counting by the mean of its answers. */
  readonly reward: MeanInterval;
  /** Null where some log-ratio is no number: the run diverged. */
  readonly kl: MeanInterval | null;
  /** Of the divergence; null for the reference and where there is none. */
  readonly spending: Spending | null;
  /** How much more than the reference on the same prompts; null for the reference. */
  readonly gain: MeanInterval | null;
  /** Answers that were scored, those that could not be, and the share that ended at the token limit. */
  readonly answers: number;
  readonly unscored: number;
  readonly cutShare: number;
}

export interface FrontierLimits {
  readonly bestOf: readonly BestOfPoint[];
  readonly optimum: readonly OptimumPoint[];
  /** No divergence above this can be seen in so few answers of a prompt: log of their number. */
  readonly horizon: number;
}

export interface Frontier {
  /** The reference first; policies whose answers are not all there are left out. */
  readonly points: readonly FrontierPoint[];
  /** Null while the reference's answers are not all there, or too few of them are scored. */
  readonly limits: FrontierLimits | null;
}

/** The scored answers by prompt; a prompt without any has an empty list, so that prompts keep their places. */
const scoredOf = (answers: readonly (readonly SweepAnswer[])[]): readonly (readonly Scored[])[] =>
  answers.map((list) => list.filter(isScored));

const meanReward = (list: readonly Scored[]): number => meanOf(list.map(({ reward }) => reward));

function gainOver(ours: readonly (readonly Scored[])[], theirs: readonly (readonly Scored[])[]): MeanInterval | null {
  const both = ours.flatMap((list, at) => {
    const other = theirs[at] ?? [];
    return list.length > 0 && other.length > 0 ? [[meanReward(list), meanReward(other)] as const] : [];
  });
  if (both.length < 2) return null;
  return pairedDifference(
    both.map(([mine]) => mine),
    both.map(([, other]) => other),
  );
}

function pointOf(sweep: Sweep, policy: number): FrontierPoint | null {
  const all = answersOf(sweep, policy);
  if (all.length < sweep.prompts.length) return null;
  const scored = scoredOf(all);
  const filled = scored.filter((list) => list.length > 0);
  if (filled.length < 2) return null;
  const answers = filled.flat();
  const isFinite = all.flat().every(({ logRatio }) => Number.isFinite(logRatio));
  const known = scoredOf(answersOf(sweep, 0)).flat();
  return {
    policy,
    beta: policy === 0 ? null : (sweep.betas[policy - 1] ?? null),
    reward: meanInterval(filled.map(meanReward)),
    kl: isFinite ? meanInterval(all.map((list) => meanOf(list.map(({ logRatio }) => logRatio)))) : null,
    spending:
      policy > 0 && isFinite && known.length > 1 && answers.length > 1
        ? splitKl(
            known.map(({ reward }) => reward),
            answers,
          )
        : null,
    gain: policy === 0 ? null : gainOver(scored, scoredOf(answersOf(sweep, 0))),
    answers: answers.length,
    unscored: all.flat().length - answers.length,
    cutShare: meanOf(all.flat().map(({ isCut }) => Number(isCut))),
  };
}

/** Betas of the optimum's curve for rewards that vary by about 0.3, as those between 0 and 1 do. */
const optimumBetas = [1, 0.5, 0.3, 0.2, 0.1, 0.05];

/** An estimate that fewer answers of a prompt carry is none. */
const fewestCarrying = 2;

/** Rewards of another scale have betas of that scale, to the power of ten. */
function betasFor(rewards: ReferenceRewards): readonly number[] {
  const spread = Math.sqrt(varianceOf(rewards.flat()));
  if (!(spread > 0)) return [];
  const power = 10 ** Math.round(Math.log10(spread / 0.3));
  return optimumBetas.map((beta) => Number((beta * power).toPrecision(3)));
}

function limitsOf(sweep: Sweep): FrontierLimits | null {
  const all = answersOf(sweep, 0);
  if (all.length < sweep.prompts.length) return null;
  const rewards = scoredOf(all)
    .map((list) => list.map(({ reward }) => reward))
    .filter((list) => list.length > 1);
  if (rewards.length < 2) return null;
  return {
    bestOf: bestOfCurve(rewards, bestCounts),
    optimum: optimumCurve(rewards, betasFor(rewards)).filter(({ effective }) => effective >= fewestCarrying),
    horizon: Math.log(Math.min(...rewards.map(({ length }) => length))),
  };
}

export function frontierOf(sweep: Sweep): Frontier {
  const policies = Array.from({ length: countPolicies(sweep) }, (_, policy) => policy);
  return {
    points: policies.map((policy) => pointOf(sweep, policy)).filter((point) => point !== null),
    limits: limitsOf(sweep),
  };
}

export interface Verdict {
  /** The point of the highest reward. */
  readonly best: FrontierPoint;
  /** Of all that are not clearly below it, the one nearest to the reference. */
  readonly nearest: FrontierPoint;
  /** Whether `nearest` has more reward than the reference, less, or nobody can tell. */
  readonly standing: ReturnType<typeof standingOf>;
}

/** Which beta to take; null before there are two runs to choose from. */
export function verdictOf(sweep: Sweep, { points }: Frontier): Verdict | null {
  const runs = points.flatMap((point) => (point.kl === null || point.policy === 0 ? [] : [{ ...point, kl: point.kl }]));
  const [best] = runs.toSorted((a, b) => b.reward.mean - a.reward.mean);
  if (best === undefined || runs.length < 2) return null;
  const scored = scoredOf(answersOf(sweep, best.policy));
  const asGood = runs.filter((point) => {
    const below = gainOver(scoredOf(answersOf(sweep, point.policy)), scored);
    return point.policy === best.policy || (below !== null && standingOf(below) !== 'below');
  });
  const [nearest = best] = asGood.toSorted((a, b) => a.kl.mean - b.kl.mean);
  return { best, nearest, standing: nearest.gain === null ? 'open' : standingOf(nearest.gain) };
}
