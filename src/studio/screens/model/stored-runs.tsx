/** @file The stored runs of models other than the open one, and the button that opens the model of each. */
import { FolderOpen } from 'lucide-react';
import { Button } from 'react-aria-components';
import { isStarterModel } from '../../plain/starter/recipe';
import type { Run } from '../../plain/runs/run';
import { useText } from '../../text/text';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';

interface OtherModel {
  readonly modelName: string;
  readonly modelFingerprint: string;
  readonly runs: number;
}

/** Counts the stored runs of models other than the loaded one, model by model. */
function otherModels(runs: readonly Run[], fingerprint: string | undefined): readonly OtherModel[] {
  const counts = new Map<string, OtherModel>();
  for (const { modelName, modelFingerprint } of runs) {
    if (modelFingerprint === fingerprint) continue;
    const count = counts.get(modelFingerprint)?.runs ?? 0;
    counts.set(modelFingerprint, { modelName, modelFingerprint, runs: count + 1 });
  }
  return [...counts.values()];
}

function OtherModelRow({ other }: { readonly other: OtherModel }) {
  const { comeBack } = useStudio();
  const { model: text } = useText();
  const isKept = useStudioState('modelShelf', ({ stored }) =>
    stored.some(({ fingerprint }) => fingerprint === other.modelFingerprint),
  );
  const isShipped = useStudioState('starter', ({ manifest }) => manifest !== null);
  const isOpening = useStudioState('modelShelf', (state) => state.isOpening);
  const busy = useBusyReason();
  const canOpen = isKept || (isShipped && isStarterModel(other.modelName));
  return (
    <li className="model-row" data-testid="stored-runs">
      <div className="model-row-words">
        <h4>{text.runsOf(other.modelName, other.runs)}</h4>
        {!canOpen && <p className="quiet">{text.runsNeedDirectory}</p>}
      </div>
      {canOpen && (
        <Button
          className="button"
          aria-label={text.openForRuns(other.modelName)}
          isDisabled={busy !== null || isOpening}
          onPress={() => void comeBack.getState().openModelOf(other)}
        >
          <FolderOpen aria-hidden="true" /> {text.open}
        </Button>
      )}
    </li>
  );
}

export function StoredRuns({ fingerprint }: { readonly fingerprint: string | undefined }) {
  const { model: text } = useText();
  const runs = useStudioState('library', (state) => state.runs);
  const others = otherModels(runs, fingerprint);
  if (others.length === 0) return null;
  return (
    <section className="model-list" aria-labelledby="stored-runs" data-testid="stored-runs-note">
      <h3 id="stored-runs">{text.otherRuns}</h3>
      <p className="quiet">{text.otherRunsLead}</p>
      <ul>
        {others.map((other) => (
          <OtherModelRow key={other.modelFingerprint} other={other} />
        ))}
      </ul>
    </section>
  );
}
