/**
 * @file The doctor: reads a run's metrics and settings and tells what is going wrong, as findings with the values seen.
 * A pure function; the sentences are in the text catalogue (text/en/doctor.ts). It judges windows of steps, never one,
 * and keeps quiet while there is too little to see. What it takes for a bad sign is named in `signs`.
 */
import { says, type Sayable } from '../../../messages/message';
import { startsAtLn2, termsOf, type AnyObjective } from '../../../run/choose-objective';
import type { RunConfig } from '../../../run/config';
import type { StepMetrics } from '../../../run/metrics';
import { isOnPolicyMethod } from '../../../run/objectives';

export type Severity = 'hint' | 'warning' | 'danger';

/** Every finding and the values that its sentence names. */
export interface FindingValues {
  /** The run ended because its loss or gradient was no number any more. */
  readonly notFinite: {
    readonly what: 'loss' | 'gradient';
    readonly value: string;
    readonly step: number;
    readonly rate: number | null;
  };
  readonly rateZero: { readonly steps: number; readonly warmup: number };
  readonly warmupTooLong: { readonly warmup: number; readonly total: number };
  readonly noGradient: { readonly steps: number };
  readonly stuck: { readonly loss: number; readonly margin: number; readonly steps: number; readonly rate: number };
  readonly notFalling: { readonly from: number; readonly to: number; readonly steps: number; readonly rate: number };
  readonly diverging: { readonly from: number; readonly to: number; readonly rate: number };
  readonly exploding: { readonly from: number; readonly to: number; readonly clip: number };
  readonly wrongWay: { readonly accuracy: number; readonly steps: number };
  readonly chosenFalls: { readonly chosenNats: number; readonly rejectedNats: number; readonly share: number | null };
  readonly saturated: { readonly steps: number; readonly from: number; readonly to: number; readonly loss: number };
  /** Mean tokens; and what learns from them, for not every method has a setting against it. */
  readonly longerChosen: {
    readonly chosen: number;
    readonly rejected: number;
    readonly method: 'dpo' | 'kto' | 'reward';
  };
  readonly drift: { readonly nats: number; readonly share: number; readonly beta: number };
  /** On-policy methods: of most prompts all answers are worth the same. */
  readonly noSpread: { readonly share: number; readonly answers: number; readonly steps: number };
  readonly cutOff: { readonly share: number; readonly limit: number; readonly steps: number };
  /** Nats an answer. */
  readonly leaving: { readonly from: number; readonly to: number; readonly beta: number; readonly hasPrice: boolean };
  readonly evaluationTurned: {
    readonly best: number;
    readonly bestStep: number;
    readonly latest: number;
    readonly step: number;
    /** Whether the adapter of the best step is the one that the run has kept. */
    readonly isKept: boolean;
  };
}

export type FindingKind = keyof FindingValues;

export type Finding = {
  [K in FindingKind]: { readonly kind: K; readonly severity: Severity; readonly values: FindingValues[K] };
}[FindingKind];

export interface Patient {
  /** All settings that it was trained with; null where they are not known, and then nothing is said. */
  readonly config: RunConfig | null;
  readonly metrics: readonly StepMetrics[];
  readonly totalSteps: number;
  /** Why the run failed, as the engine said it. */
  readonly error: Sayable | null;
  /** Mean tokens of the answers trained on, where they are known. */
  readonly lengths: AnswerLengths | null;
  /** Whether it trains no more, so that nothing can be done about this run. */
  readonly hasEnded: boolean;
  /** The step whose adapter is kept, where that is the best evaluation's. */
  readonly keptStep: number | null;
}

export interface AnswerLengths {
  readonly chosen: number;
  readonly rejected: number;
}

/**
 * Thresholds; each is wide of what healthy runs show (fixtures/golden) and inside of what the constructed bad ones do.
 */
