/**
 * @file The catalogue of objectives, by TRL's loss_type: all that is known of each, and the options that they read. The
 * run configuration, the training form, the doctor, charts, reports and the adapter's card look it up here. A row whose
 * formula reads an option that is not in `objectiveOptions` does not compile.
 */
import { apoDown, apoZero } from '../objectives/apo';
import { aot, aotUnpaired } from '../objectives/aot';
import { bcoPair } from '../objectives/bco';
import { discopop } from '../objectives/discopop';
import { robust, sigmoid, sigmoidNorm } from '../objectives/dpo';
import { dpop } from '../objectives/dpop';
import { exoPair } from '../objectives/exo';
import { fDivergenceTypes } from '../objectives/f-divergence';
import { hinge } from '../objectives/hinge';
import { ipo } from '../objectives/ipo';
import { apoZeroUnpaired, kto } from '../objectives/kto';
import { ncaPair } from '../objectives/nca';
import type { Objective } from '../objectives/objective';
import { onlineDpo, onlineIpo } from '../objectives/online-dpo';
import { orpo } from '../objectives/orpo';
import { ppo } from '../objectives/ppo';
import { rebel } from '../objectives/rebel';
import { reward } from '../objectives/reward';
import { rloo } from '../objectives/rloo';
import { sft, sftTerm } from '../objectives/sft';
import { simpo } from '../objectives/simpo';
import { sppoHard } from '../objectives/sppo';
import { unlikelihood } from '../objectives/unlikelihood';
import { z } from '../core/zod';
import {
  choiceKey,
  defaultsOf,
  flagKey,
  numberKey,
  optionalNumberKey,
  type KeyFacts,
  type NumberKeyFacts,
  type ValuesOf,
} from './key';

/** How the divergence of a token that was drawn is estimated: its log-ratio, or ratio - 1 - log-ratio. */
export const klEstimators = ['k1', 'k3'] as const;
export type KlEstimator = (typeof klEstimators)[number];

