/**
 * @file Every kind of stage that the engine emits, on small dimensions with seeded inputs, for the tests that compare
 * devices and that prove each node's place on the GPU.
 */
import { Random } from '../core/random';
import type { Shape } from '../core/shape';
import { drawValues } from '../graph/operator-cases';
import type { Stage, Value } from '../graph/value';
import { findArchitecture } from '../models/registry';
import type { LoraLayout } from '../models/lora';
import { layoutLora, linearNames } from '../models/lora';
import type { ModelShape } from '../models/stages';
import {
  buildAddStage,
  buildBlockStage,
  buildEmbedStage,
  buildHeadSlice,
  buildHeadSliceWithJacobian,
  buildSquaresSlice,
  buildHeadStages,
  buildMaskStage,
  buildTrainedBlockStages,
} from '../models/stages';
import {
  buildChunkAttention,
  buildDecodedBlock,
  buildGrowingAttention,
  buildLogitsStage,
  buildRowsAttention,
  groupsRow,
} from '../models/decode-stages';
import { attentionPieces, mostPieces } from '../models/layers';
import { distinctKinds } from '../models/architecture';
import type { LayerKind } from '../models/architecture';
import type { Rope } from '../models/rope';
import { rotaryTables } from '../models/rope';
import { buildSquaresStage, buildUpdateStage } from './adamw';
import { packRow, rowPlaces } from './packing';

export interface EmittedStage {
  readonly stage: Stage;
  readonly inputs: Readonly<Record<string, Float64Array>>;
}

/** A llama with every optional part, and a mistral with a sliding window, whose heads the runtime's attention takes. */
const wholeConfigs = {
  llama: { model_type: 'llama', head_dim: 6, attention_bias: true, mlp_bias: true },
  mistral: { model_type: 'mistral', head_dim: 8, sliding_window: 5, tie_word_embeddings: true },
};

/**
 * What other architectures add: soft caps and more norms; Conv1D, LayerNorm and learned positions; a part of each head
 * turned.
 */
const furtherConfigs = {
  gemma2: {
    model_type: 'gemma2',
    head_dim: 4,
    query_pre_attn_scalar: 6,
    attn_logit_softcapping: 2,
    final_logit_softcapping: 3,
  },
  gpt2: { model_type: 'gpt2', n_layer: 1, n_embd: 8, n_inner: 12, n_head: 4, n_positions: 64 },
  gpt_neox: { model_type: 'gpt_neox', rotary_pct: 0.5, num_attention_heads: 2 },
};
/** Widths that a whole number of blocks fills, so that weights may be held in few bits. */
const storedConfigs = {
  llama: {
    model_type: 'llama',
    hidden_size: 32,
    intermediate_size: 64,
    num_attention_heads: 2,
    num_key_value_heads: 1,
    tie_word_embeddings: true,
  },
  gpt2: { model_type: 'gpt2', n_layer: 1, n_embd: 32, n_inner: 64, n_head: 2, n_positions: 64 },
};
const configs = { ...wholeConfigs, ...furtherConfigs };

export const describeSmallModel = (kind: keyof typeof configs): ModelShape => describeModel(configs[kind]);

function describeModel(settings: Readonly<Record<string, unknown>>): ModelShape {
  const config = {
    num_hidden_layers: 1,
    hidden_size: 8,
    intermediate_size: 12,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    vocab_size: 13,
    max_position_embeddings: 64,
    ...settings,
  };
  const architecture = findArchitecture(config);
  return { architecture, config: architecture.parseConfig(config) };
}

/** Cut in two by attention, of which the second looks back to the second of three pairs. */
const longRow = 144;
const longPieces = attentionPieces(longRow, mostPieces.wasm, (from) => Math.floor(from / 48) * 48);

/** Stages of a block of one kind, with LoRA on all linears and on some. */
function blockStages(shape: ModelShape, kind: LayerKind, T: number): Stage[] {
  const { architecture, config } = shape;
  const names = linearNames(architecture, config);
  const all = layoutLora(architecture, config, { r: 2, lora_alpha: 4, target_modules: names });
  const lora = layoutLora(architecture, config, {
    r: 2,
    lora_alpha: 4,
    target_modules: names.filter((_, i) => i !== 1),
  });
  const saving = buildTrainedBlockStages({ shape, kind, lora: all, T }, 'products');
  const recomputing = buildTrainedBlockStages({ shape, kind, lora, T }, 'none');
  const long = { shape, kind, lora: all, T: longRow, pieces: longPieces };
  return [
    buildMaskStage(kind.slidingWindow, T),
    buildMaskStage(kind.slidingWindow, longRow, longPieces),
    buildBlockStage({ shape, kind, lora: null, T }),
    ...(groupsRow(shape) ? [buildBlockStage({ shape, kind, lora, T, attention: 'grouped' })] : []),
    buildTrainedBlockStages(long, 'none').backward,
    buildBlockStage({ shape, kind, lora, T }),
    saving.forward,
    saving.backward,
    recomputing.forward,
    recomputing.backward,
    ...decodeStages(shape, kind, null, 1),
    ...decodeStages(shape, kind, lora, 4),
  ];
}

