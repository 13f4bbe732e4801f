/** @file The entries of the audit log that are asked for, the newest first. */
import type { KeptEntry } from '../../../storage/audit/audit-log';

/**
 * @param search words that must all be in the entry's text
 * @param action an action, or `all`
 */
export function filterEntries(entries: readonly KeptEntry[], search: string, action: string): readonly KeptEntry[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return entries
    .filter(({ entry, text }) => {
      const lower = text.toLowerCase();
      return (action === 'all' || entry.action === action) && words.every((word) => lower.includes(word));
    })
    .reverse();
}