const signs = {
  /** Fewer steps than this say nothing. */
  steps: 8,
  /** A mean margin this near to 0 is none. */
  noMargin: 0.01,
  /** Recent loss over first loss. */
  diverging: 1.5,
  /** Recent loss over a known start, where some step's loss went beyond `jump` times that. */
  aboveStart: 1.1,
  jump: 2,
  /** Recent gradient norm over the first ones'. */
  exploding: 10,
  /** Loss that stayed above this share of the first has not fallen. */
  notFalling: 0.995,
  /** Share of the loss by which it may have fallen, for all that the noise of its steps lets one see. */
  unseenFall: 0.02,
  /** Nats of an answer by which its probability may fall without a word. */
  chosenNats: 3,
  /** Share of an answer's log-prob that it may lose before the hint becomes a warning. */
  chosenShare: 0.2,
  /** sigmoid(-3) is a loss of 0.05: nothing is left to learn of such a pair. */
  saturatedMargin: 3,
  /** Distance from the reference: nats of an answer, and share of the answer's own log-prob. */
  driftNats: 50,
  driftShare: 0.5,
  /** Mean tokens of chosen answers over those of rejected ones. */
  longer: 1.25,
  /** Share of prompts without a difference, and of answers cut off, that leaves nothing to learn. */
  nearlyAll: 0.9,
  /** Nats of an answer's divergence from the reference, and how often those of before they are. */
  leavingNats: 10,
  leaving: 1.25,
  /** Evaluation loss over its best. */
  turned: 1.02,
} as const;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** Standard error of the difference of two means. */
function errorOfDifference(a: readonly number[], b: readonly number[]): number {
  const ofMean = (values: readonly number[]): number => {
    const centre = mean(values);
    return mean(values.map((value) => (value - centre) ** 2)) / Math.max(1, values.length - 1);
  };
  return Math.sqrt(ofMean(a) + ofMean(b));
}

type Metric = Exclude<keyof StepMetrics, 'step' | 'epoch'>;

/** The values of a metric in the steps that have it. */
function valuesOf(metrics: readonly StepMetrics[], name: Metric): number[] {
  return metrics.flatMap((step) => {
    const value = step[name];
    return value === undefined ? [] : [value];
  });
}

const meanOf = (metrics: readonly StepMetrics[], name: Metric): number => mean(valuesOf(metrics, name));

/** The parts of a run that are set against each other. */
interface View extends Patient {
  readonly config: RunConfig;
  readonly first: readonly StepMetrics[];
  readonly recent: readonly StepMetrics[];
  /** As many steps as the recent ones, just before them. */
  readonly before: readonly StepMetrics[];
  readonly terms: readonly AnyObjective[];
  readonly usesReference: boolean;
}

function viewOf(patient: Patient, config: RunConfig): View {
  const { metrics } = patient;
  const window = Math.min(20, Math.max(4, Math.floor(metrics.length / 4)));
  const terms = termsOf(config);
  return {
    ...patient,
    config,
    first: metrics.slice(0, window),
    recent: metrics.slice(-window),
    before: metrics.slice(-2 * window, -window),
    terms,
    usesReference: !config.reference_free && terms.some(({ usesReference }) => usesReference),
  };
}

/** Steps of the warm-up; below 1 it is a share of all. */
const warmupOf = ({ config, totalSteps }: View): number => {
  const warmup = config.lr_scheduler_type === 'constant' ? 0 : config.warmup_steps;
  return warmup >= 1 ? Math.trunc(warmup) : Math.ceil(warmup * totalSteps);
};

type Rule = (view: View) => Finding | null;

const notFinite: Rule = ({ error, metrics }) => {
  if (error === null || !says(error, 'becameNonFinite')) return null;
  const { what, value, step } = error.values;
  return {
    kind: 'notFinite',
    severity: 'danger',
    values: {
      what: what === 'loss' ? 'loss' : 'gradient',
      value: String(value),
      step,
      rate: metrics.at(-1)?.learning_rate ?? null,
    },
  };
};

