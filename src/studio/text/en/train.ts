/**
 * @file The Train screen: form, run under way, charts, last result. Option names stay TRL's and stand beside the
 * labels.
 */
import { formatCount, plural } from '../format';
import type { RunEnd } from '../../plain/runs/run-end';
import type { MetricName, PlotId } from '../../plain/train/metric-plots';
import type { SchedulerType } from '../../../run/config';
import type { OnPolicyMethod } from '../../../run/objectives';
import type { LayerChoice } from '../../plain/train/layers';
import type { LossName, NumberKey } from '../../plain/train/options';
import type { PresetId } from '../../plain/train/presets';

interface FieldText {
  readonly label: string;
  readonly unit?: string;
  readonly help: string;
  /** What it means where the field is left empty. */
  readonly empty?: string;
}

interface PlotText {
  readonly title: string;
  /** What is on the y axis, in its unit. */
  readonly unit: string;
  readonly note?: string;
}

const fields: Readonly<Record<NumberKey, FieldText>> = {
  beta: { label: 'Beta', help: 'How strongly the model is held to the base: smaller lets it move further.' },
  label_smoothing: {
    label: 'Label smoothing ε',
    unit: 'share',
    help: 'Share of the pairs believed to be the wrong way round; keeps the model from being too sure.',
  },
  ld_alpha: {
    label: 'Weight of extra length',
    help: 'Tokens beyond the shorter answer count by this; below 1 the model is rewarded less for writing longer (LD-DPO).',
  },
  f_alpha_divergence_coef: {
    label: 'Alpha of the divergence',
    help: 'Between the forward KL (0) and the reverse KL (1).',
  },
  soft_label_temperature: {
    label: 'Temperature of the labels',
    unit: 'points',
    help: 'A pair whose scores differ by this much counts as 73% sure; larger makes all labels softer.',
  },
  dpop_lambda: {
    label: 'Guard of the chosen answer λ',
    help: 'How hard the chosen answer is kept from becoming less likely than under the reference.',
  },
  desirable_weight: {
    label: 'Weight of good answers',
    help: 'Raise it where there are far fewer good answers than bad ones.',
  },
  undesirable_weight: {
    label: 'Weight of bad answers',
    help: 'Raise it where there are far fewer bad answers than good ones.',
  },
  center_rewards_coefficient: {
    label: 'Centring of the scores',
    help: 'Keeps the mean score near 0, so that scores of different prompts compare; 0 leaves it out, 0.01 is usual.',
  },
  num_generations: {
    label: 'Answers a prompt',
    unit: 'answers',
    help: 'Each is measured against the others to the same prompt: more of them give a steadier direction.',
  },
  max_completion_length: {
    label: 'Longest answer drawn',
    unit: 'tokens',
    help: 'Answers are cut off there. What is cut off costs time and often reward.',
  },
  num_iterations: {
    label: 'Steps on the same answers',
    help: 'Above 1 saves drawing new answers, and learns from ones that the model would no longer give.',
  },
  epsilon: {
    label: 'Range of the ratio ε',
    help: 'How far the probability of an answer may move before it counts no further; felt above 1 step on the same answers.',
  },
  epsilon_high: {
    label: 'Range of the ratio, upwards',
    help: 'How far the probability of an answer may rise before it counts no further.',
    empty: 'Empty: as far as downwards.',
  },
  reward_clip_low: {
    label: 'Rewards from',
    unit: 'reward',
    help: 'Lower rewards count as this one, so that no single answer pulls too hard.',
    empty: 'Empty: rewards as they are.',
  },
  reward_clip_high: {
    label: 'Rewards up to',
    unit: 'reward',
    help: 'Higher rewards count as this one. Both ends are filled in, or none.',
    empty: 'Empty: rewards as they are.',
  },
  temperature: {
    label: 'Temperature of the answers',
    help: 'How freely answers are drawn. Below 1 they keep to what the model finds likely, and differ less.',
  },
  top_p: {
    label: 'Top-p of the answers',
    unit: 'probability',
    help: 'Answers are drawn from the likeliest tokens that make up this much together; 1 leaves none out.',
  },
  top_k: {
    label: 'Top-k of the answers',
    unit: 'tokens',
    help: 'Answers are drawn from so many of the likeliest tokens; 0 leaves none out.',
  },
  missing_eos_penalty: {
    label: 'Penalty without an end',
    unit: 'reward',
    help: 'Taken off the reward of an answer that was cut off, so that the one that ends is the better one.',
  },
  kl_coef: {
    label: 'Price of KL',
    help: 'What a nat of distance from the reference costs, in units of the reward, at each word.',
  },
  kl_target: {
    label: 'KL to reach',
    unit: 'nats an answer',
    help: 'The price is moved until the answers are this far from the reference; 0 leaves it as it is.',
  },
  kl_horizon: {
    label: 'Patience of the price',
    unit: 'answers',
    help: 'In so many answers the price changes by a fifth at most; less is quicker.',
  },
  num_ppo_epochs: {
    label: 'Passes over the answers',
    unit: 'passes',
    help: 'How often a step learns from the same answers before it draws new ones.',
  },
  num_mini_batches: {
    label: 'Updates a pass',
    unit: 'updates',
    help: 'A pass is cut into so many parts, and the model moves after each.',
  },
  cliprange: {
    label: 'Range of the ratio',
    help: 'How far the probability of a word may move before it counts no further.',
  },
  cliprange_value: {
    label: 'Range of the forecast',
    help: 'How far the foreseen reward may move in a step before it counts no further.',
  },
  vf_coef: { label: 'Weight of the forecast', help: 'How much the error of the foreseen rewards counts in the loss.' },
  gamma: { label: 'Discount γ', help: 'What a reward keeps of its worth for each word before it; 1 keeps all.' },
  lam: {
    label: 'Look-ahead λ',
    help: 'Nearer to 1 trusts the reward that came, lower trusts the forecast: calmer, and wrong where that is wrong.',
  },
  discopop_tau: {
    label: 'Temperature τ',
    help: 'How sharply the loss changes from logistic to exponential at margin 0.',
  },
  simpo_gamma: {
    label: 'Target margin γ',
    help: 'The margin by which the chosen answer is to lead; more separates harder.',
  },
  alpha: { label: 'Weight of rejected α', help: 'How much the rejected answers are pushed down; 0 leaves them out.' },
  sft_weight: {
    label: 'SFT term',
    unit: 'weight',
    help: 'Adds the loss "sft" with this weight, which keeps the chosen answers likely; 0 adds none.',
  },
  dpo_learning_rate: {
    label: 'DPO learning rate',
    help: 'Size of each step of the adapter; lower it if the loss jumps.',
  },
  sft_learning_rate: {
    label: 'SFT learning rate',
    help: 'Size of each step of the adapter; lower it if the loss jumps.',
  },
  num_train_epochs: {
    label: 'Epochs',
    unit: 'passes',
    help: 'How often every pair is seen. One is enough for thousands of pairs.',
  },
  max_steps: { label: 'Steps', unit: 'steps', help: 'Optimiser steps in all; pairs are repeated if need be.' },
  per_device_train_batch_size: {
    label: 'Batch size',
    unit: 'pairs',
    help: 'Pairs computed together. More is faster and needs more memory.',
  },
  gradient_accumulation_steps: {
    label: 'Gradient accumulation',
    unit: 'batches',
    help: 'Batches added up before each step: calmer steps for no more memory.',
  },
  max_length: {
    label: 'Maximum length',
    unit: 'tokens',
    help: 'Prompt and answer together; longer answers are cut at the end.',
  },
  lora_r: { label: 'LoRA rank', help: 'Size of the adapter; some servers refuse more than 16.' },
  lora_alpha: { label: 'LoRA alpha', help: 'The adapter counts by alpha ÷ rank: 16 ÷ 8 doubles it.' },
  warmup_steps: {
    label: 'Warm-up',
    unit: 'steps or share',
    help: 'Steps over which the learning rate rises from 0; below 1 it is a share of all steps.',
  },
  seed: { label: 'Training seed', help: 'The same seed, data and settings give the same run.' },
  weight_decay: { label: 'Weight decay', help: 'Pulls the adapter towards 0 at each step.' },
  max_grad_norm: {
    label: 'Gradient clipping',
    help: 'Gradients longer than this are shortened to it; 0 does not clip.',
  },
  adam_beta1: {
    label: 'Adam β₁',
    help: 'How much of the past gradients stays in a step’s direction; nearer to 1 is smoother.',
  },
  adam_beta2: {
    label: 'Adam β₂',
    help: 'How long squared gradients are remembered, which set a step’s size; nearer to 1 is steadier.',
  },
  eval_share: {
    label: 'Held out',
    unit: 'share of prompts',
    help: 'Prompts kept from training to evaluate on, chosen by the seed. A split made under Data goes first.',
  },
  eval_steps: {
    label: 'Evaluate every',
    unit: 'steps',
    help: 'Optimiser steps between evaluations; the last step is always evaluated.',
  },
  early_stopping_patience: {
    label: 'Early stopping after',
    unit: 'evaluations',
    help: 'Evaluations in a row without a new best after which training ends; 0 never ends it.',
  },
  sample_tokens: {
    label: 'Length of sample answers',
    unit: 'tokens',
    help: 'The longest that a sample answer may be, in tokens; longer ones take longer at every evaluation.',
  },
  save_steps: {
    label: 'Checkpoint every',
    unit: 'steps',
    help: 'Keeps the state to resume or fork from, the last three; 0 keeps one when you pause or stop.',
  },
  layer_count: {
    label: 'Number of layers',
    unit: 'layers',
    help: 'How many of the model’s layers get an adapter.',
  },
  adam_epsilon: { label: 'Adam ε', help: 'Keeps the step finite where gradients vanish.' },
};

