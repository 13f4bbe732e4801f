/**
 * @file The architectures Airlock knows, by `model_type`.
 */
import { UserError } from '../core/errors';
import { shortJson } from '../core/json';
import { message } from '../messages/message';
import type { Architecture } from './architecture';
import { gemma2, gemma3 } from './gemma';
import { gpt2 } from './gpt2';
import { gptNeox } from './gpt-neox';
import { llama } from './llama';
import { olmo2 } from './olmo2';
import { phi3 } from './phi3';
import { qwen2, qwen3 } from './qwen';
import { smollm3 } from './smollm3';

const architectures: readonly Architecture[] = [
  llama,
  qwen2,
  qwen3,
  gemma2,
  gemma3,
  phi3,
  gpt2,
  gptNeox,
  smollm3,
  olmo2,
];

export const supportedModelTypes: readonly string[] = architectures.flatMap(({ modelTypes }) => modelTypes);

/** Finds the architecture of a config.json, before any weight is read. */
export function findArchitecture(config: Readonly<Record<string, unknown>>): Architecture {
  const modelType = config['model_type'];
  const found = architectures.find(({ modelTypes }) => modelTypes.includes(String(modelType)));
  if (found) return found;
  const problem =
    modelType === undefined ? message('modelTypeMissing') : message('modelTypeOther', { type: shortJson(modelType) });
  throw new UserError('modelTypeUnsupported', { problem, models: supportedModelTypes.join(', ') });
}
