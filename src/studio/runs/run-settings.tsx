/** @file The settings of a run, by TRL's names, as they were sent to the engine. */
import type { Run } from '../stores/library';
import { useStudioState } from '../studio';

function show(value: unknown): string {
  if (Array.isArray(value)) return value.join(', ');
  return value === null ? 'none' : String(value);
}

export function RunSettings({ run }: { readonly run: Run }) {
  const startedFrom = useStudioState('library', (state) =>
    run.startedFrom === null ? null : (state.runs.find(({ id }) => id === run.startedFrom)?.name ?? 'a deleted run'),
  );
  return (
    <details className="run-settings">
      <summary>Settings</summary>
      <dl className="facts facts-code">
        <div>
          <dt>pairs</dt>
          <dd>{run.pairs}</dd>
        </div>
        <div>
          <dt>start</dt>
          <dd>{startedFrom === null ? 'fresh adapter' : `adapter of ${startedFrom}`}</dd>
        </div>
        {Object.entries(run.config).map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{show(value)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
