import { expect, it } from 'vitest';
import { shapeOf } from '../engine/random-model';
import { productFlops } from '../graph/flops';
import { planStage } from '../graph/stage';
import type { Stage } from '../graph/value';
import type { LayerKind } from '../models/architecture';
import { layoutLora, linearNames } from '../models/lora';
import type { ModelShape } from '../models/stages';
import { buildHeadSliceWithJacobian, buildTrainedBlockStages, slicesOf } from '../models/stages';
import { sliceVocabulary } from '../models/vocabulary';
import { tableBytes } from '../runtime/executor';
import { bucketLength } from './packing';
import { headChunkRows } from './row-runner';
import { rowCapacity } from './run-training';

const cutShape = (name: string): ModelShape => {
  const shape = shapeOf(name);
  return { ...shape, slices: sliceVocabulary(shape.config, tableBytes('webgpu')) };
};

const largestProduct = (stage: Stage): number => Math.max(...planStage(stage).nodes.map(productFlops));

it.each(['SmolLM2-135M', 'Qwen2.5-0.5B'])(
  'no matrix product of a full row on WebGPU takes more than 10 GFLOP: %s',
  (name) => {
    const shape = cutShape(name);
    const { architecture, config } = shape;
    const T = bucketLength(rowCapacity('webgpu', shape));
    const lora = layoutLora(architecture, config, {
      r: 8,
      lora_alpha: 8,
      target_modules: linearNames(architecture, config),
    });
    const block = buildTrainedBlockStages({ shape, kind: config.layerKinds[0] as LayerKind, lora, T }, 'products');
    const head = buildHeadSliceWithJacobian(shape, headChunkRows(T, shape), Math.max(...slicesOf(shape)));
    const largest = [block.forward, block.backward, head].map(largestProduct);
    // A bucket may be a thirty-second longer than the tokens in it.
    for (const flops of largest) expect(flops).toBeLessThan(1e10 * (33 / 32));
    expect(Math.min(...largest)).toBeGreaterThan(1e9);
  },
);

it('is 512 on WASM, and shorter on WebGPU the wider the model', () => {
  expect(rowCapacity('wasm', shapeOf('Qwen2.5-0.5B'))).toBe(512);
  expect(rowCapacity('webgpu', shapeOf('SmolLM2-135M'))).toBe(2048);
  expect(rowCapacity('webgpu', shapeOf('Qwen2.5-0.5B'))).toBe(1147);
});
