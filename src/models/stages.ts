/**
 * @file The stages a model is run in, cut from the architecture's forward pass and its derived gradient:
 *
 *   embed            tokens, position [T] -> x [T, C]
 *   mask             pair, branch, position [T] -> bias0, bias1, ...: rows of [T, T], a piece each (`attentionPieces`);
 *                    one mask for each width of sliding window
 *   block            x, bias0, ..., cos, sin, the block's weights, lora -> y [T, C] and the values saved for backward
 *   block backward   the block's inputs, the saved values, dy -> dx, and the LoRA gradient added to `gradient`
 *   head             x [T, C], rows [M] -> normed [M, C]; then, slice by slice of the vocabulary, with targets [M], the
 *                    log-sum-exp of the logits and the target's logit, [M, 1] each, whose difference is the log-prob;
 *                    at last the jacobian [M, C] = d logp_m / d x[row m]
 *   head, squares    normed -> by slice, the log-sum-exp of twice the logits, [M, 1]
 *   head backward    rows, jacobian, weights [M, 1] -> dx [T, C]
 *
 * Those of decoding are in decode-stages.ts.
 * Layers of one kind run one compiled block with their own weights; see `LayerKind` and `blockKey`.
 *
 * A token's log-probability depends on no other row of the head's input, so the head's gradient for any objective is
 * its Jacobian scaled row by row: the logits are computed once, never again for the backward pass.
 */
import type { Precision } from '../core/dtype';
import type { Shape } from '../core/shape';
import { sizeOf } from '../core/shape';
import { Builder } from '../graph/builder';
import { buildGradient } from '../graph/gradient';
import { planStage, pruneStage, valuesRead } from '../graph/stage';
import type { Stage, Value } from '../graph/value';
import type { Architecture, BlockWeights, LayerKind, ModelConfig, RowContext } from './architecture';
import { listBlockTensors } from './architecture';
import { attentionPieces, causalMask, maskBias, rotate, span } from './layers';
import type { AttendedRow } from './row-attention';
import { groupAttention, rowAttention } from './row-attention';
import { addSlice, addSquares, lookUp, sliceNames } from './vocabulary';
import type { Matrix } from './weights';
import { declareMatrix, storageOf } from './weights';
import type { VocabularySlices } from './vocabulary';
import type { LoraLayout } from './lora';
import { loraScale, splitLora } from './lora';

export interface ModelShape {
  readonly architecture: Architecture;
  readonly config: ModelConfig;
  /** How embedding and output projection are cut for the device; absent where they are not. */
  readonly slices?: VocabularySlices;
  /** How the weights are held; float32 where it is absent. */
  readonly precision?: Precision;
}

export const slicesOf = ({ config, slices }: ModelShape): VocabularySlices => slices ?? [config.vocabularySize];

export const precisionOf = ({ precision }: ModelShape): Precision => precision ?? 'float32';

/** Declares a table of the vocabulary as inputs, slice by slice. */
export function declareTable(g: Builder, shape: ModelShape, path: string): Matrix[] {
  const slices = slicesOf(shape);
  const { hiddenSize } = shape.config;
  const storage = storageOf(precisionOf(shape), 'table', hiddenSize);
  return sliceNames(path, slices).map((name, i) => declareMatrix(g, name, storage, [slices[i] as number, hiddenSize]));
}

export const inputsOf = (matrices: readonly Matrix[]): Record<string, Value> =>
  Object.assign({}, ...matrices.map(({ inputs }) => inputs)) as Record<string, Value>;

/** Which forward values a block keeps for its backward pass. */
export type SavePolicy =
  /** Only the block's input is kept; everything is computed again. */
  | 'none'
  /** Outputs of the weight products are kept; norms, activations and attention weights are computed again. */
  | 'products';

/**
 * Returns a key that is equal for kinds of layer whose blocks are the same graph. They may differ in tables, masks and
 * weights, which are inputs.
 */
