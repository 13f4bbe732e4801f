/** @file What the demonstration's views read alike: names of its columns, and whether anything can be computed now. */
import type { DemonstrationColumn } from '../../../storage/demonstration-record';
import { computingObstacle } from '../../plain/demonstration/computing';
import { useText, type Text } from '../../text/text';
import { nameOfAnswerer } from '../compare/use-column-name';
import { useBusyReason, useStudioState } from '../use-studio';

type NamedColumn = Pick<DemonstrationColumn, 'role' | 'name' | 'strength'>;

/** A column in a few words: "Base", "DPO (dpo-1 at 50%)". */
export function nameOfColumn({ role, name, strength }: NamedColumn, compare: Text['compare']): string {
  const own = nameOfAnswerer(role === 'base' ? null : { name }, strength, compare);
  if (role === null) return own;
  const title = compare.columns[role];
  return own === title || own === role ? title : `${title} (${own})`;
}

export function useNameOf(): (column: NamedColumn) => string {
  const { compare } = useText();
  return (column) => nameOfColumn(column, compare);
}

/** Why nothing can be computed: what is missing for good, or until another model is open. Null where nothing is. */
export function useMissing(): string | null {
  const { demonstration: text } = useText();
  const round = useStudioState('demonstration', (state) => state.round);
  const runs = useStudioState('library', (state) => state.runs);
  const fingerprint = useStudioState('model', (state) => state.summary?.fingerprint);
  if (round === null) return null;
  const obstacle = computingObstacle(round, runs, fingerprint);
  return obstacle === null ? null : text.computing[obstacle](round.modelName);
}

/** Why nothing can be computed now; null where it can. What the show itself writes gives way to what it is asked. */
export function useCannotCompute(): string | null {
  const missing = useMissing();
  const busy = useBusyReason();
  const isShowing = useStudioState('engineTime', (state) => state.foreground[0] === 'showing');
  return missing ?? (isShowing ? null : busy);
}
