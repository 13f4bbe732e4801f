/**
 * @file What the starter's training changed: the same held-out prompts answered by base, SFT and DPO, with their
 * scores.
 */
import { X } from 'lucide-react';
import { Button } from 'react-aria-components';
import { formatDuration } from '../../text/format';
import { addressOf } from '../shell/route';
import {
  columnKeys,
  meanScores,
  type ColumnKey,
  type ScoredAnswer,
  type StarterResult,
} from '../../plain/starter/result';
import { useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';

interface ResultProps {
  readonly result: StarterResult;
}

function MeanBars({ result }: ResultProps) {
  const { compare, starter: text } = useText();
  const means = meanScores(result.prompts);
  return (
    <dl className="score-bars" aria-label={text.result.means}>
      {columnKeys.map((column) => (
        <div key={column} data-column={column}>
          <dt>{compare.columns[column]}</dt>
          <dd>
            <span className="score-track" aria-hidden="true">
              <span
                className="score-fill"
                style={{ inlineSize: `${Math.min(1, Math.max(0, means[column])) * 100}%` }}
              />
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
  const { starter } = useText();
  return (
    <td data-column={column}>
      <span className="score">{answer.score.toFixed(2)}</span>
      {answer.text.trim() === '' ? <span className="quiet">{starter.result.nothing}</span> : answer.text.trim()}
    </td>
  );
}

function AnswerTable({ result }: ResultProps) {
  const { common, compare, starter: text } = useText();
  return (
    <div className="table-scroll" role="region" aria-label={text.result.table} tabIndex={0}>
      <table className="starter-answers">
        <thead>
          <tr>
            <th scope="col">{common.prompt}</th>
            {columnKeys.map((column) => (
              <th key={column} scope="col" data-column={column}>
                {compare.columns[column]}
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
  );
}

function ResultHeader({ result, isRunning }: ResultProps & { readonly isRunning: boolean }) {
  const { starter } = useStudio();
  const { starter: text } = useText();
  return (
    <header>
      <h3>{text.result.title(text.tasks[result.task.id].title)}</h3>
      {!isRunning && (
        <Button
          className="button button-icon"
          aria-label={text.result.close}
          onPress={() => starter.getState().forget()}
        >
          <X aria-hidden="true" />
        </Button>
      )}
    </header>
  );
}

export function StarterResultView() {
  const { runs, starter: text } = useText();
  const result = useStudioState('starter', (state) => state.result);
  const isRunning = useStudioState('starter', (state) => state.progress !== null);
  if (result === null) return null;
  const { task, prompts, seconds } = result;
  return (
    <div
      id="starter-result"
      className="starter-result"
      tabIndex={-1}
      role="region"
      aria-label={text.result.label}
      data-testid="starter-result"
    >
      <ResultHeader result={result} isRunning={isRunning} />
      {prompts.length === 0 ? (
        <p className="quiet">{text.result.first}</p>
      ) : (
        <>
          <p className="quiet" role="status">
            {text.result.mean(
              prompts.length,
              seconds !== null ? { time: formatDuration(seconds) } : isRunning ? 'running' : 'stopped',
            )}
          </p>
          <MeanBars result={result} />
          <p className="quiet">{text.tasks[task.id].score}</p>
          <AnswerTable result={result} />
          {!isRunning && (
            <p>
              {text.result.next} <a href={addressOf('train', 'runs')}>{runs.title}</a>
            </p>
          )}
        </>
      )}
    </div>
  );
}
