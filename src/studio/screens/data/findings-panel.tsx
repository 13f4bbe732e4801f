/** @file Beside the table: what the checks found, each with what mends it, and how long the texts are. */
import { useText } from '../../text/text';
import { LengthPanel } from './length-panel';
import { PairCheckView } from './pair-check-view';
import { QualityChecks } from './quality-checks';

export function FindingsPanel({ isLocked }: { readonly isLocked: boolean }) {
  const { quality: text } = useText();
  return (
    <div className="findings" role="region" aria-label={text.findings} tabIndex={0} data-testid="quality">
      <div className="findings-part">
        <h3>{text.label}</h3>
        <QualityChecks isLocked={isLocked} />
        <PairCheckView />
      </div>
      <div className="findings-part">
        <h3>{text.lengthsTitle}</h3>
        <LengthPanel isLocked={isLocked} />
      </div>
    </div>
  );
}
