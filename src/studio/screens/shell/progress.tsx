/** @file A progress bar with its words, and the same told to screen readers at every tenth part only. */
import { Label, ProgressBar } from 'react-aria-components';
import { formatShare } from '../../text/format';
import { useText } from '../../text/text';

export interface ProgressProps {
  readonly label: string;
  readonly done: number;
  /** 0 where it is not known. */
  readonly total: number;
  /** The value in words; without it the share in percent. */
  readonly valueText?: string;
}

export function Progress({ label, done, total, valueText }: ProgressProps) {
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
