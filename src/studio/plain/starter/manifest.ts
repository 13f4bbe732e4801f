/**
 * @file What `public/starter/manifest.json` says and how it and the files it names are fetched: from the place the page
 * was loaded from, and from nowhere else. Where a build ships no model, the manifest's list of model files is empty.
 */
import { starterTasks as taskIds, type StarterTaskId as TaskId } from '../../../data/starter-task';
import { isJsonObject } from '../../../core/json';

export { taskIds, type TaskId };

export const isTaskId = (value: unknown): value is TaskId => taskIds.some((id) => id === value);

export interface StarterTask {
  readonly id: TaskId;
  /** Folder of its model beside the manifest; `model` where it is left out. */
  readonly model?: string;
  /** Path of a file of preference pairs (JSON Lines), relative to the manifest. */
  readonly train: string;
  readonly eval: string;
}

export interface StarterManifest {
  /** Paths of a checkpoint's files, relative to the model's folder. */
  readonly model: readonly string[];
  readonly tasks: readonly StarterTask[];
}

/** Reads the manifest; null where it offers nothing that could be tried. */
export function readManifest(text: string): StarterManifest | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isJsonObject(value) || !Array.isArray(value['model']) || !Array.isArray(value['tasks'])) return null;
  const model = value['model'].filter((path): path is string => typeof path === 'string');
  const tasks = value['tasks'].filter(
    (task): task is StarterTask =>
      isJsonObject(task) &&
      isTaskId(task['id']) &&
      ['undefined', 'string'].includes(typeof task['model']) &&
      ['train', 'eval'].every((key) => typeof task[key] === 'string'),
  );
  return model.length === 0 || tasks.length === 0 ? null : { model, tasks };
}

export interface FetchOptions {
  readonly signal?: AbortSignal;
  /** Is told how many bytes came since the last call. */
  readonly onBytes?: (bytes: number) => void;
}

/** Reads one file of the starter; null where there is none. */
export type FetchStarterFile = (path: string, options?: FetchOptions) => Promise<Blob | null>;

/**
 * Makes the function that fetches files of the starter, which lies beside the page.
 * @param base the page's address
 */
export function createStarterFetch(base: string): FetchStarterFile {
  return async (path, { signal, onBytes } = {}) => {
    const response = await fetch(new URL(`starter/${path}`, base), signal ? { signal } : {});
    if (!response.ok || response.body === null) return null;
    const parts: BlobPart[] = [];
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return new Blob(parts);
      parts.push(value);
      onBytes?.(value.byteLength);
    }
  };
}