export function blockKey({ rope }: LayerKind): string {
  return rope ? `rope ${rope.inverseFrequencies.length}` : 'no rope';
}

/** Builds the embedding of tokens [T] at positions [T], both int32: x [T, C]. */
export function buildEmbedStage(model: ModelShape, T: number): Stage<'tokens' | 'position', 'x'> {
  const { architecture, config } = model;
  const g = new Builder();
  const table = declareTable(g, model, 'table');
  const tokens = g.input('tokens', 'int32', [T]);
  const position = g.input('position', 'int32', [T]);
  const weights: Record<string, Value> = {};
  for (const [path, { shape }] of architecture.embeddingTensors(config)) {
    if (path !== 'table') weights[path] = g.input(path, 'float32', shape);
  }
  const embedded = lookUp(g, table, tokens);
  const x = architecture.buildEmbedding(g, config, embedded, position, (path) => weights[path] as Value);
  return pruneStage({
    name: 'embed',
    inputs: { tokens, position, ...weights, ...inputsOf(table) },
    outputs: { x },
    lengths: [T],
  });
}

/** Name of the attention bias of one piece of a row. */
export type BiasName = `bias${number}`;

/**
 * Builds the attention biases of a row, one for each piece: a token sees its own pair's earlier positions, in its own
 * branch or in the prompt (branch 0), and within the sliding window.
 * @param slidingWindow in tokens; null for none
 */
export function buildMaskStage(
  slidingWindow: number | null,
  T: number,
  pieces = attentionPieces(T),
): Stage<'pair' | 'branch' | 'position', BiasName> {
  const g = new Builder();
  const pair = g.input('pair', 'int32', [T]);
  const branch = g.input('branch', 'int32', [T]);
  const position = g.input('position', 'int32', [T]);
  const queries = (v: Value): Value => g.reshape(v, [T, 1]);
  const keys = (v: Value): Value => g.reshape(v, [1, T]);
  const samePair = g.equal(queries(pair), keys(pair));
  const inPrompt = g.equal(keys(branch), g.constant(0, [], 'int32'));
  const otherBranch = g.and(g.not(g.equal(queries(branch), keys(branch))), g.not(inPrompt));
  const allowed = g.and(g.and(samePair, g.not(otherBranch)), causalMask(g, position, position, slidingWindow));
  const bands = g.split(
    maskBias(g, allowed),
    pieces.map(({ from, to }) => to - from),
    0,
  );
  const outputs = pieces.map(({ to, keys }, i): [string, Value] => [
    `bias${i}`,
    span(g, bands[i] as Value, keys, to, 1),
  ]);
  return { name: 'mask', inputs: { pair, branch, position }, outputs: Object.fromEntries(outputs) };
}

/** A block of one kind for T rows. */
interface BlockOfRows {
  readonly model: ModelShape;
  readonly kind: LayerKind;
  readonly lora: LoraLayout | null;
  readonly T: number;
  /**
   * Whether `lora` holds several adapters, of which each row takes its own: `mask` [T, R] has its scale where they lie.
   */
  readonly isStack?: boolean;
}

