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
import type { Studio } from '../../../stores/studio-stores';
import { useText, type Text } from '../../../text/text';
import { isDecided } from '../../../plain/compare/prompt-set/prompt-set';
import { gatherReport, reportedRuns, votedDemonstration } from './report-facts';
import { writeReport } from './write-report';

function ReportFields() {
  const { compare } = useStudio();
  const { report: text } = useText();
  const title = useStudioState('compare', (state) => state.reportTitle);
  const remarks = useStudioState('compare', (state) => state.remarks);
  const { setReport } = compare.getState();
  return (
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
        onChange={(written) => setReport({ remarks: written })}
      />
    </div>
  );
}

/** Writes the report of the stores as they stand and hands it to the browser as a download. */
async function downloadReport(studio: Studio, text: Text): Promise<void> {
  const states = () => ({
    model: studio.model.getState(),
    compare: studio.compare.getState(),
    library: studio.library.getState(),
    dataset: studio.dataset.getState(),
    promptSet: studio.promptSet.getState(),
    demonstration: studio.demonstration.getState(),
  });
  await Promise.all(reportedRuns(states()).map(({ id }) => studio.library.getState().loadMetrics(id)));
  const { reportTitle, remarks } = studio.compare.getState();
  const at = new Date().toISOString();
  const facts = gatherReport(states(), {
    title: reportTitle,
    remarks,
    at,
    score: scoreAnswer,
    deletedRun: text.runs.settings.deletedRun,
  });
  if (facts === null) return;
  const html = await writeReport({ facts, text, language: preferences.getState().language });
  download(`${toFileName(`airlock-report-${facts.model.name}-${at.slice(0, 10)}`)}.html`, html, 'text/html');
}

/** What the report will hold, or what it still waits for. */
function useReadiness(): { readonly isReady: boolean; readonly sentence: string } {
  const { common, report: text } = useText();
  const hasModel = useStudioState('model', (state) => state.summary !== null);
  const record = useStudioState('promptSet', (state) => state.round);
  const voted = useStudioState('demonstration', votedDemonstration);
  const fingerprint = useStudioState('model', (state) => state.summary?.fingerprint) ?? record?.fingerprint;
  if (!hasModel && record === null && voted?.fingerprint == null)
    return { isReady: false, sentence: common.chooseModelFirst };
  const isOfIt = voted !== null && (fingerprint ?? voted.fingerprint) === voted.fingerprint;
  const ofSet =
    record === null
      ? text.withoutPromptSet
      : isDecided(record)
        ? text.ready
        : record.judge === 'model'
          ? text.modelRefused
          : text.whileJudging;
  return { isReady: true, sentence: isOfIt ? `${ofSet} ${text.withVotes}` : ofSet };
}

export function ReportSection() {
  const studio = useStudio();
  const text = useText();
  const { title, lead, save } = text.report;
  const [failure, setFailure] = useState<Failure | null>(null);
  const { isReady, sentence } = useReadiness();

  async function saveReport(): Promise<void> {
    setFailure(null);
    try {
      await downloadReport(studio, text);
    } catch (error) {
      setFailure(describeFailure(error));
    }
  }

  return (
    <Section id="report" title={title} lead={lead}>
      <ReportFields />
      <div className="start-row">
        <Button className="button button-primary" isDisabled={!isReady} onPress={() => void saveReport()}>
          <FileText aria-hidden="true" /> {save}
        </Button>
        <p className={isReady ? 'quiet' : 'obstacle'}>{sentence}</p>
      </div>
      {failure !== null && <FailureNote failure={failure} />}
    </Section>
  );
}
