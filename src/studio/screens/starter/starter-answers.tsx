/** @file The starter's answers: the prompts where DPO gained and lost most, and behind a fold all of them. */
import {
  columnKeys,
  examplesOf,
  type ColumnKey,
  type ScoredAnswer,
  type ScoredPrompt,
  type StarterResult,
} from '../../plain/starter/result';
import { useText } from '../../text/text';

/** Prompts shown of each kind. */
const shown = 3;

function AnswerCell({ column, answer }: { readonly column: ColumnKey; readonly answer: ScoredAnswer }) {
  const { starter } = useText();
  return (
    <td data-column={column}>
      <span className="score">{answer.score.toFixed(2)}</span>
      {answer.text.trim() === '' ? <span className="quiet">{starter.result.nothing}</span> : answer.text.trim()}
    </td>
  );
}

interface AnswerTableProps {
  readonly prompts: readonly ScoredPrompt[];
  readonly caption: string;
  readonly testId: string;
}

function AnswerTable({ prompts, caption, testId }: AnswerTableProps) {
  const { common, compare } = useText();
  return (
    <table className="starter-answers">
      <caption>{caption}</caption>
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
        {prompts.map(({ prompt, answers }, index) => (
          <tr key={index} data-testid={testId}>
            <th scope="row">{prompt}</th>
            {columnKeys.map((column) => (
              <AnswerCell key={column} column={column} answer={answers[column]} />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function StarterAnswers({ result: { prompts } }: { readonly result: StarterResult }) {
  const text = useText().starter.result;
  const { best, worst } = examplesOf(prompts, shown);
  return (
    <>
      <div className="starter-examples" role="region" aria-label={text.best} tabIndex={0}>
        {best.length > 0 && <AnswerTable prompts={best} caption={text.best} testId="starter-best" />}
        {worst.length > 0 ? (
          <AnswerTable prompts={worst} caption={text.worst} testId="starter-worst" />
        ) : (
          <p className="quiet">{text.noWorst}</p>
        )}
      </div>
      <details>
        <summary>{text.all(prompts.length)}</summary>
        <div className="table-scroll" role="region" aria-label={text.table} tabIndex={0}>
          <AnswerTable prompts={prompts} caption={text.table} testId="starter-answer" />
        </div>
      </details>
    </>
  );
}