/** The options of objectives, with TRL's names, meanings and defaults where TRL has them. */
export const objectiveOptions = {
  /**
   * Strength of the pull towards the reference. In `ipo` the paper's tau, in `orpo` its lambda. Losses of mean
   * log-probs want more: about 2 in `simpo`, 2 to 5 in `sigmoid_norm`.
   */
  beta: numberKey(0.1, { min: 0, above: true, typed: { max: 100 }, usual: ['0.05', '0.5'] }),
  /**
   * The share of pairs believed to be labelled the wrong way round: `robust`, `simpo`, `exo_pair` (above 0, its paper
   * recommends 0.001), `aot`, `aot_unpaired` and `sigmoid`, where it means conservative DPO; TRL 1.13 ignores it there.
   */
  label_smoothing: numberKey(0, { min: 0, max: 0.5, below: true, typed: { max: 0.49 }, usual: ['0', '0.2'] }),
  /** LD-DPO: weight of log-probs beyond the shorter completion's length. */
  ld_alpha: optionalNumberKey({ min: 0, max: 1, usual: ['0.4', '1'], nullIs: 1 }),
  /** Takes the reference's log-probs as 0, as the DPO authors' code does (TRL dropped it); no reference is run. */
  reference_free: flagKey(false),
  /** f-DPO: the divergence that holds the policy to the reference. */
  f_divergence_type: choiceKey(fDivergenceTypes, 'reverse_kl'),
  /** The alpha of `f_divergence_type: alpha_divergence`. */
  f_alpha_divergence_coef: numberKey(0.5, { min: -10, max: 10, usual: ['0.3', '0.7'] }),
  /** WPO: a pair counts by how likely the policy is to give its answers. */
  use_weighting: flagKey(false),
  /** `sigmoid`: labels as sure as the answers' scores; Airlock's own key. */
  soft_labels: flagKey(false),
  /** What the difference of the scores is divided by in a soft label; Airlock's own key. */
  soft_label_temperature: numberKey(1, { min: 0, above: true, typed: { max: 1000 }, usual: ['0.1', '10'] }),
  /** `dpop`: weight of what the chosen answer has lost; Airlock's own key. */
  dpop_lambda: numberKey(50, { min: 0, typed: { max: 1000 }, usual: ['5', '50'] }),
  /** Methods of judged answers: weight of a good answer's loss. */
  desirable_weight: numberKey(1, { min: 0, typed: { max: 100 }, usual: ['0.5', '2'] }),
  /** Methods of judged answers: weight of a bad answer's loss. */
  undesirable_weight: numberKey(1, { min: 0, typed: { max: 100 }, usual: ['0.5', '2'] }),
  /** Reward models: weight of the squared sum of a pair's scores, which keeps their mean at 0; TRL says 0.01. */
  center_rewards_coefficient: optionalNumberKey({ min: 0, typed: { max: 100 }, usual: ['0', '0.01'], nullIs: 0 }),
  /**
   * Reward models: the difference of the answers' scores is the margin by which the better one must lead (TRL's column
   * `margin`); Airlock's own key.
   */
  score_margins: flagKey(false),
  /** `discopop`: temperature of the change from the logistic to the exponential loss. */
  discopop_tau: numberKey(0.05, { min: 0, above: true, typed: { max: 10 }, usual: ['0.01', '0.1'] }),
  /** `simpo`: the reward margin to reach. */
  simpo_gamma: numberKey(0.5, { min: 0, typed: { max: 100 }, usual: ['0.5', '1.5'] }),
  /** `unlikelihood`: weight of the rejected completions. (TRL's key of this name is AlphaPO's.) */
  alpha: optionalNumberKey({ min: 0, max: 1, usual: ['0', '1'], nullIs: 1 }),
  /** On-policy methods: answers a prompt. */
  num_generations: numberKey(2, { min: 2, integer: true, typed: { max: 64 }, usual: ['2', '8'] }),
  /** On-policy methods: the most tokens of an answer, its end token included; `max_new_tokens` says the same. */
  max_completion_length: numberKey(512, { min: 1, integer: true, typed: { max: 100_000 }, usual: ['32', '512'] }),
  /** On-policy methods: steps on the same answers before new ones are drawn. */
  num_iterations: numberKey(1, { min: 1, integer: true, typed: { max: 16 }, usual: ['1', '4'] }),
  /** On-policy methods: an answer counts no further once its probability has changed by this share. */
  epsilon: numberKey(0.2, { min: 0, max: 1, below: true, typed: { max: 0.99 }, usual: ['0.1', '0.3'] }),
  /** The same upwards; null is `epsilon`. */
  epsilon_high: { default: null, schema: z.number().min(0).nullable() } as KeyFacts<number | null>,
  /** On-policy methods: brings the advantages of a step to mean 0 and standard deviation 1. */
  normalize_advantages: flagKey(false),
  /** On-policy methods: rewards are moved into this range. */
  reward_clip_range: {
    default: null,
    schema: z.tuple([z.number(), z.number()]).nullable(),
  } as unknown as KeyFacts<readonly number[] | null>,
  /** On-policy methods: nothing is learned from answers that `max_completion_length` cut off. */
  mask_truncated_completions: flagKey(false),
  /** On-policy methods: what the logits are divided by where answers are drawn. */
  temperature: numberKey(1, { min: 0, above: true, typed: { max: 10 }, usual: ['0.7', '1'] }),
  /** On-policy methods: answers are drawn from the likeliest tokens that sum to this probability. */
  top_p: numberKey(1, { min: 0, above: true, max: 1, usual: ['0.9', '1'] }),
  /** On-policy methods: answers are drawn from so many likeliest tokens; 0 from all. */
  top_k: numberKey(0, { min: 0, integer: true, typed: { max: 1_000_000 }, usual: ['0', '50'] }),
  /** PPO: price of a nat of divergence from the reference, to begin with. */
  kl_coef: numberKey(0.05, { min: 0, typed: { max: 100 }, usual: ['0.01', '0.2'] }),
  /** PPO: how a token's divergence is estimated. */
  kl_estimator: choiceKey(klEstimators, 'k1'),
  /** PPO: the nats an answer that `kl_coef` is moved for; 0 leaves it as it is. Airlock's own key. */
  kl_target: optionalNumberKey({ min: 0, typed: { max: 1000 }, usual: ['1', '12'], nullIs: 0 }),
  /** PPO: the number of answers in which `kl_coef` changes by a fifth at most; Airlock's own key. */
  kl_horizon: numberKey(10_000, { min: 1, typed: { max: 1e7 }, usual: ['1000', '10000'] }),
  /** PPO: passes over the answers of a step. */
  num_ppo_epochs: numberKey(4, { min: 1, integer: true, typed: { max: 64 }, usual: ['1', '4'] }),
  /** PPO: the parts that a pass is cut into, each an update. */
  num_mini_batches: numberKey(1, { min: 1, integer: true, typed: { max: 1024 }, usual: ['1', '4'] }),
  /** PPO: a token counts no further once its probability has changed by this share. */
  cliprange: numberKey(0.2, { min: 0, max: 1, below: true, typed: { max: 0.99 }, usual: ['0.1', '0.3'] }),
  /** PPO: the same of values, by this much. */
  cliprange_value: numberKey(0.2, { min: 0, typed: { max: 100 }, usual: ['0.1', '0.5'] }),
  /** PPO: weight of the values' loss. */
  vf_coef: numberKey(0.1, { min: 0, typed: { max: 100 }, usual: ['0.1', '1'] }),
  /** PPO: what a reward loses for each token that it is further away. */
  gamma: numberKey(1, { min: 0, max: 1, typed: { max: 1 }, usual: ['0.95', '1'] }),
  /** PPO: how far advantages look ahead before they trust the values. */
  lam: numberKey(0.95, { min: 0, max: 1, typed: { max: 1 }, usual: ['0.9', '1'] }),
  /** PPO: brings the rewards of all tokens of a step to standard deviation 1. */
  whiten_rewards: flagKey(false),
  /** On-policy methods: what is taken off the reward of an answer that does not end. */
  missing_eos_penalty: optionalNumberKey({ min: 0, typed: { max: 1000 }, usual: ['0', '1'], nullIs: 0 }),
};

