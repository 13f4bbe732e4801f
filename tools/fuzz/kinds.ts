/**
 * @file What is fuzzed: for each kind of file a sound one, its changes, and a reader that goes as far as the studio
 * does. A file is accepted, or refused by a UserError; anything else that is thrown is raw, and what was accepted must
 * be right: log-probs are finite, tokens are of the vocabulary, pairs are texts.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'fflate';
import { UserError } from '../../src/core/errors';
import { makePairs } from '../../src/data/import/make-pairs';
import { isComplete } from '../../src/data/import/plan';
import { readTable } from '../../src/data/import/read-table';
import { recognise } from '../../src/data/import/recognise';
import { uploadAdapter } from '../../src/engine/device-adapter';
import { openModel, openTokenizer } from '../../src/engine/open-model';
import { checkWeights, describeShape } from '../../src/engine/stored-weights';
import { bytesSource } from '../../src/formats/byte-source';
import { openCheckpoint, type Directory } from '../../src/formats/checkpoint';
import { readPeftAdapter } from '../../src/formats/peft';
import { openWasmExecutor } from '../../src/runtime/ort';
import type { Executor } from '../../src/runtime/executor';
import { renderChat } from '../../src/text/chat-template';
import { pairLogps } from '../../src/training/pair-logps';
import { Dice, mutateBytes, mutateJson, mutateText, writeJson } from './mutate';
import { mutateParquet } from './parquet';
import { visitChanged } from './records';

type Files = Readonly<Record<string, Uint8Array>>;
const encode = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(new TextEncoder().encode(text));
const decode = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);
const directoryOf = (files: Files): Directory =>
  new Map(Object.entries(files).map(([name, bytes]) => [name, bytesSource(name, bytes)]));
const folder = (path: string): Files =>
  Object.fromEntries(
    readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => [name, Uint8Array.from(readFileSync(join(path, name)))]),
  );

const pairs = [{ prompt: 'The fern', chosen: ' grows.', rejected: ' sleeps.' }];
let device: Promise<Executor> | null = null;
const executor = (): Promise<Executor> => (device ??= openWasmExecutor({ threads: 1, assets: null }));

class Wrong extends Error {}

/** Opens a checkpoint as `inspect` does and, where that is well, scores a pair. */
async function score(files: Files, adapter?: Files): Promise<void> {
  const directory = directoryOf(files);
  const checkpoint = await openCheckpoint('fuzzed', directory);
  checkWeights(checkpoint, await describeShape(checkpoint));
  openTokenizer(checkpoint);
  const opened = await openModel('fuzzed', directory, await executor());
  try {
    const lora = adapter && uploadAdapter(opened.model, await readPeftAdapter(directoryOf(adapter)));
    const scored = await pairLogps(opened, pairs, lora ?? null, 64);
    if (!scored.every((row) => Number.isFinite(row.chosen_logps) && Number.isFinite(row.rejected_logps)))
      throw new Wrong('a log-prob that is no number');
    lora?.dispose();
  } finally {
    opened.model.dispose();
  }
}

const models = ['tiny-llama', 'tiny-gemma3', 'tiny-gpt2', 'tiny-phi3', 'tiny-qwen2', 'tiny-gpt-neox', 'tiny-smollm3'];
const sound = new Map<string, Files>();
function modelOf(dice: Dice): Files {
  const name = dice.pick(models);
  const files = sound.get(name) ?? folder(`fixtures/${name}`);
  sound.set(name, files);
  return files;
}

/** The files with one of them changed by its JSON. */
function withJson(files: Files, name: string, dice: Dice): Files {
  return { ...files, [name]: encode(writeJson(mutateJson(JSON.parse(decode(files[name]) || '{}'), dice))) };
}

/** A safetensors file with its header changed, its length set right, or its data's bytes. */
function mutateSafetensors(bytes: Uint8Array, dice: Dice): Uint8Array {
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (dice.below(2) === 0) {
    const data = bytes.slice();
    const at = 8 + length + 4 * dice.below((bytes.length - 8 - length) / 4);
    new DataView(data.buffer).setUint32(
      at,
      dice.pick([0x7fc00000, 0x7f800000, 0xff800000, 0x7f7fffff, 0x7e000000, 1]),
      true,
    );
    return data;
  }
  const header = encode(writeJson(mutateJson(JSON.parse(decode(bytes.subarray(8, 8 + length))), dice)));
  const out = new Uint8Array(8 + header.length + bytes.length - 8 - length);
  new DataView(out.buffer).setBigUint64(0, BigInt(header.length), true);
  out.set(header, 8);
  out.set(bytes.subarray(8 + length), 8 + header.length);
  return out;
}