/** Declares the inputs that a block has besides its cache or mask, and wraps them as the architecture takes them. */
export function blockInputs(g: Builder, { model, kind, lora, T, isStack = false }: BlockOfRows) {
  const { architecture, config } = model;
  const { rope } = kind;
  const x = g.input('x', 'float32', [T, config.hiddenSize]);
  const flat = lora && g.input('lora', 'float32', [lora.size]);
  const inputs: Record<string, Value> = { x, ...(flat && { lora: flat }) };
  const tensors = new Map(listBlockTensors(architecture, config));
  const matrices = new Map(
    architecture.linears(config).map(({ path, in: width, transposed }) => {
      const name = `${path}.weight`;
      const shape = tensors.get(name) as Shape;
      tensors.delete(name);
      return [path, declareMatrix(g, name, storageOf(precisionOf(model), 'linear', width), shape, transposed)];
    }),
  );
  Object.assign(inputs, inputsOf([...matrices.values()]));
  for (const [path, shape] of tensors) inputs[path] = g.input(path, 'float32', shape);
  const tensor = (path: string): Value => inputs[path] as Value;
  let turn: RowContext['rotate'] = (v) => v;
  if (rope) {
    const [cos, sin] = ['cos', 'sin'].map(
      (name) => (inputs[name] = g.input(name, 'float32', [T, 1, rope.inverseFrequencies.length])),
    ) as [Value, Value];
    turn = (v) => rotate(g, v, cos, sin);
  }
  const adapters = lora && flat && splitLora(g, lora, flat);
  const scale = lora && (isStack ? g.input('mask', 'float32', [T, lora.config.r]) : g.constant(loraScale(lora.config)));
  if (scale && isStack) inputs['mask'] = scale;
  const weights: BlockWeights = {
    tensor,
    linear: (path, x) => {
      let y = (matrices.get(path) as Matrix).product(x);
      if (inputs[`${path}.bias`]) y = g.add(y, tensor(`${path}.bias`));
      const adapter = adapters?.get(path);
      if (!scale || !adapter) return y;
      const low = g.mul(g.gemm(x, adapter.A, { transB: true }), scale); // (T, R)
      return g.add(y, g.gemm(low, adapter.B, { transB: true }));
    },
  };
  return { inputs: { ...inputs, x }, lora: flat, weights, x, rotate: turn };
}

/** Which block is built, and for rows of what size. */
export interface RowBlock<L extends LoraLayout | null = LoraLayout | null> extends AttendedRow {
  readonly shape: ModelShape;
  /** null for the base without an adapter. */
  readonly lora: L;
}

/**
 * What a block of a row must be fed besides its weights. One with an adapter takes `lora`, one whose kind has rotary
 * positions `cos` and `sin`; one whose attention is an operator takes `row` [T, 4] in place of the biases.
 */
export type BlockInput = 'x' | BiasName;

/** Builds the block's forward pass alone, x to y: what the reference and evaluation run. */
export function buildBlockStage(block: RowBlock): Stage<BlockInput, 'y'> {
  const { inputs, y } = buildRowBlock(new Builder(), block);
  return pruneStage({ name: 'block', inputs, outputs: { y }, lengths: [block.T] });
}

function buildRowBlock(g: Builder, block: RowBlock) {
  const { shape, kind, lora, T } = block;
  const { inputs, lora: flat, weights, x, rotate } = blockInputs(g, { model: shape, kind, lora, T });
  const row = rowAttention(g, block);
  const y = shape.architecture.buildBlock(g, shape.config, x, weights, { rotate, attend: row.attend });
  return { inputs: { ...inputs, ...row.inputs, x }, lora: flat, x, y };
}

/** Name of a value that the forward pass of a block saves for its backward pass. */
export type SavedName = `saved${number}`;

export interface TrainedBlockStages {
  readonly forward: Stage<BlockInput | 'lora', 'y' | SavedName>;
  /** Its saved inputs are the forward pass's outputs of the same names. */
  readonly backward: Stage<BlockInput | 'lora' | SavedName | 'dy' | 'gradient', 'dx' | 'newGradient'>;
  /** Bytes of one block's saved values. */
  readonly savedBytes: number;
}

/**
 * Tells whether a value is a matrix product, or a sum with one (bias, LoRA branch, residual), and so worth keeping: it
 * costs far more to compute than to hold. Of nested sums the outermost that backward reads is kept, and nothing below
 * it.
 */
function isCostlyProduct(value: Value, headDim: number): boolean {
  if (value.source.kind !== 'node') return false;
  const { op, inputs } = value.source.node;
  // Of attention's products the one with the values. Its scores are cheap to compute again, and the largest of all.
  return (
    op === 'Attention' ||
    op === 'Gemm' ||
    op === 'MatMulNBits' ||
    (op === 'MatMul' && value.shape.at(-1) === headDim) ||
    (op === 'Add' && inputs.some((input) => isCostlyProduct(input, headDim)))
  );
}

