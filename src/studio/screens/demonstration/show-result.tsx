/** @file The end of a show: who got the votes, who won against whom with intervals, and where to go from there. */
import { FileText, RotateCcw } from 'lucide-react';
import { Button } from 'react-aria-components';
import { sumOf } from '../../../core/statistics';
import type { Demonstration } from '../../../storage/demonstration-record';
import { decidedPrompts, pairRatesOf, votesOf, type PairRate } from '../../plain/demonstration/votes';
import { roleColours } from '../../plain/roles';
import { formatCount, formatShare } from '../../text/format';
import { useText } from '../../text/text';
import { useStudio } from '../use-studio';
import { leaveShow } from './start-show';
import { useNameOf } from './use-demonstration';

interface ResultProps {
  readonly demonstration: Demonstration;
}

function Headline({ demonstration }: ResultProps) {
  const { result: text } = useText().demonstration;
  const nameOf = useNameOf();
  const votes = votesOf(demonstration);
  const most = Math.max(...votes);
  const names = demonstration.columns.filter((_, column) => votes[column] === most).map(nameOf);
  if (most === 0) return <p className="show-headline">{text.none}</p>;
  return (
    <p className="show-headline" data-testid="show-headline">
      {names.length === 1 ? text.won(names[0] ?? '') : text.tied(names)}
    </p>
  );
}

function VoteBars({ demonstration }: ResultProps) {
  const { result: text } = useText().demonstration;
  const nameOf = useNameOf();
  const votes = votesOf(demonstration);
  const all = sumOf(votes);
  const colours = roleColours(demonstration.columns.map(({ role }) => role));
  return (
    <table className="show-bars">
      <thead className="visually-hidden">
        <tr>
          <th scope="col">{text.model}</th>
          <th scope="col">{text.share}</th>
          <th scope="col">{text.votes}</th>
        </tr>
      </thead>
      <tbody>
        {demonstration.columns.map((column, index) => {
          const share = all === 0 ? 0 : (votes[index] ?? 0) / all;
          return (
            <tr key={index} data-column={colours[index]} data-testid="show-bar">
              <th scope="row">{nameOf(column)}</th>
              <td>
                <span className="show-bar" aria-hidden="true">
                  <span style={{ inlineSize: `${share * 100}%` }} />
                </span>
                {formatShare(share)}
              </td>
              <td>{formatCount(votes[index] ?? 0)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function RateRow({ demonstration, pair: { column, against, rate } }: ResultProps & { readonly pair: PairRate }) {
  const { result: text } = useText().demonstration;
  const nameOf = useNameOf();
  const name = (index: number) => {
    const of = demonstration.columns[index];
    return of === undefined ? '' : nameOf(of);
  };
  if (rate === null) return null;
  const { mean, interval, wins, ties, losses } = rate;
  return (
    <tr data-testid="show-rate">
      <th scope="row">{text.against(name(column), name(against))}</th>
      <td>{[wins, ties, losses].map(formatCount).join(' / ')}</td>
      <td>{text.interval(formatShare(mean), formatShare(interval.low), formatShare(interval.high))}</td>
    </tr>
  );
}

function Rates({ demonstration }: ResultProps) {
  const { result: text } = useText().demonstration;
  return (
    <>
      <table className="numbers show-rates">
        <caption>{text.rates(decidedPrompts(demonstration).length)}</caption>
        <thead>
          <tr>
            <th scope="col">{text.pair}</th>
            <th scope="col">{text.counts}</th>
            <th scope="col">{text.rate}</th>
          </tr>
        </thead>
        <tbody>
          {pairRatesOf(demonstration).map((pair) => (
            <RateRow key={`${pair.column} ${pair.against}`} demonstration={demonstration} pair={pair} />
          ))}
        </tbody>
      </table>
      <p className="quiet show-note">
        {text.note} {text.open}
      </p>
    </>
  );
}

export function ShowResult({ demonstration }: ResultProps) {
  const studio = useStudio();
  const { result: text } = useText().demonstration;
  const isDecided = decidedPrompts(demonstration).length > 0;
  return (
    <div className="show-result" data-testid="show-result" role="group" aria-label={text.title} tabIndex={0}>
      <Headline demonstration={demonstration} />
      {isDecided && <VoteBars demonstration={demonstration} />}
      {isDecided && <Rates demonstration={demonstration} />}
      <div className="start-row">
        <Button className="button button-primary button-large" onPress={() => leaveShow(studio, 'report')}>
          <FileText aria-hidden="true" /> {text.report}
        </Button>
        <Button className="button button-large" onPress={() => void studio.demonstration.getState().restart()}>
          <RotateCcw aria-hidden="true" /> {text.again}
        </Button>
      </div>
    </div>
  );
}
