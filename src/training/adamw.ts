/**
 * @file AdamW with global-norm clipping, vector by vector: the flat LoRA of each block, and of a reward model its score
 * head (Loshchilov and Hutter 2019, alg. 2;
 * PyTorch's update and clip_grad_norm_). One stage adds up the squares of a block's gradient, another updates a block;
 * between them the norm comes to the host, which refuses one that is no number and makes the factor that clips.
 */
import { Builder } from '../graph/builder';
import type { Stage, Value } from '../graph/value';
import type { LoadedModel } from '../engine/loaded-model';
import type { DeviceTensor, Executor, Program } from '../runtime/executor';
import { disposeAll } from '../runtime/executor';
import type { AdamWState } from '../run/training-checkpoint';
import type { RunConfig } from '../run/config';

type AdamWConfig = Pick<RunConfig, 'adam_beta1' | 'adam_beta2' | 'adam_epsilon' | 'weight_decay' | 'max_grad_norm'>;

/** What is kept of each block from step to step. */
const kinds = ['parameter', 'mean', 'variance'] as const;
type Kind = (typeof kinds)[number];

/** Builds the sum of a gradient's squares, added to what the blocks before gave: gradient [size], sum [1] to newSum. */
export function buildSquaresStage(size: number): Stage<'gradient' | 'sum', 'newSum'> {
  const g = new Builder();
  const gradient = g.input('gradient', 'float32', [size]);
  const sum = g.input('sum', 'float32', [1]);
  return {
    name: 'AdamW, squares',
    inputs: { gradient, sum },
    outputs: { newSum: g.add(sum, g.reduceSumSquare(gradient, [0])) },
    inPlace: { newSum: 'sum' },
  };
}

/**
 * Builds one step of AdamW for one block, whose vectors have `size` elements. `scalars` [4] are the factor that clips
 * the gradient, the learning rate, and the bias corrections 1 - beta^t.
 */
export function buildUpdateStage(
  size: number,
  config: Omit<AdamWConfig, 'max_grad_norm'>,
): Stage<Kind | 'gradient' | 'scalars', `new ${Kind}`> {
  const g = new Builder();
  const vector = (name: Kind | 'gradient'): Value => g.input(name, 'float32', [size]);
  const inputs = {
    parameter: vector('parameter'),
    mean: vector('mean'),
    variance: vector('variance'),
    gradient: vector('gradient'),
    scalars: g.input('scalars', 'float32', [4]),
  };
  const { adam_beta1: b1, adam_beta2: b2 } = config;
  const c = (value: number): Value => g.constant(value);
  const [clip, rate, correction1, correction2] = g.split(inputs.scalars, [1, 1, 1, 1], 0) as [
    Value,
    Value,
    Value,
    Value,
  ];
  const gradient = g.mul(inputs.gradient, clip);
  const mean = g.add(g.mul(inputs.mean, c(b1)), g.mul(gradient, c(1 - b1)));
  const variance = g.add(g.mul(inputs.variance, c(b2)), g.mul(g.mul(gradient, gradient), c(1 - b2)));
  const step = g.div(
    g.div(mean, correction1),
    g.add(g.div(g.sqrt(variance), g.sqrt(correction2)), c(config.adam_epsilon)),
  );
  const decayed = g.mul(inputs.parameter, g.sub(c(1), g.mul(rate, c(config.weight_decay))));
  return {
    name: 'AdamW, update',
    inputs,
    outputs: { 'new parameter': g.sub(decayed, g.mul(rate, step)), 'new mean': mean, 'new variance': variance },
    inPlace: { 'new parameter': 'parameter', 'new mean': 'mean', 'new variance': 'variance' },
  };
}

type Squares = ReturnType<typeof buildSquaresStage>;
type Update = ReturnType<typeof buildUpdateStage>;
type ProgramOf<S> = S extends Stage<infer I, infer O> ? Program<I, O> : never;

interface Programs {
  readonly squares: ProgramOf<Squares>;
  readonly update: ProgramOf<Update>;
}

const sizeOf = ({ shape }: DeviceTensor): number => shape[0] as number;

/** Parameters and moments on the device. A step replaces all three at once, or, if its gradient is not finite, none. */
export class AdamW {
  #state: Record<Kind, DeviceTensor[]>;
  #steps: number;

