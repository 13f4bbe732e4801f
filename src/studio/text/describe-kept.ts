/** @file What the browser keeps for this address, a sentence a kind; none of kinds that it keeps nothing of. */
import type { Kept } from '../../storage/erase';
import type { Text } from './text';

export function describeKept(kept: Kept, { erase: { kept: text } }: Text): string[] {
  return [
    ...(kept.databases > 0 ? [text.databases(kept.databases, kept.records)] : []),
    ...(kept.files > 0 ? [text.files(kept.files, kept.fileBytes)] : []),
    ...(kept.caches > 0 ? [text.caches(kept.answers)] : []),
    ...(kept.entries > 0 ? [text.entries(kept.entries)] : []),
    ...(kept.workers > 0 ? [text.workers(kept.workers)] : []),
  ];
}
