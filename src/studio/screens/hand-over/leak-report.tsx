/** @file What the adapter gives away: looked for when it is asked for, and shown masked. */
import { Search } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { LeakReport } from '../../../run/hand-over';
import { useText } from '../../text/text';
import { FailureNote } from '../shell/failure-note';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';

/** How many recited answers are named. */
const namedAtMost = 5;

function Found({ report }: { readonly report: LeakReport }) {
  const { leaks: text } = useText().handOver;
  const own = report.recited.filter(({ byBase }) => !byBase);
  return (
    <div className={own.length + report.found.length > 0 ? 'note note-warning' : 'note note-info'} data-testid="leaks">
      <div className="note-body">
        <p role="status">{text.recited(report.adapter, report.base, report.asked)}</p>
        {own.length > 0 && (
          <ul>
            {own.slice(0, namedAtMost).map(({ index, tokens }) => (
              <li key={index}>{text.whole(index + 1, tokens)}</li>
            ))}
          </ul>
        )}
        {report.found.length === 0 ? (
          <p>{text.none(report.searched)}</p>
        ) : (
          <ul aria-label={text.table}>
            {report.found.map(({ kind, count, pairs, examples }) => (
              <li key={kind}>
                {text.found(text.kinds[kind], count, pairs)}{' '}
                {examples.map(({ index, part, masked }) => (
                  <code key={`${index} ${part} ${masked}`} className="masked">
                    {masked}
                  </code>
                ))}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

export function LeakSection() {
  const { handOver } = useStudio();
  const { leaks: text } = useText().handOver;
  const report = useStudioState('handOver', (state) => state.leaks);
  const failure = useStudioState('handOver', (state) => state.leakFailure);
  const busy = useBusyReason();
  return (
    <section className="hand-over-part" aria-label={text.title}>
      <h3>{text.title}</h3>
      <p className="quiet">{text.lead}</p>
      {failure !== null && <FailureNote failure={failure} />}
      {report !== null && <Found report={report} />}
      <Button className="button" isDisabled={busy !== null} onPress={() => void handOver.getState().lookForLeaks()}>
        <Search aria-hidden="true" /> {report === null ? text.look : text.again}
      </Button>
    </section>
  );
}
