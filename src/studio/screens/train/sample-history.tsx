/**
 * @file The answers of a run to its fixed prompts, evaluation by evaluation, or those that it learned from, step by
 * step; the newest first.
 */
import { textOfPrompt } from '../../plain/data/prompt-text';
import type { SampleRound } from '../../../storage/records';
import type { SampleSettings } from '../../../worker/protocol';
import { formatMetric } from '../../text/format';
import { useText } from '../../text/text';

export interface SampleHistoryProps {
  readonly prompts: SampleSettings['prompts'];
  readonly rounds: readonly SampleRound[];
}

/** Answers that were drawn to be learned from, each step's under its prompt, with what they were given. */
function DrawnHistory({ rounds }: { readonly rounds: readonly SampleRound[] }) {
  const { common, train } = useText();
  const { samples: text } = train;
  return (
    <details className="samples" open data-testid="drawn-answers">
      <summary>{text.drawn}</summary>
      <div className="sample-answers" tabIndex={0} role="group" aria-label={text.drawn}>
        {rounds.toReversed().map(({ step, prompt = '', answers }) => (
          <section key={step} className="sample" aria-label={train.atStep(step)}>
            <p className="sample-prompt">
              <span className="quiet">{train.atStep(step)}</span> {textOfPrompt(prompt, common.roles)}
            </p>
            <ol>
              {answers.map(({ text: answer, reward = null }, index) => (
                <li key={index} data-testid="drawn-answer">
                  <span className="quiet">{reward === null ? text.noReward : text.reward(formatMetric(reward))}</span>
                  <span className="sample-text">{answer}</span>
                </li>
              ))}
            </ol>
          </section>
        ))}
      </div>
    </details>
  );
}

export function SampleHistory({ prompts, rounds }: SampleHistoryProps) {
  const { common, train } = useText();
  const text = train.samples;
  if (rounds.length === 0) return null;
  if (rounds.some(({ prompt }) => prompt !== undefined)) return <DrawnHistory rounds={rounds} />;
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
