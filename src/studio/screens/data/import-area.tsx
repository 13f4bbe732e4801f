/** @file Where files of pairs are dropped or chosen, and whether the next one is added or replaces what is there. */
import { FileText } from 'lucide-react';
import { Button, DropZone, FileTrigger } from 'react-aria-components';
import { ProgressView } from '../shell/progress-view';
import { RadioRow } from '../shell/radio-row';
import { useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';

const pairFileTypes = [
  ...['.jsonl', '.ndjson', '.json', '.txt', '.csv', '.tsv', '.tab', '.parquet', '.xlsx', '.xls', '.gz'],
];

function ImportModeChoice() {
  const { dataset } = useStudio();
  const { data } = useText();
  const importMode = useStudioState('dataset', (state) => state.importMode);
  return (
    <RadioRow
      label={data.nextFile}
      value={importMode}
      options={[
        { id: 'append', label: data.isAdded },
        { id: 'ownSet', label: data.ownSet },
      ]}
      onChange={(mode) => dataset.getState().setImportMode(mode)}
    />
  );
}

/** How far the file is, and the way out of it: a large one takes seconds, a hostile one for ever. */
function ReadingProgress() {
  const { dataset } = useStudio();
  const { common, data } = useText();
  const share = useStudioState('dataset', (state) => state.readShare);
  if (share === null) return null;
  return (
    <div className="progress-row">
      <ProgressView label={data.readingFile} done={share} total={share === 0 ? 0 : 1} />
      <Button className="button" onPress={() => dataset.getState().cancelReading()}>
        {common.cancel}
      </Button>
    </div>
  );
}

export function ImportArea({ isLocked }: { readonly isLocked: boolean }) {
  const { dataset } = useStudio();
  const { common, data } = useText();
  const count = useStudioState('dataset', (state) => state.rows.length);
  const importing = useStudioState('dataset', (state) => state.importing);
  return (
    <DropZone
      className={count > 0 ? 'drop-zone drop-zone-slim' : 'drop-zone'}
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
        {importing === null && count > 0 && <ImportModeChoice />}
        {importing !== null && <ReadingProgress />}
      </div>
      <FileTrigger
        acceptedFileTypes={pairFileTypes}
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
  );
}
