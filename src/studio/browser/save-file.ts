/**
 * @file A file that is written as it comes, however large: to a place that the person chooses where the browser lets a
 * page write there, else into the browser's private file system and from there to the downloads.
 */
import type { ByteSink } from '../../storage/backup/container';

export interface SaveTarget extends ByteSink {
  /** The file is there, under its name. */
  done(): Promise<void>;
  /** Nothing of it is left. */
  discard(): Promise<void>;
}

/** Null where the person thought better of it. */
export type OpenSaveTarget = (fileName: string) => Promise<SaveTarget | null>;

/** In the private file system: what is on its way to the downloads. */
const folderName = 'outgoing';

interface PickerWindow {
  showSaveFilePicker?(options: { readonly suggestedName: string }): Promise<FileSystemFileHandle>;
}

async function writeTo(handle: FileSystemFileHandle, done: () => Promise<void>): Promise<SaveTarget> {
  const stream = await handle.createWritable();
  return {
    write: (bytes) => stream.write(bytes),
    done: async () => {
      await stream.close();
      await done();
    },
    discard: () => stream.abort(),
  };
}

/** A new file in the private file system, for what is on its way to the downloads. */
export async function outgoingFile(fileName: string): Promise<FileSystemFileHandle> {
  // What went out before has long been taken.
  await clearOutgoing();
  const root = await navigator.storage.getDirectory();
  const folder = await root.getDirectoryHandle(folderName, { create: true });
  return folder.getFileHandle(fileName, { create: true });
}

export async function download(handle: FileSystemFileHandle): Promise<void> {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await handle.getFile());
  link.download = handle.name;
  link.click();
}

/** Nothing is left of what was on its way out. */
export async function clearOutgoing(): Promise<void> {
  const root = await navigator.storage.getDirectory();
  await root.removeEntry(folderName, { recursive: true }).catch(() => {});
}

async function downloadTarget(fileName: string): Promise<SaveTarget> {
  const handle = await outgoingFile(fileName);
  return writeTo(handle, () => download(handle));
}

/** To be called while a click is handled: browsers ask for a place only then. */
export const openSaveTarget: OpenSaveTarget = async (fileName) => {
  const { showSaveFilePicker } = window as PickerWindow;
  if (showSaveFilePicker === undefined) return downloadTarget(fileName);
  try {
    const handle = await showSaveFilePicker.call(window, { suggestedName: fileName });
    return await writeTo(handle, async () => {});
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') return null;
    // An administrator may forbid pages to write files.
    return downloadTarget(fileName);
  }
};
