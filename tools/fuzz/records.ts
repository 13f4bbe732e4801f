/**
 * @file What the browser keeps, a record of it changed as a damaged disk or another program leaves it: the studio opens
 * over it as at a visit, all that is listed is read, and what is imported then is there at the next visit.
 */
import { UserError } from '../../src/core/errors';
import { mapKeyValue } from '../../src/storage/key-value';
import { Unreadable } from '../../src/storage/unreadable';
import { exampleRun } from '../../src/studio/plain/examples';
import { createStorage } from '../../src/studio/plain/records';
import { openTestStudio } from '../../src/studio/stores/open-test-studio';
import type { Studio } from '../../src/studio/stores/studio-stores';
import { mutateJson, type Dice } from './mutate';

type Disk = Map<string, unknown>;

const open = (disk: Disk): Promise<Studio> =>
  openTestStudio({
    engine: { call: () => new Promise(() => {}), onDown: () => () => {}, onSilence: () => () => {}, restart: () => {} },
    storage: createStorage(mapKeyValue(disk)),
  });

const lines = (values: readonly object[]): string => values.map((value) => JSON.stringify(value)).join('\n');
const pairsFile = (...prompts: string[]): Blob =>
  new Blob([lines(prompts.map((prompt) => ({ prompt, chosen: 'Yes.', rejected: 'No.' })))]);
const judgements = lines(['p', 'q', 'r'].map((prompt) => ({ prompt, a: 'x', b: 'y', verdict: 'a' })));

/** Two visits' work, by the stores themselves. */
async function work(): Promise<Disk> {
  const disk: Disk = new Map();
  const { dataset, judge, library, compare, training } = await open(disk);
  await dataset.getState().importFile('a.jsonl', pairsFile('one', 'two', 'three'));
  await judge.getState().importRound({ name: 'round.jsonl', text: judgements });
  await judge.getState().judge('a');
  const metrics = [{ step: 1, epoch: 1, loss: 0.69, grad_norm: NaN, learning_rate: 1e-4 }];
  const adapter = {
    'adapter_config.json': new Uint8Array([123, 125]),
    'adapter_model.safetensors': new Uint8Array(32),
  };
  const pairs = { train: [{ prompt: 'a', chosen: 'b', rejected: 'c' }], evaluation: [] };
  const samples = [{ step: 1, answers: [{ text: 'x', tokens: 1, finish: 'eos' as const }] }];
  await library.getState().save(exampleRun, { metrics, adapter, samples });
  const optimizer = {
    parameter: [new Float32Array(4)],
    mean: [new Float32Array(4)],
    variance: [new Float32Array(4)],
    steps: 1,
  };
  const cut = { ...exampleRun, id: 'c', name: 'dpo-2', status: 'interrupted' as const };
  await library.getState().saveCheckpoint(cut, { step: 1, optimizer, best: null }, pairs, { metrics, samples });
  await library.getState().label('d', { notes: 'n', tags: ['t'] });
  const storage = createStorage(mapKeyValue(disk));
  const { form } = training.getState();
  const { sampling, columns } = compare.getState();
  await storage.writeSettings({
    training: form,
    sampling,
    columns,
    compared: ['d', 'c'],
    pinned: ['d'],
    dismissed: ['x'],
  });
  return disk;
}

let worked: Promise<Disk> | null = null;

function change(disk: Disk, dice: Dice): void {
  const key = dice.pick([...disk.keys()].filter((each) => !each.startsWith('stamp/')));
  const way = dice.below(16);
  if (way === 0) disk.delete(key);
  else if (way === 1) disk.set(key, new Unreadable('Data lost'));
  else disk.set(key, mutateJson(disk.get(key), dice));
}

/** Reads all that the page lists; what cannot be read is a sentence. */
async function readAll({ library }: Studio): Promise<void> {
  const isSaid = (error: unknown): void => {
    if (!(error instanceof UserError)) throw error;
  };
  const { runs, loadMetrics, adapterOf, newestCheckpointOf, pairsOf } = library.getState();
  for (const { id } of runs)
    for (const read of [loadMetrics, adapterOf, newestCheckpointOf, pairsOf]) await read(id).catch(isSaid);
}

/**
 * @throws UserError where a record was set aside
 * @param wrong makes the error of what is silently wrong
 */
export async function visitChanged(dice: Dice, wrong: (what: string) => Error): Promise<void> {
  const disk = structuredClone(await (worked ??= work()));
  change(disk, dice);
  const studio = await open(disk);
  await readAll(studio);
  for (const { pair } of studio.dataset.getState().rows)
    if (![pair.prompt, pair.chosen, pair.rejected].every((text) => typeof text === 'string' || Array.isArray(text)))
      throw wrong('a pair that is no text');
  await studio.dataset.getState().importFile('later.jsonl', pairsFile('a later one'));
  const later = await open(disk);
  if (!later.dataset.getState().rows.some(({ pair }) => pair.prompt === 'a later one'))
    throw wrong('an import that is gone at the next visit');
  const [aside] = [...studio.setAside.getState().records, ...later.setAside.getState().records];
  if (aside !== undefined) throw new UserError('recordDamaged', { what: aside.from });
}
