/** @file The answers of a run to its fixed prompts, evaluation by evaluation, the newest first. */
import { textOfPrompt } from '../../plain/data/prompt-text';
import type { SampleRound } from '../../../storage/records';
import type { SampleSettings } from '../../../worker/protocol';
import { useText } from '../../text/text';

export interface SampleHistoryProps {
  readonly prompts: SampleSettings['prompts'];
  readonly rounds: readonly SampleRound[];
}

export function SampleHistory({ prompts, rounds }: SampleHistoryProps) {
  const { common, train } = useText();
  const text = train.samples;
  if (rounds.length === 0) return null;
  return (
    <details className="samples" open data-testid="samples">
      <summary>{text.title}</summary>
      {prompts.map((prompt, index) => (
        <section key={index} className="sample" aria-label={text.ofPrompt(index + 1)}>
          <p className="sample-prompt">{textOfPrompt(prompt, common.roles)}</p>
          <ol className="sample-answers" tabIndex={0} aria-label={text.answersOf(index + 1)}>
            {rounds.toReversed().map(({ step, answers }) => (
              <li key={step} data-testid="sample-answer">
                <span className="quiet">{train.atStep(step)}</span>
                <span className="sample-text">{answers[index]?.text ?? common.unknown}</span>
              </li>
            ))}
          </ol>
        </section>
      ))}
    </details>
  );
}