const fieldOfRate: FieldText = {
  label: 'Learning rate',
  help: 'Size of each step of the adapter; lower it if the loss jumps.',
};

type FieldTexts = Readonly<Partial<Record<NumberKey, FieldText>>>;

/** What a field is where the answers are the model's own. */
const fieldsOfAnswers: FieldTexts = {
  dpo_learning_rate: {
    label: 'Learning rate',
    help: 'Size of each step of the adapter; lower it if the KL runs away.',
  },
  num_train_epochs: { label: 'Epochs', unit: 'passes', help: 'How often every prompt is answered.' },
};

/** Of methods whose fields mean something else than those of DPO. */
const fieldsOfMethod: Readonly<Record<OnPolicyMethod | 'kto' | 'reward', FieldTexts>> = {
  kto: {
    dpo_learning_rate: fieldOfRate,
    per_device_train_batch_size: {
      label: 'Batch size',
      unit: 'answers',
      help: 'Answers computed together, good and bad; fewer than 4 cannot tell how far the model has moved.',
    },
  },
  reward: { dpo_learning_rate: fieldOfRate },
  rloo: {
    ...fieldsOfAnswers,
    beta: { label: 'Beta', help: 'What a nat of distance from the reference costs, in units of the reward.' },
    per_device_train_batch_size: {
      label: 'Batch size',
      unit: 'answers',
      help: 'Answers computed together: a whole number of prompts, each with all its answers.',
    },
  },
  online_dpo: {
    ...fieldsOfAnswers,
    per_device_train_batch_size: {
      label: 'Batch size',
      unit: 'prompts',
      help: 'Prompts computed together, each with its two answers.',
    },
  },
  ppo: {
    ...fieldsOfAnswers,
    per_device_train_batch_size: { label: 'Batch size', unit: 'answers', help: 'Answers of a step, one to a prompt.' },
    missing_eos_penalty: {
      label: 'Penalty without an end',
      unit: 'reward',
      help: 'Taken off the reward of an answer that was cut off, so that answers learn to end; 0 takes nothing off.',
    },
  },
};

