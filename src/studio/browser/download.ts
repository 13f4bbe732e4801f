/** @file Files that the user takes away: a file's name, an adapter as a zip, the download itself. */
import { zipSync, type Zippable } from 'fflate';
import type { LeavingFile } from '../plain/audit/label-file';
import type { AdapterFiles } from '../../worker/protocol';

/** Turns a name into a file name that any system takes. */
export function toFileName(name: string): string {
  const safe = name.replace(/[\u0000-\u001f<>:"/\\|?*]+/g, '-').replace(/^[.\s-]+|[.\s-]+$/g, '');
  return safe === '' ? 'run' : safe.slice(0, 120);
}

export function zipAdapter(files: AdapterFiles): Uint8Array<ArrayBuffer> {
  const entries: Zippable = {};
  for (const [name, bytes] of Object.entries(files)) {
    // Weights do not compress; storing them keeps the page responsive.
    entries[name] = [bytes, { level: name.endsWith('.safetensors') ? 0 : 6 }];
  }
  return zipSync(entries) as Uint8Array<ArrayBuffer>;
}

/** Says what may leave, and as what; null keeps it here. */
type Gate = (file: LeavingFile) => Promise<LeavingFile | null>;
let gate: Gate | null = null;

/** All that is downloaded goes through here first. */
export function onDownload(passes: Gate): void {
  gate = passes;
}

/** Whether it left: the person may think better of it where a reason is asked for. */
export async function download(name: string, content: LeavingFile['content'], type: string): Promise<boolean> {
  const file = gate === null ? { name, content, type } : await gate({ name, content, type });
  if (file !== null) save(file);
  return file !== null;
}

function save({ name, content, type }: LeavingFile): void {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // Chrome has taken hold of the blob by then.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
