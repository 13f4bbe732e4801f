/**
 * @file What an operator is. The set is closed: AttributeMap names every operator Airlock may emit, all of them
 * standard ONNX (opset 18) or onnxruntime's own, and placed on the WebGPU execution provider. The table over it
 * (operators/index.ts) is total: an operator without shape rule, VJP, kernel and cases does not compile.
 */
import type { DType } from '../core/dtype';
import type { Shape } from '../core/shape';
import type { Builder } from './builder';
import type { Node, Value, Float64Tensor } from './value';

type None = Readonly<Record<string, never>>;
interface Axis {
  readonly axis: number;
}
/** How weights of few bits are stored, with one scale for each block of a row (operators/quantized.ts). */
export interface BlockFormat {
  readonly bits: 4 | 8;
  /** Number of elements that share a scale. */
  readonly blockSize: number;
}
/** How a query's scores become weights (operators/attention.ts). */
export interface AttentionForm {
  /** Factor of the scores. */
  readonly scale: number;
  /** Scores are bent into (-softcap, softcap); null for not at all (Gemma 2). */
  readonly softcap: number | null;
  /** Number of positions, its own included, that a query looks back over; null for all. */
  readonly slidingWindow: number | null;
}
/** How a sequence's queries meet the keys and values of a cache, or of the row itself (operators/fused.ts). */
export interface GroupedAttentionForm extends Omit<AttentionForm, 'softcap'> {
  readonly heads: number;
  readonly kvHeads: number;
}
/** Axes of a reduction, which always keeps them, as 1. */
interface Axes {
  readonly axes: readonly number[];
}

export interface AttributeMap {
  // elementwise, broadcasting as NumPy does
  Add: None;
  Sub: None;
  Mul: None;
  Div: None;
  Min: None;
  Neg: None;
  Exp: None;
  Sqrt: None;
  Sigmoid: None;
  Tanh: None;
  Erf: None;
  Cast: { readonly to: DType };
  Equal: None;
  GreaterOrEqual: None;
  And: None;
  Not: None;
  Where: None;
  // reductions
  ReduceSum: Axes;
  ReduceMean: Axes;
  ReduceSumSquare: Axes;
  ReduceLogSumExp: Axes;
  Softmax: Axis;
  // matrix products
  MatMul: None;
  Gemm: { readonly transA: boolean; readonly transB: boolean };
  // layout
  Reshape: { readonly shape: Shape };
  Transpose: { readonly perm: readonly number[] };
  Expand: { readonly shape: Shape };
  Concat: Axis;
  Split: Axis & { readonly sizes: readonly number[] };
  // indexing
  Gather: None;
  GatherElements: Axis;
  ScatterElements: Axis;
  // attention within a packed row
  Attention: AttentionForm;
  AttentionGrad: AttentionForm;
  // weights in blocks of few bits
  MatMulNBits: BlockFormat;
  GatherBlockQuantized: BlockFormat;
  // what stages for the runtime's GPU are rewritten to (fuse.ts)
  FusedGemm: { readonly transA: boolean; readonly transB: boolean; readonly alpha: number; readonly beta: number };
  SimplifiedLayerNormalization: { readonly epsilon: number };
  LayerNormalization: { readonly epsilon: number };
  QuickGelu: None;
  Gelu: None;
  FastGelu: None;
  RotaryEmbedding: { readonly heads: number };
  GroupQueryAttention: GroupedAttentionForm;
}

export type OperatorName = keyof AttributeMap;

export interface ValueType {
  readonly dtype: DType;
  readonly shape: Shape;
}

/** How the tests draw one input of a case: a seeded distribution, integers below a bound, or one number for all. */
export interface CaseInput extends ValueType {
  readonly draw?: 'normal' | 'positive' | { readonly below: number } | { readonly all: number };
}

export interface OperatorCase<A> {
  readonly name: string;
  readonly inputs: readonly CaseInput[];
  readonly attributes: A;
}

/**
 * A gradient rule: given the gradients of a node's outputs (null where no path reaches one), it emits those of the
 * inputs. Only inputs with `needs[i]` are used; a rule may return null for the others.
 */
export type Vjp<K extends OperatorName> = (
  g: Builder,
  node: Node<K>,
  outputGradients: readonly (Value | null)[],
  needs: readonly boolean[],
) => readonly (Value | null)[];

/** The numbers of TensorProto.DataType, for the writer and for Cast's target. */
export const onnxDataTypes: Readonly<Record<DType, number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
};

/** An attribute's value; a bare number is an integer. */
export type OnnxAttribute = number | { readonly float: number } | string | readonly number[];

/** A vector of integers that is an input of an ONNX node. */
export interface OnnxVector {
  readonly dtype: 'int32' | 'int64';
  readonly data: readonly number[];
}

export interface OnnxForm {
  /** ONNX's name of the operator, where it is another. */
  readonly type?: string;
  /** The domain of an operator that is not ONNX's own. */
  readonly domain?: 'com.microsoft';
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
  /** int64 vectors that ONNX wants as further inputs: axes, shapes, sizes. */
  readonly extraInputs?: readonly (readonly number[])[];
  /** The inputs in ONNX's order, where it is another: those of the node by their place, vectors, null for absent. */
  readonly inputs?: readonly (number | OnnxVector | null)[];
}

export interface Operator<K extends OperatorName> {
  /** Derives the output types; throws a plain sentence where the inputs do not fit. */
  readonly infer: (inputs: readonly Value[], attributes: AttributeMap[K]) => readonly ValueType[];
  /** The gradient rule, or the reason why there is none. */
  readonly vjp: Vjp<K> | { readonly none: string };
  /** Computes the outputs in float64; bools are 0 and 1. */
  readonly evaluate: (
    inputs: readonly Float64Tensor[],
    attributes: AttributeMap[K],
    outputs: readonly ValueType[],
  ) => readonly Float64Array[];
  /** What the runtime takes, or the reason why it takes nothing of the kind. */
  readonly onnx: (
    attributes: AttributeMap[K],
    outputs: readonly ValueType[],
    inputs: readonly ValueType[],
  ) => OnnxForm | { readonly none: string };
  readonly cases: readonly OperatorCase<AttributeMap[K]>[];
}