export { fDivergenceTypes, type FDivergenceType } from '../objectives/f-divergence';

export type ObjectiveOptions = ValuesOf<typeof objectiveOptions>;
export type ObjectiveOption = keyof ObjectiveOptions;

/** The options that are numbers. */
export type NumberOption = {
  [K in ObjectiveOption]: (typeof objectiveOptions)[K] extends NumberKeyFacts ? K : never;
}[ObjectiveOption];

export const isNumberOption = (name: ObjectiveOption): name is NumberOption => 'range' in objectiveOptions[name];

export const defaultObjectiveOptions: ObjectiveOptions = defaultsOf(objectiveOptions);

export interface ObjectiveFacts {
  /** How people call it. */
  readonly title: string;
  /** The method in full and where it is from, as the adapter's card names it. */
  readonly source: string;
  /**
   * The loss of a pair. Symbols: h log-ratio to the reference (w chosen, l rejected), a bar the mean of a token,
   * c = β·h_w, r = β·h_l, x = c − r.
   */
  readonly formula: string;
  readonly objective: Objective<ObjectiveOptions>;
  /**
   * What it may be summed with, where that is not everything: because its beta is on another scale than DPO's, or
   * because it has its term for the chosen answer already.
   */
  readonly companions?: readonly string[];
  /** What to begin with where the default of the option does not suit it. */
  readonly start?: Partial<ObjectiveOptions>;
}

