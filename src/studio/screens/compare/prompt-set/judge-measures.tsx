/** @file How well a model judges, in a table and a sentence; on the page and in the report, so without hooks. */
import { fewestJudgements, type JudgeAgreement, type JudgeHabits } from '../../../../evaluation/judge';
import type { PromptSetModelJudge } from '../../../../storage/prompt-set-record';
import { formatCount, formatShare } from '../../../text/format';
import type { Text } from '../../../text/text';

type Words = Text['modelJudge'];

const nameOfJudge = ({ modelName, runName }: PromptSetModelJudge, text: Words): string =>
  runName === null ? modelName : text.ofModel(runName, modelName);

/** "dpo-1 (tiny-llama) was asked: ..." */
export function describeJudge(judge: PromptSetModelJudge, text: Words): string {
  const { asked } = judge;
  return text.asked(nameOfJudge(judge, text), typeof asked === 'string' ? text.questions[asked] : asked.rubric);
}

/** That a model judged, and how far it agrees with a person: for those who read no more than a page. */
export function tellJudge(judge: PromptSetModelJudge, { observed, items }: JudgeAgreement, text: Words): string {
  return text.told(nameOfJudge(judge, text), formatShare(observed), items);
}

/** Whether its verdicts count, and why not. */
export function describeStanding({ standing, items, observed }: JudgeAgreement, bound: number, text: Words): string {
  const { standings } = text;
  if (standing === 'accepted') return standings.accepted(formatShare(bound));
  return standing === 'refused'
    ? standings.refused(formatShare(observed), formatShare(bound))
    : standings.unknown(items, fewestJudgements);
}

function describeAgreement({ interval, observed, agreed, items }: JudgeAgreement, text: Words): string {
  if (interval === null) return text.unknownYet;
  const { low, high } = interval;
  return text.agreementOf(formatShare(observed), formatShare(low), formatShare(high), agreed, items);
}

const describeKappa = ({ items, kappa }: JudgeAgreement, text: Words): string =>
  items === 0 ? text.unknownYet : (kappa?.toFixed(2) ?? text.noKappa);

export interface JudgeMeasuresProps {
  readonly agreement: JudgeAgreement;
  readonly habits: JudgeHabits;
  /** Comparisons that do not fit the judge's context. */
  readonly tooLong: number;
  readonly text: Words;
}

/** Agreement with a person first, then what the verdicts say of the judge, each with what it means. */
export function JudgeMeasures({ agreement, habits, tooLong, text }: JudgeMeasuresProps) {
  const { pairs, ordersAgree, positionBias, letterMass, cut } = habits;
  const rows: readonly (readonly [name: string, value: string, note: string])[] = [
    [text.agreement, describeAgreement(agreement, text), ''],
    [text.kappa, describeKappa(agreement, text), text.kappaNote],
    [text.orders, text.ordersOf(formatShare(1 - ordersAgree), pairs), text.ordersNote],
    [text.first, formatShare(0.5 + positionBias), text.firstNote],
    [text.letters, formatShare(letterMass), text.lettersNote],
    ...(cut === 0 ? [] : [[text.cut, formatCount(cut), ''] as const]),
    ...(tooLong === 0 ? [] : [[text.tooLong, formatCount(tooLong), text.tooLongNote] as const]),
  ];
  return (
    <table className="numbers judge-measures">
      <caption>{text.caption}</caption>
      <tbody>
        {rows.map(([name, value, note]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className="words">
              {value}
              {note !== '' && <div className="quiet">{note}</div>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
