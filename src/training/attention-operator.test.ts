/**
 * @file A block whose attention is one operator is the same function as one with attention in pieces: outputs and the
 * gradients by the input and by LoRA agree in float64, on a row of two pairs.
 */
import { describe, expect, test } from 'vitest';
import { interpretStage } from '../graph/interpreter';
import type { Stage } from '../graph/value';
import { distinctKinds } from '../models/architecture';
import { layoutLora, linearNames } from '../models/lora';
import type { AttentionStyle } from '../models/row-attention';
import { buildMaskStage, buildTrainedBlockStages } from '../models/stages';
import { attentionPieces } from '../models/layers';
import { buildOperatorStages, describeSmallModel, pairsRow } from './stage-cases';
import { rowPlaces } from './packing';

const names = ['llama', 'mistral', 'gemma2', 'gpt2', 'gpt_neox'] as const;

describe.each(names)('%s', (name) => {
  const shape = describeSmallModel(name);
  const { architecture, config } = shape;
  const target_modules = linearNames(architecture, config);
  const lora = layoutLora(architecture, config, { r: 2, lora_alpha: 4, target_modules });
  const T = pairsRow.T;

  test.each(distinctKinds(config).map((kind) => [kind.slidingWindow, kind] as const))('window %s', (_, kind) => {
    const backwardOf = (attention: AttentionStyle): Stage =>
      buildTrainedBlockStages({ shape, kind, lora, T, attention }, 'none').backward;
    const drawn = buildOperatorStages().find(
      ({ stage }) => stage.name === `${name}, window ${kind.slidingWindow}: block, backward` && !stage.inputs['saved0'],
    );
    if (!drawn) throw new Error('The stage is not among the emitted ones.');
    const row = Object.fromEntries(
      (['pair', 'branch', 'position'] as const).map((key) => [key, Float64Array.from(pairsRow[key])]),
    );
    const biases = interpretStage(buildMaskStage(kind.slidingWindow, T, attentionPieces(T)), row);
    const inputs = {
      ...drawn.inputs,
      ...Object.fromEntries(Object.entries(biases).map(([key, { data }]) => [key, data])),
    };
    const [operator, pieces] = [backwardOf('operator'), backwardOf('pieces')].map((stage) =>
      interpretStage(stage, inputs),
    ) as [ReturnType<typeof interpretStage>, ReturnType<typeof interpretStage>];
    for (const output of ['dx', 'newGradient'])
      operator[output]?.data.forEach((value, i) => expect(value).toBeCloseTo(pieces[output]?.data[i] as number, 10));
  });
});

test("each token knows the place of its pair's first one", () => {
  const places = rowPlaces(pairsRow);
  const firsts = Array.from({ length: pairsRow.T }, (_, t) => places[4 * t + 3]);
  expect(firsts).toEqual([...pairsRow.pair].map((pair) => pairsRow.pair.indexOf(pair)));
});
