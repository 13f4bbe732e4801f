/**
 * @file Three steps before the start, on request: how long the run will take and how much memory, and nothing kept of
 * them.
 */
import { Gauge, Square } from 'lucide-react';
import { Button } from 'react-aria-components';
import { formatBytes, formatDuration } from '../../text/format';
import { FailureNote } from '../shell/failure-note';
import { useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';

export function ProbeButton({ isDisabled }: { readonly isDisabled: boolean }) {
  const { training } = useStudio();
  const {
    common,
    train: { probe: text },
  } = useText();
  const probe = useStudioState('training', (state) => state.probe);
  if (probe?.isRunning === true) {
    return (
      <Button className="button" onPress={() => training.getState().stopProbe()}>
        <Square aria-hidden="true" /> {common.stop}
      </Button>
    );
  }
  return (
    <>
      <Button className="button" isDisabled={isDisabled} onPress={() => void training.getState().startProbe()}>
        <Gauge aria-hidden="true" /> {text.start}
      </Button>
      {probe === null && <p className="quiet">{text.hint}</p>}
    </>
  );
}

export function ProbeResult() {
  const {
    compare,
    train: { probe: text },
  } = useText();
  const probe = useStudioState('training', (state) => state.probe);
  return (
    <>
      <div role="status" data-testid="probe">
        {probe?.reports.map(
          ({
            method,
            report: { totalSteps, seconds, secondsPerStep, evaluationSeconds, peakBytes, wasmHeapBytes, longestRow },
          }) => (
            <p key={method}>
              {text.result(compare.columns[method], totalSteps, formatDuration(seconds), secondsPerStep.toPrecision(2))}
              {evaluationSeconds > 0 && ` ${text.evaluation(formatDuration(evaluationSeconds))}`}{' '}
              {text.memory(formatBytes(peakBytes), wasmHeapBytes > 0 ? formatBytes(wasmHeapBytes) : null, longestRow)}
            </p>
          ),
        )}
      </div>
      {probe?.failure && <FailureNote failure={probe.failure} />}
    </>
  );
}
