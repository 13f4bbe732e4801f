/** @file The products of a block by their shapes, and a block: what a trial of the device and the benchmark compute. */
import { Builder } from '../graph/builder';
import type { Stage, Value } from '../graph/value';
import type { LayerKind, LinearSpec } from './architecture';
import { groupsRow } from './decode-stages';
import { layoutLora, linearNames } from './lora';
import type { ModelShape, TrainedBlockStages } from './stages';
import { planTrainedBlockStages } from './stages';

/** One product, its factors as they lie. */
export interface ProductForm {
  readonly name: string;
  readonly a: readonly [rows: number, columns: number];
  readonly b: readonly [rows: number, columns: number];
  readonly transA: boolean;
  readonly transB: boolean;
}

const rank = 8;

/** Linears of a block of one size each, the widest first. */
function distinctLinears({ architecture, config }: ModelShape): LinearSpec[] {
  const bySize = new Map(architecture.linears(config).map((linear) => [`${linear.in} ${linear.out}`, linear]));
  return [...bySize.values()].sort((a, b) => b.in * b.out - a.in * a.out);
}

/** A product with a weight, which lies as the architecture has it. */
const forward = ({ path, in: inner, out, transposed }: LinearSpec, T: number): ProductForm => ({
  name: `${path}, forward`,
  ...{ a: [T, inner], b: transposed ? [inner, out] : [out, inner], transA: false, transB: !transposed },
});

/** The gradient by the input of that product. */
const backward = ({ path, in: inner, out, transposed }: LinearSpec, T: number): ProductForm => ({
  name: `${path}, backward`,
  ...{ a: [T, out], b: transposed ? [inner, out] : [out, inner], transA: false, transB: transposed === true },
});

/** The kinds of products in a block: with each size of weight, with it transposed, and LoRA's of rank 8 beside it. */
export function productForms(shape: ModelShape, T: number): ProductForm[] {
  const linears = distinctLinears(shape);
  const { path, in: inner, out } = linears[0] as LinearSpec;
  return [
    ...linears.flatMap((linear) => [forward(linear, T), backward(linear, T)]),
    { name: `${path}, LoRA A`, a: [T, inner], b: [rank, inner], transA: false, transB: true },
    { name: `${path}, gradient of LoRA A`, a: [T, rank], b: [T, inner], transA: true, transB: false },
    { name: `${path}, gradient of LoRA B`, a: [T, out], b: [T, rank], transA: true, transB: false },
  ];
}

/** Arithmetic of the largest product of a trial: some milliseconds on a slow GPU. */
const trialFlops = 1e9;

/** The products of a trial, so short that it ends within a second: with the widest weight, both ways, and another. */
export function trialForms(shape: ModelShape): ProductForm[] {
  const linears = distinctLinears(shape);
  const [widest, other = widest] = [linears[0] as LinearSpec, linears.at(-1)];
  const tiles = Math.round(trialFlops / (2 * widest.in * widest.out * 64));
  const T = 64 * Math.min(16, Math.max(2, tiles));
  return [forward(widest, T), backward(widest, T), forward(other, T)];
}

/** The stage of one product. */
export function productStage({ name, a, b, transA, transB }: ProductForm): Stage<'a' | 'b', 'y'> {
  const g = new Builder();
  const inputs: Record<'a' | 'b', Value> = { a: g.input('a', 'float32', a), b: g.input('b', 'float32', b) };
  return { name, inputs, outputs: { y: g.gemm(inputs.a, inputs.b, { transA, transB }) } };
}

/**
 * Builds the stages of a block of the first kind, LoRA of rank 8 on all linears, its weight products saved.
 * @param pass whose the forward pass is
 */
export function trainedStages(shape: ModelShape, T: number, pass: 'ours' | 'runtime' = 'ours'): TrainedBlockStages {
  const { architecture, config } = shape;
  const target_modules = linearNames(architecture, config);
  const lora = layoutLora(architecture, config, { r: rank, lora_alpha: 2 * rank, target_modules });
  const kind = config.layerKinds[0] as LayerKind;
  const attention = pass === 'ours' ? 'operator' : 'both';
  return planTrainedBlockStages({ shape, kind, lora, T, attention }, 'products');
}

/**
 * The block of a trial of both saving passes, as long as a row of training where it is small; null where only ours can
 * be.
 */
export function trialPasses(shape: ModelShape): Record<'ours' | 'runtime', TrainedBlockStages> | null {
  if (!groupsRow(shape)) return null;
  const weights = shape.architecture.linears(shape.config).reduce((sum, linear) => sum + linear.in * linear.out, 0);
  const T = 64 * Math.min(8, Math.max(2, Math.round((4 * trialFlops) / (2 * weights * 64))));
  return { ours: trainedStages(shape, T, 'ours'), runtime: trainedStages(shape, T, 'runtime') };
}
