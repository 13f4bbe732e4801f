/** @file The run bar: what is trained, how far it is and how long it will take, on every screen. */
import { useMemo } from 'react';
import { LoaderCircle } from 'lucide-react';
import { curveOf } from '../../plain/runs/curve';
import { formatShare } from '../../text/format';
import { useText } from '../../text/text';
import { useStudioState } from '../use-studio';
import { Curve } from './curve';
import { longWorkOf, type LongWork } from './long-work';
import { addressOfRun } from './route';

/** The long work as it stands; null where there is none. */
export function useLongWork(): LongWork | null {
  const text = useText();
  const active = useStudioState('training', (state) => state.active);
  const progress = useStudioState('starter', (state) => state.progress);
  return longWorkOf({ training: { active }, starter: { progress } }, text);
}

/** A run that another tab trains; nothing where there is none. */
function RunElsewhere() {
  const { shell } = useText();
  const run = useStudioState('library', (state) => state.runs.find(({ status }) => status === 'running'));
  if (run === undefined) return null;
  return (
    <a className="chip run-chip" href={addressOfRun(run.id)} data-testid="run-elsewhere">
      <LoaderCircle aria-hidden="true" />
      <strong>{run.name}</strong>
      <span className="run-chip-words">{shell.elsewhere}</span>
    </a>
  );
}

export function RunChip() {
  const { shell } = useText();
  const work = useLongWork();
  const metrics = useStudioState('training', (state) => state.active?.metrics);
  const curve = useMemo(() => metrics && curveOf(metrics), [metrics]);
  if (work === null) return <RunElsewhere />;
  const { name, detail, share, timeLeft, address } = work;
  const percent = formatShare(Math.floor(share * 100) / 100);
  // What is cut off where the bar is short comes last.
  const words = [percent, ...(timeLeft === null ? [] : [timeLeft]), detail].join(' · ');
  return (
    <>
      <a className="chip run-chip" href={address} data-testid="run-chip" title={detail}>
        <LoaderCircle aria-hidden="true" />
        <strong>{name}</strong>
        <Curve curve={curve} />
        <span className="run-chip-words">{words}</span>
      </a>
      <span
        className="run-line"
        role="progressbar"
        aria-label={shell.progressOfRun(name)}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.floor(share * 100)}
        style={{ inlineSize: `${share * 100}%` }}
      />
    </>
  );
}
