/** @file Two annotators: judge the answers of a file, and measure how far two files agree. */
import { Button, FileTrigger } from 'react-aria-components';
import { formatCount, formatShare } from '../../text/format';
import { useStudio, useStudioState } from '../use-studio';
import { useSaid } from '../../text/said';
import { useText } from '../../text/text';
import type { AgreementReport, NamedText } from '../../stores/judge';

async function readFiles(list: FileList | null): Promise<readonly NamedText[]> {
  return Promise.all([...(list ?? [])].map(async (file) => ({ name: file.name, text: await file.text() })));
}

const fileTypes = ['.jsonl', '.ndjson', '.txt'];

function Report({ report }: { readonly report: AgreementReport }) {
  const { files: text } = useText().judge;
  const {
    agreement: { items, agreed, observed, kappa },
    names,
  } = report;
  return (
    <div className="judge-agreement" data-testid="agreement">
      <h4>{text.agreement}</h4>
      <p className="quiet">{text.between(...names)}</p>
      <dl className="facts">
        <div>
          <dt>{text.items}</dt>
          <dd>{formatCount(items)}</dd>
        </div>
        <div>
          <dt>{text.raw}</dt>
          <dd>
            {formatCount(agreed)} ({formatShare(observed)})
          </dd>
        </div>
        <div>
          <dt>{text.kappa}</dt>
          <dd>{kappa === null ? text.noKappa : kappa.toFixed(2)}</dd>
        </div>
      </dl>
      {kappa !== null && <p>{text.meaning(kappa)}</p>}
      <p className="field-help">{text.editNote}</p>
    </div>
  );
}

export function AnnotatorFiles() {
  const { judge } = useStudio();
  const { files: text } = useText().judge;
  const said = useSaid();
  const problem = useStudioState('judge', (state) => state.fileProblem);
  const report = useStudioState('judge', (state) => state.report);
  const hasRound = useStudioState('judge', (state) => state.round !== null);
  return (
    <div className="judge-files">
      <h3>{text.title}</h3>
      <p className="quiet">{text.lead}</p>
      <div className="start-row">
        {!hasRound && (
          <FileTrigger
            acceptedFileTypes={fileTypes}
            onSelect={async (list) => {
              const [file] = await readFiles(list);
              if (file !== undefined) await judge.getState().importRound(file);
            }}
          >
            <Button className="button">{text.import}</Button>
          </FileTrigger>
        )}
        <FileTrigger
          acceptedFileTypes={fileTypes}
          allowsMultiple
          onSelect={async (list) => judge.getState().compareFiles(await readFiles(list))}
        >
          <Button className="button">{text.compare}</Button>
        </FileTrigger>
      </div>
      {problem !== null && (
        <p className="note note-warning" role="alert">
          {said(problem)}
        </p>
      )}
      {report !== null && <Report report={report} />}
    </div>
  );
}
