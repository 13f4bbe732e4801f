/** @file All answers of a prompt set, side by side: one table for each temperature. */
import type { PromptSet } from '../../../../storage/prompt-set-record';
import { textOfPrompt } from '../../../plain/data/prompt-text';
import { useText } from '../../../text/text';
import { cellsOf } from '../../../plain/compare/prompt-set/prompt-set';
import { promptSetColumnName } from './win-rates';

export function PromptSetAnswers({ promptSet }: { readonly promptSet: PromptSet }) {
  const { common, compare, judge, promptSet: text } = useText();
  const cells = cellsOf(promptSet);
  return (
    <details className="prompt-set-answers">
      <summary>{text.allAnswers}</summary>
      {promptSet.temperatures
        .filter((_temperature, index) => index < cells.length)
        .map((temperature) => (
          <div
            key={temperature}
            className="table-scroll"
            role="region"
            aria-label={text.answersAt(String(temperature))}
            tabIndex={0}
          >
            <table className="starter-answers">
              <caption>{text.answersAt(String(temperature))}</caption>
              <thead>
                <tr>
                  <th scope="col">{common.prompt}</th>
                  {promptSet.columns.map((_column, index) => (
                    <th key={index} scope="col">
                      {promptSetColumnName(promptSet, index, compare)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {cells.map((cell, index) =>
                  cell.temperature !== temperature ? null : (
                    <tr key={index}>
                      <th scope="row">{textOfPrompt(cell.prompt)}</th>
                      {cell.answers.map((answer, column) => (
                        <td key={column}>
                          {answer.text.trim() === '' ? (
                            <span className="quiet">{judge.compare.nothing}</span>
                          ) : (
                            answer.text.trim()
                          )}
                        </td>
                      ))}
                    </tr>
                  ),
                )}
              </tbody>
            </table>
          </div>
        ))}
    </details>
  );
}
