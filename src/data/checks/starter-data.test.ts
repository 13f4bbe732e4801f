/** @file The pairs that Airlock ships with are clean by its own checks, as the starter's model sees them. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isJsonObject } from '../../core/json';
import type { PreferencePair } from '../preference-pair';
import { checkRows } from './check-rows';

interface Manifest {
  readonly tasks: readonly { readonly id: string; readonly model?: string; readonly train: string }[];
}

const read = (file: string): string => readFileSync(`public/starter/${file}`, 'utf8');
const { tasks } = JSON.parse(read('manifest.json')) as Manifest;

function readRows(file: string): readonly { pair: PreferencePair }[] {
  const lines = read(file).trim().split('\n');
  return lines.map((line) => ({ pair: JSON.parse(line) as PreferencePair }));
}

function specialTokens(model: string): string[] {
  const json: unknown = JSON.parse(read(`${model}/tokenizer.json`));
  const added: unknown[] = isJsonObject(json) && Array.isArray(json['added_tokens']) ? json['added_tokens'] : [];
  return added.flatMap((token) => (isJsonObject(token) ? [String(token['content'])] : []));
}

it.each(tasks)('$id', async ({ train, model = 'model' }) => {
  const tokens = specialTokens(model);
  expect(tokens.length).toBeGreaterThan(0);
  const context = { specialTokens: tokens, eosToken: '<|im_end|>', split: null, hasTemplate: true };
  const report = await checkRows(readRows(train), context);
  expect(Object.entries(report).filter(([, found]) => found.length > 0)).toEqual([]);
});
