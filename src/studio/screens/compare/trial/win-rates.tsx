/** @file Win rates of a prompt set, as chart and table; on the page and in the report, so without hooks. */
import type { Trial } from '../../../../storage/trial-record';
import { formatCount, formatShare } from '../../../text/format';
import { baseVoice } from '../../../plain/judge/judge-form';
import type { Text } from '../../../text/text';
import { nameOfAnswerer } from '../use-column-name';
import { challengers, type Rate } from '../../../plain/compare/trial/trial';
import { SeriesMark, WinRateChart } from './win-rate-chart';

export interface WinRatesProps {
  readonly trial: Trial;
  readonly rates: readonly Rate[];
  /** Mean scores by column and temperature; null where nothing scores. */
  readonly scores: readonly (readonly number[])[] | null;
  readonly text: Pick<Text, 'compare' | 'trial'>;
}

export function trialColumnName({ columns }: Pick<Trial, 'columns'>, index: number, text: Text['compare']): string {
  const column = columns[index];
  if (column === undefined) return '';
  return nameOfAnswerer(column.runId === null && column.name === baseVoice ? null : column, column.strength, text);
}

export function WinRates({ trial, rates, scores, text: { compare, trial: text } }: WinRatesProps) {
  const { temperatures, against } = trial;
  const rows = challengers(trial).map((column) => ({
    column,
    name: trialColumnName(trial, column, compare),
    rates: rates.filter((rate) => rate.column === column),
  }));
  const series = rows.map(({ name, rates: own }) => ({
    name,
    points: own.flatMap(({ temperature, rate }) =>
      rate === null ? [] : [{ temperature, mean: rate.mean, low: rate.interval.low, high: rate.interval.high }],
    ),
  }));
  const reference = trialColumnName(trial, against, compare);
  return (
    <div className="win-rates" data-testid="win-rates">
      <div className="win-rate-figure">
        <WinRateChart
          label={text.chart(reference)}
          axis={text.temperature}
          temperatures={temperatures}
          series={series}
        />
      </div>
      <div className="table-scroll" role="region" aria-label={text.caption(reference)} tabIndex={0}>
        <table className="numbers">
          <caption>{text.caption(reference)}</caption>
          <thead>
            <tr>
              {[text.column, text.temperature, text.rate, text.counts, ...(scores === null ? [] : [text.score])].map(
                (title) => (
                  <th key={title} scope="col">
                    {title}
                  </th>
                ),
              )}
            </tr>
          </thead>
          <tbody>
            {rows.flatMap(({ column, name, rates: own }, at) =>
              own.map(({ temperature, rate }, index) => (
                <tr key={`${column} ${temperature}`}>
                  <th scope="row">
                    <SeriesMark series={at} /> {name}
                  </th>
                  <td>{String(temperature)}</td>
                  <td>
                    {rate === null
                      ? text.notJudged
                      : text.interval(
                          formatShare(rate.mean),
                          formatShare(rate.interval.low),
                          formatShare(rate.interval.high),
                        )}
                  </td>
                  <td>
                    {rate === null
                      ? ''
                      : `${formatCount(rate.wins)} / ${formatCount(rate.ties)} / ${formatCount(rate.losses)}`}
                  </td>
                  {scores !== null && <td>{scores[column]?.[index]?.toFixed(2)}</td>}
                </tr>
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
      </div>
    </div>
  );
}
