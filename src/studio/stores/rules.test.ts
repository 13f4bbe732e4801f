/** @file The rules of data sets over a storage in a Map: kept, undone, imported, and shared by two tabs. */
import { beforeEach, expect, it } from 'vitest';
import { sentenceOf } from '../../messages/message';
import { mapKeyValue } from '../../storage/key-value';
import type { Engine } from '../browser/engine-client';
import { createStorage } from '../plain/records';
import { createNoticeStore, type NoticeStore } from './notices';
import { openTestStudio } from './open-test-studio';
import { createRulesStore, type RulesStore } from './rules';

let disk: Map<string, unknown>;
let notices: NoticeStore;

beforeEach(() => {
  disk = new Map();
  notices = createNoticeStore();
});

async function visit(datasetId = 'a'): Promise<RulesStore> {
  const rules = createRulesStore({
    ...{ storage: createStorage(mapKeyValue(disk)), notices, datasetId },
    onStored: () => {},
  });
  await rules.getState().refresh();
  return rules;
}

const kindsOf = (rules: RulesStore) => rules.getState().rules.map(({ kind }) => kind);
const idAt = (rules: RulesStore, at: number) => rules.getState().rules[at]!.id;
const undoLast = () => notices.getState().undo(notices.getState().notices.at(-1)!.id);
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

it('keeps what was added, typed, moved and removed, and takes a removal back', async () => {
  const rules = await visit();
  for (const kind of ['json', 'pattern', 'contains'] as const) await rules.getState().add(kind);
  rules.getState().change(idAt(rules, 1), { text: '\\d+' });
  await rules.getState().move(idAt(rules, 2), -1);
  await rules.getState().keep();
  const again = await visit();
  expect(again.getState().rules).toEqual(rules.getState().rules);
  expect(kindsOf(again)).toEqual(['json', 'contains', 'pattern']);
  expect(again.getState().rules[2]?.text).toBe('\\d+');

  await again.getState().remove(idAt(again, 1));
  expect(kindsOf(await visit())).toEqual(['json', 'pattern']);
  undoLast();
  await settled();
  expect(kindsOf(await visit())).toEqual(['json', 'contains', 'pattern']);
});

it('keeps the rules of each data set apart, and what was typed before another one was opened', async () => {
  const rules = await visit('a');
  await rules.getState().add('contains');
  rules.getState().change(idAt(rules, 0), { text: 'typed' });
  await rules.getState().follow('b');
  expect(rules.getState()).toMatchObject({ datasetId: 'b', rules: [] });
  await rules.getState().add('json');
  await rules.getState().follow('a');
  expect(rules.getState().rules).toMatchObject([{ kind: 'contains', text: 'typed' }]);
  expect(kindsOf(await visit('b'))).toEqual(['json']);
});

it('loses nothing where two tabs change the rules at once', async () => {
  const [one, other] = [await visit(), await visit()];
  await one.getState().add('json');
  await other.getState().add('pattern');
  one.getState().change(idAt(one, 0), { weight: '3' });
  await one.getState().keep();
  await other.getState().refresh();
  expect(other.getState().rules).toEqual(one.getState().rules);
  expect(
    other
      .getState()
      .rules.map(({ kind, weight }) => `${kind} ${weight}`)
      .sort(),
  ).toEqual(['json 3', 'pattern 1']);
});

it('imports a file in the place of the rules, which can be undone, and refuses one that is none', async () => {
  const rules = await visit();
  await rules.getState().add('json');
  const file = new Blob([
    JSON.stringify({ version: 1, rules: [{ kind: 'ends_properly' }, { kind: 'language', language: 'ko' }] }),
  ]);
  await rules.getState().importFile('mine.json', file);
  expect(kindsOf(await visit())).toEqual(['ends_properly', 'language']);
  undoLast();
  await settled();
  expect(kindsOf(await visit())).toEqual(['json']);

  await rules
    .getState()
    .importFile('odd.json', new Blob(['{"version": 1, "rules": [{"kind": "pattern", "pattern": "("}]}']));
  expect(sentenceOf(notices.getState().notices.at(-1)!.message)).toContain('Rule 1 is a pattern that cannot be read');
  expect(kindsOf(rules)).toEqual(['json']);
});

it('follows the data set that is open, and goes with its copy', async () => {
  const engine: Engine = {
    call: () => Promise.reject(new Error('No engine is needed here.')),
    onDown: () => () => {},
    onSilence: () => () => {},
    restart: () => {},
  };
  const studio = await openTestStudio({ engine, storage: createStorage(mapKeyValue(disk)) });
  const { dataset, rules } = studio;
  await rules.getState().add('json');
  // Nobody else has written anything.
  expect(studio.notices.getState().notices).toEqual([]);
  const first = dataset.getState().openId;
  await dataset.getState().duplicateSet('copy');
  await expect.poll(() => rules.getState().datasetId).toBe(dataset.getState().openId);
  expect(dataset.getState().openId).not.toBe(first);
  expect(kindsOf(rules)).toEqual(['json']);
  await rules.getState().add('pattern');
  await dataset.getState().openSet(first);
  await expect.poll(() => rules.getState().datasetId).toBe(first);
  expect(kindsOf(rules)).toEqual(['json']);
});
