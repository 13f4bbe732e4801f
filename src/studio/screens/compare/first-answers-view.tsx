/**
 * @file The first answers on the Compare screen: how far they are, what was asked in the columns below, and the other
 * prompts of the data that were answered.
 */
import { useEffect } from 'react';
import { ChevronLeft, ChevronRight, Square } from 'lucide-react';
import { Button } from 'react-aria-components';
import { ProgressView } from '../shell/progress-view';
import { ownModel } from '../../stores/open-model';
import { useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';
import { textOfPrompt } from '../../plain/data/prompt-text';
import { answeringRuns } from '../../plain/runs/answering-runs';

/** Id of the newest run of the open model; null where there is none. */
function useNewestRun(): string | null {
  const fingerprint = useStudioState('model', ownModel)?.fingerprint;
  const runs = useStudioState('library', (state) => state.runs);
  return answeringRuns(runs, fingerprint)[0]?.id ?? null;
}

/** Asks for the first answers when the screen opens, and when there is a new run, or pairs, while it is open. */
function useAskedFirst(): void {
  const { compare } = useStudio();
  const newest = useNewestRun();
  const hasPairs = useStudioState('dataset', (state) => state.rows.length > 0);
  useEffect(() => {
    if (newest !== null && hasPairs) compare.getState().askFirst();
  }, [compare, newest, hasPairs]);
}

function ExamplePager() {
  const { compare } = useStudio();
  const { first: text } = useText().compare;
  const newest = useNewestRun();
  const first = useStudioState('compare', (state) => state.first);
  const shown = useStudioState('compare', (state) => state.shownExample);
  const generating = useStudioState('compare', (state) => state.generating);
  const count = first?.examples.length ?? 0;
  if (first === null || first.run !== newest || count === 0) return null;
  const at = shown ?? -1;
  const go = (index: number) => void compare.getState().showExample(index);
  return (
    <div className="example-pager" role="group" aria-label={text.title}>
      <Button
        className="button button-icon"
        aria-label={text.before}
        isDisabled={generating || at <= 0}
        onPress={() => go(at - 1)}
      >
        <ChevronLeft aria-hidden="true" />
      </Button>
      <span className="quiet">
        {at < 0 || at >= count ? text.some(count, first.isHeldOut) : text.place(at + 1, count, first.isHeldOut)}
      </span>
      <Button
        className="button button-icon"
        aria-label={text.after}
        isDisabled={generating || at >= count - 1}
        onPress={() => go(at + 1)}
      >
        <ChevronRight aria-hidden="true" />
      </Button>
    </div>
  );
}

function FirstProgress() {
  const { compare } = useStudio();
  const { common, compare: words } = useText();
  const answering = useStudioState('compare', (state) => state.answeringFirst);
  if (answering === null) return null;
  const { done, total } = answering;
  return (
    <div className="progress-row" data-testid="answering-first">
      <ProgressView
        label={words.first.writing}
        done={done}
        total={total}
        valueText={words.first.progress(done, total)}
      />
      <Button className="button button-stop" onPress={() => compare.getState().stopFirst()}>
        <Square aria-hidden="true" /> {common.stop}
      </Button>
    </div>
  );
}

export function FirstAnswersView() {
  const { common, compare: text } = useText();
  const asked = useStudioState('compare', (state) => state.asked);
  useAskedFirst();
  return (
    <>
      <FirstProgress />
      <div className="asked-row">
        {asked !== null && (
          <p className="asked-prompt" data-testid="asked" title={textOfPrompt(asked.prompt, common.roles)}>
            <span className="quiet">{text.first.asked}</span> {textOfPrompt(asked.prompt, common.roles)}
          </p>
        )}
        <ExamplePager />
      </div>
    </>
  );
}
