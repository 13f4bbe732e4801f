/**
 * @file The architectures Airlock knows, by `model_type`.
 */
import { UserError } from '../core/errors';
import type { Architecture } from './architecture';
import { llama } from './llama';

const architectures: readonly Architecture[] = [llama];

export const supportedModelTypes: readonly string[] = architectures.flatMap(({ modelTypes }) => modelTypes);

/** Finds the architecture of a config.json, before any weight is read. */
export function findArchitecture(config: Readonly<Record<string, unknown>>): Architecture {
  const modelType = config['model_type'];
  const found = architectures.find(({ modelTypes }) => modelTypes.includes(String(modelType)));
  if (found) return found;
  const seen = modelType === undefined ? 'names no `model_type`' : `has the \`model_type\` ${JSON.stringify(modelType)}, which is not supported`;
  throw new UserError(`config.json ${seen}; supported are ${supportedModelTypes.join(', ')}.`);
}
