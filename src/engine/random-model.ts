/**
 * @file Models of a named shape with random weights, for benchmarks and tests that need a size and no meaning.
 */
import type { Precision } from '../core/dtype';
import { UserError } from '../core/errors';
import { Random } from '../core/random';
import { sizeOf } from '../core/shape';
import { findArchitecture } from '../models/registry';
import type { Executor } from '../runtime/executor';
import { disposeAll } from '../runtime/executor';
import type { LoadedModel } from './loaded-model';
import type { NamedTensor } from '../models/architecture';
import type { ModelShape } from '../models/stages';
import { sliceVocabulary } from '../models/vocabulary';
import publicShapes from './public-shapes.json';
import { uploadPiece, uploadWeights } from './loaded-model';
import { countParameters } from './weight-list';

/** config.json of public models as far as their shape goes, and a tiny one for tests. */
const shapes: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  ...publicShapes,
  tiny: {
    model_type: 'llama',
    num_hidden_layers: 2,
    hidden_size: 64,
    intermediate_size: 128,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    vocab_size: 512,
    max_position_embeddings: 2048,
    tie_word_embeddings: true,
  },
};

export const shapeNames: readonly string[] = Object.keys(shapes);

/**
 * Describes the model of a named shape.
 * @throws UserError for a name that is not known
 */
export function shapeOf(name: string): ModelShape {
  const config = shapes[name];
  if (!config) throw new UserError('shapeUnknown', { name: JSON.stringify(name), names: shapeNames.join(', ') });
  const architecture = findArchitecture(config);
  return { architecture, config: architecture.parseConfig(config) };
}

/**
 * Uploads a model of a named shape whose weights are normal with standard deviation 0.02 and whose norms are 1; a seed
 * gives the same model everywhere.
 */
export async function buildRandomModel(
  name: string,
  executor: Executor,
  seed = 1,
  precision: Precision = 'float32',
): Promise<LoadedModel> {
  const whole = shapeOf(name);
  const shape = { ...whole, precision, slices: sliceVocabulary(whole.config, executor.tableBytes) };
  const random = new Random(seed);
  // Drawing hundreds of millions of normals takes longer than the benchmark: one draw is read from many offsets.
  const pool = Float32Array.from({ length: 2 ** 20 }, () => 0.02 * random.normal());
  const draw = ({ name: tensor, shape: dims }: NamedTensor): Float32Array => {
    const data = new Float32Array(sizeOf(dims));
    if (/norm/.test(tensor)) data.fill(1);
    else {
      let offset = random.integer(pool.length);
      for (let done = 0; done < data.length;) {
        const piece = pool.subarray(offset, Math.min(pool.length, offset + data.length - done));
        data.set(piece, done);
        done += piece.length;
        offset = random.integer(pool.length);
      }
    }
    return data;
  };
  let data: Float32Array = new Float32Array();
  const { embedding, head, blocks, all } = await uploadWeights(shape, async (weight, piece) => {
    // Drawn whole, so that the numbers do not depend on how the device wants it cut.
    if (piece.start === 0) data = draw(weight);
    const rowSize = data.length / (weight.shape[0] ?? 1);
    return uploadPiece(
      executor,
      data.subarray(piece.start * rowSize, (piece.start + piece.rows) * rowSize),
      weight,
      piece,
    );
  });
  return {
    name,
    shape,
    executor,
    embedding,
    head,
    blocks,
    parameters: countParameters(shape),
    tables: new Map(),
    fingerprint: `random ${name} ${seed}`,
    warnings: [],
    dispose: () => disposeAll(all),
  };
}