const rateZero: Rule = (view) => {
  const { metrics } = view;
  if (metrics.length < 3 || metrics.some(({ learning_rate }) => learning_rate > 0)) return null;
  return { kind: 'rateZero', severity: 'danger', values: { steps: metrics.length, warmup: warmupOf(view) } };
};

const warmupTooLong: Rule = (view) => {
  const warmup = warmupOf(view);
  if (view.totalSteps < 2 || warmup < view.totalSteps) return null;
  return { kind: 'warmupTooLong', severity: 'warning', values: { warmup, total: view.totalSteps } };
};

const noGradient: Rule = ({ metrics, recent }) =>
  metrics.length >= 3 && recent.every(({ grad_norm }) => grad_norm === 0)
    ? { kind: 'noGradient', severity: 'danger', values: { steps: recent.length } }
    : null;

/** Chosen and rejected are still not told apart: of the DPO loss that is ln 2 = 0.693. */
const stuck: Rule = (view) => {
  const { recent, metrics, usesReference, totalSteps, config } = view;
  const margins = valuesOf(recent, 'rewards/margins');
  const patience = Math.min(50, Math.max(signs.steps, 0.2 * totalSteps)) + warmupOf(view);
  const isMoved = recent.every(({ learning_rate, grad_norm }) => learning_rate > 0 && grad_norm > 0);
  if (!usesReference || metrics.length < patience || margins.length === 0 || !isMoved) return null;
  const margin = mean(margins);
  if (Math.abs(margin) >= signs.noMargin || margins.some((value) => Math.abs(value) >= 3 * signs.noMargin)) return null;
  return {
    kind: 'stuck',
    severity: 'warning',
    values: { loss: meanOf(recent, 'loss'), margin, steps: metrics.length, rate: config.learning_rate },
  };
};

/**
 * The loss has not fallen; for losses that do not start at a known value. Steps see different pairs, so their losses
 * differ without anything being wrong: it is said only where that noise could not hide a fall.
 */
const notFalling: Rule = ({ usesReference, metrics, first, recent, config }) => {
  const [from, to] = [meanOf(first, 'loss'), meanOf(recent, 'loss')];
  if (usesReference || metrics.length < 3 * signs.steps || to < signs.notFalling * from || to > signs.diverging * from)
    return null;
  const mostFallen = from - to + 3 * errorOfDifference(valuesOf(first, 'loss'), valuesOf(recent, 'loss'));
  if (mostFallen >= signs.unseenFall * from) return null;
  return {
    kind: 'notFalling',
    severity: 'warning',
    values: { from, to, steps: metrics.length, rate: config.learning_rate },
  };
};

/** Where it is known, the loss at the start is that: with a rate far too high the first steps have already left it. */
const diverging: Rule = ({ config, metrics, first, recent }) => {
  const isStartKnown = startsAtLn2(config);
  const [from, to] = [
    isStartKnown ? Math.min(Math.LN2, meanOf(first, 'loss')) : meanOf(first, 'loss'),
    meanOf(recent, 'loss'),
  ];
  const hasJumped =
    isStartKnown && to > signs.aboveStart * from && Math.max(...valuesOf(metrics, 'loss')) > signs.jump * from;
  if (metrics.length < signs.steps || from <= 0 || (to <= signs.diverging * from && !hasJumped)) return null;
  return { kind: 'diverging', severity: 'danger', values: { from, to, rate: config.learning_rate } };
};

const exploding: Rule = ({ metrics, first, recent, config }) => {
  const [from, to] = [median(valuesOf(first, 'grad_norm')), median(valuesOf(recent, 'grad_norm'))];
  const clip = config.max_grad_norm;
  if (metrics.length < signs.steps || from <= 0 || to <= Math.max(clip, signs.exploding * from)) return null;
  return { kind: 'exploding', severity: 'danger', values: { from, to, clip } };
};

