/**
 * @file SmolLM3: a Llama without rotary positions in some layers, every fourth one by default, and perhaps a sliding
 * window in those. Source: transformers 5.18, models/smollm3.
 */
import type { Architecture, LayerKind } from './architecture';
import { ConfigReader } from './config-reader';
import type { GatedDecoderConfig } from './gated-decoder';
import { readGatedDecoder, readLayerTypes } from './gated-decoder';
import { llama } from './llama';
import { readRope } from './rope';

const isFlag = (value: unknown): value is number => value === 0 || value === 1;

export const smollm3: Architecture<GatedDecoderConfig> = {
  ...llama,
  modelTypes: ['smollm3'],
  parseConfig: (config) => {
    const read = new ConfigReader(config);
    const common = readGatedDecoder(read, { kvHeads: 4, contextLength: 32_768, normEps: 1e-6, tiedEmbeddings: true });
    const rope = readRope(read, { ...common, theta: 2_000_000 });
    const interval = read.size('no_rope_layer_interval', 4);
    const listed = read.list('no_rope_layers', common.layers, isFlag, '0 or 1');
    const turns = (layer: number): boolean => (listed ? listed[layer] === 1 : (layer + 1) % interval !== 0);
    const window = read.boolean('use_sliding_window', false) ? read.optionalSize('sliding_window', null) : null;
    const kinds = new Map<string, LayerKind>();
    const kindOf = (slidingWindow: number | null, hasRope: boolean): LayerKind => {
      const key = `${slidingWindow} ${hasRope}`;
      return kinds.get(key) ?? (kinds.set(key, { slidingWindow, rope: hasRope ? rope : null }).get(key) as LayerKind);
    };
    const types = readLayerTypes(read, common.layers, (layer) => window !== null && !turns(layer));
    const attentionBias = read.boolean('attention_bias', false);
    return {
      ...common,
      layerKinds: types.map((type, layer) => kindOf(type === 'sliding_attention' ? window : null, turns(layer))),
      queryBias: attentionBias,
      outputBias: attentionBias,
      mlpBias: read.boolean('mlp_bias', false),
    };
  },
};
