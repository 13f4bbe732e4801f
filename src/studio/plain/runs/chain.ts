/** @file The chain behind an adapter: base -> adapter -> adapter. */
import type { Run } from './run';

/** Names what the run grew from, the base first and its own adapter last; `gone` stands for runs that were deleted. */
export function chainOf(run: Run, runs: readonly Run[], gone: string): readonly string[] {
  const names: string[] = [];
  const seen = new Set<string>();
  for (let current: Run | undefined = run; current !== undefined && !seen.has(current.id);) {
    seen.add(current.id);
    names.unshift(...(current.imported?.ancestors ?? []), current.name);
    const parent: string | null = current.startedFrom;
    current = parent === null ? undefined : runs.find(({ id }) => id === parent);
    if (parent !== null && current === undefined) names.unshift(gone);
  }
  return [run.modelName, ...names];
}
