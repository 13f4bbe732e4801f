/** @file A progress bar with its words, and the same told to screen readers at every tenth part only. */
import { Label, ProgressBar } from 'react-aria-components';
import { formatShare } from '../../text/format';
import { useText } from '../../text/text';

export interface ProgressViewProps {
  readonly label: string;
  readonly done: number;
  /** What `done` reaches in the end; 0 where that is not known. */
  readonly total: number;
  /** The progress in words, as "12 of 40"; without it the share in per cent is shown. */
  readonly valueText?: string;
}

export function ProgressView({ label, done, total, valueText }: ProgressViewProps) {
  const { shell } = useText();
  const isKnown = total > 0;
  const share = isKnown ? Math.min(1, done / total) : 0;
  const value = valueText ?? (isKnown ? formatShare(Math.floor(share * 100) / 100) : '');
  const tenth = formatShare(Math.floor(share * 10) / 10);
  return (
    <>
      <ProgressBar className="progress" value={share} maxValue={1} isIndeterminate={!isKnown} valueLabel={value}>
        <Label>{label}</Label>
        <span className="progress-value">{value}</span>
        <span className="progress-track">
          <span
            className="progress-fill"
            style={isKnown ? { inlineSize: `${share * 100}%` } : undefined}
            data-unknown={!isKnown || undefined}
          />
        </span>
      </ProgressBar>
      <span className="visually-hidden" role="status">
        {isKnown ? shell.progressOf(label, tenth) : label}
      </span>
    </>
  );
}
