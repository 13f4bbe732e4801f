/** @file The answers of one policy of a sweep, each with its reward and its distance. */
import { useEffect, useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import type { Sweep, SweepAnswer } from '../../../storage/sweep-record';
import { textOfPrompt } from '../../plain/data/prompt-text';
import { answersOf, referenceRun } from '../../plain/frontier/sweep';
import { formatMetric } from '../../text/format';
import { useText } from '../../text/text';
import { addressOfRun } from '../shell/route';
import { useStudioState } from '../use-studio';

/** Prompts that are shown before all are asked for, and answers to each: the start has many. */
const shown = 6;
const shownEach = 4;

interface PromptRowsProps {
  readonly prompt: Sweep['prompts'][number];
  readonly answers: readonly SweepAnswer[];
  readonly hasRatio: boolean;
}

function PromptRows({ prompt, answers, hasRatio }: PromptRowsProps) {
  const { common, compare, judge } = useText();
  return answers.map(({ text, reward, logRatio }, index) => (
    <tr key={index}>
      {index === 0 && (
        <th scope="row" rowSpan={answers.length}>
          {textOfPrompt(prompt, common.roles)}
        </th>
      )}
      <td>{text.trim() === '' ? <span className="quiet">{judge.compare.nothing}</span> : text.trim()}</td>
      <td>{reward === null ? compare.best.unscored : formatMetric(reward)}</td>
      {hasRatio && <td>{formatMetric(logRatio)}</td>}
    </tr>
  ));
}

interface PolicyAnswersProps {
  readonly sweep: Sweep;
  readonly policy: number;
  readonly name: string;
}

export function PolicyAnswers({ sweep, policy, name }: PolicyAnswersProps) {
  const { common, frontier: text } = useText();
  const [isWhole, setWhole] = useState(false);
  const root = useRef<HTMLElement>(null);
  // Chosen in the chart, it may appear below the window.
  useEffect(() => {
    // In newer browsers it answers with a promise, which is no clean-up.
    void root.current?.scrollIntoView({ block: 'nearest' });
  }, []);
  const id = policy === 0 ? referenceRun(sweep) : (sweep.runs[policy - 1] ?? null);
  const run = useStudioState('library', ({ runs }) => runs.find((each) => each.id === id));
  const all = answersOf(sweep, policy);
  const title = text.detail.title(name);
  return (
    <section ref={root} className="frontier-answers" aria-label={title}>
      <h3>{title}</h3>
      {run !== undefined && (
        <p>
          <a href={addressOfRun(run.id)}>{text.detail.toRun(run.name)}</a>
        </p>
      )}
      <div className="table-scroll" role="region" aria-label={title} tabIndex={0}>
        <table className="starter-answers">
          <colgroup>
            <col />
            <col />
            <col className="frontier-number" />
            {policy > 0 && <col className="frontier-number" />}
          </colgroup>
          <thead>
            <tr>
              <th scope="col">{common.prompt}</th>
              <th scope="col">{text.detail.answer}</th>
              <th scope="col">{text.detail.reward}</th>
              {policy > 0 && <th scope="col">{text.detail.ratio}</th>}
            </tr>
          </thead>
          <tbody>
            {all.slice(0, isWhole ? undefined : shown).map((answers, at) => (
              <PromptRows
                key={at}
                prompt={sweep.prompts[at] ?? ''}
                answers={isWhole ? answers : answers.slice(0, shownEach)}
                hasRatio={policy > 0}
              />
            ))}
          </tbody>
        </table>
      </div>
      {!isWhole && all.length > shown && (
        <Button className="button" onPress={() => setWhole(true)}>
          {text.detail.all(all.length)}
        </Button>
      )}
    </section>
  );
}