const wrongWay: Rule = ({ usesReference, metrics, recent }) => {
  const accuracies = valuesOf(recent, 'rewards/accuracies');
  const accuracy = mean(accuracies);
  if (!usesReference || metrics.length < 2 * signs.steps || accuracies.length === 0 || accuracy >= 0.35) return null;
  // Before anything has moved there is no right or wrong way.
  if (meanOf(recent, 'rewards/margins') > -3 * signs.noMargin) return null;
  return { kind: 'wrongWay', severity: 'warning', values: { accuracy, steps: recent.length } };
};

/** Log-ratios to the reference, nats of an answer, and as a share of the answer's log-prob under the reference. */
function movement({ recent, config: { beta } }: View): {
  chosen: number;
  rejected: number;
  chosenShare: number | null;
  share: number | null;
} {
  const chosen = meanOf(recent, 'rewards/chosen') / beta;
  const rejected = meanOf(recent, 'rewards/rejected') / beta;
  const known = valuesOf(recent, 'logps/chosen').length > 0;
  const before = (name: 'logps/chosen' | 'logps/rejected', moved: number): number =>
    Math.max(1, Math.abs(meanOf(recent, name) - moved));
  const [ofChosen, ofRejected] = [before('logps/chosen', chosen), before('logps/rejected', rejected)];
  return {
    chosen,
    rejected,
    chosenShare: known ? -chosen / ofChosen : null,
    share: known ? (Math.abs(chosen) + Math.abs(rejected)) / (ofChosen + ofRejected) : null,
  };
}

const hasRewards = ({ usesReference, metrics, recent }: View): boolean =>
  usesReference && metrics.length >= signs.steps && valuesOf(recent, 'rewards/chosen').length > 0;

const chosenFalls: Rule = (view) => {
  if (!hasRewards(view)) return null;
  const { chosen, rejected, chosenShare } = movement(view);
  if (chosen > -signs.chosenNats || meanOf(view.recent, 'rewards/chosen') > meanOf(view.before, 'rewards/chosen'))
    return null;
  const severity = (chosenShare ?? 0) > signs.chosenShare || rejected >= chosen ? 'warning' : 'hint';
  return { kind: 'chosenFalls', severity, values: { chosenNats: chosen, rejectedNats: rejected, share: chosenShare } };
};

const saturated: Rule = (view) => {
  const { recent, before, terms } = view;
  // Margins are sums of log-ratios, which say nothing about the saturation of a loss of their means.
  const isOfMeans = terms.some(({ rewards, isPerToken }) => rewards === 'log-ratio' && isPerToken);
  if (!hasRewards(view) || isOfMeans || before.length === 0) return null;
  const [from, to] = [meanOf(before, 'rewards/margins'), meanOf(recent, 'rewards/margins')];
  if (valuesOf(recent, 'rewards/accuracies').some((value) => value < 1) || to < signs.saturatedMargin || to <= from)
    return null;
  return {
    kind: 'saturated',
    severity: 'warning',
    values: { steps: recent.length, from, to, loss: meanOf(recent, 'loss') },
  };
};

/** Sums of log-probs reward length: what was chosen for being longer teaches length. */
const longerChosen: Rule = ({ lengths, terms, config, metrics }) => {
  if (lengths === null || metrics.length === 0 || config.ld_alpha !== null) return null;
  const { chosen, rejected } = lengths;
  if (terms.every(({ isPerToken }) => isPerToken)) return null;
  const method = config.method === 'kto' || config.method === 'reward' ? config.method : 'dpo';
  return rejected > 0 && chosen > signs.longer * rejected
    ? { kind: 'longerChosen', severity: 'hint', values: { chosen, rejected, method } }
    : null;
};

const drift: Rule = (view) => {
  if (!hasRewards(view)) return null;
  const { chosen, rejected, share } = movement(view);
  const nats = (Math.abs(chosen) + Math.abs(rejected)) / 2;
  if (share === null || nats < signs.driftNats || share < signs.driftShare) return null;
  return { kind: 'drift', severity: 'warning', values: { nats, share, beta: view.config.beta } };
};