/** By loss_type; "simpo" is of TRL's CPOTrainer, "orpo" its ORPOTrainer, "unlikelihood" no trainer's. */
const rows = {
  sigmoid: {
    title: 'DPO',
    source: 'Direct Preference Optimization (Rafailov et al. 2023)',
    formula: '−log σ(x)',
    objective: sigmoid,
  },
  robust: {
    title: 'Robust DPO',
    source: 'Robust DPO (Chowdhury et al. 2024)',
    formula: '(−(1−ε)·log σ(x) + ε·log σ(−x)) / (1−2ε)',
    objective: robust,
    start: { label_smoothing: 0.1 },
  },
  ipo: {
    title: 'IPO',
    source: 'Identity Preference Optimization (Azar et al. 2023)',
    formula: '(h̄_w − h̄_l − 1/2β)²',
    objective: ipo,
  },
  hinge: {
    title: 'SLiC',
    source: 'SLiC hinge loss on log-ratios (Zhao et al. 2023)',
    formula: 'max(0, 1 − x)',
    objective: hinge,
  },
  sigmoid_norm: {
    title: 'DPO-norm',
    source: 'Length-normalised DPO (Lambert et al. 2024)',
    formula: '−log σ(β·(h̄_w − h̄_l))',
    objective: sigmoidNorm,
    start: { beta: 2 },
  },
  apo_zero: {
    title: 'APO-zero',
    source: "Anchored Preference Optimization, zero (D'Oosterlinck et al. 2024)",
    formula: '1 − σ(c) + σ(r)',
    objective: apoZero,
  },
  apo_down: {
    title: 'APO-down',
    source: "Anchored Preference Optimization, down (D'Oosterlinck et al. 2024)",
    formula: 'σ(c) + 1 − σ(x)',
    objective: apoDown,
  },
  nca_pair: {
    title: 'NCA',
    source: 'Noise Contrastive Alignment on pairs (Chen et al. 2024)',
    formula: '−log σ(c) − ½·log σ(−c) − ½·log σ(−r)',
    objective: ncaPair,
  },
  bco_pair: {
    title: 'BCO',
    source: 'Binary Classifier Optimization on pairs (Jung et al. 2024)',
    formula: '−log σ(c) − log σ(−r)',
    objective: bcoPair,
  },
  exo_pair: {
    title: 'EXO',
    source: 'Efficient Exact Optimization (Ji et al. 2024)',
    formula: 'KL((σ(x), σ(−x)) ‖ (1−ε, ε))',
    objective: exoPair,
    start: { label_smoothing: 0.001 },
  },
  discopop: {
    title: 'DiscoPOP',
    source: 'DiscoPOP (Lu et al. 2024)',
    formula: '(1−m)·(−log σ(x)) + m·e⁻ˣ,  m = σ(x/τ)',
    objective: discopop,
  },
  sppo_hard: {
    title: 'SPPO',
    source: 'Self-Play Preference Optimization with hard labels (Wu et al. 2024)',
    formula: '(h_w − 1/2β)² + (h_l + 1/2β)²',
    objective: sppoHard,
  },
  aot: {
    title: 'AOT',
    source: 'Alignment by Optimal Transport (Melnyk et al. 2024)',
    formula: '−log σ(β·(sort(log π_w/π_l) − sort(log ref_w/ref_l)))',
    objective: aot,
  },
  aot_unpaired: {
    title: 'AOT, unpaired',
    source: 'Alignment by Optimal Transport, unpaired (Melnyk et al. 2024)',
    formula: '−log σ(β·(sort(h_w) − sort(h_l)))',
    objective: aotUnpaired,
  },
  dpop: {
    title: 'DPO-Positive',
    source: 'DPO-Positive (Pal et al. 2024)',
    formula: '−log σ(x − β·λ·max(0, −h_w))',
    objective: dpop,
  },
  rebel: {
    title: 'REBEL',
    source: 'REBEL, regression on the difference of scores (Gao et al. 2024)',
    formula: '(x − (s_w − s_l))²',
    objective: rebel,
  },
  sft: {
    title: 'SFT',
    source: 'supervised fine-tuning on the chosen answers',
    formula: '−mean log π(y_w)',
    objective: sftTerm,
  },
  simpo: {
    title: 'SimPO',
    source: 'SimPO (Meng et al. 2024)',
    formula: '−log σ(β·(mean log π(y_w) − mean log π(y_l)) − γ)',
    objective: simpo,
    companions: ['sft'],
    start: { beta: 2 },
  },
  orpo: {
    title: 'ORPO',
    source: 'ORPO (Hong et al. 2024)',
    formula: '−mean log π(y_w) − β·log σ(log odds(y_w) − log odds(y_l))',
    objective: orpo,
    companions: [],
  },
  unlikelihood: {
    title: 'Unlikelihood',
    source: 'Unlikelihood (Welleck et al. 2020, as in Rafailov et al. 2023)',
    formula: '−log π(y_w) + α·log π(y_l)',
    objective: unlikelihood,
    companions: [],
  },
} as const satisfies Readonly<Record<string, ObjectiveFacts>>;

