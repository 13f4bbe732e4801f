/**
 * @file What the starter's answers say together: mean scores with their intervals, how many answers read cleanly, how
 * far DPO went, and a sentence of verdict.
 */
import {
  columnKeys,
  distanceOf,
  fewestForVerdict,
  summarize,
  verdictOf,
  type ColumnKey,
  type StarterResult,
  type StarterSummary,
} from '../../plain/starter/result';
import { formatShare } from '../../text/format';
import { useText } from '../../text/text';

interface ResultProps {
  readonly result: StarterResult;
}

interface SummaryProps extends ResultProps {
  readonly summary: StarterSummary;
}

const inBar = (score: number): string => `${Math.min(1, Math.max(0, score)) * 100}%`;

function ScoreBar({ column, summary }: { readonly column: ColumnKey; readonly summary: StarterSummary }) {
  const { mean, low, high } = summary.columns[column].score;
  const end = Math.min(1, high);
  return (
    <span className="score-track" aria-hidden="true">
      <span className="score-fill" style={{ inlineSize: inBar(mean) }} />
      <span
        className="score-interval"
        style={{ insetInlineStart: inBar(low), inlineSize: inBar(Math.max(0, end - Math.max(0, low))) }}
      />
    </span>
  );
}

function Distance({ column, result }: ResultProps & { readonly column: ColumnKey }) {
  const text = useText().starter.result;
  const { kl } = result;
  if (column !== 'dpo' || kl === null) return <td className="quiet">–</td>;
  return (
    <td data-testid="starter-kl">
      {text.distances[distanceOf(kl)]} <span className="quiet">{kl.mean.toFixed(1)} nat</span>
    </td>
  );
}

function SummaryTable({ result, summary }: SummaryProps) {
  const { compare, starter } = useText();
  const text = starter.result;
  return (
    <table className="score-summary" aria-label={text.means}>
      <thead>
        <tr>
          <th scope="col">
            <span className="visually-hidden">{text.who}</span>
          </th>
          <th scope="col">{text.score}</th>
          <th scope="col" title={text.fluentHelp}>
            {text.fluent}
          </th>
          <th scope="col" title={text.distanceHelp}>
            {text.distance}
          </th>
        </tr>
      </thead>
      <tbody>
        {columnKeys.map((column) => {
          const { score, fluent } = summary.columns[column];
          return (
            <tr key={column} data-column={column}>
              <th scope="row">{compare.columns[column]}</th>
              <td>
                <span className="score-bar">
                  <ScoreBar column={column} summary={summary} />
                  <span className="score-mean" data-testid={`starter-mean-${column}`}>
                    {score.mean.toFixed(2)}
                  </span>
                  <span className="quiet">{text.interval(score.low.toFixed(2), score.high.toFixed(2))}</span>
                </span>
              </td>
              <td data-testid={`starter-fluent-${column}`}>{formatShare(fluent)}</td>
              <Distance column={column} result={result} />
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function VerdictSentence({ result, summary }: SummaryProps) {
  const text = useText().starter.result;
  const verdict = verdictOf(result.prompts.length, summary);
  const signed = (value: number) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(2)}`;
  const over = text.both(
    (['sft', 'base'] as const).map((column) => {
      const { mean, low, high } = summary.above[column];
      return text.over(column, signed(mean), signed(low), signed(high));
    }),
  );
  return (
    <p className="starter-verdict" data-verdict={verdict} data-testid="starter-verdict">
      {verdict === 'few' ? text.verdict.few(result.prompts.length, fewestForVerdict) : text.verdict[verdict](over)}
    </p>
  );
}

export function StarterSummaryView({ result }: ResultProps) {
  const { starter: text } = useText();
  const summary = summarize(result.prompts);
  if (summary === null) return null;
  return (
    <>
      <VerdictSentence result={result} summary={summary} />
      <SummaryTable result={result} summary={summary} />
      <p className="quiet">
        {text.tasks[result.task.id].score} {text.result.fluentHelp} {text.result.distanceHelp}
      </p>
    </>
  );
}
