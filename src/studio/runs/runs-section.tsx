/** @file Step 5: all runs kept on this PC, and their adapters to take away. */
import { Section } from '../shell/section';
import { useStudioState } from '../studio';
import { RunCard } from './run-card';

export function RunsSection() {
  const runs = useStudioState('library', (state) => state.runs);
  const fingerprint = useStudioState('model', (state) => state.summary?.fingerprint);
  return (
    <Section
      id="runs"
      number={5}
      title="Runs & adapters"
      lead="Kept in this browser. An adapter is a PEFT directory, as a zip, for the server that holds the base model."
    >
      {runs.length === 0 ? (
        <p className="quiet">No runs yet. Each training run will be listed here with its charts and its adapter.</p>
      ) : (
        <ul className="run-list">
          {runs.map((run) => (
            <RunCard key={run.id} run={run} isOtherModel={fingerprint !== undefined && run.modelFingerprint !== fingerprint} />
          ))}
        </ul>
      )}
    </Section>
  );
}