export type ObjectiveName = keyof typeof rows;

export const objectives: Readonly<Record<ObjectiveName, ObjectiveFacts>> = rows;

export const objectiveNames = Object.keys(rows) as ObjectiveName[];

export const isObjectiveName = (name: string): name is ObjectiveName => Object.hasOwn(rows, name);

/** `method: sft`, which differs from the loss_type of that name in what the mean is over. */
export const sftMethod: ObjectiveFacts = { ...rows.sft, objective: sft };

/** `method: reward`: a model that scores answers. */
export const rewardMethod: ObjectiveFacts = {
  title: 'Reward model',
  source: 'Reward model (Ouyang et al. 2022)',
  formula: '−log σ(r_w − r_l)',
  objective: reward,
};

/** The losses of `method: kto`, by KTOTrainer's loss_type: of answers judged one by one. */
export const singleLosses = {
  kto: {
    title: 'KTO',
    source: 'Kahneman-Tversky Optimization (Ethayarajh et al. 2024)',
    formula: 'good: 1 − σ(β·(h − z)), bad: 1 − σ(β·(z − h))',
    objective: kto,
  },
  apo_zero_unpaired: {
    title: 'APO-zero, unpaired',
    source: "Anchored Preference Optimization, zero, unpaired (D'Oosterlinck et al. 2024)",
    formula: 'good: 1 − σ(β·h), bad: σ(β·h)',
    objective: apoZeroUnpaired,
  },
} as const satisfies Readonly<Record<string, ObjectiveFacts>>;

export type SingleLossName = keyof typeof singleLosses;

export const singleLossNames = Object.keys(singleLosses) as SingleLossName[];

/** The losses of `method: online_dpo`, by OnlineDPOTrainer's loss_type. */
export const onlineLosses = {
  sigmoid: {
    title: 'Online DPO',
    source: 'Online DPO (Guo et al. 2024)',
    formula: '−log σ(x),  w and l the better and the worse of two answers',
    objective: onlineDpo,
  },
  ipo: {
    title: 'Online IPO',
    source: 'Online DPO (Guo et al. 2024) with the loss of IPO (Azar et al. 2023) on sums',
    formula: '(h_w − h_l − 1/2β)²',
    objective: onlineIpo,
  },
} as const satisfies Readonly<Record<string, ObjectiveFacts>>;

export type OnlineLossName = keyof typeof onlineLosses;

export const onlineLossNames = Object.keys(onlineLosses) as OnlineLossName[];

/** The methods that learn from the policy's own answers, each with its loss, or the one of its losses that is usual. */
export const onPolicyMethods = {
  rloo: {
    title: 'RLOO',
    source: 'REINFORCE leave-one-out (Ahmadian et al. 2024)',
    formula: '−min(ρ·A, clip(ρ)·A),  A = R − mean R of the others,  R = reward − β·KL',
    objective: rloo,
  },
  online_dpo: onlineLosses.sigmoid,
  ppo: {
    title: 'PPO',
    source: 'Proximal Policy Optimization (Schulman et al. 2017, as in Ziegler et al. 2019)',
    formula: '−min(ρ_t·A_t, clip(ρ_t)·A_t) + c·(v_t − R_t)²/2,  A by GAE of reward − kl_coef·KL_t',
    objective: ppo,
  },
} as const satisfies Readonly<Record<string, ObjectiveFacts>>;

export type OnPolicyMethod = keyof typeof onPolicyMethods;

export const onPolicyMethodNames = Object.keys(onPolicyMethods) as OnPolicyMethod[];

export const isOnPolicyMethod = (method: string): method is OnPolicyMethod => Object.hasOwn(onPolicyMethods, method);

/** Whether somebody has defined their sum. */
export function mayCombine(one: ObjectiveName, other: ObjectiveName): boolean {
  const allows = (name: ObjectiveName, companion: ObjectiveName): boolean =>
    objectives[name].companions?.includes(companion) ?? true;
  return one === other || (allows(one, other) && allows(other, one));
}