/**
 * Finds products times a factor that nobody needs without it, LoRA's low ones: kept with their factor, they are one
 * node of the runtime's.
 */
function findScaled(forward: Stage): Set<Value> {
  const { nodes } = planStage(forward);
  const isFactor = ({ source, shape }: Value): boolean => source.kind === 'constant' && sizeOf(shape) === 1;
  const readersOf = (value: Value): number => nodes.filter(({ inputs }) => inputs.includes(value)).length;
  const isLoneProduct = (value: Value): boolean =>
    value.source.kind === 'node' && value.source.node.op === 'Gemm' && readersOf(value) === 1;
  const scaled = nodes.filter(({ op, inputs }) => op === 'Mul' && inputs.some(isFactor) && inputs.some(isLoneProduct));
  return new Set(scaled.flatMap(({ outputs }) => outputs));
}

/** Tells whether a value is an output of our own operator for attention, whose sums the runtime does not give. */
const isAttention = ({ source }: Value): boolean => source.kind === 'node' && source.node.op === 'Attention';

function forwardValues(outputs: readonly Value[]): Set<Value> {
  const seen = new Set<Value>();
  const visit = (value: Value): void => {
    if (seen.has(value)) return;
    seen.add(value);
    if (value.source.kind !== 'node') return;
    value.source.node.inputs.forEach(visit);
    // What else a node gives is there too: attention's sums, which its gradient reads.
    value.source.node.outputs.forEach((output) => seen.add(output));
  };
  outputs.forEach(visit);
  return seen;
}

/** Builds a block's forward pass that saves values, and the backward pass that reads them. */
export function buildTrainedBlockStages(block: RowBlock<LoraLayout>, policy: SavePolicy): TrainedBlockStages {
  const { shape } = block;
  const g = new Builder();
  const { inputs: all, lora, x, y } = buildRowBlock(g, block);
  if (!lora) throw new Error('A block without an adapter has nothing to train.');
  const inputs = { ...all, lora };
  const dy = g.input('dy', 'float32', y.shape);
  const gradient = g.input('gradient', 'float32', lora.shape);
  const isGrouped = block.attention === 'both';
  const scaled = findScaled({ name: 'block', inputs, outputs: { y } });
  const isKept = (value: Value): boolean =>
    policy !== 'none' &&
    (isCostlyProduct(value, shape.config.headDim) || scaled.has(value)) &&
    !(isGrouped && isAttention(value));
  const candidates = new Set([...forwardValues([y])].filter(isKept));
  const [dx, dLora] = buildGradient(g, new Map([[y, dy]]), [x, lora]) as [Value, Value];
  const backwardOutputs = { dx, newGradient: g.add(gradient, dLora) };
  const saved = valuesRead(Object.values(backwardOutputs), new Set(Object.values(inputs)), candidates);
  const savedByName = Object.fromEntries(saved.map((value, i) => [`saved${i}`, value]));
  const forward = pruneStage<BlockInput | 'lora', 'y' | SavedName>({
    name: 'block, saving',
    inputs,
    outputs: { y, ...savedByName },
    lengths: [block.T],
  });
  return {
    forward: isGrouped ? (groupAttention(forward, block.T) as typeof forward) : forward,
    backward: pruneStage<BlockInput | 'lora' | SavedName | 'dy' | 'gradient', 'dx' | 'newGradient'>({
      name: 'block, backward',
      inputs: { ...inputs, ...savedByName, dy, gradient },
      outputs: backwardOutputs,
      lengths: [block.T],
      inPlace: { newGradient: 'gradient' },
    }),
    savedBytes: saved.reduce((sum, value) => sum + 4 * sizeOf(value.shape), 0),
  };
}

/** Bytes of saved values for one row, all blocks together; beyond them blocks keep their input only. */
const savedBytesBudget = 1.5 * 2 ** 30;

