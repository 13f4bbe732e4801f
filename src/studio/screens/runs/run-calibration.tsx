/** @file Of a reward model's run: whether it is as sure as it is right, on the pairs that were held out. */
import { Gauge, Square } from 'lucide-react';
import { Button } from 'react-aria-components';
import { fewestChoices, surenessOf } from '../../../evaluation/choices';
import type { Run } from '../../plain/runs/run';
import { formatCount, formatShare } from '../../text/format';
import { useText } from '../../text/text';
import { ColumnHeads } from '../shell/column-heads';
import { FailureNote } from '../shell/failure-note';
import { ProgressView } from '../shell/progress-view';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';
import { CalibrationChart } from './calibration-chart';

type Report = NonNullable<Run['calibration']>;

function CalibrationTable({ report }: { readonly report: Report }) {
  const { calibration: text } = useText().runs;
  return (
    <table className="numbers">
      <caption>{text.caption}</caption>
      <thead>
        <tr>
          <ColumnHeads titles={[text.bin, text.pairs, text.predicted, text.observed]} />
        </tr>
      </thead>
      <tbody>
        {report.calibration.map(({ from, to, pairs, predicted, right, interval: { low, high } }) => (
          <tr key={from}>
            <th scope="row">{text.range(formatShare(from), formatShare(to))}</th>
            <td>{formatCount(pairs)}</td>
            <td>{formatShare(predicted)}</td>
            <td>{text.interval(formatShare(right), formatShare(low), formatShare(high))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function CalibrationReport({ report }: { readonly report: Report }) {
  const { calibration: text } = useText().runs;
  const { accuracy, interval, pairs, calibrationError } = report;
  return (
    <div data-testid="calibration">
      <p>
        <strong>{text.verdicts[surenessOf(report)]}</strong>{' '}
        {text.accuracy(formatShare(accuracy), formatShare(interval.low), formatShare(interval.high), pairs)}
      </p>
      <div className="calibration">
        <CalibrationChart report={report} />
        <CalibrationTable report={report} />
      </div>
      <p className="field-help">{text.error(formatShare(calibrationError))}</p>
    </div>
  );
}

/** Begins or ends the measuring; or says what is in the way. */
function MeasureRow({ run }: { readonly run: Run }) {
  const { calibration } = useStudio();
  const { common, runs } = useText();
  const { calibration: text } = runs;
  const measuring = useStudioState('calibration', (state) =>
    state.measuring?.runId === run.id ? state.measuring : null,
  );
  const isStopping = useStudioState('calibration', (state) => state.isStopping);
  const isOpen = useStudioState('model', (state) => state.summary?.fingerprint === run.modelFingerprint);
  const busy = useBusyReason();
  if (measuring !== null)
    return (
      <div className="progress-row">
        <ProgressView
          label={text.measuring}
          done={measuring.done}
          total={measuring.total}
          {...(measuring.total > 0 && { valueText: text.progress(measuring.done, measuring.total) })}
        />
        <Button className="button button-stop" isDisabled={isStopping} onPress={() => calibration.getState().stop()}>
          <Square aria-hidden="true" /> {isStopping ? common.stopping : text.stop}
        </Button>
      </div>
    );
  const obstacle = isOpen ? busy : text.otherModel(run.modelName);
  return (
    <div className="start-row">
      <Button
        className="button"
        isDisabled={obstacle !== null}
        onPress={() => void calibration.getState().measure(run.id)}
      >
        <Gauge aria-hidden="true" /> {run.calibration === undefined ? text.measure : text.again}
      </Button>
      {obstacle !== null && <p className="obstacle">{obstacle}</p>}
    </div>
  );
}

export function RunCalibration({ run }: { readonly run: Run }) {
  const { calibration: text } = useText().runs;
  const failed = useStudioState('calibration', ({ failed: last }) => (last?.runId === run.id ? last.failure : null));
  if (run.method !== 'reward' || run.imported !== undefined || run.adapterBytes === 0) return null;
  const held = run.evaluation?.pairs ?? 0;
  const unknown = held === 0 ? text.noPairs : held < fewestChoices ? text.tooFew(held, fewestChoices) : null;
  return (
    <section className="run-part" aria-label={text.title}>
      <h3>{text.title}</h3>
      {unknown !== null ? (
        <p className="quiet">{unknown}</p>
      ) : (
        <>
          {run.calibration === undefined && <p className="quiet">{text.lead(held)}</p>}
          {run.calibration !== undefined && <CalibrationReport report={run.calibration} />}
          {failed !== null && <FailureNote failure={failed} />}
          <MeasureRow run={run} />
        </>
      )}
    </section>
  );
}