const schedulers: Readonly<Record<SchedulerType, string>> = {
  linear: 'Linear to 0',
  cosine: 'Cosine to 0',
  constant: 'Constant',
  constant_with_warmup: 'Constant after warm-up',
};

const plots: Readonly<Record<PlotId, PlotText>> = {
  loss: {
    title: 'Loss',
    unit: 'loss a pair',
    note: 'Starts at ln 2 = 0.693, where chosen and rejected are told apart no better than by a coin.',
  },
  otherLoss: { title: 'Loss', unit: 'loss', note: 'Lower is better; where it starts depends on the loss.' },
  logps: {
    title: 'Log-probabilities',
    unit: 'nats an answer',
    note: 'Summed over an answer; nearer to 0 is likelier.',
  },
  margin: { title: 'Reward margin', unit: 'reward', note: 'Chosen minus rejected reward: this should rise.' },
  accuracy: {
    title: 'Accuracy',
    unit: 'share of pairs',
    note: 'Share of the step’s pairs whose chosen reward is higher; small batches make it jump.',
  },
  rewards: { title: 'Rewards', unit: 'reward', note: 'Both may fall; what counts is the gap between them.' },
  sftLoss: { title: 'Loss', unit: 'nats a token', note: 'Mean −log-probability of a token of the chosen answers.' },
  chosenLogps: {
    title: 'Log-probability of chosen',
    unit: 'nats an answer',
    note: 'Summed over the answer; nearer to 0 is likelier.',
  },
  scoresMargin: {
    title: 'Lead of the better answer',
    unit: 'reward',
    note: 'How much more the better of two answers is worth. Near 0 the reward tells them apart no longer.',
  },
  answerReward: {
    title: 'Reward of the answers',
    unit: 'reward',
    note: 'Mean of the answers that each step draws: this should rise. Each step asks other prompts, so it jumps.',
  },
  answerKl: {
    title: 'KL of the answers',
    unit: 'nats',
    note: 'Nats a token, estimated on the answers of each step: how far they are from the reference.',
  },
  surprise: {
    title: 'Entropy',
    unit: 'nats a token',
    note: 'Estimated by how unlikely the drawn tokens were. Near 0 the model always answers the same.',
  },
  answerLength: { title: 'Answer length', unit: 'tokens an answer' },
  cutOff: {
    title: 'Answers cut off',
    unit: 'share of answers',
    note: 'They reached the longest length without an end.',
  },
  noSpread: {
    title: 'All answers alike',
    unit: 'share of prompts',
    note: 'All their answers are worth the same: there is nothing to learn from them.',
  },
  held: {
    title: 'Answers held back',
    unit: 'share of answers',
    note: 'Their probability has moved by ε and counts no further; 0 with one step on the same answers.',
  },
  heldTokens: {
    title: 'Words held back',
    unit: 'share of tokens',
    note: 'Their probability has moved too far to count further. Above 0.3 the steps are too large.',
  },
  forecast: {
    title: 'Forecast error',
    unit: 'half the square',
    note: 'What the foreseen reward misses by; this should fall and stay low.',
  },
  priceOfKl: { title: 'Price of KL', unit: 'reward a nat', note: 'Moved until the KL is what was asked for.' },
  answerLoss: { title: 'Loss', unit: 'loss an answer', note: 'Stays near 0 whatever is learned; watch the reward.' },
  gradient: { title: 'Gradient norm', unit: 'norm' },
  learningRate: { title: 'Learning rate', unit: 'rate' },
  kl: {
    title: 'KL to the reference',
    unit: 'nats an answer',
    note: 'Nats an answer, estimated from the sampled answers of each evaluation; noisy with few prompts.',
  },
  speed: {
    title: 'Tokens a second',
    unit: 'tokens a second',
    note: 'Of each step alone; a prompt counts with each of its answers.',
  },
};