/**
 * Builds a trained block's stages under the policy.
 * @param policy `auto` saves the weight products of all blocks where they fit the budget, and computes them again where
 * they do not
 */
export function planTrainedBlockStages(block: RowBlock<LoraLayout>, policy: SavePolicy | 'auto'): TrainedBlockStages {
  if (policy !== 'auto') return buildTrainedBlockStages(block, policy);
  const saving = buildTrainedBlockStages(block, 'products');
  return saving.savedBytes * block.shape.config.layers <= savedBytesBudget
    ? saving
    : buildTrainedBlockStages(block, 'none');
}

/** Declares the final norm's weights and says how to norm hidden states [M, C] with them. */
export function finalNorm(g: Builder, { architecture, config }: ModelShape) {
  const inputs: Record<string, Value> = {};
  for (const [path, { shape }] of architecture.finalNormTensors(config)) inputs[path] = g.input(path, 'float32', shape);
  return {
    inputs,
    normOf: (hidden: Value): Value => architecture.buildFinalNorm(g, config, hidden, (path) => inputs[path] as Value),
  };
}

/** What is carried from slice to slice of the vocabulary for each row of the head, [M, 1] each (`Scores`). */
export type ScoreName = 'sum' | 'chosen';
/** The Jacobians of these scores by the normed hidden states, [M, C] each. */
export type JacobianName = 'jacobianSum' | 'jacobianChosen';

/** The stages of the head but for the slices of the vocabulary; `enter` and `leave` take the norm's weights too. */
export interface HeadStages {
  /** Picks the rows and norms them: x [T, C], rows [M] to normed [M, C]. */
  readonly enter: Stage<'x' | 'rows', 'normed'>;
  /** Joins the norm's Jacobian to those of the slices: jacobian [M, C] = d logp_m / d x[row m]. */
  readonly leave: Stage<'x' | 'rows' | JacobianName, 'jacobian'>;
  /** Scales the Jacobian by weights [M, 1], one a target, and puts its rows into dx [T, C]. */
  readonly backward: Stage<'rows' | 'jacobian' | 'weights', 'dx'>;
}

/**
 * Builds the head's stages for rows of T tokens and chunks of M targets.
 * @param M completion tokens of a chunk; surplus rows may name any row and target, and are given weight 0
 */
export function buildHeadStages(shape: ModelShape, T: number, M: number): HeadStages {
  const g = new Builder();
  const x = g.input('x', 'float32', [T, shape.config.hiddenSize]);
  const rows = g.input('rows', 'int32', [M]);
  const norm = finalNorm(g, shape);
  const hidden = g.gather(x, rows); // (M, C)
  const normed = norm.normOf(hidden); // (M, C)
  const held = (name: string): Value => g.input(name, 'float32', hidden.shape);
  const [jacobianSum, jacobianChosen, heldJacobian] = ['jacobianSum', 'jacobianChosen', 'jacobian'].map(held) as [
    Value,
    Value,
    Value,
  ];
  const [jacobian] = buildGradient(g, new Map([[normed, g.sub(jacobianChosen, jacobianSum)]]), [hidden]) as [Value];
  const weights = g.input('weights', 'float32', [M, 1]);
  const [dx] = buildGradient(g, new Map([[hidden, g.mul(heldJacobian, weights)]]), [x]) as [Value];
  return {
    enter: { name: 'head', inputs: { ...norm.inputs, x, rows }, outputs: { normed }, lengths: [T, M] },
    leave: {
      name: 'head, jacobian',
      inputs: { ...norm.inputs, x, rows, jacobianSum, jacobianChosen },
      outputs: { jacobian },
      lengths: [T, M],
    },
    backward: {
      name: 'head, backward',
      inputs: { rows, jacobian: heldJacobian, weights },
      outputs: { dx },
      lengths: [T, M],
    },
  };
}

