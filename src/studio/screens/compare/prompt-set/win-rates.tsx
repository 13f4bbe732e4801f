/** @file Win rates of a prompt set, as chart and table; on the page and in the report, so without hooks. */
import type { PromptSet } from '../../../../storage/prompt-set-record';
import { formatCount, formatShare } from '../../../text/format';
import { baseVoice } from '../../../plain/judge/judge-form';
import type { Text } from '../../../text/text';
import { nameOfAnswerer } from '../use-column-name';
import { challengers, type Rate } from '../../../plain/compare/prompt-set/prompt-set';
import { SeriesMark, WinRateChart, type RateSeries } from './win-rate-chart';

export interface WinRatesProps {
  readonly promptSet: PromptSet;
  readonly rates: readonly Rate[];
  /** Mean score of each column at each temperature, `scores[column][temperature]`; null where no scorer judges. */
  readonly scores: readonly (readonly number[])[] | null;
  readonly text: Pick<Text, 'compare' | 'promptSet'>;
}

export function promptSetColumnName(
  { columns }: Pick<PromptSet, 'columns'>,
  index: number,
  text: Text['compare'],
): string {
  const column = columns[index];
  if (column === undefined) return '';
  return nameOfAnswerer(column.runId === null && column.name === baseVoice ? null : column, column.strength, text);
}

/** What the chart draws: for each column that is compared, its rates so far. */
export function rateSeriesOf(
  promptSet: PromptSet,
  rates: readonly Rate[],
  text: Text['compare'],
): readonly RateSeries[] {
  return challengers(promptSet).map((column) => ({
    name: promptSetColumnName(promptSet, column, text),
    points: rates.flatMap(({ column: of, temperature, rate }) =>
      of !== column || rate === null
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
  /** Place of the column among the series of the chart. */
  readonly series: number;
  readonly name: string;
  readonly rate: Rate;
  /** The mean score in digits; null where no scorer judges. */
  readonly score: string | null;
  readonly text: Text['promptSet'];
}

function RateRow({ series, name, rate: { temperature, rate }, score, text }: RateRowProps) {
  return (
    <tr>
      <th scope="row">
        <SeriesMark series={series} /> {name}
      </th>
      <td>{String(temperature)}</td>
      <td>{describeRate(rate, text)}</td>
      <td>{rate !== null && `${formatCount(rate.wins)} / ${formatCount(rate.ties)} / ${formatCount(rate.losses)}`}</td>
      {score !== null && <td>{score}</td>}
    </tr>
  );
}

/** A row for each column and temperature; where answers are scored, also those of the column compared with. */
function RateTable({ promptSet, rates, scores, text: { compare, promptSet: text } }: WinRatesProps) {
  const { temperatures, against } = promptSet;
  const reference = promptSetColumnName(promptSet, against, compare);
  const titles = [text.column, text.temperature, text.rate, text.counts, ...(scores === null ? [] : [text.score])];
  return (
    <table className="numbers">
      <caption>{text.caption(reference)}</caption>
      <thead>
        <tr>
          {titles.map((title) => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {challengers(promptSet).flatMap((column, at) =>
          rates
            .filter((rate) => rate.column === column)
            .map((rate, index) => (
              <RateRow
                key={`${column} ${rate.temperature}`}
                series={at}
                name={promptSetColumnName(promptSet, column, compare)}
                rate={rate}
                score={scores === null ? null : (scores[column]?.[index]?.toFixed(2) ?? '')}
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
          series={rateSeriesOf(promptSet, rates, compare)}
        />
      </div>
      <div className="table-scroll" role="region" aria-label={text.caption(reference)} tabIndex={0}>
        <RateTable {...props} />
      </div>
    </div>
  );
}
