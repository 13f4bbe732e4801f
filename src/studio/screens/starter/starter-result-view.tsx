/**
 * @file What the starter's training changed: the same held-out prompts answered by base, SFT and DPO, what their scores
 * say, and the answers.
 */
import { X } from 'lucide-react';
import { Button } from 'react-aria-components';
import { formatDuration } from '../../text/format';
import { addressOf } from '../shell/route';
import { ShowStarterButton } from '../demonstration/show-buttons';
import type { StarterResult } from '../../plain/starter/result';
import { useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';
import { StarterAnswers } from './starter-answers';
import { StarterSummaryView } from './starter-summary';

interface ResultProps {
  readonly result: StarterResult;
}

function ResultHeader({ result, isRunning }: ResultProps & { readonly isRunning: boolean }) {
  const { starter } = useStudio();
  const { starter: text } = useText();
  return (
    <header>
      <h3>{text.result.title(text.tasks[result.task.id].title)}</h3>
      {!isRunning && (
        <Button
          className="button button-icon"
          aria-label={text.result.close}
          onPress={() => starter.getState().forget()}
        >
          <X aria-hidden="true" />
        </Button>
      )}
    </header>
  );
}

export function StarterResultView() {
  const { runs, starter: text } = useText();
  const result = useStudioState('starter', (state) => state.result);
  const isRunning = useStudioState('starter', (state) => state.progress !== null);
  if (result === null) return null;
  const { prompts, seconds } = result;
  return (
    <div
      id="starter-result"
      className="starter-result"
      tabIndex={-1}
      role="region"
      aria-label={text.result.label}
      data-testid="starter-result"
    >
      <ResultHeader result={result} isRunning={isRunning} />
      {prompts.length === 0 ? (
        <p className="quiet">{text.result.first}</p>
      ) : (
        <>
          <p className="quiet" role="status">
            {text.result.mean(
              prompts.length,
              seconds !== null ? { time: formatDuration(seconds) } : isRunning ? 'running' : 'stopped',
            )}
          </p>
          <StarterSummaryView result={result} />
          {!isRunning && (
            <div className="start-row">
              <ShowStarterButton />
            </div>
          )}
          {!isRunning && <StarterAnswers result={result} />}
          {!isRunning && <p className="quiet">{text.result.seed}</p>}
          {!isRunning && (
            <p>
              {text.result.next} <a href={addressOf('train', 'runs')}>{runs.title}</a>
            </p>
          )}
        </>
      )}
    </div>
  );
}
