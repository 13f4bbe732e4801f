/** @file The shipped manifest: what it names is there; and what no manifest is, offers nothing. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readManifest, taskIds } from './manifest';

const root = 'public/starter';

describe('the starter’s manifest', () => {
  const text = readFileSync(`${root}/manifest.json`, 'utf8');
  const shipped = readManifest(text);

  it('names every task', () => {
    const { tasks } = JSON.parse(text) as { tasks: { id: string }[] };
    expect(tasks.map(({ id }) => id)).toEqual(taskIds);
  });

  it.skipIf(shipped === null)('names files that are there', () => {
    const paths =
      shipped === null
        ? []
        : [
            ...shipped.tasks.flatMap(({ model = 'model' }) => shipped.model.map((path) => `${model}/${path}`)),
            ...shipped.tasks.flatMap((task) => [task.train, task.eval]),
          ];
    expect(paths.filter((path) => !existsSync(`${root}/${path}`))).toEqual([]);
  });

  it('offers nothing without a model, without tasks, or where it is damaged', () => {
    const task = { id: 'sentiment', train: 'train.jsonl', eval: 'eval.jsonl' };
    expect(
      readManifest(
        JSON.stringify({ model: ['config.json'], tasks: [task, { ...task, id: 'other' }, { ...task, model: 3 }] }),
      ),
    ).toEqual({
      model: ['config.json'],
      tasks: [task],
    });
    expect(readManifest(JSON.stringify({ model: [], tasks: [task] }))).toBeNull();
    expect(readManifest(JSON.stringify({ model: ['config.json'], tasks: [] }))).toBeNull();
    expect(readManifest('<!doctype html>')).toBeNull();
    expect(readManifest('null')).toBeNull();
  });
});
