/** @file The votes of a demonstration's audience in the report: who won against whom, with intervals. No hooks. */
import { sumOf } from '../../../../core/statistics';
import type { Demonstration } from '../../../../storage/demonstration-record';
import { leaning } from '../../../plain/compare/prompt-set/verdict';
import { decidedPrompts, pairRatesOf, votesOf } from '../../../plain/demonstration/votes';
import { formatCount, formatDate, formatShare } from '../../../text/format';
import type { Text } from '../../../text/text';
import { nameOfColumn } from '../../demonstration/use-demonstration';
import { describeRate } from '../prompt-set/win-rates';
import { WithNames } from './whole-names';

interface VotesProps {
  readonly demonstration: Demonstration;
  readonly text: Text;
}

/** Names of the columns, in their order. */
export const votedNames = ({ columns }: Demonstration, { compare }: Text): readonly string[] =>
  columns.map((column) => nameOfColumn(column, compare));

/** Of the first two that were compared, DPO and the base: the verdict, and the figures behind it. */
export function votedSentences(
  demonstration: Demonstration,
  text: Text,
): readonly [verdict: string, figures: string] | null {
  const [first] = pairRatesOf(demonstration);
  if (first?.rate == null) return null;
  const names = votedNames(demonstration, text);
  const [ours = '', theirs = ''] = [names[first.column], names[first.against]];
  return [
    text.promptSet.verdicts[leaning(first.rate.interval)](ours, theirs),
    text.report.votesFigures(
      ours,
      theirs,
      describeRate(first.rate, text.promptSet),
      decidedPrompts(demonstration).length,
    ),
  ];
}

function VotesTable({ demonstration, text }: VotesProps) {
  const { result } = text.demonstration;
  const votes = votesOf(demonstration);
  const all = sumOf(votes);
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{result.model}</th>
          <th scope="col" className="num">
            {result.votes}
          </th>
          <th scope="col" className="num">
            {result.share}
          </th>
        </tr>
      </thead>
      <tbody>
        {votedNames(demonstration, text).map((name, column) => (
          <tr key={column}>
            <th scope="row">{name}</th>
            <td className="num">{formatCount(votes[column] ?? 0)}</td>
            <td className="num">{formatShare((votes[column] ?? 0) / all)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function VotedRates({ demonstration, text }: VotesProps) {
  const { result } = text.demonstration;
  const names = votedNames(demonstration, text);
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{result.pair}</th>
          <th scope="col" className="num">
            {result.counts}
          </th>
          <th scope="col" className="num">
            {result.rate}
          </th>
        </tr>
      </thead>
      <tbody>
        {pairRatesOf(demonstration).map(
          ({ column, against, rate }) =>
            rate !== null && (
              <tr key={`${column} ${against}`}>
                <th scope="row">
                  <WithNames names={names}>{result.against(names[column] ?? '', names[against] ?? '')}</WithNames>
                </th>
                <td className="num">{[rate.wins, rate.ties, rate.losses].map(formatCount).join(' / ')}</td>
                <td className="num">{describeRate(rate, text.promptSet)}</td>
              </tr>
            ),
        )}
      </tbody>
    </table>
  );
}

export function ReportedVotes({ demonstration, text }: VotesProps) {
  const votes = sumOf(votesOf(demonstration));
  const last = demonstration.judgements.at(-1)?.at ?? demonstration.at;
  return (
    <>
      <h2>{text.report.votes}</h2>
      <p className="quiet">{text.report.votesFacts(votes, decidedPrompts(demonstration).length, formatDate(last))}</p>
      <VotedRates demonstration={demonstration} text={text} />
      <VotesTable demonstration={demonstration} text={text} />
      <p className="quiet">{text.demonstration.result.note}</p>
    </>
  );
}
