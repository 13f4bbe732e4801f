/** @file The Data screen: import preference pairs, look at them, see what the model makes of them. */
import { Download, Trash2 } from 'lucide-react';
import { Button } from 'react-aria-components';
import { download } from '../../browser/download';
import { ConfirmButton } from '../shell/confirm-button';
import { Section } from '../shell/section';
import { useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';
import { DataSets } from './data-sets';
import { EmptyData } from './empty-data';
import { FindingsPanel } from './findings-panel';
import { ImportArea } from './import-area';
import { ImportDialog } from './import-dialog';
import { ImportOutcomeNote } from './import-outcome-note';
import { writePairs } from '../../plain/data/pair-text';
import { PairsTable } from './pairs-table';
import { SplitForm } from './split-form';
import { useIsLocked } from './use-is-locked';
import { useOpenDataset } from './use-open-dataset';

function DataActions({ isLocked }: { readonly isLocked: boolean }) {
  const { dataset } = useStudio();
  const { data, quality } = useText();
  const { name, pairs } = useOpenDataset();
  return (
    <>
      <Button
        className="button"
        onPress={() => download('pairs.jsonl', writePairs(dataset.getState().rows), 'application/jsonl')}
      >
        <Download aria-hidden="true" /> {quality.export}
      </Button>
      <ConfirmButton
        className="button"
        isDisabled={isLocked}
        title={data.deleteAllTitle(pairs)}
        body={data.deleteAllBody(name)}
        confirm={data.deleteAll}
        cancel={data.keepPairs}
        onConfirm={() => void dataset.getState().removeAll()}
      >
        <Trash2 aria-hidden="true" /> {data.deleteAll}
      </ConfirmButton>
    </>
  );
}

export function DataSection() {
  const { data } = useText();
  const count = useStudioState('dataset', (state) => state.rows.length);
  const lastImport = useStudioState('dataset', (state) => state.lastImport);
  const isTraining = useStudioState('training', (state) => state.active !== null);
  const isLocked = useIsLocked();

  return (
    <Section id="data" title={data.title} lead={data.lead} actions={count > 0 && <DataActions isLocked={isLocked} />}>
      <DataSets isLocked={isLocked} />
      <ImportArea isLocked={isLocked} />
      <ImportDialog />
      {isTraining && <p className="quiet">{data.locked}</p>}
      {lastImport !== null && <ImportOutcomeNote outcome={lastImport} />}
      {count === 0 ? (
        <EmptyData isLocked={isLocked} />
      ) : (
        <div className="data-work">
          <div className="data-table">
            <PairsTable isLocked={isLocked} />
            <SplitForm isLocked={isLocked} />
          </div>
          <FindingsPanel isLocked={isLocked} />
        </div>
      )}
    </Section>
  );
}