/** Stages of decoding N rows, whose caches hold 8 tokens. */
function decodeStages(shape: ModelShape, kind: LayerKind, lora: LoraLayout | null, N: number): Stage[] {
  const { enter, leave, softcap } = buildDecodedBlock({ shape, kind, lora, N });
  const size = { config: shape.config, softcap, slidingWindow: kind.slidingWindow, N, S: 8 };
  const growing = [true, false].flatMap((isGrouped) => [
    { isGrouped, B: N, T: 1 },
    { isGrouped, B: 1, T: N },
  ]);
  return [
    enter,
    buildRowsAttention(size),
    buildChunkAttention(size),
    ...growing.map((tokens): Stage => buildGrowingAttention({ ...size, ...tokens })),
    leave,
  ];
}

/** Those in which architectures differ. */
function furtherStagesOf(shape: ModelShape, T: number): Stage[] {
  const { architecture, config } = shape;
  const kind = config.layerKinds[0] as LayerKind;
  const lora = layoutLora(architecture, config, {
    r: 2,
    lora_alpha: 4,
    target_modules: linearNames(architecture, config),
  });
  const block = buildTrainedBlockStages({ shape, kind, lora, T }, 'products');
  return [
    buildEmbedStage(shape, T),
    block.forward,
    block.backward,
    ...Object.values(buildHeadStages(shape, T, 8)),
    buildHeadSliceWithJacobian(shape, 8, shape.config.vocabularySize),
    ...decodeStages(shape, kind, lora, 4),
    buildLogitsStage(shape, 4, 2),
  ];
}

function stagesOf(shape: ModelShape, T: number): Stage[] {
  const cut: ModelShape = { ...shape, slices: [4, 4, 5] };
  return [
    buildEmbedStage(shape, T),
    ...distinctKinds(shape.config).flatMap((kind) => blockStages(shape, kind, T)),
    ...Object.values(buildHeadStages(shape, T, 8)),
    buildHeadSliceWithJacobian(shape, 8, shape.config.vocabularySize),
    buildHeadSlice(shape, 8, 5),
    buildSquaresSlice(shape, 8, 5),
    buildHeadSliceWithJacobian(shape, 8, 5),
    buildAddStage(T, shape.config.hiddenSize),
    buildLogitsStage(shape, 4, 2),
    buildEmbedStage(cut, T),
    buildLogitsStage(cut, 4, 2),
    buildSquaresStage(10),
    buildUpdateStage(10, {
      adam_beta1: 0.9,
      adam_beta2: 0.999,
      adam_epsilon: 1e-8,
      weight_decay: 0.01,
    }),
  ];
}

/** A real row of two pairs, for the inputs that describe the row. */
export const pairsRow = packRow([
  {
    promptIds: [1, 2, 3],
    completions: [
      [4, 5, 6],
      [7, 8],
    ],
  },
  {
    promptIds: [2, 9],
    completions: [
      [1, 3],
      [4, 6, 5, 2],
    ],
  },
]);

const rising = (length: number): Int32Array => Int32Array.from({ length }, (_, i) => i);

/** `pair`, `branch` and `position` of the row of two pairs; of a longer one three pairs, prompts alone. */
function layoutInput(name: 'pair' | 'branch' | 'position', T: number): Float64Array {
  if (T === pairsRow.T) return Float64Array.from(pairsRow[name]);
  const long = { pair: (i: number) => Math.floor((3 * i) / T), branch: () => 0, position: (i: number) => i % (T / 3) };
  return Float64Array.from({ length: T }, (_, i) => long[name](i));
}

/** Inputs that mean the same wherever they stand: places in a row, rotary tables, a row's attention biases. */
function fixedInput(name: string, [T = 0, keys = 0]: Shape, rope: Rope): Float64Array | null {
  switch (name.replace(/^bias\d$/, 'row bias')) {
    case 'pair':
    case 'branch':
    case 'position':
      return layoutInput(name as 'pair', T);
    // The whole caches, so that all of what attention gives is defined.
    case 'last':
      return new Float64Array(T).fill(7);
    case 'row':
      return Float64Array.from(rowPlaces(pairsRow));
    case 'cos':
    case 'sin':
      return Float64Array.from(rotaryTables(rope, rising(T), new Int32Array(T))[name as 'cos']);
    case 'row bias':
      return Float64Array.from({ length: T * keys }, (_, i) =>
        i % keys <= keys - T + Math.floor(i / keys) ? 0 : -1e9,
      );
    default:
      return null;
  }
}

