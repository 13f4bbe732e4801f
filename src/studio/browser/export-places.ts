/**
 * @file Where a hand-over goes: a folder that the person chooses, where the browser lets a page write into one, or a
 * zip that is written into the private file system and taken from there to the downloads.
 */
import { UserError } from '../../core/errors';
import type { ExportTarget } from '../../worker/protocol';
import { clearOutgoing, download, outgoingFile } from './save-file';

export interface OpenedPlace {
  readonly target: ExportTarget;
  /** All of it was written. */
  done(): Promise<void>;
  /** Nothing of it is wanted. */
  discard(): Promise<void>;
}

export interface ExportPlaces {
  /** Whether a folder can be chosen here at all. */
  canChooseFolder(): boolean;
  /** To be called while a click is handled; null where the person thought better of it. */
  folder(): Promise<OpenedPlace | null>;
  /** @param name without `.zip` */
  zip(name: string): Promise<OpenedPlace>;
}

interface PickerWindow {
  showDirectoryPicker?(options: {
    readonly mode: 'readwrite';
    readonly id: string;
  }): Promise<FileSystemDirectoryHandle>;
}

const nothing = async (): Promise<void> => {};

export const exportPlaces: ExportPlaces = {
  canChooseFolder: () => 'showDirectoryPicker' in globalThis,
  async folder() {
    try {
      const pick = (window as PickerWindow).showDirectoryPicker;
      if (pick === undefined) return null;
      const folder = await pick.call(window, { mode: 'readwrite', id: 'hand-over' });
      return { target: { kind: 'folder', folder }, done: nothing, discard: nothing };
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError') return null;
      // An administrator may forbid pages to write files.
      throw new UserError('folderRefused', { reason: error instanceof Error ? error.message : String(error) });
    }
  },
  async zip(name) {
    const file = await outgoingFile(`${name}.zip`);
    return { target: { kind: 'zip', file }, done: () => download(file), discard: clearOutgoing };
  },
};
