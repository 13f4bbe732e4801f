/**
 * @file Every kind of stage that the engine emits, on small dimensions with seeded inputs, for the tests that compare
 * devices and that prove each node's place on the GPU.
 */
import { Random } from '../core/random';
import { drawValues } from '../graph/operator-cases';
import type { Stage } from '../graph/value';
import { findArchitecture } from '../models/registry';
import { layoutLora, linearNames } from '../models/lora';
import type { ModelShape } from '../models/stages';
import {
  buildAddStage,
  buildBlockStage,
  buildDecodeStage,
  buildEmbedStage,
  buildHeadSlice,
  buildHeadSliceWithJacobian,
  buildHeadStages,
  buildLogitsStage,
  buildMaskStage,
  buildTrainedBlockStages,
} from '../models/stages';
import { attentionPieces, mostPieces } from '../models/layers';
import { distinctKinds } from '../models/architecture';
import type { LayerKind } from '../models/architecture';
import type { Rope } from '../models/rope';
import { rotaryTables } from '../models/rope';
import { buildAdamWStage } from './adamw';
import { packRow } from './packing';

export interface EmittedStage {
  readonly stage: Stage;
  readonly inputs: Readonly<Record<string, Float64Array>>;
}

/** A llama with every optional part, and a mistral with a sliding window. */
const wholeConfigs = {
  llama: { model_type: 'llama', head_dim: 6, attention_bias: true, mlp_bias: true },
  mistral: { model_type: 'mistral', sliding_window: 5, tie_word_embeddings: true },
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
    buildTrainedBlockStages(long, 'none').backward,
    buildBlockStage({ shape, kind, lora, T }),
    saving.forward,
    saving.backward,
    recomputing.forward,
    recomputing.backward,
    buildDecodeStage(shape, kind, null, 1, 8),
    buildDecodeStage(shape, kind, lora, 4, 8),
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
    buildDecodeStage(shape, kind, lora, 4, 8),
    buildLogitsStage(shape, 4),
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
    buildHeadSliceWithJacobian(shape, 8, 5),
    buildAddStage(T, shape.config.hiddenSize),
    buildLogitsStage(shape, 4),
    buildEmbedStage(cut, T),
    buildLogitsStage(cut, 4),
    buildAdamWStage(2, 10, {
      adam_beta1: 0.9,
      adam_beta2: 0.999,
      adam_epsilon: 1e-8,
      weight_decay: 0.01,
      max_grad_norm: 1,
    }),
  ];
}

/** Inputs that mean something: indices within range, a real packed row, rotary tables, positive moments. */
function drawInputs(shape: ModelShape, stage: Stage, random: Random): Record<string, Float64Array> {
  const { vocabularySize, layerKinds } = shape.config;
  const rope = layerKinds.find((kind) => kind.rope)?.rope as Rope;
  const row = packRow([
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
  const layout = { pair: row.pair, branch: row.branch, position: row.position };
  const below: Record<string, number> = { tokens: vocabularySize, targets: vocabularySize, rows: row.T, row: 2 };
  return Object.fromEntries(
    Object.entries(stage.inputs).map(([name, value]) => {
      const T = value.shape[0] as number;
      if (name in layout) {
        const known = layout[name as keyof typeof layout];
        // A longer row: three pairs of prompts alone.
        const long = {
          pair: (i: number) => Math.floor((3 * i) / T),
          branch: () => 0,
          position: (i: number) => i % (T / 3),
        };
        return [
          name,
          T === row.T
            ? Float64Array.from(known)
            : Float64Array.from({ length: T }, (_, i) => long[name as keyof typeof layout](i)),
        ];
      }
      if (name === 'cos' || name === 'sin')
        return [
          name,
          Float64Array.from(
            rotaryTables(
              rope,
              Int32Array.from({ length: T }, (_, i) => i),
              new Int32Array(T),
            )[name],
          ),
        ];
      if (name === 'queryPositions') return [name, Float64Array.from({ length: T }, (_, i) => 5 + i)];
      if (name === 'keyPositions')
        return [name, Float64Array.from({ length: T }, (_, i) => (i < 5 ? i : i < 8 ? 2 ** 31 - 1 : i - 3))];
      if (/^bias\d$/.test(name)) {
        const keys = value.shape[1] as number;
        return [
          name,
          Float64Array.from({ length: T * keys }, (_, i) => (i % keys <= keys - T + Math.floor(i / keys) ? 0 : -1e9)),
        ];
      }
      if (value.dtype === 'uint8')
        return [name, drawValues(random, { dtype: 'uint8', shape: value.shape, draw: { below: 256 } })];
      // Weights of 8 bits have levels up to 128, those of 4 bits up to 8.
      if (name.endsWith('.scales'))
        return [
          name,
          drawValues(random, { dtype: 'float32', shape: value.shape }).map((v) =>
            Math.fround(v * (/^(table|weight)/.test(name) ? 0.005 : 0.05)),
          ),
        ];
      if (value.dtype === 'float16')
        return [name, drawValues(random, { dtype: 'float16', shape: value.shape }).map((v) => 0.5 * v)];
      if (value.dtype === 'int32')
        return [name, drawValues(random, { dtype: 'int32', shape: value.shape, draw: { below: below[name] ?? 1 } })];
      const positive = /^(variance|rate|correction)/.test(name);
      return [
        name,
        drawValues(random, { dtype: 'float32', shape: value.shape, draw: positive ? 'positive' : 'normal' })
          .map((v) => (positive ? v : 0.5 * v))
          .map(Math.fround),
      ];
    }),
  );
}

export function buildEmittedStages(): EmittedStage[] {
  const random = new Random(11);
  const emitted = (shape: ModelShape, name: string, stages: readonly Stage[]): EmittedStage[] =>
    stages.map((stage) => ({
      stage: { ...stage, name: `${name}: ${stage.name}` },
      inputs: drawInputs(shape, stage, random),
    }));
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
