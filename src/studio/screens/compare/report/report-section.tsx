/** @file The report on the Compare screen: its title and remarks, and the file to take away. */
import { useState } from 'react';
import { FileText } from 'lucide-react';
import { Button } from 'react-aria-components';
import { download, toFileName } from '../../../browser/download';
import { describeFailure, type Failure } from '../../../text/failure';
import { preferences } from '../../../text/preferences';
import { FailureNote } from '../../shell/failure-note';
import { TextInput } from '../../shell/fields';
import { Section } from '../../shell/section';
import { scoreAnswer } from '../../../plain/starter/score-answer';
import { useStudio, useStudioState } from '../../use-studio';
import { useText } from '../../../text/text';
import { isDecided } from '../../../plain/compare/trial/trial';
import { gatherReport, reportedRuns } from './report-facts';
import { writeReport } from './write-report';

export function ReportSection() {
  const studio = useStudio();
  const words = useText();
  const { report: text, runs } = words;
  const [failure, setFailure] = useState<Failure | null>(null);
  const { setReport } = studio.compare.getState();
  const title = useStudioState('compare', (state) => state.reportTitle);
  const remarks = useStudioState('compare', (state) => state.remarks);
  const hasModel = useStudioState('model', (state) => state.summary !== null);
  const record = useStudioState('trial', (state) => state.round);
  const hasTrial = record !== null;
  const isOpen = record !== null && !isDecided(record);

  async function save(): Promise<void> {
    setFailure(null);
    try {
      const states = () => ({
        model: studio.model.getState(),
        compare: studio.compare.getState(),
        library: studio.library.getState(),
        dataset: studio.dataset.getState(),
        trial: studio.trial.getState(),
      });
      await Promise.all(reportedRuns(states()).map(({ id }) => studio.library.getState().loadMetrics(id)));
      const at = new Date().toISOString();
      const facts = gatherReport(states(), {
        title,
        remarks,
        at,
        score: scoreAnswer,
        deletedRun: runs.settings.deletedRun,
      });
      if (facts === null) return;
      const html = await writeReport({ facts, text: words, language: preferences.getState().language });
      download(`${toFileName(`airlock-report-${facts.model.name}-${at.slice(0, 10)}`)}.html`, html, 'text/html');
    } catch (error) {
      setFailure(describeFailure(error));
    }
  }

  return (
    <Section id="report" title={text.title} lead={text.lead}>
      <div className="report-form">
        <TextInput
          label={text.titleLabel}
          placeholder={text.titlePlaceholder}
          maxLength={120}
          value={title}
          onChange={(reportTitle) => setReport({ reportTitle })}
        />
        <TextInput
          label={text.remarks}
          rows={3}
          placeholder={text.remarksPlaceholder}
          value={remarks}
          onChange={(words) => setReport({ remarks: words })}
        />
      </div>
      <div className="start-row">
        <Button className="button button-primary" isDisabled={!hasModel && !hasTrial} onPress={() => void save()}>
          <FileText aria-hidden="true" /> {text.save}
        </Button>
        <p className={hasModel || hasTrial ? 'quiet' : 'obstacle'}>
          {!hasModel && !hasTrial
            ? words.common.chooseModelFirst
            : isOpen
              ? text.whileJudging
              : hasTrial
                ? text.ready
                : text.withoutTrial}
        </p>
      </div>
      {failure !== null && <FailureNote failure={failure} />}
    </Section>
  );
}