const metrics: Readonly<Record<MetricName, string>> = {
  loss: 'Loss',
  grad_norm: 'Gradient norm',
  learning_rate: 'Learning rate',
  tokens_per_second: 'Tokens a second',
  'rewards/chosen': 'Reward of chosen',
  'rewards/rejected': 'Reward of rejected',
  'rewards/margins': 'Reward margin',
  'rewards/accuracies': 'Accuracy',
  'logps/chosen': 'Log-probability of chosen',
  'logps/rejected': 'Log-probability of rejected',
  eval_loss: 'Evaluation: loss',
  'eval_rewards/chosen': 'Evaluation: reward of chosen',
  'eval_rewards/rejected': 'Evaluation: reward of rejected',
  'eval_rewards/margins': 'Evaluation: reward margin',
  'eval_rewards/accuracies': 'Evaluation: accuracy',
  'eval_logps/chosen': 'Evaluation: log-probability of chosen',
  'eval_logps/rejected': 'Evaluation: log-probability of rejected',
  kl: 'KL to the reference, of the batch',
  reward: 'Reward of the answers',
  reward_std: 'Spread of the rewards',
  'objective/scores_margin': 'Lead of the better answer',
  frac_reward_zero_std: 'Share of prompts whose answers are worth the same',
  'completions/mean_length': 'Length of the answers',
  'completions/clipped_ratio': 'Share of answers that were cut off',
  'completions/mean_terminated_length': 'Length of the answers that ended',
  'completions/mean_surprise': 'Surprise of a token (entropy)',
  'clip_ratio/low_mean': 'Share of answers held from below',
  'clip_ratio/high_mean': 'Share of answers held from above',
  'clip_ratio/region_mean': 'Share of answers held in their range',
  'objective/kl': 'KL of an answer',
  'objective/entropy': 'Entropy of an answer',
  'objective/non_score_reward': 'Reward lost to KL',
  'objective/rlhf_reward': 'Reward less KL',
  'objective/scores': 'Reward as learned from',
  'objective/kl_coef': 'Price of KL',
  'policy/approxkl_avg': 'How far tokens moved in a step',
  'policy/clipfrac_avg': 'Share of tokens held in their range',
  'loss/policy_avg': 'Loss of the policy',
  'loss/value_avg': 'Error of the foreseen reward',
  'val/clipfrac_avg': 'Share of forecasts held in their range',
  'val/ratio': 'Mean ratio of probabilities',
  eval_kl: 'KL to the reference',
};

