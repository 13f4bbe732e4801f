/**
 * @file Models that whoever runs the server has put beside the page: `models/manifest.json` names them and their files
 * (format: README.md). They are fetched from the place the page was loaded from, and from nowhere else.
 */
import { message, type Message } from '../../messages/message';
import { isJsonObject } from '../../core/json';
import { UserError } from '../../core/errors';
import type { ServerSource } from './copy-files';

export interface ServerFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** Hex; null where the list gives none. */
  readonly sha256: string | null;
}

export interface ServerModel {
  /** Also the folder's name, below `models/`. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly files: readonly ServerFile[];
}

/** One step of a path: nothing that could lead out of `models/`. */
const isPlainName = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && !value.startsWith('.') && !/[/\\]/.test(value);

const isSize = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

function refuse(problem: Message): never {
  throw new UserError('serverListBad', { problem });
}

function readFile(file: unknown, model: string): ServerFile {
  if (!isJsonObject(file) || !isPlainName(file['path'])) return refuse(message('listFileWithoutPath', { model }));
  const { path, size, sha256 = null } = file;
  if (!isSize(size)) return refuse(message('listFileWithoutSize', { model, file: path as string }));
  if (sha256 !== null && !(typeof sha256 === 'string' && /^[0-9a-f]{64}$/.test(sha256)))
    return refuse(message('listFileHashBad', { model, file: path as string }));
  return { path: path as string, sizeBytes: size, sha256 };
}

/** @throws UserError for a list that breaks the format */
export function readServerManifest(text: string): ServerModel[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse(message('listNotJson'));
  }
  if (!isJsonObject(value) || !Array.isArray(value['models'])) return refuse(message('listWithoutModels'));
  return value['models'].map((model: unknown, i): ServerModel => {
    if (!isJsonObject(model) || !isPlainName(model['name']))
      return refuse(message('listModelWithoutName', { number: i + 1 }));
    const name = model['name'];
    if (!Array.isArray(model['files']) || model['files'].length === 0)
      return refuse(message('listModelWithoutFiles', { model: name }));
    const files = model['files'].map((file) => readFile(file, name));
    return { name, files, sizeBytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
  });
}

/** @param base the page's address; the models lie beside the page */
export function sourcesOf({ name, files }: ServerModel, base: string): ServerSource[] {
  return files.map((file) => ({
    ...file,
    url: new URL(`models/${encodeURIComponent(name)}/${encodeURIComponent(file.path)}`, base).href,
  }));
}

export type FetchServerModels = () => Promise<readonly ServerModel[]>;

/** A server without a list offers no models. */
export function createServerList(base: string): FetchServerModels {
  return async () => {
    const response = await fetch(new URL('models/manifest.json', base), {
      mode: 'same-origin',
      redirect: 'error',
      cache: 'no-cache',
    }).catch(() => null);
    return response?.ok ? readServerManifest(await response.text()) : [];
  };
}
