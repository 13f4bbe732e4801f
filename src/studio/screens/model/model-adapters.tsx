/** @file The adapters that belong to a model: their names in a line, or a table of what they are. */
import { formatBytes, formatDate, formatMetric } from '../../text/format';
import { answeringRuns } from '../../plain/runs/answering-runs';
import { Curve } from '../shell/curve';
import { addressOf } from '../shell/route';
import type { Run } from '../../plain/runs/run';
import { useStudioState } from '../use-studio';
import { methodName } from '../../text/method-name';
import { useText } from '../../text/text';

const namedAtMost = 5;

function useAdapters(fingerprint: string): readonly Run[] {
  const runs = useStudioState('library', (state) => state.runs);
  return answeringRuns(runs, fingerprint);
}

export function AdapterNames({ fingerprint }: { readonly fingerprint: string }) {
  const { adapters: text } = useText().model;
  const adapters = useAdapters(fingerprint);
  if (adapters.length === 0) return null;
  const names = adapters.slice(0, namedAtMost).map(({ name }) => name);
  return (
    <p className="quiet" data-testid="model-adapters">
      {text.named(names, adapters.length - names.length)}
    </p>
  );
}

export function AdapterTable({ fingerprint }: { readonly fingerprint: string }) {
  const words = useText();
  const { common, model, runs } = words;
  const { adapters: text } = model;
  const adapters = useAdapters(fingerprint);
  if (adapters.length === 0) return <p className="quiet">{text.none}</p>;
  return (
    <>
      <div className="table-scroll" tabIndex={0} role="group" aria-label={text.title}>
        <table className="numbers">
          <caption>{text.title}</caption>
          <thead>
            <tr>
              <th scope="col">{text.name}</th>
              <th scope="col" className="words">
                {text.method}
              </th>
              <th scope="col" className="words">
                {text.madeAt}
              </th>
              <th scope="col">{runs.columns.loss}</th>
              <th scope="col">{text.steps}</th>
              <th scope="col">{text.rank}</th>
              <th scope="col">{text.size}</th>
            </tr>
          </thead>
          <tbody>
            {adapters.map((run) => (
              <tr key={run.id}>
                <th scope="row">{run.name}</th>
                <td className="words">{methodName(run, words)}</td>
                <td className="words">{formatDate(run.startedAt)}</td>
                <td className="run-loss">
                  <Curve curve={run.curve} />
                  <span>{run.finalLoss == null ? common.unknown : formatMetric(run.finalLoss)}</span>
                </td>
                <td>{run.imported === undefined ? run.steps : text.imported}</td>
                <td>{run.config.lora_r ?? '–'}</td>
                <td>{formatBytes(run.adapterBytes)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p>
        <a href={addressOf('train', 'runs')}>{text.all}</a>
      </p>
    </>
  );
}
