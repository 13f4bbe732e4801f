/**
 * @file From a chosen or dropped directory to the files of one checkpoint in it. Only names are looked at:
 * whether the files make a model is for the engine to say.
 */
import type { ModelFile } from '../../../worker/protocol';
import { currentText } from '../../text/text';

export interface ChosenDirectory {
  readonly name: string;
  /** Paths are relative to the directory, with `/`. */
  readonly files: readonly ModelFile[];
}

/** A directory with more files than this is no checkpoint, but somebody's home directory. */
const maxFiles = 20_000;
const maxDepth = 4;

/** Reads what `<input webkitdirectory>` gives, where each path begins with the directory's name. */
export function fromFileList(list: readonly File[]): ChosenDirectory | null {
  const first = list[0];
  if (first === undefined) return null;
  const name = first.webkitRelativePath.split('/')[0] || 'model';
  return {
    name,
    files: list.map((file) => ({ path: file.webkitRelativePath.slice(name.length + 1) || file.name, blob: file })),
  };
}

/** The parts of react-aria's DirectoryDropItem that are used. */
export interface DroppedDirectory {
  readonly kind: 'directory';
  readonly name: string;
  getEntries(): AsyncIterable<DroppedFile | DroppedDirectory>;
}

export interface DroppedFile {
  readonly kind: 'file';
  readonly name: string;
  getFile(): Promise<File>;
}

export async function fromDropped(directory: DroppedDirectory): Promise<ChosenDirectory> {
  const files: ModelFile[] = [];
  const walk = async (current: DroppedDirectory, prefix: string, depth: number): Promise<void> => {
    for await (const entry of current.getEntries()) {
      if (files.length >= maxFiles) return;
      if (entry.kind === 'file') files.push({ path: prefix + entry.name, blob: await entry.getFile() });
      else if (depth < maxDepth && !entry.name.startsWith('.')) await walk(entry, `${prefix}${entry.name}/`, depth + 1);
    }
  };
  await walk(directory, '', 1);
  return { name: directory.name, files };
}

export type FoundCheckpoint =
  | { readonly checkpoint: ChosenDirectory; readonly problem: null }
  | { readonly checkpoint: null; readonly problem: string };

/** Finds the files beside config.json, in the directory itself or in the only one below it that has a config.json. */
export function findCheckpoint({ name, files }: ChosenDirectory): FoundCheckpoint {
  const configs = files.filter(({ path }) => path === 'config.json' || path.endsWith('/config.json'));
  const top = configs.find(({ path }) => path === 'config.json');
  const chosen = top ?? (configs.length === 1 ? configs[0] : undefined);
  if (chosen === undefined) {
    const { model } = currentText();
    if (configs.length === 0) return { checkpoint: null, problem: model.noConfig(name) };
    const shown = configs.slice(0, 3).map(({ path }) => path.slice(0, -'/config.json'.length));
    return {
      checkpoint: null,
      problem: model.severalModels(name, configs.length, [...shown, ...(configs.length > 3 ? ['…'] : [])].join(', ')),
    };
  }
  const folder = chosen.path.slice(0, -'config.json'.length);
  const beside = files.filter(({ path }) => path.startsWith(folder) && !path.slice(folder.length).includes('/'));
  return {
    checkpoint: {
      name: folder === '' ? name : `${name}/${folder.slice(0, -1)}`,
      files: beside
        .map(({ path, blob }) => ({ path: path.slice(folder.length), blob }))
        .filter(({ path }) => !path.startsWith('.')),
    },
    problem: null,
  };
}