const losses: Readonly<Record<LossName, string>> = {
  sigmoid: 'The standard: raises the chosen answer over the rejected one, held to the reference.',
  robust: 'For labels of which a known share is wrong: corrects the loss for it.',
  ipo: 'Aims at a margin and stops there, so it does not learn pairs by heart.',
  hinge: 'Stops at a margin of 1; pairs that are told apart teach no more.',
  sigmoid_norm: 'DPO on the mean of a token: longer answers win nothing by length.',
  apo_zero: 'Raises chosen and lowers rejected answers, for data better than the model.',
  apo_down: 'Lowers both, rejected more, for data worse than the model.',
  nca_pair: 'Keeps the chosen answers likely while telling them from the rejected.',
  bco_pair: 'A classifier of good and bad answers; works where pairs differ little.',
  exo_pair: 'Matches the preferred distribution exactly, with a little smoothing.',
  discopop: 'A loss found by search: logistic, turning exponential with the margin.',
  sppo_hard: 'Gives each answer a place of its own to go to, so the chosen one cannot sink with the rejected.',
  aot: 'Compares a whole batch by rank instead of pair by pair; wants 8 pairs a batch or more.',
  aot_unpaired: 'As aot, with chosen and rejected answers ranked apart.',
  dpop: 'DPO that keeps the chosen answer from becoming less likely; for answers that differ little.',
  rebel: 'Learns how much better an answer is, from the scores of your file, and stops there.',
  simpo: 'No reference: mean log-probabilities and a target margin. Faster, less memory.',
  orpo: 'No reference: SFT and an odds ratio in one step, from a base model.',
  unlikelihood: 'No reference: likely chosen, unlikely rejected. A baseline; breaks text easily.',
};

const presets: Readonly<Record<PresetId, { readonly name: string; readonly help: string }>> = {
  standard: { name: 'Standard', help: 'DPO with beta 0.1, three epochs.' },
  small: {
    name: 'Small data',
    help: 'Under 500 pairs: a firmer hold on the base, an SFT term, warm-up.',
  },
  long: { name: 'Long answers', help: 'Up to 1,024 tokens, one pair at a time, and extra length counts half.' },
  noisy: { name: 'Noisy labels', help: 'One epoch of robust DPO that expects one pair in ten to be wrong.' },
};

const place = ({ step, total }: RunEnd): string => `step ${formatCount(step)} of ${formatCount(total)}`;

/** How a run ended, in a clause that figures may follow. */
const endings: Readonly<Record<RunEnd['how'], (run: string, end: RunEnd, time: string) => string>> = {
  all: (run, { step, kept }, time) =>
    `${run} finished: ${plural(step, 'step')} in ${time}` +
    (kept === null ? '' : `; the adapter of step ${formatCount(kept)}, the best evaluation, is kept`),
  early: (run, end, time) =>
    `${run} stopped early at ${place(end)}, in ${time}` +
    (end.kept === null ? '' : `; the adapter of step ${formatCount(end.kept)} is kept`),
  paused: (run, end, time) => `${run} is paused at ${place(end)}, after ${time}`,
  stopped: (run, end, time) => `${run} was stopped at ${place(end)}, after ${time}`,
  interrupted: (run, end, time) => `${run} was interrupted at ${place(end)}, after ${time}`,
  failed: (run, end, time) => `${run} failed at ${place(end)}, after ${time}`,
  running: (run, end, time) => `${run} is training: ${place(end)}, ${time}`,
};

