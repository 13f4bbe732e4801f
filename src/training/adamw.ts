/**
 * @file AdamW with global-norm clipping as one graph over all blocks' flat LoRA vectors (Loshchilov and Hutter 2019,
 * alg. 2; PyTorch's update and clip_grad_norm_). Only the norm comes back to the host.
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

/** Names of block `i`'s vectors: an input may not share its name with an output of another value. */
const nameOf = <K extends Kind | 'gradient'>(kind: K, i: number) => `${kind}${i}` as const;
const newNameOf = <K extends Kind>(kind: K, i: number) => `new ${kind}${i}` as const;

/** The step's scalars, [1] each: the learning rate, and the bias corrections 1 - beta^t. */
type ScalarName = 'rate' | 'correction1' | 'correction2';
type VectorName = `${Kind | 'gradient'}${number}`;
type NewVectorName = `new ${Kind}${number}`;

/**
 * Builds one step of AdamW over all blocks. For each block four vectors of `size` elements go in (parameter, gradient,
 * mean and variance) and three come out; `norm` [1] is the gradients' global norm before clipping.
 */
export function buildAdamWStage(
  blocks: number,
  size: number,
  config: AdamWConfig,
): Stage<ScalarName | VectorName, 'norm' | NewVectorName> {
  const g = new Builder();
  const scalar = (name: ScalarName): Value => g.input(name, 'float32', [1]);
  const [rate, correction1, correction2] = [scalar('rate'), scalar('correction1'), scalar('correction2')];
  const vectors: Partial<Record<VectorName, Value>> = {};
  const input = (kind: Kind | 'gradient', i: number): Value =>
    (vectors[nameOf(kind, i)] = g.input(nameOf(kind, i), 'float32', [size]));
  const { adam_beta1: b1, adam_beta2: b2 } = config;
  const c = (value: number): Value => g.constant(value);

  const gradients = Array.from({ length: blocks }, (_, i) => input('gradient', i));
  const squares = gradients.map((gradient) => g.reduceSumSquare(gradient, [0])); // (1)
  const norm = g.sqrt(g.reduceSum(g.concat(squares, 0), [0]));
  const clip = config.max_grad_norm > 0 ? g.min(c(1), g.div(c(config.max_grad_norm), g.add(norm, c(1e-6)))) : c(1);

  const updated: Partial<Record<NewVectorName, Value>> = {};
  gradients.forEach((raw, i) => {
    const gradient = g.mul(raw, clip);
    const mean = g.add(g.mul(input('mean', i), c(b1)), g.mul(gradient, c(1 - b1)));
    const variance = g.add(g.mul(input('variance', i), c(b2)), g.mul(g.mul(gradient, gradient), c(1 - b2)));
    const step = g.div(
      g.div(mean, correction1),
      g.add(g.div(g.sqrt(variance), g.sqrt(correction2)), c(config.adam_epsilon)),
    );
    const decayed = g.mul(input('parameter', i), g.sub(c(1), g.mul(rate, c(config.weight_decay))));
    updated[newNameOf('parameter', i)] = g.sub(decayed, g.mul(rate, step));
    updated[newNameOf('mean', i)] = mean;
    updated[newNameOf('variance', i)] = variance;
  });
  return { name: 'AdamW', inputs: { rate, correction1, correction2, ...vectors }, outputs: { norm, ...updated } };
}

/** Parameters and moments on the device. A step replaces all three at once, or, if its gradient is not finite, none. */
export class AdamW {
  #state: Record<Kind, DeviceTensor[]>;
  #steps: number;

  private constructor(
    private readonly executor: Executor,
    private readonly program: Program<ScalarName | VectorName, 'norm' | NewVectorName>,
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
    const size = parameters[0]?.shape[0] as number;
    const program = await model.executor.compile(buildAdamWStage(parameters.length, size, config));
    return new AdamW(model.executor, program, config, parameters, from);
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
    const { adam_beta1, adam_beta2 } = this.config;
    const scalar = (value: number): DeviceTensor => this.executor.upload(Float32Array.of(value), [1]);
    const scalars = {
      rate: scalar(rate),
      correction1: scalar(1 - adam_beta1 ** t),
      correction2: scalar(1 - adam_beta2 ** t),
    };
    const vectors: Partial<Record<VectorName, DeviceTensor>> = {};
    gradients.forEach((gradient, i) => (vectors[nameOf('gradient', i)] = gradient));
    for (const kind of kinds) this.#state[kind].forEach((tensor, i) => (vectors[nameOf(kind, i)] = tensor));
    const outputs = await this.executor.run(this.program, { ...scalars, ...vectors });
    const norm = (await this.executor.read(outputs.norm))[0] as number;
    disposeAll([...Object.values(scalars), ...gradients, outputs.norm]);
    const fresh = (kind: Kind): DeviceTensor[] => gradients.map((_, i) => outputs[newNameOf(kind, i)] as DeviceTensor);
    const next = { parameter: fresh('parameter'), mean: fresh('mean'), variance: fresh('variance') };
    if (!Number.isFinite(norm)) {
      disposeAll(Object.values(next).flat());
      return norm;
    }
    disposeAll(Object.values(this.#state).flat());
    this.#state = next;
    this.#steps = t;
    return norm;
  }

  async dispose(): Promise<void> {
    disposeAll(Object.values(this.#state).flat());
    await this.program.dispose();
  }
}
