/** @file What came of the last start, in a line a run; all of it stands on the run's page. */
import { FailureNote } from '../shell/failure-note';
import { addressOfRun } from '../shell/route';
import { ResumeButton } from '../runs/resume-button';
import { RunStatus } from '../runs/run-result';
import { useStudioState } from '../use-studio';
import { useText } from '../../text/text';
import type { LastStart } from '../../stores/training-state';

export function LastStartNote({ last }: { readonly last: LastStart }) {
  const { runs: text } = useText();
  const runs = useStudioState('library', (state) => state.runs);
  // While the engine is down, the note above all sections says why.
  const isSaidAbove = useStudioState(
    'model',
    (state) => state.down !== null && state.down.sentence === last.failure?.sentence,
  );
  const started = last.runIds.flatMap((id) => runs.filter((run) => run.id === id));
  return (
    <div className="last-start" data-testid="last-start">
      {last.failure !== null && !isSaidAbove && <FailureNote failure={last.failure} />}
      {started.map((run) => (
        <div key={run.id} className="last-run">
          {run.status !== 'failed' && <RunStatus run={run} />}
          <a href={addressOfRun(run.id)}>{text.page.see(run.name)}</a>
          <ResumeButton run={run} />
        </div>
      ))}
    </div>
  );
}