export const train = {
  title: 'Train',
  lead: 'A LoRA adapter learns from the pairs; the base model stays as it is.',
  start: 'Start training',
  settings: 'Settings',
  importFirst: 'Import pairs first, under Data.',
  nonePossible: 'None of the pairs can be trained on; see the findings under Data.',
  lacksAnswers:
    'No pair has the answers that this goal learns from. Thumbs up and down are for KTO, good answers alone for SFT.',
  settingsWrong: (count: number) =>
    `${count === 1 ? 'One setting needs' : `${plural(count, 'setting')} need`} correction.`,
  planned: (method: string, steps: number, tokens: string | null) =>
    `${method} ${plural(steps, 'step')}${tokens === null ? '' : ` (${tokens} tokens)`}`,
  plan: (runs: readonly string[], pairs: number, held: number) =>
    `${runs.join(', then ')}, over ${plural(pairs, 'pair')}${held > 0 ? `; ${formatCount(held)} held out` : ''}.`,
  planOfPrompts: (runs: readonly string[], prompts: number) =>
    `${runs.join(', then ')}, over ${plural(prompts, 'prompt')} of the data set.`,
  counting: 'The pairs’ tokens are being counted, so that both runs get as many.',
  advanced: 'Advanced',
  scoreMargins: 'Margins: the better answer is to lead by as much as the scores of your file differ',
  showNames: 'Show TRL’s names and the formulas',
  guess: (time: string, run: string) => `About ${time}, going by ${run}.`,
  method: 'Goal',
  methods: {
    dpo: {
      name: 'Prefer the good answers (DPO)',
      help: 'Learns from both answers: raises the chosen one over the rejected one.',
    },
    sft: {
      name: 'Imitate the good answers (SFT)',
      help: 'Learns to write the chosen answers; the rejected ones are not used.',
    },
    kto: {
      name: 'Learn from thumbs up and down (KTO)',
      help: 'Each answer counts for itself, good or bad; pairs are taken apart. Wants 4 answers a batch or more.',
    },
    reward: {
      name: 'Train a judge (reward model)',
      help: 'Learns to give the better answer the higher score. It writes no answers; it scores those of others.',
    },
    rloo: {
      name: 'Learn from a reward (RLOO)',
      help: 'The model answers your prompts as it learns; a reward judges each answer against the others to the same prompt.',
    },
    online_dpo: {
      name: 'Prefer its own better answers (online DPO)',
      help: 'The model answers each of your prompts twice as it learns; a reward says which answer is better, and DPO learns from that pair.',
    },
    ppo: {
      name: 'Classic RLHF, word by word (PPO)',
      help: 'One answer a prompt; a reward judges it, and a second head foresees that reward, so that each word is judged.',
    },
    both: {
      name: 'Compare both: SFT, then DPO',
      help: 'Two runs on the same pairs, seed and budget, each from a fresh adapter; their charts are laid over each other.',
    },
  },
  loss: {
    label: 'Loss',
    more: 'Further options of this loss',
    formula: 'Loss of a pair',
    symbols:
      'x = β·(h_w − h_l), h: log-ratio to the reference of the chosen (w) and the rejected (l) answer; a bar is the mean of a token.',
    softLabels: 'Soft labels: each pair counts by how far the scores of its answers are apart',
    useWeighting: 'Weights: a pair counts the less, the less likely the model itself is to give such answers (WPO)',
  },
  answers: {
    reward: 'Answers are judged by',
    rewardHelp:
      'Gives each answer a number, higher is better. The run keeps the rules as they stand at its start. A reward model that you trained on this model can be chosen here too, and a judge that you accepted in a prompt set: of this model, or of another kept one, which is then loaded beside it.',
    judgeAsks: (questions: number, all: number, time: string | null) =>
      `The judge is asked at most ${plural(questions, 'question')} for each step’s answers, ${formatCount(all)} in all, two a comparison${time === null ? '' : `: about ${time} by its pace in the prompt set`}.`,
    judgeMean:
      'Answers to a prompt are compared with each other, so their mean reward stays at 1/2: whether the run gets better, a prompt set shows.',
    judgeMeanOne: 'Each answer is compared with the chosen answer of its prompt: 1/2 is as good as that one.',
    normalize: 'Scale the differences of a step to the same size',
    mask: 'Learn nothing from answers that were cut off',
    whiten: 'Bring the rewards of a step to the same spread, so that the size of the scores does not matter',
    onlineLoss: {
      label: 'Loss',
      choices: { sigmoid: 'DPO: ever further apart', ipo: 'IPO: up to a margin' },
      help: 'DPO goes on pulling the two answers apart. IPO aims at a margin, 1/2β, and stops there, so that it is harder to overdo.',
    },
    estimator: {
      label: 'KL of a token',
      choices: { k1: 'As it is (k1)', k3: 'Never negative (k3)' },
      help: 'How far a drawn token is from the reference, which its reward pays for, is an estimate. k1 is right on average and may be negative for a single token; k3 never is, and varies less.',
    },
    memory: (total: string, count: number, answers: string) =>
      `Takes up to about ${total} of memory; ${plural(count, 'answer')} drawn at once hold ${answers} of it.`,
    judgeMemory: (judge: string) => `The judge beside the model holds ${judge}.`,
    judgeModelMemory: (name: string, precision: string, judge: string) =>
      `${name} judges beside the model, its weights in ${precision}, and holds ${judge}.`,
    noProbe: 'Time cannot be estimated before the start: how long the answers will be, the run has to show.',
    noEvaluation: 'Answers drawn while training are judged at each step, so there is no evaluation on held-out pairs.',
  },
  divergence: {
    label: 'Held to the reference by',
    choices: {
      reverse_kl: 'Reverse KL (DPO)',
      forward_kl: 'Forward KL',
      js_divergence: 'Jensen–Shannon',
      alpha_divergence: 'Alpha divergence',
    },
    help: 'Reverse KL is what DPO means; the others let the model keep more of its variety (f-DPO).',
  },
  losses,
  presets,
  preset: {
    label: 'Preset',
    recommended: 'recommended',
    applied: (name: string) => `Settings of “${name}” are filled in.`,
  },
  usual: (from: string, to: string) => `Usual: ${from} to ${to}.`,
  fields,
  fieldsOfMethod,
  schedulers,
  schedule: { label: 'Schedule', help: 'How the learning rate goes from its peak to the end.' },
  checkpointing: {
    label: 'Gradient checkpointing',
    choices: { auto: 'By the size', on: 'Compute twice', off: 'Keep' },
    help: 'Activations computed twice change no result: less memory for about 30% more work a step. By the size keeps up to 1.6 GB of them.',
  },
  more: 'Adapter, schedule, seed, memory and optimiser',
  evaluation: {
    title: 'Evaluation and checkpoints',
    evaluate: 'Evaluate on held-out pairs while training',
    metric: 'Best step by',
    best: 'End with the adapter of the best evaluation',
    metricHelp: 'Decides which step is the best, and early stopping. SFT goes by the loss.',
    metrics: { eval_loss: 'Evaluation loss', 'eval_rewards/accuracies': 'Evaluation accuracy' },
    sample: 'Answer some fixed prompts at every evaluation',
    prompts: 'Prompts for sample answers, one a line',
    promptsDefault: 'Empty: the first three prompts that are held out.',
    split: 'The pairs held out under Data are used.',
  },
  shuffle: 'Shuffle the pairs each epoch',
  duration: {
    label: 'Train for',
    epochs: 'A number of epochs',
    steps: 'A number of steps',
    help: 'Passes over the data, or optimiser steps.',
  },
  budget: {
    label: 'Same for both runs',
    tokens: 'Number of tokens',
    steps: 'Number of steps',
    help: 'A step of DPO reads two answers, one of SFT reads one; with the same tokens SFT takes more steps. The duration is that of DPO.',
  },
  targets: {
    label: 'Adapted layers',
    all: 'All linear layers',
    chosen: 'Chosen ones',
    choose: 'Layers to adapt',
    needsModel: 'Load a model to see its layers.',
    chooseOne: 'Choose at least one layer to adapt, or all linear layers.',
  },
  layers: {
    label: 'Layers',
    help: 'Which of the model’s layers learn. Fewer make a smaller adapter and train faster; the last ones change what is said, the first ones how the prompt is read.',
    choices: { all: 'All', first: 'The first', last: 'The last', listed: 'These' },
    list: 'Layers by number',
    listHelp: 'Numbers from 0 and stretches of them: 0-3, 8.',
    range: (last: number) => `0 to ${last}, as 0-3, 8.`,
    syntax: (given: string) =>
      given === ''
        ? 'Name at least one layer, as 0-3, 8.'
        : `"${given}" is no list of layers. Write numbers from 0 and stretches of them, as 0-3, 8.`,
    beyond: (layer: number, last: number) => `The model’s layers are 0 to ${last}; there is no layer ${layer}.`,
    many: (count: number, layers: number) => `The model has ${plural(layers, 'layer')}, not ${formatCount(count)}.`,
  } satisfies { readonly choices: Readonly<Record<LayerChoice, string>> } & Record<string, unknown>,
  startFrom: {
    label: 'Start from',
    fresh: 'The base, fresh adapter',
    adapter: (run: string) => `Adapter ${run}`,
    helpDpo: 'An adapter that is continued is also the reference, as it was; with a fresh one the base is.',
    help: 'Continue an adapter, or begin a new one.',
    held: 'Of the adapter that this run goes on from; it is kept.',
    keeps: (run: string, rank: number, alpha: number) =>
      `Going on from ${run} trains the matrices that are there, so its rank (${rank}), alpha (${alpha}), modules and layers are kept: those fields are fixed.`,
    reference: 'Reference',
    referenceStart: 'The start, as it was',
    referenceBase: 'The base',
    helpReference: 'What DPO measures its rewards against. It stays frozen.',
  },
  active: {
    place: (place: number, places: number) => `run ${place} of ${places}`,
    timeLeft: 'Time left',
    perStep: 'Per step',
    seconds: (seconds: string) => `${seconds} s`,
    pause: 'Pause',
    tellMe: 'Tell me at the end',
    note: 'Pausing and stopping keep what has been trained so far. Keep this tab open; it may stay in the background.',
  },
  phases: {
    preparing: 'Preparing',
    encoding: 'Encoding pairs',
    compiling: (what: string) => (what === '' ? 'Compiling' : `Compiling ${what}`),
    reference: 'Reference log-probabilities',
    training: 'Training',
    evaluating: 'Evaluating',
    saving: 'Saving',
  },
  result: {
    hasEnded: 'Training has ended',
    hasFailed: 'Training has failed',
    noAdapter: (run: string) => `${run} was stopped before there was an adapter.`,
    ended: (run: string, end: RunEnd, time: string) => endings[end.how](run, end, time),
    loss: (loss: string) => `, loss ${loss}`,
    margin: (margin: string) => `, margin ${margin}`,
  },
  plots,
  metrics,
  evaluationSeries: 'evaluation',
  trainingSeries: 'training',
  chosenSeries: 'chosen',
  rejectedSeries: 'rejected',
  axes: { step: 'step', num_tokens: 'tokens trained on' },
  atStep: (step: number) => `step ${formatCount(step)}`,
  samples: {
    title: 'Sample answers at each evaluation',
    ofPrompt: (number: number) => `Prompt ${formatCount(number)}`,
    drawn: 'Answers that the model learned from',
    reward: (reward: string) => `reward ${reward}`,
    noReward: 'not judged',
    answersOf: (number: number) => `Answers to prompt ${formatCount(number)}, the newest first`,
  },
  probe: {
    start: 'Estimate time and memory',
    hint: 'Tries three training steps and discards them.',
    result: (method: string, steps: number, time: string, perStep: string) =>
      `${method}: about ${time} for ${plural(steps, 'step')}, ${perStep} s each.`,
    evaluation: (time: string) => `Of these, evaluations take ${time}.`,
    memory: (tensors: string, heap: string | null, row: number) =>
      `At most ${tensors} of tensors${heap === null ? '' : ` and ${heap} of WebAssembly memory`}, at the longest row of ${plural(row, 'token')}.`,
  },
  chart: {
    smoothing: 'Smoothing',
    shown: 'Shown',
    first: 'First shown',
    last: 'Last shown',
    fromTo: (from: string, to: string) => `${from} to ${to}`,
    reset: 'Show all',
    csv: 'Download CSV',
    smoothed: 'smoothed',
    png: (title: string) => `Download the chart ${title} as PNG`,
    enlarge: (title: string) => `Enlarge the chart ${title}`,
    help: 'Faint: each step. Thick: its exponential moving average, debiased as TensorBoard has it. Drag over a chart to zoom, double-click to show all; pointing at a step shows every curve’s value there.',
  },
  figures: {
    title: 'Figures as a table',
    caption: (step: number, epoch: string) => `Step ${formatCount(step)}, epoch ${epoch}`,
    metric: 'Metric',
    first: 'First step',
    mean: (steps: number) => `Mean of last ${steps}`,
    latest: 'Latest',
  },
};
