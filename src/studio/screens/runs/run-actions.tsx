/** @file What can be done with a run: take its adapter away, delete it. */
import { Download, Trash2 } from 'lucide-react';
import { Button } from 'react-aria-components';
import { download, toFileName, zipAdapter } from '../../browser/download';
import { adapterFileName, type Run } from '../../plain/runs/run';
import { useText } from '../../text/text';
import { useStudio } from '../use-studio';

/** The quick way: the adapter as it is, as a zip. Nothing where the run has none. */
export function DownloadAdapterButton({ run }: { readonly run: Run }) {
  const { library, notices } = useStudio();
  const { runs: text } = useText();
  if (run.adapterBytes === 0) return null;

  async function downloadAdapter(): Promise<void> {
    try {
      const files = await library.getState().adapterOf(run.id);
      if (await download(`${toFileName(adapterFileName(run))}.zip`, zipAdapter(files), 'application/zip'))
        notices.getState().tellDone(text.adapterDownloaded(run.name));
    } catch (error) {
      notices.getState().tellFailure(error);
    }
  }

  return (
    <Button className="button" aria-label={text.downloadAdapterOf(run.name)} onPress={() => void downloadAdapter()}>
      <Download aria-hidden="true" /> {text.downloadAdapter}
    </Button>
  );
}

export function DeleteRunButton({ run }: { readonly run: Run }) {
  const { library } = useStudio();
  const { runs: text } = useText();
  return (
    <Button
      className="button button-icon"
      aria-label={text.delete(run.name)}
      isDisabled={run.status === 'running'}
      onPress={() => void library.getState().remove(run.id)}
    >
      <Trash2 aria-hidden="true" />
    </Button>
  );
}
