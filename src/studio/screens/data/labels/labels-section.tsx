/** @file The label doctor: who judges the labels, how many are wrong, and the doubtful ones, decided one by one. */
import { useMemo } from 'react';
import { ArrowRight, Gauge, Square } from 'lucide-react';
import { Button } from 'react-aria-components';
import { judgingRuns, settingsOfJobs, type LabelJudge } from '../../../plain/data/label-judges';
import { hasLabel } from '../../../plain/data/label-review';
import { readRuleForms } from '../../../plain/data/rule-form';
import { readForm } from '../../../plain/train/options';
import { formatDuration, formatShare } from '../../../text/format';
import { useText } from '../../../text/text';
import { FailureNote } from '../../shell/failure-note';
import { ChoiceInput } from '../../shell/fields';
import { ProgressView } from '../../shell/progress-view';
import { goTo } from '../../shell/route';
import { Section } from '../../shell/section';
import { useBusyReason, useStudio, useStudioState } from '../../use-studio';
import { NoiseView } from './noise-view';
import { ReviewView } from './review-view';

/** Why the chosen judge cannot be had, and whether Train is where that is mended. */
function useJudgeObstacle(judge: LabelJudge): { readonly why: string; readonly isOfForm: boolean } | null {
  const { labels: text } = useText();
  const model = useStudioState('model', (state) => state.summary);
  const form = useStudioState('training', (state) => state.form);
  const rules = useStudioState('rules', (state) => state.rules);
  const canForm = useMemo(() => {
    if (model === null) return false;
    const { jobs } = readForm(form, model.linears, model.layers, readRuleForms(rules).rules);
    return settingsOfJobs(jobs, null) !== null;
  }, [model, form, rules]);
  if (judge === 'words') return null;
  if (model === null) return { why: text.needsModel, isOfForm: false };
  return judge === 'form' && !canForm ? { why: text.needsMethod, isOfForm: true } : null;
}

function JudgeForm({ isFirst }: { readonly isFirst: boolean }) {
  const { labelReview } = useStudio();
  const { labels: text } = useText();
  const chosen = useStudioState('labelReview', (state) => state.judge);
  const fingerprint = useStudioState('model', (state) => state.summary?.fingerprint);
  const runs = judgingRuns(
    useStudioState('library', (state) => state.runs),
    fingerprint,
  );
  const busy = useBusyReason();
  const isKnown = chosen === 'words' || chosen === 'form' || runs.some(({ id }) => id === chosen);
  const judge = isKnown ? chosen : 'words';
  const lacks = useJudgeObstacle(judge);
  const obstacle = lacks?.why ?? busy;
  return (
    <div className="labels-judge">
      <div className="field-row">
        <ChoiceInput
          label={text.judge}
          value={judge}
          options={[
            { id: 'words', label: text.judges.words },
            { id: 'form', label: text.judges.form },
            ...runs.map(({ id, name }) => ({ id, label: text.judges.run(name) })),
          ]}
          onChange={(id) => labelReview.getState().setJudge(id)}
        />
        <Button
          className={isFirst ? 'button button-primary' : 'button'}
          isDisabled={obstacle !== null}
          onPress={() => {
            labelReview.getState().setJudge(judge);
            void labelReview.getState().start();
          }}
        >
          <Gauge aria-hidden="true" /> {isFirst ? text.start : text.again}
        </Button>
      </div>
      <p className="quiet">{judge === 'words' ? text.how.words : text.how.runs}</p>
      {obstacle !== null && (
        <p className="obstacle">
          {obstacle}{' '}
          {lacks?.isOfForm === true && (
            <Button className="button button-small" onPress={() => goTo('train')}>
              {text.toTrain} <ArrowRight aria-hidden="true" />
            </Button>
          )}
        </p>
      )}
    </div>
  );
}

function JudgingView() {
  const { labelReview } = useStudio();
  const { common, labels: text } = useText();
  const judging = useStudioState('labelReview', (state) => state.judging);
  const stopping = useStudioState('labelReview', (state) => state.stopping);
  if (judging === null) return null;
  const { done, total, secondsLeft } = judging;
  const share = formatShare(total === 0 ? 0 : Math.floor((100 * done) / total) / 100);
  return (
    <div className="progress-row" data-testid="labels-judging">
      <ProgressView
        label={text.judging}
        done={done}
        total={total}
        valueText={text.progress(share, secondsLeft === null ? null : formatDuration(secondsLeft))}
      />
      <Button className="button button-stop" isDisabled={stopping} onPress={() => labelReview.getState().stop()}>
        <Square aria-hidden="true" /> {stopping ? common.stopping : text.stop}
      </Button>
    </div>
  );
}

export function LabelsSection() {
  const { labels: text } = useText();
  const rows = useStudioState('dataset', (state) => state.rows);
  const openId = useStudioState('dataset', (state) => state.openId);
  const { datasetId, judged, judging, failure } = useStudioState('labelReview', (state) => state);
  const hasLabels = useMemo(() => rows.some(({ pair }) => hasLabel(pair)), [rows]);
  const isShown = datasetId === openId;
  return (
    <Section id="labels" title={text.title} lead={text.lead}>
      {!hasLabels && <p className="quiet">{text.noPairs}</p>}
      {hasLabels && isShown && (
        <>
          {failure !== null && <FailureNote failure={failure} />}
          {judging !== null ? <JudgingView /> : judged === null && <JudgeForm isFirst />}
          {judged !== null && <NoiseView judged={judged} />}
          {judged !== null && <ReviewView judged={judged} />}
          {judged !== null && judging === null && <JudgeForm isFirst={false} />}
        </>
      )}
    </Section>
  );
}
