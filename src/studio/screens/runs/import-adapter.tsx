/** @file Brings an adapter directory of PEFT's, made here or elsewhere, among the runs of the open model. */
import { useState } from 'react';
import { FolderInput } from 'lucide-react';
import { Button, FileTrigger } from 'react-aria-components';
import type { Failure } from '../../text/failure';
import { fromFileList } from '../model/checkpoint-directory';
import { FailureNote } from '../shell/failure-note';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';

export function ImportAdapter() {
  const { training } = useStudio();
  const { common, runs } = useText();
  const text = runs.import;
  const hasModel = useStudioState('model', (state) => state.summary !== null);
  const busy = useBusyReason();
  const [failure, setFailure] = useState<Failure | null>(null);
  const obstacle = hasModel ? busy : common.chooseModelFirst;

  async function importDirectory(list: FileList | null): Promise<void> {
    const directory = fromFileList([...(list ?? [])]);
    if (directory !== null) setFailure(await training.getState().importAdapter(directory.name, directory.files));
  }

  return (
    <div className="import-adapter">
      <div className="start-row">
        <FileTrigger acceptDirectory data-testid="adapter-directory" onSelect={(list) => void importDirectory(list)}>
          <Button className="button" isDisabled={obstacle !== null}>
            <FolderInput aria-hidden="true" /> {text.choose}
          </Button>
        </FileTrigger>
        <p className="quiet">{obstacle ?? text.help}</p>
      </div>
      {failure !== null && <FailureNote failure={failure} />}
    </div>
  );
}
