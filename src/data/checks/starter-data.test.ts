/** @file The pairs that Airlock ships with are clean by its own checks, as the starter's model sees them. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isJsonObject } from '../../core/json';
import type { PreferencePair } from '../preference-pair';
import { checkRows } from './check-rows';

const tasks = readdirSync('public/starter', { withFileTypes: true }).filter(
  (entry) => entry.isDirectory() && entry.name !== 'model',
);

function readRows(file: string): readonly { pair: PreferencePair }[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => ({ pair: JSON.parse(line) as PreferencePair }));
}

function specialTokens(): string[] {
  const json: unknown = JSON.parse(readFileSync('public/starter/model/tokenizer.json', 'utf8'));
  const added: unknown[] = isJsonObject(json) && Array.isArray(json['added_tokens']) ? json['added_tokens'] : [];
  return added.flatMap((token) => (isJsonObject(token) ? [String(token['content'])] : []));
}

it.each(tasks.map(({ name }) => name))('%s', async (task) => {
  const context = { specialTokens: specialTokens(), eosToken: '<|im_end|>', split: null, hasTemplate: true };
  expect(context.specialTokens.length).toBeGreaterThan(0);
  const report = await checkRows(readRows(`public/starter/${task}/train.jsonl`), context);
  expect(Object.entries(report).filter(([, found]) => found.length > 0)).toEqual([]);
});
