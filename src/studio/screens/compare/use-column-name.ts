/** @file A column in a few words, "Base", "dpo-1", "dpo-1 at 50%", and its colour. */
import { formatShare } from '../../text/format';
import { ownModel } from '../../stores/open-model';
import { useStudioState } from '../use-studio';
import { currentText, useText, type Text } from '../../text/text';
import { roleOfRun, type Run } from '../../plain/runs/run';
import { roleColours, roleOfMethod, type RoleColour } from '../../plain/roles';
import { answererOf, strengthRange, type Column } from '../../plain/compare/columns';

export function nameOfAnswerer(
  run: Pick<Run, 'name'> | null,
  strength: number,
  text: Text['compare'] = currentText().compare,
): string {
  if (run === null) return text.columns.base;
  return strength === strengthRange.whole
    ? run.name
    : text.atStrength(run.name, formatShare(strength / strengthRange.whole));
}

export function useColumnName(): (column: Column) => string {
  const { compare: text } = useText();
  const fingerprint = useStudioState('model', ownModel)?.fingerprint;
  const runs = useStudioState('library', (state) => state.runs);
  return (column) => {
    const name = nameOf(column);
    return column.best === undefined ? name : text.best.name(name, column.best.count);
  };
  function nameOf(column: Column): string {
    const answerer = answererOf(column, runs, fingerprint);
    if (answerer.kind === 'none') return text.columns[answerer.method];
    if (answerer.kind === 'gone') return text.goneShort;
    return nameOfAnswerer(answerer.kind === 'run' ? answerer.run : null, column.strength, text);
  }
}

/** The colours of the columns, in their order. */
export function useColumnColours(): readonly RoleColour[] {
  const fingerprint = useStudioState('model', ownModel)?.fingerprint;
  const runs = useStudioState('library', (state) => state.runs);
  const columns = useStudioState('compare', (state) => state.columns);
  return roleColours(
    columns.map((column) => {
      const answerer = answererOf(column, runs, fingerprint);
      if (answerer.kind === 'run') return roleOfRun(answerer.run);
      return answerer.kind === 'none' ? roleOfMethod(answerer.method) : answerer.kind === 'base' ? 'base' : null;
    }),
  );
}