const evaluationTurned: Rule = ({ metrics, keptStep }) => {
  const evaluations = metrics.flatMap(({ step, eval_loss }) =>
    eval_loss === undefined ? [] : [{ step, loss: eval_loss }],
  );
  const latest = evaluations.at(-1);
  if (latest === undefined || evaluations.length < 3) return null;
  const best = evaluations.reduce((least, each) => (each.loss < least.loss ? each : least));
  const since = evaluations.filter(({ step }) => step > best.step);
  if (since.length < 2 || latest.loss <= signs.turned * best.loss) return null;
  const around = metrics.filter(({ step }) => step <= best.step).slice(-10);
  const after = metrics.filter(({ step }) => step > best.step).slice(-10);
  if (meanOf(after, 'loss') >= meanOf(around, 'loss')) return null;
  const isKept = keptStep === best.step;
  return {
    kind: 'evaluationTurned',
    severity: isKept ? 'hint' : 'warning',
    values: { best: best.loss, bestStep: best.step, latest: latest.loss, step: latest.step, isKept },
  };
};

const noSpread: Rule = ({ metrics, recent, config }) => {
  const shares = valuesOf(recent, 'frac_reward_zero_std');
  const share = mean(shares);
  if (metrics.length < signs.steps || shares.length === 0 || share < signs.nearlyAll) return null;
  return {
    kind: 'noSpread',
    severity: 'warning',
    values: { share, answers: config.num_generations, steps: recent.length },
  };
};

const cutOff: Rule = ({ metrics, recent, config }) => {
  const shares = valuesOf(recent, 'completions/clipped_ratio');
  const share = mean(shares);
  if (metrics.length < signs.steps || shares.length === 0 || share < signs.nearlyAll) return null;
  return {
    kind: 'cutOff',
    severity: 'warning',
    values: { share, limit: config.max_completion_length, steps: recent.length },
  };
};

/** The divergence is far beyond what a reward pays for, and grows. */
const leaving: Rule = ({ metrics, before, recent, config }) => {
  const nats = (steps: readonly StepMetrics[]): number =>
    mean(
      steps.flatMap(({ kl, 'completions/mean_length': length }) => (kl === undefined || !length ? [] : [kl * length])),
    );
  const [from, to] = [nats(before), nats(recent)];
  if (metrics.length < signs.steps || to < signs.leavingNats || to < signs.leaving * from) return null;
  const hasPrice = config.method === 'ppo';
  const beta = hasPrice ? config.kl_coef : config.beta;
  return { kind: 'leaving', severity: 'warning', values: { from, to, beta, hasPrice } };
};

/** The loss of answers of one's own stands near 0 whatever is learned, and its gradient is as large as their luck. */
const ofAnswers: readonly Rule[] = [notFinite, rateZero, warmupTooLong, noSpread, cutOff, leaving];

const ofData: readonly Rule[] = [
  notFinite,
  rateZero,
  noGradient,
  diverging,
  exploding,
  evaluationTurned,
  wrongWay,
  stuck,
  notFalling,
  warmupTooLong,
  saturated,
  drift,
  chosenFalls,
  longerChosen,
];

const order: readonly Severity[] = ['danger', 'warning', 'hint'];

/** Looks for everything that is wrong with a run; the gravest finding comes first. */
export function diagnose(patient: Patient): readonly Finding[] {
  if (patient.config === null) return [];
  const view = viewOf(patient, patient.config);
  const rules = isOnPolicyMethod(view.config.method) ? ofAnswers : ofData;
  const findings = rules.flatMap((rule) => rule(view) ?? []);
  return findings.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity));
}

/** Says whether a run has enough steps to say that nothing is wrong with it. */
export const hasSeenEnough = ({ metrics }: Patient): boolean => metrics.length >= signs.steps;
