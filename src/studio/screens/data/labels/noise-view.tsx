/** @file How many labels are wrong, how that was estimated, and one click that has Train allow for it. */
import { useMemo } from 'react';
import { ArrowRight } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { JudgedLabels } from '../../../../storage/label-review-record';
import { smoothingOf } from '../../../plain/data/label-review';
import { activeFields } from '../../../plain/train/options';
import { formatDate, formatShare } from '../../../text/format';
import { useText } from '../../../text/text';
import { goTo } from '../../shell/route';
import { useStudio, useStudioState } from '../../use-studio';

/** Puts the estimate into Train's form; the notice that says so can take it back. */
function SmoothingOffer({ value }: { readonly value: string }) {
  const { training, notices } = useStudio();
  const { labels: text } = useText();
  const form = useStudioState('training', (state) => state.form);
  const takesIt = useMemo(() => activeFields(form).includes('label_smoothing'), [form]);
  const before = form.label_smoothing;
  const isSet = takesIt && Number(before) === Number(value);
  if (isSet)
    return (
      <p className="good" role="status">
        {text.smoothIsSet(value)}
      </p>
    );
  return (
    <div className="start-row">
      <Button
        className="button"
        isDisabled={!takesIt}
        onPress={() => {
          training.getState().setForm({ label_smoothing: value });
          notices
            .getState()
            .tellDone(text.smoothed(value), () => training.getState().setForm({ label_smoothing: before }));
        }}
      >
        {text.smooth(value)} <code>label_smoothing</code>
      </Button>
      {!takesIt && (
        <p className="obstacle">
          {text.noSmoothing}{' '}
          <Button className="button button-small" onPress={() => goTo('train')}>
            {text.toTrain} <ArrowRight aria-hidden="true" />
          </Button>
        </p>
      )}
    </div>
  );
}

export function NoiseView({ judged }: { readonly judged: JudgedLabels }) {
  const { labels: text } = useText();
  const { noise, pairs, at, by, model, run } = judged;
  const value = smoothingOf(noise);
  const judge = by === 'words' ? text.byWords : text.byRuns(model ?? '', run ?? null);
  return (
    <div className="labels-noise" data-testid="labels-noise">
      <p className="labels-estimate">
        {value === null
          ? text.estimateNone(formatShare(noise.high))
          : text.estimate(formatShare(noise.share), formatShare(noise.low), formatShare(noise.high))}
      </p>
      <p className="quiet">
        {text.basis(pairs, formatDate(at))}, {judge}. {text.howEstimated}
      </p>
      {value !== null && <SmoothingOffer value={value} />}
    </div>
  );
}
