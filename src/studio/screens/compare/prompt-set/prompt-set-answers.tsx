/** @file Answers of a prompt set, side by side: those that show the verdict best, and behind a fold all of them. */
import type { PromptSet } from '../../../../storage/prompt-set-record';
import { textOfPrompt } from '../../../plain/data/prompt-text';
import { scoreAnswer } from '../../../plain/starter/score-answer';
import { useText } from '../../../text/text';
import { cellsOf, type Cell, type Rate } from '../../../plain/compare/prompt-set/prompt-set';
import { examplesOf, verdictsOf } from '../../../plain/compare/prompt-set/verdict';
import { promptSetColumnName } from './win-rates';

/** Prompts shown of each kind. */
const shown = 2;

interface AnswerTableProps {
  readonly promptSet: PromptSet;
  readonly caption: string;
  readonly cells: readonly Cell[];
  readonly 'data-testid'?: string;
}

function AnswerTable({ promptSet, caption, cells, ...rest }: AnswerTableProps) {
  const { common, compare, judge } = useText();
  return (
    <div className="table-scroll" role="region" aria-label={caption} tabIndex={0} {...rest}>
      <table className="starter-answers">
        <caption>{caption}</caption>
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
          {cells.map(({ prompt, answers }, index) => (
            <tr key={index}>
              <th scope="row">{textOfPrompt(prompt, common.roles)}</th>
              {answers.map(({ text }, column) => (
                <td key={column}>
                  {text.trim() === '' ? <span className="quiet">{judge.compare.nothing}</span> : text.trim()}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The prompts on which the first verdict's column won most clearly, and those on which it lost. */
export function PromptSetExamples({
  promptSet,
  rates,
}: {
  readonly promptSet: PromptSet;
  readonly rates: readonly Rate[];
}) {
  const { compare, promptSet: text } = useText();
  const [first] = verdictsOf(promptSet, rates);
  if (first === undefined) return null;
  const examples = examplesOf(promptSet, first, scoreAnswer, shown);
  const nameOf = (column: number) => promptSetColumnName(promptSet, column, compare);
  const names = [nameOf(first.column), nameOf(first.against)] as const;
  const none = { best: text.noBest, worst: text.noWorst };
  return (['best', 'worst'] as const).map((kind) =>
    examples[kind].length === 0 ? (
      <p key={kind} className="quiet">
        {none[kind](...names)}
      </p>
    ) : (
      <AnswerTable
        key={kind}
        promptSet={promptSet}
        caption={text[kind](...names)}
        cells={examples[kind]}
        data-testid={`prompt-set-${kind}`}
      />
    ),
  );
}

export function PromptSetAnswers({ promptSet }: { readonly promptSet: PromptSet }) {
  const { promptSet: text } = useText();
  const cells = cellsOf(promptSet);
  return (
    <details className="prompt-set-answers">
      <summary>{text.allAnswers}</summary>
      {promptSet.temperatures
        .filter((_temperature, index) => index < cells.length)
        .map((temperature) => (
          <AnswerTable
            key={temperature}
            promptSet={promptSet}
            caption={text.answersAt(String(temperature))}
            cells={cells.filter((cell) => cell.temperature === temperature)}
          />
        ))}
    </details>
  );
}
