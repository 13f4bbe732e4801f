/** @file The prompt set in the report: its win rates by temperature as chart and table. No hooks. */
import { formatDate } from '../../../text/format';
import type { PromptSet } from '../../../../storage/prompt-set-record';
import type { Text } from '../../../text/text';
import {
  agreementWithAnalyst,
  countTooLong,
  judgeHabits,
  judgesItself,
} from '../../../plain/compare/prompt-set/model-judge';
import { describeJudge, describeStanding, JudgeMeasures } from '../prompt-set/judge-measures';
import { countCells, pairingsOf, type Rate } from '../../../plain/compare/prompt-set/prompt-set';
import { describeRate, pairingColours, pairingName, promptSetColumnName, rateSeriesOf } from '../prompt-set/win-rates';
import { answersIn } from '../../../plain/compare/prompt-set/draws';
import { BestNotes, rewardName } from '../prompt-set/best-notes';
import { SeriesMark, WinRateChart } from '../prompt-set/win-rate-chart';
import type { ReportFacts } from './report-facts';
import { WithNames } from './whole-names';

interface RatesProps {
  readonly reported: NonNullable<ReportFacts['promptSet']>;
  readonly text: Text;
}

interface RateCellProps {
  readonly rate: Rate['rate'];
  /** Mean scores of the column and of the one that it is compared with; null where the judge gives none. */
  readonly scores: readonly [own: number | null, reference: number | null] | null;
  readonly text: Text;
}

const tellScores = ([own, reference]: NonNullable<RateCellProps['scores']>): [string, string] => [
  own?.toFixed(2) ?? '–',
  reference?.toFixed(2) ?? '–',
];

function RateCell({ rate, scores, text: { promptSet, report } }: RateCellProps) {
  return (
    <td className="num">
      {describeRate(rate, promptSet)}
      {rate !== null && <div className="quiet">{report.counts(rate.wins, rate.ties, rate.losses)}</div>}
      {scores !== null && <div className="quiet">{report.scores(...tellScores(scores))}</div>}
    </td>
  );
}

/** A row for each column that is compared, a cell for each temperature. */
function RateGrid({ reported: { promptSet, rates, scores }, text }: RatesProps) {
  const colours = pairingColours(promptSet);
  const nameOf = (column: number) => promptSetColumnName(promptSet, column, text.compare);
  const scoreOf = (column: number, index: number) => scores?.[column]?.[index] ?? null;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{text.promptSet.column}</th>
          {promptSet.temperatures.map((temperature) => (
            <th key={temperature} scope="col" className="num">{`${text.promptSet.temperature} ${temperature}`}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {pairingsOf(promptSet).map(({ column, against }, at) => (
          <tr key={at}>
            <th scope="row">
              <SeriesMark series={at} colour={colours[at] ?? 'spare-1'} />{' '}
              <WithNames names={[nameOf(column), nameOf(against)]}>
                {pairingName(promptSet, { column, against }, text)}
              </WithNames>
            </th>
            {rates
              .filter((rate) => rate.column === column && rate.against === against)
              .map(({ temperature, rate }, index) => (
                <RateCell
                  key={temperature}
                  rate={rate}
                  scores={scores === null ? null : [scoreOf(column, index), scoreOf(against, index)]}
                  text={text}
                />
              ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The model that judges beside a person, and how well: where its win rates stand above, and where they do not. */
function ReportedJudge({
  promptSet,
  text: { modelJudge: text },
}: {
  readonly promptSet: PromptSet;
  readonly text: Text;
}) {
  const { modelJudge: judge } = promptSet;
  const habits = judge && judgeHabits(judge);
  if (judge === null || habits === null) return null;
  const agreement = agreementWithAnalyst(promptSet, judge);
  return (
    <>
      <p>
        {describeJudge(judge, text)} {describeStanding(agreement, judge.bound, text)}{' '}
        {judgesItself(promptSet, judge) && text.itself}
      </p>
      <JudgeMeasures agreement={agreement} habits={habits} tooLong={countTooLong(judge)} text={text} />
    </>
  );
}

export function ReportedRates({ reported, text }: RatesProps) {
  const { promptSet, rates } = reported;
  const { maxNewTokens, topK, topP, seed } = promptSet.sampling;
  const reference = promptSetColumnName(promptSet, promptSet.against, text.compare);
  const missing = answersIn(countCells(promptSet), promptSet) - answersIn(promptSet.answered.length, promptSet);
  return (
    <>
      <h2>{text.promptSet.caption(reference)}</h2>
      <p className="quiet">
        {text.report.setFacts(promptSet.prompts.length, promptSet.judge, formatDate(promptSet.at))}{' '}
        {promptSet.judge === 'reward' &&
          promptSet.rewardJudge != null &&
          `${text.promptSet.byReward.by(rewardName(promptSet.rewardJudge, text))} `}
        {missing > 0 && `${text.promptSet.unanswered(missing)} `}
        <code>{`max_new_tokens ${maxNewTokens} · top_k ${topK} · top_p ${topP} · seed ${seed}`}</code>
      </p>
      <BestNotes promptSet={promptSet} text={text} />
      <div className="rates">
        <WinRateChart
          label={text.promptSet.chart(reference)}
          axis={text.promptSet.temperature}
          temperatures={promptSet.temperatures}
          series={rateSeriesOf(promptSet, rates, text)}
        />
        <RateGrid reported={reported} text={text} />
      </div>
      <p className="quiet">{text.promptSet.intervalNote}</p>
      <ReportedJudge promptSet={promptSet} text={text} />
    </>
  );
}
