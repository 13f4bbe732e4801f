/** @file Step 2: import preference pairs, look at them, see what the model makes of them. */
import { Copy, FileText, Trash2 } from 'lucide-react';
import { Button, DropZone, FileTrigger, Label, Radio, RadioGroup } from 'react-aria-components';
import { plural } from '../format';
import { Section } from '../shell/section';
import type { ImportMode } from '../stores/dataset';
import { useStudio, useStudioState } from '../studio';
import { ImportOutcome } from './import-outcome';
import { PairCheck, PairStatistics } from './pair-check';
import { exampleLines } from './pair-text';
import { PairsTable } from './pairs-table';

function FormatExample() {
  const { notices } = useStudio();
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(exampleLines);
      notices.getState().tell('The example was copied.');
    } catch {
      notices.getState().warn('The browser did not allow copying. Select the example and copy it by hand.');
    }
  }
  return (
    <figure className="example">
      <figcaption>
        <span>
          JSON Lines: one object a line with <code>prompt</code>, <code>chosen</code>, <code>rejected</code>; as text, or as chat
          messages.
        </span>
        <Button className="button button-small" onPress={() => void copy()}>
          <Copy aria-hidden="true" /> Copy example
        </Button>
      </figcaption>
      <pre tabIndex={0}>{exampleLines}</pre>
    </figure>
  );
}

export function DataSection() {
  const { dataset } = useStudio();
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
      number={2}
      title="Data"
      lead="Preference pairs: a prompt, the answer you want, and the answer you do not want."
      actions={
        count > 0 && (
          <Button className="button" isDisabled={isLocked} onPress={() => void dataset.getState().removeAll()}>
            <Trash2 aria-hidden="true" /> Delete all pairs
          </Button>
        )
      }
    >
      <DropZone
        className="drop-zone"
        aria-label="Pairs drop area"
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
            {importing !== null
              ? `Reading ${importing}…`
              : count > 0
                ? <strong>{plural(count, 'pair')}</strong>
                : 'No pairs yet. Choose a .jsonl file, or drop it here.'}
          </p>
          {count > 0 && (
            <RadioGroup
              className="inline-radios"
              orientation="horizontal"
              value={importMode}
              onChange={(mode) => dataset.getState().setImportMode(mode as ImportMode)}
            >
              <Label>The next file</Label>
              <Radio className="radio" value="append">is added</Radio>
              <Radio className="radio" value="replace">replaces all</Radio>
            </RadioGroup>
          )}
        </div>
        <FileTrigger
          acceptedFileTypes={['.jsonl', '.ndjson', '.json', '.txt']}
          data-testid="pairs-file"
          onSelect={(list) => {
            const file = list?.[0];
            if (file) void dataset.getState().importFile(file.name, file);
          }}
        >
          <Button className={count === 0 ? 'button button-primary' : 'button'} isDisabled={isLocked}>
            Import pairs
          </Button>
        </FileTrigger>
      </DropZone>
      {isTraining && <p className="quiet">Pairs cannot be changed while training runs.</p>}
      {lastImport !== null && <ImportOutcome outcome={lastImport} />}
      {count === 0 ? (
        <FormatExample />
      ) : (
        <>
          <PairStatistics />
          <PairCheck />
          <PairsTable />
        </>
      )}
    </Section>
  );
}
