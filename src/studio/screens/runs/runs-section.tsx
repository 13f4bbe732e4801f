/** @file All runs kept on this PC, and their adapters to take away. */
import { Section } from '../shell/section';
import { useStudioState } from '../use-studio';
import { useText } from '../../text/text';
import { ImportAdapter } from './import-adapter';
import { RunComparison } from './run-comparison';
import { RunList } from './run-list';

const words = ['adapter', 'peft', 'heldOut', 'evaluation', 'accuracy', 'margin'] as const;

export function RunsSection() {
  const { runs: text } = useText();
  const runs = useStudioState('library', (state) => state.runs);
  return (
    <Section id="runs" title={text.title} lead={text.lead} terms={words}>
      {runs.length === 0 ? <p className="quiet">{text.empty}</p> : <RunList runs={runs} />}
      <RunComparison />
      <ImportAdapter />
    </Section>
  );
}
