/** @file The win rates of a prompt set at a glance: each on a line with its interval about 50 %. No hooks. */
import { formatShare } from '../../../text/format';
import type { Text } from '../../../text/text';
import type { WinRate } from '../../../../evaluation/win-rate';
import type { RoleColour } from '../../../plain/roles';
import { pairingsOf } from '../../../plain/compare/prompt-set/prompt-set';
import { describeRate, pairingColours, promptSetColumnName } from '../prompt-set/win-rates';
import type { ReportFacts } from './report-facts';
import { WithNames } from './whole-names';

const width = 300;
const height = 18;
const shares = [0, 0.25, 0.5, 0.75, 1];
const margin = 16;
const xOf = (share: number) => margin + share * (width - 2 * margin);

function Grid() {
  return shares.map((share) => (
    <g key={share} className={share === 0.5 ? 'even' : 'grid'}>
      <line x1={xOf(share)} x2={xOf(share)} y1={0} y2={height} />
    </g>
  ));
}

interface BarProps {
  readonly label: string;
  readonly colour: RoleColour;
  readonly rate: WinRate;
}

function Bar({ label, colour, rate: { mean, interval } }: BarProps) {
  const middle = height / 2;
  const [low, high] = [xOf(interval.low), xOf(interval.high)];
  return (
    <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <Grid />
      <g className={`series-${colour}`}>
        <rect x={low} y={middle - 3} width={Math.max(1, high - low)} height={6} opacity={0.35} />
        <circle cx={xOf(mean)} cy={middle} r={5} />
      </g>
    </svg>
  );
}

function Axis() {
  return (
    <svg viewBox={`0 0 ${width} 12`} aria-hidden="true">
      {shares.map((share) => (
        <text key={share} x={xOf(share)} y={10} textAnchor="middle">
          {formatShare(share)}
        </text>
      ))}
    </svg>
  );
}

export interface RateBarsProps {
  readonly reported: NonNullable<ReportFacts['promptSet']>;
  readonly text: Text;
}

export function RateBars({ reported: { promptSet, verdicts }, text }: RateBarsProps) {
  const colours = pairingColours(promptSet);
  const pairings = pairingsOf(promptSet);
  const nameOf = (column: number) => promptSetColumnName(promptSet, column, text.compare);
  return (
    <table className="bars">
      <caption>{text.report.barsCaption}</caption>
      <thead>
        <tr>
          <th scope="col">{text.report.compared}</th>
          <th scope="col" className="num">
            {text.promptSet.temperature}
          </th>
          <td className="bar">
            <Axis />
          </td>
          <th scope="col" className="num rate">
            {text.promptSet.rate}
          </th>
        </tr>
      </thead>
      {verdicts.map(({ column, against, at }) => {
        const index = pairings.findIndex((one) => one.column === column && one.against === against);
        const name = text.promptSet.pairing(nameOf(column), nameOf(against));
        return (
          <tbody key={index}>
            {at.map(({ temperature, rate }, place) => (
              <tr key={temperature}>
                {place === 0 && (
                  <th scope="rowgroup" rowSpan={at.length}>
                    <WithNames names={[nameOf(column), nameOf(against)]}>{name}</WithNames>
                  </th>
                )}
                <td className="num">{String(temperature)}</td>
                <td className="bar">
                  <Bar
                    label={`${name}, ${text.report.atTemperature(String(temperature))}: ${describeRate(rate, text.promptSet)}`}
                    colour={colours[index] ?? 'spare-1'}
                    rate={rate}
                  />
                </td>
                <td className="num rate">{describeRate(rate, text.promptSet)}</td>
              </tr>
            ))}
          </tbody>
        );
      })}
    </table>
  );
}