async function readPairs(bytes: Uint8Array, name: string): Promise<void> {
  const table = await readTable(Uint8Array.from(bytes), name);
  const { plan } = recognise(table);
  if (plan === null || !isComplete(plan)) return;
  for (const { prompt, chosen, rejected } of makePairs(table, plan, name).pairs)
    for (const part of [prompt, chosen, rejected])
      if (
        typeof part !== 'string' &&
        !part.every(({ role, content }) => typeof role === 'string' && typeof content === 'string')
      )
        throw new Wrong('a pair that is no text');
}

const rows = Array.from({ length: 12 }, (_, i) => ({
  prompt: `Question ${i}, "x"?`,
  chosen: `Good\n${i}`,
  rejected: 'Bad',
}));
const chats = rows.map((row) => ({ ...row, chosen: [{ role: 'assistant', content: row.chosen }], score: 3 }));
const jsonl = (values: readonly unknown[]) =>
  (Array.isArray(values) ? values : [values]).map((value) => `${writeJson(value)}\n`).join('');
const table = (sign: string) =>
  [['prompt', 'chosen', 'rejected'], ...rows.map(Object.values)]
    .map((cells) => cells.map((cell) => `"${String(cell).replaceAll('"', '""')}"`).join(sign))
    .join('\n');
const parquets = ['gzip', 'none', 'snappy', 'zstd'].map((name) => readFileSync(`fixtures/parquet/${name}.parquet`));
const excel = readdirSync('fixtures/data/excel').map((name) => `fixtures/data/excel/${name}`);
const messages = [
  { role: 'user', content: 'Hi' },
  { role: 'assistant', content: 'Ho' },
] as const;

const templates = Object.values(
  (JSON.parse(readFileSync('fixtures/chat-templates.json', 'utf8')) as { templates: Record<string, string> }).templates,
);

type Kind = (dice: Dice) => Promise<unknown>;

/** What each kind does with its nth change. */
export const kinds: Readonly<Record<string, Kind>> = {
  config: (dice) => score(withJson(modelOf(dice), 'config.json', dice)),
  tokenizer: (dice) => score(withJson(modelOf(dice), 'tokenizer.json', dice)),
  tokenizer_config: (dice) => score(withJson(modelOf(dice), 'tokenizer_config.json', dice)),
  template: async (dice) => {
    const source = mutateText(dice.pick(templates), dice);
    await Promise.resolve();
    return renderChat(source, messages, { addGenerationPrompt: true, specialTokens: { eos_token: '</s>' } });
  },
  safetensors: (dice) => {
    const files = modelOf(dice);
    return score({ ...files, 'model.safetensors': mutateSafetensors(files['model.safetensors'] as Uint8Array, dice) });
  },
  adapter: (dice) => {
    const files = folder(adapterFolder);
    const changed =
      dice.below(2) === 0
        ? withJson(files, 'adapter_config.json', dice)
        : {
            ...files,
            'adapter_model.safetensors': mutateSafetensors(files['adapter_model.safetensors'] as Uint8Array, dice),
          };
    return score(folder('fixtures/tiny-llama'), changed);
  },
  jsonl: (dice) =>
    readPairs(encode(mutateText(jsonl(mutateJson(dice.pick([rows, chats]), dice) as unknown[]), dice)), 'a.jsonl'),
  json: (dice) => readPairs(encode(mutateText(writeJson(mutateJson(dice.pick([rows, chats]), dice)), dice)), 'a.json'),
  csv: (dice) => readPairs(encode(mutateText(table(dice.pick([',', ';'])), dice)), 'a.csv'),
  tsv: (dice) => readPairs(encode(mutateText(table('\t'), dice)), 'a.tsv'),
  gzip: (dice) => readPairs(mutateBytes(gzipSync(encode(jsonl(rows))), dice), 'a.jsonl.gz'),
  xlsx: (dice) => readPairs(mutateBytes(readFileSync(dice.pick(excel)), dice), 'a.xlsx'),
  parquet: (dice) => readPairs(mutateBytes(dice.pick(parquets), dice), 'a.parquet'),
  parquet_structure: (dice) => readPairs(mutateParquet(dice.pick(parquets), dice), 'a.parquet'),
  records: (dice) => visitChanged(dice, (what) => new Wrong(what)),
};

const adapterFolder = 'fixtures/golden/tiny-llama/init-adapter';

export type Outcome = 'accepted' | 'refused' | 'raw' | 'wrong';

/** Makes the nth change of a kind and says how it ended. */
export async function tryOne(
  kind: string,
  seed: number,
): Promise<{ readonly outcome: Outcome; readonly said: string }> {
  try {
    await kinds[kind]?.(new Dice(seed * 7919 + kind.length));
    return { outcome: 'accepted', said: '' };
  } catch (error) {
    if (error instanceof UserError) return { outcome: 'refused', said: error.message.slice(0, 200) };
    const said =
      error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 4).join(' | ') : String(error);
    return { outcome: error instanceof Wrong ? 'wrong' : 'raw', said };
  }
}
