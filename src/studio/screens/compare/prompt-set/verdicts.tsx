/** @file What a prompt set says, in sentences; on the page and in the report, so without hooks. */
import type { PromptSet } from '../../../../storage/prompt-set-record';
import { verdictsOf, type PairingVerdict } from '../../../plain/compare/prompt-set/verdict';
import type { Rate } from '../../../plain/compare/prompt-set/prompt-set';
import type { Text } from '../../../text/text';
import { describeRate, promptSetColumnName } from './win-rates';

type Words = Pick<Text, 'compare' | 'promptSet'>;

/** Who is better than whom, as "dpo-1 is clearly better than Base." */
export function verdictSentence(
  promptSet: PromptSet,
  { column, against, verdict, at }: PairingVerdict,
  { compare, promptSet: text }: Words,
): string {
  const [ours, theirs] = [column, against].map((of) => promptSetColumnName(promptSet, of, compare));
  if (verdict !== 'mixed') return text.verdicts[verdict](ours ?? '', theirs ?? '');
  const parts = at.map(({ temperature, leaning }) => text.leaningAt(String(temperature), leaning));
  return text.verdicts.mixed(ours ?? '', theirs ?? '', parts);
}

/** The figures behind a verdict: win rate, interval and number of prompts at each temperature. */
export function verdictFigures({ at }: PairingVerdict, { promptSet: text }: Words): string {
  return at
    .map(({ temperature, rate }) =>
      text.figuresAt(String(temperature), describeRate(rate, text), rate.wins + rate.ties + rate.losses),
    )
    .join(' ');
}

export interface VerdictsProps {
  readonly promptSet: PromptSet;
  readonly rates: readonly Rate[];
  readonly text: Words;
}

export function Verdicts({ promptSet, rates, text }: VerdictsProps) {
  return (
    <ul className="verdicts" data-testid="verdicts">
      {verdictsOf(promptSet, rates).map((verdict) => (
        <li key={`${verdict.column} ${verdict.against}`} data-verdict={verdict.verdict}>
          <strong>{verdictSentence(promptSet, verdict, text)}</strong>{' '}
          <span className="quiet">{verdictFigures(verdict, text)}</span>
        </li>
      ))}
    </ul>
  );
}