/** Draws values that an input of this name may hold: indices within range, positive moments, levels of few bits. */
function drawInput(random: Random, name: string, { dtype, shape }: Value, vocabularySize: number): Float64Array {
  if (dtype === 'uint8') return drawValues(random, { dtype, shape, draw: { below: 256 } });
  if (dtype === 'int32') {
    const below: Record<string, number> = {
      tokens: vocabularySize,
      targets: vocabularySize,
      rows: name === 'rows' && shape[0] === 2 ? 4 : pairsRow.T,
    };
    return drawValues(random, { dtype, shape, draw: { below: below[name] ?? 1 } });
  }
  // Weights of 8 bits have levels up to 128, those of 4 bits up to 8.
  if (name.endsWith('.scales')) {
    const scale = /^(table|weight)/.test(name) ? 0.005 : 0.05;
    return drawValues(random, { dtype: 'float32', shape }).map((v) => Math.fround(v * scale));
  }
  if (dtype === 'float16') return drawValues(random, { dtype, shape }).map((v) => 0.5 * v);
  if (/^(variance|rate|correction)/.test(name)) return drawValues(random, { dtype, shape, draw: 'positive' });
  return drawValues(random, { dtype, shape, draw: 'normal' }).map((v) => Math.fround(0.5 * v));
}

/** One array for each input of the stage, in the order of the inputs. */
function drawInputs({ config }: ModelShape, stage: Stage, random: Random): Record<string, Float64Array> {
  const rope = config.layerKinds.find((kind) => kind.rope)?.rope as Rope;
  return Object.fromEntries(
    Object.entries(stage.inputs).map(([name, value]) => [
      name,
      fixedInput(name, value.shape, rope) ?? drawInput(random, name, value, config.vocabularySize),
    ]),
  );
}

/** Draws inputs for the stages of a model, which gets into their names. */
function withInputs(random: Random, shape: ModelShape, name: string, stages: readonly Stage[]): EmittedStage[] {
  return stages.map((stage) => ({
    stage: { ...stage, name: `${name}: ${stage.name}` },
    inputs: drawInputs(shape, stage, random),
  }));
}

/**
 * Builds the stages of blocks whose attention is one operator, which our own kernels run and the runtime does not. The
 * seed draws inputs that rounding does not matter to more than elsewhere (stage-cases.test.ts).
 */
export function buildOperatorStages(): EmittedStage[] {
  const random = new Random(13);
  const models = [
    ...Object.keys(configs).map((name) => [name, describeSmallModel(name as keyof typeof configs)] as const),
    ...(['float16', 'int4'] as const).map((precision) => {
      return [`llama, ${precision}`, { ...describeModel(storedConfigs.llama), precision }] as const;
    }),
  ];
  return models.flatMap(([name, shape]) => {
    const { architecture, config } = shape;
    const target_modules = linearNames(architecture, config);
    const lora = layoutLora(architecture, config, { r: 2, lora_alpha: 4, target_modules });
    return distinctKinds(config).flatMap((kind) => {
      const block = { shape, kind, lora, T: pairsRow.T, attention: 'operator' } as const;
      const saving = buildTrainedBlockStages(block, 'products');
      const stages = [saving.forward, saving.backward, buildTrainedBlockStages(block, 'none').backward];
      return withInputs(random, shape, `${name}, window ${kind.slidingWindow}`, stages);
    });
  });
}

export function buildEmittedStages(): EmittedStage[] {
  const random = new Random(11);
  const emitted = withInputs.bind(null, random);
  const inFloat32 = (Object.keys(configs) as (keyof typeof configs)[]).flatMap((kind) => {
    const shape = describeSmallModel(kind);
    return emitted(shape, kind, kind in wholeConfigs ? stagesOf(shape, 16) : furtherStagesOf(shape, 16));
  });
  const stored = (Object.keys(storedConfigs) as (keyof typeof storedConfigs)[]).flatMap((kind) =>
    (['float16', 'int4'] as const).flatMap((precision) => {
      const shape = { ...describeModel(storedConfigs[kind]), precision };
      return emitted(shape, `${kind}, ${precision}`, furtherStagesOf(shape, 16));
    }),
  );
  return [...inFloat32, ...stored];
}