  private constructor(
    private readonly executor: Executor,
    /** By the size of the vectors. */
    private readonly programs: ReadonlyMap<number, Programs>,
    private readonly config: AdamWConfig,
    parameters: readonly DeviceTensor[],
    from: AdamWState | null,
  ) {
    const zeros = (): DeviceTensor[] =>
      parameters.map(({ shape }) => executor.upload(new Float32Array(shape[0] as number), shape));
    const upload = (vectors: readonly Float32Array[]): DeviceTensor[] =>
      vectors.map((vector) => executor.upload(vector, [vector.length]));
    this.#state = from
      ? { parameter: upload(from.parameter), mean: upload(from.mean), variance: upload(from.variance) }
      : { parameter: [...parameters], mean: zeros(), variance: zeros() };
    this.#steps = from?.steps ?? 0;
  }

  /**
   * Compiles the step and takes over the parameters, which it will dispose. With `from` it goes on from that state, and
   * the parameters stay the caller's.
   */
  static async open(
    model: LoadedModel,
    parameters: readonly DeviceTensor[],
    config: AdamWConfig,
    from: AdamWState | null = null,
  ): Promise<AdamW> {
    const executor = model.executor.gradient;
    const programs = new Map<number, Programs>();
    for (const size of new Set(parameters.map(sizeOf)))
      programs.set(size, {
        squares: await executor.compile(buildSquaresStage(size)),
        update: await executor.compile(buildUpdateStage(size, config)),
      });
    return new AdamW(executor, programs, config, parameters, from);
  }

  /** Copies all that the next update depends on to the host. */
  async read(): Promise<AdamWState> {
    const read = async (tensors: readonly DeviceTensor[]): Promise<Float32Array[]> => {
      const vectors: Float32Array[] = [];
      for (const tensor of tensors) vectors.push(Float32Array.from(await this.executor.read(tensor)));
      return vectors;
    };
    const { parameter, mean, variance } = this.#state;
    return {
      parameter: await read(parameter),
      mean: await read(mean),
      variance: await read(variance),
      steps: this.#steps,
    };
  }

  get parameters(): readonly DeviceTensor[] {
    return this.#state.parameter;
  }

  /**
   * Updates parameters and moments, and consumes the gradients.
   * @returns the global norm before clipping; when it is not finite, parameters and moments are as they were
   */
  async step(gradients: readonly DeviceTensor[], rate: number): Promise<number> {
    const t = this.#steps + 1;
    const norm = await this.#normOf(gradients);
    if (!Number.isFinite(norm)) {
      disposeAll(gradients);
      return norm;
    }
    const { adam_beta1, adam_beta2, max_grad_norm } = this.config;
    const clip = max_grad_norm > 0 ? Math.min(1, max_grad_norm / (norm + 1e-6)) : 1;
    const scalars = this.executor.upload(Float32Array.of(clip, rate, 1 - adam_beta1 ** t, 1 - adam_beta2 ** t), [4]);
    for (const [i, gradient] of gradients.entries()) {
      const before = {
        parameter: this.#take('parameter', i),
        mean: this.#take('mean', i),
        variance: this.#take('variance', i),
      };
      const after = await this.executor.run(this.#programsOf(gradient).update, { ...before, gradient, scalars });
      for (const kind of kinds) this.#state[kind][i] = after[`new ${kind}`];
      disposeAll([...Object.values(before), gradient]);
    }
    scalars.dispose();
    this.#steps = t;
    return norm;
  }

  #programsOf(vector: DeviceTensor): Programs {
    return this.programs.get(sizeOf(vector)) as Programs;
  }

  #take(kind: Kind, block: number): DeviceTensor {
    return this.#state[kind][block] as DeviceTensor;
  }

  /** The norm of all blocks' gradients together. */
  async #normOf(gradients: readonly DeviceTensor[]): Promise<number> {
    let sum = this.executor.upload(Float32Array.of(0), [1]);
    for (const gradient of gradients) {
      const { newSum } = await this.executor.run(this.#programsOf(gradient).squares, { gradient, sum });
      sum.dispose();
      sum = newSum;
    }
    const [squares] = await this.executor.read(sum);
    sum.dispose();
    return Math.sqrt(squares as number);
  }

  async dispose(): Promise<void> {
    disposeAll(Object.values(this.#state).flat());
    for (const { squares, update } of this.programs.values()) {
      await squares.dispose();
      await update.dispose();
    }
  }
}
