/** @file What stages are rewritten to for the runtime's GPU computes the same, in fewer nodes. */
import { describe, expect, it } from 'vitest';
import { decodeNodes } from '../bench/count-row';
import { shapeOf } from '../engine/random-model';
import { Builder } from '../graph/builder';
import { fuseStage } from '../graph/fuse';
import { interpretStage } from '../graph/interpreter';
import { planStage } from '../graph/stage';
import type { Stage } from '../graph/value';
import type { LayerKind } from '../models/architecture';
import { buildBlockStage } from '../models/stages';
import { buildEmittedStages, describeSmallModel } from './stage-cases';

const stages = buildEmittedStages();

describe('fuseStage', () => {
  it.each(stages.map((one) => [one.stage.name, one] as const))('computes the same: %s', (_name, { stage, inputs }) => {
    const [plain, fused] = [interpretStage(stage, inputs), interpretStage(fuseStage(stage), inputs)];
    for (const [name, { data, shape }] of Object.entries(plain)) {
      expect(fused[name]?.shape).toEqual(shape);
      let difference = 0;
      let norm = 0;
      data.forEach((value, i) => {
        difference += (value - (fused[name]?.data[i] as number)) ** 2;
        norm += value ** 2;
      });
      expect(Math.sqrt(difference) / Math.max(1, Math.sqrt(norm))).toBeLessThan(1e-12);
    }
  });

  /** Nodes that are a dispatch on the runtime's GPU: a reshaping is none. */
  const nodesOf = (stage: Stage): string[] =>
    planStage(fuseStage(stage))
      .nodes.map(({ op }) => op)
      .filter((op) => op !== 'Reshape');

  it('makes a block of the Llama line 14 nodes', () => {
    const shape = describeSmallModel('mistral');
    const kind = shape.config.layerKinds[0] as LayerKind;
    const block = buildBlockStage({ shape, kind, lora: null, T: 16, attention: 'grouped' });
    expect(nodesOf(block)).toEqual([
      'SimplifiedLayerNormalization',
      'Gemm',
      'RotaryEmbedding',
      'Gemm',
      'RotaryEmbedding',
      'Gemm',
      'GroupQueryAttention',
      'FusedGemm',
      'SimplifiedLayerNormalization',
      'Gemm',
      'QuickGelu',
      'Gemm',
      'Mul',
      'FusedGemm',
    ]);
  });

  it.each([
    ['SmolLM2-135M', 14],
    ['Qwen2.5-0.5B', 14],
  ])('makes a decoded token of %s %i nodes a block', (name, count) => {
    expect(decodeNodes(shapeOf(name))).toBe(count);
  });

  it('leaves what others read, and what is no such pattern', () => {
    const g = new Builder();
    const [x, w] = [g.input('x', 'float32', [3, 4]), g.input('w', 'float32', [5, 4])];
    const product = g.gemm(x, w, { transB: true });
    const read = { name: 'read', inputs: { x, w }, outputs: { product, y: g.add(product, g.constant(1, [5])) } };
    expect(nodesOf(read)).toEqual(['Gemm', 'Add']);
    const gate = { name: 'gate', inputs: { x, w }, outputs: { y: g.mul(product, g.sigmoid(g.neg(product))) } };
    expect(nodesOf(gate)).toEqual(['Gemm', 'Neg', 'Sigmoid', 'Mul']);
  });
});
