import { describe, expect, it } from 'vitest';
import {
  findCheckpoint,
  fromDropped,
  fromFileList,
  type DroppedDirectory,
  type DroppedFile,
} from './checkpoint-directory';

const blob = new Blob(['x']);
const files = (...paths: string[]) => paths.map((path) => ({ path, blob }));
const pathsOf = (found: ReturnType<typeof findCheckpoint>) => found.checkpoint?.files.map(({ path }) => path);

describe('the checkpoint in a directory', () => {
  it('is the files beside config.json, without hidden ones and subdirectories', () => {
    const found = findCheckpoint({
      name: 'm',
      files: files('config.json', 'model.safetensors', '.gitattributes', 'onnx/model.onnx'),
    });
    expect(found.checkpoint?.name).toBe('m');
    expect(pathsOf(found)).toEqual(['config.json', 'model.safetensors']);
  });
  it('may lie one directory down, if it is the only one', () => {
    const found = findCheckpoint({
      name: 'hub',
      files: files('refs/main', 'snapshots/ab12/config.json', 'snapshots/ab12/tokenizer.json'),
    });
    expect(found.checkpoint?.name).toBe('hub/snapshots/ab12');
    expect(pathsOf(found)).toEqual(['config.json', 'tokenizer.json']);
  });
  it('is refused where there is none, or more than one', () => {
    expect(findCheckpoint({ name: 'm', files: files('model.gguf') }).problem).toContain(
      'The directory "m" has no config.json.',
    );
    expect(findCheckpoint({ name: 'm', files: files('a/config.json', 'b/config.json') }).problem).toContain(
      'holds 2 models (a, b)',
    );
  });
  it('takes the top one of several', () => {
    expect(pathsOf(findCheckpoint({ name: 'm', files: files('config.json', 'old/config.json') }))).toEqual([
      'config.json',
    ]);
  });
});

it('reads the list of a directory input', () => {
  const file = (webkitRelativePath: string) => Object.assign(new File(['x'], 'x'), { webkitRelativePath });
  const directory = fromFileList([file('tiny/config.json'), file('tiny/sub/a.bin')] as File[]);
  expect(directory?.name).toBe('tiny');
  expect(directory?.files.map(({ path }) => path)).toEqual(['config.json', 'sub/a.bin']);
  expect(fromFileList([])).toBeNull();
});

it('reads a dropped directory, leaving out hidden directories', async () => {
  const file = (name: string): DroppedFile => ({ kind: 'file', name, getFile: async () => new File(['x'], name) });
  const folder = (name: string, entries: (DroppedFile | DroppedDirectory)[]): DroppedDirectory => ({
    kind: 'directory',
    name,
    async *getEntries() {
      yield* entries;
    },
  });
  const { name, files: read } = await fromDropped(
    folder('tiny', [file('config.json'), folder('sub', [file('a.bin')]), folder('.git', [file('HEAD')])]),
  );
  expect(name).toBe('tiny');
  expect(read.map(({ path }) => path)).toEqual(['config.json', 'sub/a.bin']);
});
