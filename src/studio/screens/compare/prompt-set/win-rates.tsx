/** @file Win rates of a prompt set, as chart and table; on the page and in the report, so without hooks. */
import type { PromptSet } from '../../../../storage/prompt-set-record';
import { formatCount, formatShare } from '../../../text/format';
import { baseVoice } from '../../../plain/judge/judge-form';
import type { Text } from '../../../text/text';
import { nameOfAnswerer } from '../use-column-name';
import {
  columnColours,
  pairingsOf,
  type MeanScores,
  type Pairing,
  type Rate,
} from '../../../plain/compare/prompt-set/prompt-set';
import { isRole, roleColours, type RoleColour } from '../../../plain/roles';
import { ColumnHeads } from '../../shell/column-heads';
import { SeriesMark, WinRateChart, type RateSeries } from './win-rate-chart';

export interface WinRatesProps {
  readonly promptSet: PromptSet;
  readonly rates: readonly Rate[];
  /** Null where the judge gives none. */
  readonly scores: MeanScores | null;
  readonly text: Pick<Text, 'compare' | 'promptSet'>;
}

export function promptSetColumnName(
  { columns }: Pick<PromptSet, 'columns'>,
  index: number,
  text: Text['compare'],
): string {
  const column = columns[index];
  if (column === undefined) return '';
  const name = nameOfAnswerer(
    column.runId === null && column.name === baseVoice ? null : column,
    column.strength,
    text,
  );
  return column.best === undefined ? name : text.best.name(name, column.best.count);
}

/** The column's name, and the other's where that is not the one that all are compared with. */
export function pairingName(
  promptSet: Pick<PromptSet, 'columns' | 'against'>,
  { column, against }: Pairing,
  { compare, promptSet: text }: Pick<Text, 'compare' | 'promptSet'>,
): string {
  const name = promptSetColumnName(promptSet, column, compare);
  return against === promptSet.against ? name : text.pairing(name, promptSetColumnName(promptSet, against, compare));
}

/** The colours of the pairings: each column's own, and spare ones where a column is compared a second time. */
export function pairingColours(promptSet: Pick<PromptSet, 'columns' | 'against'>): readonly RoleColour[] {
  const colours = columnColours(promptSet);
  return roleColours(
    pairingsOf(promptSet).map(({ column, against }) => {
      const colour = colours[column];
      return against === promptSet.against && isRole(colour) ? colour : null;
    }),
  );
}

/** What the chart draws: for each pairing, its rates so far. */
export function rateSeriesOf(
  promptSet: PromptSet,
  rates: readonly Rate[],
  text: Pick<Text, 'compare' | 'promptSet'>,
): readonly RateSeries[] {
  const colours = pairingColours(promptSet);
  return pairingsOf(promptSet).map((pairing, index) => ({
    name: pairingName(promptSet, pairing, text),
    colour: colours[index] ?? 'spare-1',
    points: rates.flatMap(({ column, against, temperature, rate }) =>
      column !== pairing.column || against !== pairing.against || rate === null
        ? []
        : [{ temperature, mean: rate.mean, low: rate.interval.low, high: rate.interval.high }],
    ),
  }));
}

/** A win rate with its interval in words, as "62% (48% to 75%)". */
export function describeRate(rate: Rate['rate'], text: Text['promptSet']): string {
  if (rate === null) return text.notJudged;
  const { low, high } = rate.interval;
  return text.interval(formatShare(rate.mean), formatShare(low), formatShare(high));
}

interface RateRowProps {
  /** Place of the pairing among the series of the chart. */
  readonly series: number;
  readonly colour: RoleColour;
  readonly name: string;
  readonly rate: Rate;
  /** The mean score in digits; null where no scorer judges. */
  readonly score: string | null;
  readonly text: Text['promptSet'];
}

function RateRow({ series, colour, name, rate: { temperature, rate }, score, text }: RateRowProps) {
  return (
    <tr>
      <th scope="row">
        <SeriesMark series={series} colour={colour} /> {name}
      </th>
      <td>{String(temperature)}</td>
      <td>{describeRate(rate, text)}</td>
      <td>{rate !== null && `${formatCount(rate.wins)} / ${formatCount(rate.ties)} / ${formatCount(rate.losses)}`}</td>
      {score !== null && <td>{score}</td>}
    </tr>
  );
}

/** A row for each column and temperature; where answers are scored, also those of the column compared with. */
function RateTable({ promptSet, rates, scores, text: words }: WinRatesProps) {
  const { compare, promptSet: text } = words;
  const { temperatures, against } = promptSet;
  const colours = pairingColours(promptSet);
  const reference = promptSetColumnName(promptSet, against, compare);
  const titles = [text.column, text.temperature, text.rate, text.counts, ...(scores === null ? [] : [text.score])];
  return (
    <table className="numbers">
      <caption>{text.caption(reference)}</caption>
      <thead>
        <tr>
          <ColumnHeads titles={titles} />
        </tr>
      </thead>
      <tbody>
        {pairingsOf(promptSet).flatMap((pairing, at) =>
          rates
            .filter((rate) => rate.column === pairing.column && rate.against === pairing.against)
            .map((rate, index) => (
              <RateRow
                key={`${at} ${rate.temperature}`}
                series={at}
                colour={colours[at] ?? 'spare-1'}
                name={pairingName(promptSet, pairing, words)}
                rate={rate}
                score={scores === null ? null : (scores[pairing.column]?.[index]?.toFixed(2) ?? '')}
                text={text}
              />
            )),
        )}
        {scores !== null &&
          temperatures.map((temperature, index) => (
            <tr key={`against ${temperature}`}>
              <th scope="row">{reference}</th>
              <td>{String(temperature)}</td>
              <td>{text.isReference}</td>
              <td />
              <td>{scores[against]?.[index]?.toFixed(2)}</td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}

export function WinRates(props: WinRatesProps) {
  const {
    promptSet,
    rates,
    text: { compare, promptSet: text },
  } = props;
  const reference = promptSetColumnName(promptSet, promptSet.against, compare);
  return (
    <div className="win-rates" data-testid="win-rates">
      <div className="win-rate-figure">
        <WinRateChart
          label={text.chart(reference)}
          axis={text.temperature}
          temperatures={promptSet.temperatures}
          series={rateSeriesOf(promptSet, rates, props.text)}
        />
      </div>
      <div className="table-scroll" role="region" aria-label={text.caption(reference)} tabIndex={0}>
        <RateTable {...props} />
      </div>
    </div>
  );
}