/** Declares what the two stages of a slice share, and emits its scores. */
function headSlice(g: Builder, shape: ModelShape, M: number, rows: number) {
  const { hiddenSize, logitSoftcap } = shape.config;
  const normed = g.input('normed', 'float32', [M, hiddenSize]);
  const targets = g.input('targets', 'int32', [M]);
  const table = declareMatrix(g, 'weight', storageOf(precisionOf(shape), 'table', hiddenSize), [rows, hiddenSize]);
  const before = { sum: g.input('sum', 'float32', [M, 1]), chosen: g.input('chosen', 'float32', [M, 1]) };
  const after = addSlice(g, table, { x: normed, targets, cap: logitSoftcap }, before);
  return { inputs: { ...table.inputs, normed, targets, ...before }, before, after };
}

/**
 * Builds the stage of one slice of the output projection, which adds to what the slices before it gave (`addSlice`).
 * @param rows of the vocabulary in the slice
 */
export function buildHeadSlice(
  shape: ModelShape,
  M: number,
  rows: number,
): Stage<'normed' | 'targets' | ScoreName, 'newSum' | 'newChosen'> {
  const { inputs, after } = headSlice(new Builder(), shape, M, rows);
  return { name: 'head, slice', inputs, outputs: { newSum: after.sum, newChosen: after.chosen }, lengths: [M] };
}

/** Builds the stage of one slice that adds to the log-sum-exp of twice the logits (`addSquares`). */
export function buildSquaresSlice(
  shape: ModelShape,
  M: number,
  rows: number,
): Stage<'normed' | 'squares', 'newSquares'> {
  const g = new Builder();
  const { hiddenSize, logitSoftcap } = shape.config;
  const normed = g.input('normed', 'float32', [M, hiddenSize]);
  const table = declareMatrix(g, 'weight', storageOf(precisionOf(shape), 'table', hiddenSize), [rows, hiddenSize]);
  const squares = g.input('squares', 'float32', [M, 1]);
  const newSquares = addSquares(g, table, { x: normed, cap: logitSoftcap }, squares);
  return { name: 'head, squares', inputs: { ...table.inputs, normed, squares }, outputs: { newSquares }, lengths: [M] };
}

/** As `buildHeadSlice`, carrying the Jacobians d sum / d normed and d chosen / d normed along. */
export function buildHeadSliceWithJacobian(
  shape: ModelShape,
  M: number,
  rows: number,
): Stage<
  'normed' | 'targets' | ScoreName | JacobianName,
  'newSum' | 'newChosen' | 'newJacobianSum' | 'newJacobianChosen'
> {
  const g = new Builder();
  const { inputs, before, after } = headSlice(g, shape, M, rows);
  const { sum, chosen } = after;
  const { normed } = inputs;
  const jacobianSum = g.input('jacobianSum', 'float32', normed.shape);
  const jacobianChosen = g.input('jacobianChosen', 'float32', normed.shape);
  const ones = g.constant(1, sum.shape);
  const [direct, through] = buildGradient(g, new Map([[sum, ones]]), [normed, before.sum]) as [Value, Value];
  const [row] = buildGradient(g, new Map([[chosen, ones]]), [normed]) as [Value];
  return {
    name: 'head, slice with jacobian',
    inputs: { ...inputs, jacobianSum, jacobianChosen },
    outputs: {
      newSum: sum,
      newChosen: chosen,
      newJacobianSum: g.add(g.mul(jacobianSum, through), direct),
      newJacobianChosen: g.add(jacobianChosen, row),
    },
    lengths: [M],
  };
}

/** Builds a + b, [T, C] each, which joins the gradients of the head's chunks. */
export function buildAddStage(T: number, C: number): Stage<'a' | 'b', 'sum'> {
  const g = new Builder();
  const a = g.input('a', 'float32', [T, C]);
  const b = g.input('b', 'float32', [T, C]);
  return { name: 'add', inputs: { a, b }, outputs: { sum: g.add(a, b) }, lengths: [T] };
}
