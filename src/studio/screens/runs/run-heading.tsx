/** @file What a run is called and how it stands: name, method, tags, status. */
import { endOf } from '../../plain/runs/run-end';
import type { Run } from '../../plain/runs/run';
import { methodName } from '../../text/method-name';
import { useText } from '../../text/text';

/** The tags that stand beside a run's name; a run that took all its steps has none of its status. */
export function RunTags({ run }: { readonly run: Run }) {
  const words = useText();
  const text = words.runs;
  const { how } = endOf(run);
  return (
    <>
      <span className="tag">{methodName(run, words)}</span>
      {run.tags?.map((tag) => (
        <span key={tag} className="tag" data-tone="label">
          {tag}
        </span>
      ))}
      {how !== 'all' && (
        <span className="tag" data-tone={how}>
          {how === 'early' ? text.stoppedEarly : text.status[how]}
        </span>
      )}
    </>
  );
}
