/** @file What the starter's training changed: the same held-out prompts answered by base, SFT and DPO, with their scores. */
import { useEffect, useRef } from 'react';
import { X } from 'lucide-react';
import { Button } from 'react-aria-components';
import { formatDuration, plural } from '../format';
import { columnKeys, columnLabels, type ColumnKey } from '../stores/compare';
import { meanScores, type ScoredAnswer, type StarterResult as Result } from '../stores/starter';
import { useStudio, useStudioState } from '../studio';
import type { TaskId } from './manifest';

const meanings: Readonly<Record<TaskId, string>> = {
  sentiment: 'The score is the review’s sentiment: 0 is all blame, 1 all praise.',
  summarization: 'The score is the share of the post’s facts that the summary states, less a penalty for each one invented, and for chatter and length.',
  dialogue: 'The score is 1 for a correct answer, 0.3 for an evasive and 0 for a wrong one, a little more if polite and less if rude.',
};

function MeanBars({ result }: { readonly result: Result }) {
  const means = meanScores(result.prompts);
  return (
    <dl className="score-bars" aria-label="Mean scores">
      {columnKeys.map((column) => (
        <div key={column} data-column={column}>
          <dt>{columnLabels[column]}</dt>
          <dd>
            <span className="score-track" aria-hidden="true">
              <span className="score-fill" style={{ inlineSize: `${Math.min(1, Math.max(0, means[column])) * 100}%` }} />
            </span>
            <span className="score-mean" data-testid={`starter-mean-${column}`}>
              {means[column].toFixed(2)}
            </span>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function AnswerCell({ column, answer }: { readonly column: ColumnKey; readonly answer: ScoredAnswer }) {
  return (
    <td data-column={column}>
      <span className="score">{answer.score.toFixed(2)}</span>
      {answer.text.trim() === '' ? <span className="quiet">(nothing)</span> : answer.text.trim()}
    </td>
  );
}

export function StarterResult() {
  const { starter } = useStudio();
  const result = useStudioState('starter', (state) => state.result);
  const isRunning = useStudioState('starter', (state) => state.progress !== null);
  const frame = useRef<HTMLDivElement>(null);
  const seconds = result?.seconds ?? null;
  const wasRunning = useRef(false);
  useEffect(() => {
    // The click's promise: it ends at the comparison, wherever the page was meanwhile.
    if (wasRunning.current && !isRunning && seconds !== null) frame.current?.focus();
    wasRunning.current = isRunning;
  }, [isRunning, seconds]);

  if (result === null) return null;
  const count = result.prompts.length;
  return (
    <div className="starter-result" ref={frame} tabIndex={-1} role="region" aria-label="Comparison of the starter" data-testid="starter-result">
      <header>
        <h3>{result.task.title}: base, SFT and DPO on prompts that none was trained on</h3>
        {!isRunning && (
          <Button className="button button-icon" aria-label="Close the starter’s comparison" onPress={() => starter.getState().forget()}>
            <X aria-hidden="true" />
          </Button>
        )}
      </header>
      {count === 0 ? (
        <p className="quiet">The first answers are being written.</p>
      ) : (
        <>
          <p className="quiet" role="status">
            Mean score over {plural(count, 'prompt')}
            {seconds === null ? (isRunning ? ' so far.' : ', where it was stopped.') : `; all of it took ${formatDuration(seconds)} on this PC.`}
          </p>
          <MeanBars result={result} />
          <p className="quiet">{meanings[result.task.id]}</p>
          <div className="table-scroll" role="region" aria-label="Answers and scores" tabIndex={0}>
            <table className="starter-answers">
              <thead>
                <tr>
                  <th scope="col">Prompt</th>
                  {columnKeys.map((column) => (
                    <th key={column} scope="col" data-column={column}>
                      {columnLabels[column]}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {result.prompts.map(({ prompt, answers }, index) => (
                  <tr key={index} data-testid="starter-answer">
                    <th scope="row">{prompt}</th>
                    {columnKeys.map((column) => (
                      <AnswerCell key={column} column={column} answer={answers[column]} />
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {!isRunning && (
            <p>
              Now ask something of your own below, look at how it was trained under <a href="#train">Train</a>, or take the
              adapters from <a href="#runs">Runs &amp; adapters</a>.
            </p>
          )}
        </>
      )}
    </div>
  );
}
