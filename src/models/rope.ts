/**
 * @file Rotary position embeddings (Su et al. 2021) as data: inverse frequencies out of config.json, and from them the
 * tables of cosines and sines, made on the host because GPUs' sine is too coarse for large angles.
 * Source: transformers 5.18, modeling_rope_utils.py, whose float32 steps are kept.
 */
import { UserError } from '../core/errors';
import { shortJson } from '../core/json';
import { message } from '../messages/message';
import { ropeDivisor } from './config-limits';
import { ConfigReader } from './config-reader';

export interface Rope {
  /** One for each pair of turned dimensions; the dimensions beyond them pass as they are. */
  readonly inverseFrequencies: readonly number[];
  /** What cosines and sines are multiplied by. */
  readonly attentionFactor: number;
  /** LongRoPE's frequencies for sequences of more than `beyond` tokens; null where there is one set for all. */
  readonly long: { readonly beyond: number; readonly inverseFrequencies: readonly number[] } | null;
  /** Dynamic RoPE: by what a sequence of more than `beyond` tokens gets frequencies of its own; null elsewhere. */
  readonly growing: { readonly beyond: number; readonly theta: number; readonly factor: number } | null;
  /** Tokens that the rope was stretched to, where config.json says so by a factor; null elsewhere. */
  readonly reach: number | null;
}

export interface RopeDefaults {
  readonly headDim: number;
  readonly theta: number;
  /** config.json's max_position_embeddings, in tokens. */
  readonly contextLength: number;
  /** Share of the head's dimensions that are turned, where the architecture can leave some out; by default all are. */
  readonly partialRotaryFactor?: number;
  /** Other names by which the architecture's files call a rope type. */
  readonly aliases?: Readonly<Record<string, string>>;
}

const { fround } = Math;
const isDivisor = (value: unknown): value is number =>
  typeof value === 'number' && value >= ropeDivisor.least && value <= ropeDivisor.most;

/** Computes theta^(-2i / dim) for each pair i, divided by the dimension's factor: 1 / (factor theta^(2i / dim)). */
function baseFrequencies(dim: number, theta: number, factors: readonly number[] | null): number[] {
  return Array.from({ length: dim / 2 }, (_, i) =>
    fround(1 / fround((factors?.[i] ?? 1) * fround(theta ** fround((2 * i) / dim)))),
  );
}

/**
 * Scales frequencies as Llama 3.1 does: long wavelengths are slowed by `factor`, short ones kept, those between
 * interpolated.
 */
function llama3(read: ConfigReader, frequencies: readonly number[], original: number): number[] {
  const factor = read.number('factor');
  const low = read.number('low_freq_factor');
  const high = read.number('high_freq_factor');
  return frequencies.map((frequency) => {
    const wavelength = (2 * Math.PI) / frequency;
    if (wavelength < original / high) return frequency;
    if (wavelength >= original / low) return fround(frequency / factor);
    const smooth = (original / wavelength - low) / (high - low);
    return fround(((1 - smooth) * frequency) / factor + smooth * frequency);
  });
}

/**
 * Reads LongRoPE (Ding et al. 2024, arXiv 2402.13753) as Phi-3 has it: one divisor of each frequency for short
 * sequences, another for long ones.
 */
function longRope(read: ConfigReader, dim: number, theta: number, original: number, contextLength: number): Rope {
  const factors = (key: string): number[] =>
    read.list(key, dim / 2, isDivisor, message('numbersWithin', ropeDivisor)) ??
    read.fail(key, message('listOfCount', { count: dim / 2, items: message('numbersWithin', ropeDivisor) }));
  const factor = read.number('factor', contextLength / original);
  const attentionFactor = factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(original));
  return {
    inverseFrequencies: baseFrequencies(dim, theta, factors('short_factor')),
    attentionFactor: read.number('attention_factor', attentionFactor),
    long: { beyond: original, inverseFrequencies: baseFrequencies(dim, theta, factors('long_factor')) },
    growing: null,
    reach: null,
  };
}

/** YaRN's factor of cosines and sines, for a scale and its weight (Peng et al. 2023, equation 22). */
const yarnMscale = (scale: number, weight = 1): number => (scale <= 1 ? 1 : 0.1 * weight * Math.log(scale) + 1);

/**
 * Reads YaRN (Peng et al. 2023, arXiv 2309.00071): fast dimensions keep their frequency, slow ones are slowed by
 * `factor`, those between by a share that rises from dimension to dimension.
 */
function yarn(read: ConfigReader, dim: number, theta: number, original: number, contextLength: number): Rope {
  const factor = read.number('factor', contextLength / original);
  const weights = [read.number('mscale', 0), read.number('mscale_all_dim', 0)] as const;
  const inferred = weights.every((weight) => weight !== 0)
    ? yarnMscale(factor, weights[0]) / yarnMscale(factor, weights[1])
    : yarnMscale(factor);
  const dimensionOf = (turns: number): number =>
    (dim * Math.log(original / (turns * 2 * Math.PI))) / (2 * Math.log(theta));
  const whole = read.boolean('truncate', true);
  const [fast, slow] = [dimensionOf(read.number('beta_fast', 0) || 32), dimensionOf(read.number('beta_slow', 0) || 1)];
  const low = Math.max(whole ? Math.floor(fast) : fast, 0);
  const high = Math.min(whole ? Math.ceil(slow) : slow, dim - 1);
  const span = low === high ? 0.001 : high - low;
  const inverseFrequencies = baseFrequencies(dim, theta, null).map((kept, i) => {
    const slowed = fround(1 / fround(factor * fround(theta ** fround((2 * i) / dim))));
    const share = fround(1 - Math.min(1, Math.max(0, fround(fround(i - low) / span))));
    return fround(fround(slowed * fround(1 - share)) + fround(kept * share));
  });
  return {
    inverseFrequencies,
    attentionFactor: read.number('attention_factor', inferred),
    long: null,
    growing: null,
    reach: Math.floor(original * factor),
  };
}

