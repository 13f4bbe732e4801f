/**
 * @file The losses that the form offers, as data: formula, the options that belong to each, and what to begin with. The
 * engine's registry is what counts; losses.test.ts holds this copy to it, since the page cannot import the engine.
 * Symbols as in docs/objectives.md: h log-ratio to the reference (w chosen, l rejected), c = β·h_w, r = β·h_l, x = c −
 * r.
 */
/** Options that belong to some losses. `sft_weight` is the weight of "sft" beside the loss, in TRL's lists. */
export type OptionKey =
  'beta' | 'label_smoothing' | 'ld_alpha' | 'discopop_tau' | 'simpo_gamma' | 'alpha' | 'sft_weight';

export type LossName =
  | 'sigmoid'
  | 'robust'
  | 'ipo'
  | 'hinge'
  | 'sigmoid_norm'
  | 'apo_zero'
  | 'apo_down'
  | 'nca_pair'
  | 'bco_pair'
  | 'exo_pair'
  | 'discopop'
  | 'simpo'
  | 'orpo'
  | 'unlikelihood';

export interface LossFacts {
  /** How people call it. */
  readonly title: string;
  readonly formula: string;
  /** Fields of the form that belong to it, beta first where it has one. */
  readonly options: readonly OptionKey[];
  /** Where its own beginning differs from the form's defaults. */
  readonly start?: Readonly<Partial<Record<OptionKey, string>>>;
  readonly usesReference: boolean;
  /** The loss of a model that has not moved is ln 2. */
  readonly startsAtLn2?: true;
}

const withReference = (options: readonly OptionKey[] = []) =>
  ({ options: ['beta', ...options, 'ld_alpha', 'sft_weight'], usesReference: true }) as const;

export const losses: Readonly<Record<LossName, LossFacts>> = {
  sigmoid: { title: 'DPO', formula: '−log σ(x)', startsAtLn2: true, ...withReference(['label_smoothing']) },
  robust: {
    title: 'Robust DPO',
    formula: '(−(1−ε)·log σ(x) + ε·log σ(−x)) / (1−2ε)',
    startsAtLn2: true,
    ...withReference(['label_smoothing']),
    start: { label_smoothing: '0.1' },
  },
  ipo: { title: 'IPO', formula: '(h̄_w − h̄_l − 1/2β)²', ...withReference() },
  hinge: { title: 'SLiC', formula: 'max(0, 1 − x)', ...withReference() },
  sigmoid_norm: {
    title: 'DPO-norm',
    formula: '−log σ(β·(h̄_w − h̄_l))',
    startsAtLn2: true,
    ...withReference(),
    start: { beta: '2' },
  },
  apo_zero: { title: 'APO-zero', formula: '1 − σ(c) + σ(r)', ...withReference() },
  apo_down: { title: 'APO-down', formula: 'σ(c) + 1 − σ(x)', ...withReference() },
  nca_pair: { title: 'NCA', formula: '−log σ(c) − ½·log σ(−c) − ½·log σ(−r)', ...withReference() },
  bco_pair: { title: 'BCO', formula: '−log σ(c) − log σ(−r)', ...withReference() },
  exo_pair: {
    title: 'EXO',
    formula: 'KL((σ(x), σ(−x)) ‖ (1−ε, ε))',
    ...withReference(['label_smoothing']),
    start: { label_smoothing: '0.001' },
  },
  discopop: {
    title: 'DiscoPOP',
    formula: '(1−m)·(−log σ(x)) + m·e⁻ˣ,  m = σ(x/τ)',
    ...withReference(['discopop_tau']),
  },
  simpo: {
    title: 'SimPO',
    formula: '−log σ(β·(mean log π(y_w) − mean log π(y_l)) − γ)',
    usesReference: false,
    options: ['beta', 'simpo_gamma', 'label_smoothing', 'sft_weight'],
    start: { beta: '2' },
  },
  orpo: {
    title: 'ORPO',
    formula: '−mean log π(y_w) − β·log σ(log odds(y_w) − log odds(y_l))',
    usesReference: false,
    options: ['beta'],
  },
  unlikelihood: {
    title: 'Unlikelihood',
    formula: '−log π(y_w) + α·log π(y_l)',
    usesReference: false,
    options: ['alpha'],
  },
};

export const lossNames = Object.keys(losses) as LossName[];

/** The formula of plain SFT, and of the term that can be added to a loss. */
export const sftFormula = '−mean log π(y_w)';

export const isLossName = (name: unknown): name is LossName => typeof name === 'string' && Object.hasOwn(losses, name);

/**
 * What is 0 stays 0 and what is typed for one loss does not leak into the next: all of its options at their beginning.
 */
export function startOf(
  name: LossName,
  defaults: Readonly<Record<OptionKey, string>>,
): Partial<Record<OptionKey, string>> {
  const { options, start = {} } = losses[name];
  return Object.fromEntries(options.map((key) => [key, start[key] ?? defaults[key]]));
}
