/** @file A few changes of each kind of file from tools/fuzz, the same each time; `npm run fuzz` makes a thousand. */
import { expect, it } from 'vitest';
import { kinds, tryOne } from '../tools/fuzz/kinds';

/** Kinds that open a model take longer. */
const counts: Readonly<Record<string, number>> = {
  config: 12,
  tokenizer: 8,
  tokenizer_config: 8,
  safetensors: 12,
  adapter: 10,
};

it.each(Object.keys(kinds))('%s: changed, it is read or refused in a sentence', async (kind) => {
  const ends: Record<string, number> = {};
  for (let seed = 0; seed < (counts[kind] ?? 24); seed++) {
    const { outcome, said } = await tryOne(kind, seed);
    ends[outcome] = (ends[outcome] ?? 0) + 1;
    expect(outcome, `${kind} ${seed}: ${said}`).toMatch(/^(accepted|refused)$/);
  }
  // A fuzzer that changes nothing refuses nothing; in JSON a broken row is left out, and the others are read.
  if (!/^json/.test(kind)) expect(ends['refused'] ?? 0).toBeGreaterThan(0);
});