/** The frequencies of a sequence of `length` tokens under dynamic RoPE, which grows the base with it (NTK). */
function grownFrequencies({ beyond, theta, factor }: NonNullable<Rope['growing']>, dim: number, length: number) {
  const ratio = fround(fround(fround(factor * length) / beyond) - (factor - 1));
  return baseFrequencies(dim, fround(theta * fround(ratio ** (dim / (dim - 2)))), null);
}

/**
 * Reads a rope out of an object of parameters (`rope_parameters`, `rope_scaling`, or one layer type's part of them).
 * @param config where values of transformers 4 lie: `rope_theta`, `partial_rotary_factor`,
 * `original_max_position_embeddings`
 */
export function parseRope(parameters: ConfigReader, config: ConfigReader, defaults: RopeDefaults): Rope {
  const { headDim, contextLength, partialRotaryFactor = 1, aliases = {} } = defaults;
  const theta = parameters.number('rope_theta', config.number('rope_theta', defaults.theta));
  const partial = parameters.number(
    'partial_rotary_factor',
    config.number('partial_rotary_factor', partialRotaryFactor),
  );
  if (defaults.partialRotaryFactor === undefined && partial !== 1)
    parameters.fail('partial_rotary_factor', message('onlyValueHere', { values: '1' }));
  const dim = Math.trunc(headDim * partial);
  if (dim % 2 !== 0 || dim < 2 || dim > headDim) {
    throw new UserError('rotaryOdd', { count: dim, all: headDim });
  }
  const named = parameters.has('rope_type')
    ? parameters.string('rope_type')
    : parameters.has('type')
      ? parameters.string('type')
      : 'default';
  const type = aliases[named] ?? named;
  const original = config.size(
    'original_max_position_embeddings',
    parameters.size('original_max_position_embeddings', contextLength),
  );
  const frequencies = baseFrequencies(dim, theta, null);
  const plain = (inverseFrequencies: readonly number[]): Rope => ({
    inverseFrequencies,
    attentionFactor: 1,
    long: null,
    growing: null,
    reach: null,
  });
  if (type === 'default') return plain(frequencies);
  if (type === 'linear') {
    const factor = parameters.number('factor');
    return plain(frequencies.map((frequency) => fround(frequency / factor)));
  }
  if (type === 'llama3') return plain(llama3(parameters, frequencies, original));
  if (type === 'longrope') return longRope(parameters, dim, theta, original, contextLength);
  if (type === 'yarn') return yarn(parameters, dim, theta, original, contextLength);
  if (type === 'dynamic') {
    const factor = parameters.number('factor');
    const growing = { beyond: contextLength, theta, factor };
    return { ...plain(frequencies), growing, reach: Math.floor(contextLength * factor) };
  }
  throw new UserError('ropeTypeOther', { type: shortJson(named) });
}

/** Reads the rope that all layers share. transformers 4 keeps its parameters in rope_scaling, 5 in rope_parameters. */
export function readRope(config: ConfigReader, defaults: RopeDefaults): Rope {
  const parameters =
    config.section('rope_scaling') ?? config.section('rope_parameters') ?? new ConfigReader({}, 'rope_parameters.');
  return parseRope(parameters, config, defaults);
}

/** Gives the frequencies of a whole sequence of so many tokens. */
function frequenciesByLength({ inverseFrequencies, long, growing }: Rope): (length: number) => readonly number[] {
  const grown = new Map<number, readonly number[]>();
  return (length) => {
    if (long && length > long.beyond) return long.inverseFrequencies;
    if (!growing || length <= growing.beyond) return inverseFrequencies;
    const frequencies = grown.get(length) ?? grownFrequencies(growing, 2 * inverseFrequencies.length, length);
    grown.set(length, frequencies);
    return frequencies;
  };
}

/**
 * Computes the tables by which positions turn queries and keys (Su et al. 2021, arXiv 2104.09864); each angle is
 * rounded to float32 before its cosine and sine are taken.
 * @param sequenceLengths tokens of the whole sequence that each position belongs to
 * @returns cos and sin, each [positions, 1, turned dimensions / 2]
 */
export function rotaryTables(
  rope: Rope,
  positions: ArrayLike<number>,
  sequenceLengths: ArrayLike<number>,
): { cos: Float32Array; sin: Float32Array } {
  const { inverseFrequencies, attentionFactor } = rope;
  const half = inverseFrequencies.length;
  const frequenciesOf = frequenciesByLength(rope);
  const cos = new Float32Array(positions.length * half);
  const sin = new Float32Array(positions.length * half);
  for (let t = 0; t < positions.length; t++) {
    const frequencies = frequenciesOf(sequenceLengths[t] as number);
    for (let i = 0; i < half; i++) {
      const angle = fround((positions[t] as number) * (frequencies[i] as number));
      cos[t * half + i] = attentionFactor * Math.cos(angle);
      sin[t * half + i] = attentionFactor * Math.sin(angle);
    }
  }
  return { cos, sin };
}
