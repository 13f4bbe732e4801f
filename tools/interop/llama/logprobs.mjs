/**
 * Log-probabilities of every token after the first, in natural logarithms, as llama.cpp gives them.
 * stdin: { model, adapters: [{ path, scale }], sequences: [[id]] }; path null for the base alone.
 * stdout: [[[log-prob]]], by adapter and sequence.
 */
import { readFileSync } from 'node:fs';
import { getLlama } from 'node-llama-cpp';

const { model: modelPath, adapters, sequences } = JSON.parse(readFileSync(0, 'utf8'));
const llama = await getLlama({ gpu: false, build: 'never', logLevel: 'error' });
const model = await llama.loadModel({ modelPath });
const options = { temperature: 1, topK: 0, topP: 1, minP: 0 };

/** One adapter's log-probabilities; keys and values in float16, the default, would cost 2e-2. */
async function logprobs({ path, scale }) {
  const context = await model.createContext({
    contextSize: 128,
    threads: 1,
    experimentalKvCacheKeyType: 'F32',
    experimentalKvCacheValueType: 'F32',
    flashAttention: false,
    ...(path !== null && { lora: { adapters: [{ filePath: path, scale }] } }),
  });
  const sequence = context.getSequence();
  const rows = [];
  for (const ids of sequences) {
    await sequence.clearHistory();
    const results = await sequence.controlledEvaluate(
      ids.map((id) => [id, { generateNext: { probabilities: true, options } }]),
    );
    rows.push(ids.slice(1).map((id, i) => Math.log(results[i].next.probabilities.get(id))));
  }
  await context.dispose();
  return rows;
}

const results = [];
for (const adapter of adapters) results.push(await logprobs(adapter));
process.stdout.write(`${JSON.stringify(results)}\n`);
process.exit(0);
