/** @file Beside the rules: an answer that is pasted, and its score, at once. */
import { formatMetric } from '../../../text/format';
import { useText } from '../../../text/text';
import { TextInput } from '../../shell/fields';

export interface Trial {
  readonly answer: string;
  readonly reference: string;
}

export interface RuleTrialProps {
  readonly trial: Trial;
  /** Whether a rule asks for the right answer. */
  readonly wantsReference: boolean;
  /** Null where no rule could be looked at. */
  readonly score: number | null;
  /** Rules that need correction. */
  readonly wrong: number;
  readonly onChange: (trial: Trial) => void;
}

export function RuleTrial({ trial, wantsReference, score, wrong, onChange }: RuleTrialProps) {
  const { trial: text } = useText().rules;
  const isTried = trial.answer.trim() !== '';
  return (
    <div className="rule-trial" role="region" aria-label={text.title} data-testid="rule-trial">
      <h3>{text.title}</h3>
      <TextInput
        label={text.answer}
        rows={6}
        placeholder={text.placeholder}
        value={trial.answer}
        onChange={(answer) => onChange({ ...trial, answer })}
      />
      {wantsReference && (
        <TextInput
          label={text.reference}
          rows={2}
          value={trial.reference}
          onChange={(reference) => onChange({ ...trial, reference })}
        />
      )}
      <p className={isTried ? 'rule-score' : 'quiet'} role="status">
        {!isTried ? text.first : score === null ? text.none : text.score(formatMetric(score))}
      </p>
      {wrong > 0 && <p className="quiet">{text.wrong(wrong)}</p>}
    </div>
  );
}
