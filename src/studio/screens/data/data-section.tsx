/** @file The Data screen: import preference pairs, look at them, see what the model makes of them. */
import { Copy, Download, FileText, Trash2 } from 'lucide-react';
import { Button, DropZone, FileTrigger, Label, Radio, RadioGroup } from 'react-aria-components';
import { download } from '../../browser/download';
import { Section } from '../shell/section';
import type { ImportMode } from '../../stores/dataset';
import { useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';
import { ImportDialog } from './import-dialog';
import { ImportOutcome } from './import-outcome';
import { PairCheck } from './pair-check';
import { exampleLines, writePairs } from '../../plain/data/pair-text';
import { PairsTable } from './pairs-table';
import { QualityPanel } from './quality-panel';
import { SplitForm } from './split-form';

function FormatExample() {
  const { notices } = useStudio();
  const { data } = useText();
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(exampleLines);
      notices.getState().tell(data.copied);
    } catch {
      notices.getState().warn(data.copyRefused);
    }
  }
  return (
    <figure className="example">
      <figcaption>
        <span>
          {data.format.before} <code>prompt</code>, <code>chosen</code>, <code>rejected</code>
          {data.format.after}
        </span>
        <Button className="button button-small" onPress={() => void copy()}>
          <Copy aria-hidden="true" /> {data.copyExample}
        </Button>
      </figcaption>
      <pre tabIndex={0}>{exampleLines}</pre>
    </figure>
  );
}

export function DataSection() {
  const { dataset } = useStudio();
  const { common, data, quality } = useText();
  const count = useStudioState('dataset', (state) => state.rows.length);
  const importing = useStudioState('dataset', (state) => state.importing);
  const importMode = useStudioState('dataset', (state) => state.importMode);
  const lastImport = useStudioState('dataset', (state) => state.lastImport);
  const isTraining = useStudioState('training', (state) => state.active !== null);
  const isTrying = useStudioState('starter', (state) => state.progress !== null);
  const isLocked = isTraining || isTrying || importing !== null;

  return (
    <Section
      id="data"
      title={data.title}
      lead={data.lead}
      actions={
        count > 0 && (
          <>
            <Button
              className="button"
              onPress={() => download('pairs.jsonl', writePairs(dataset.getState().rows), 'application/jsonl')}
            >
              <Download aria-hidden="true" /> {quality.export}
            </Button>
            <Button className="button" isDisabled={isLocked} onPress={() => void dataset.getState().removeAll()}>
              <Trash2 aria-hidden="true" /> {data.deleteAll}
            </Button>
          </>
        )
      }
    >
      <DropZone
        className="drop-zone"
        aria-label={data.dropArea}
        isDisabled={isLocked}
        getDropOperation={() => 'copy'}
        onDrop={async ({ items }) => {
          for (const item of items) {
            if (item.kind === 'file') await dataset.getState().importFile(item.name, await item.getFile());
          }
        }}
      >
        <FileText className="drop-icon" aria-hidden="true" />
        <div className="drop-words">
          <p data-testid="pair-count">
            {importing !== null ? (
              data.reading(importing)
            ) : count > 0 ? (
              <strong>{common.pairs(count)}</strong>
            ) : (
              data.empty
            )}
          </p>
          {count > 0 && (
            <RadioGroup
              className="inline-radios"
              orientation="horizontal"
              value={importMode}
              onChange={(mode) => dataset.getState().setImportMode(mode as ImportMode)}
            >
              <Label>{data.nextFile}</Label>
              <Radio className="radio" value="append">
                {data.isAdded}
              </Radio>
              <Radio className="radio" value="replace">
                {data.replacesAll}
              </Radio>
            </RadioGroup>
          )}
        </div>
        <FileTrigger
          acceptedFileTypes={['.jsonl', '.ndjson', '.json', '.txt', '.csv', '.tsv', '.parquet']}
          data-testid="pairs-file"
          onSelect={(list) => {
            const file = list?.[0];
            if (file) void dataset.getState().importFile(file.name, file);
          }}
        >
          <Button className={count === 0 ? 'button button-primary' : 'button'} isDisabled={isLocked}>
            {data.import}
          </Button>
        </FileTrigger>
      </DropZone>
      <ImportDialog />
      {isTraining && <p className="quiet">{data.locked}</p>}
      {lastImport !== null && <ImportOutcome outcome={lastImport} />}
      {count === 0 ? (
        <FormatExample />
      ) : (
        <>
          <QualityPanel isLocked={isLocked} />
          <PairCheck />
          <SplitForm isLocked={isLocked} />
          <PairsTable isLocked={isLocked} />
        </>
      )}
    </Section>
  );
}
