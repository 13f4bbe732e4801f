/** @file All runs kept on this PC, and their adapters to take away. */
import { Section } from '../shell/section';
import { useStudioState } from '../use-studio';
import { useText } from '../../text/text';
import { ImportAdapter } from './import-adapter';
import { RunCard } from './run-card';
import { RunComparison } from './run-comparison';

export function RunsSection() {
  const { runs: text } = useText();
  const runs = useStudioState('library', (state) => state.runs);
  const fingerprint = useStudioState('model', (state) => state.summary?.fingerprint);
  return (
    <Section id="runs" title={text.title} lead={text.lead}>
      <ImportAdapter />
      <RunComparison />
      {runs.length === 0 ? (
        <p className="quiet">{text.empty}</p>
      ) : (
        <ul className="run-list">
          {runs.map((run) => (
            <RunCard
              key={run.id}
              run={run}
              isOtherModel={fingerprint !== undefined && run.modelFingerprint !== fingerprint}
            />
          ))}
        </ul>
      )}
    </Section>
  );
}
