/** @file A reward judges a prompt set: which one, how far it is, and of how many answers it can say nothing. */
import { Gauge, Play, RotateCcw } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { PromptSet, PromptSetRewardJudge } from '../../../../storage/prompt-set-record';
import { judgeIdOf, rewardIdSchema } from '../../../plain/compare/best-of';
import { readRuleForms } from '../../../plain/data/rule-form';
import { useText } from '../../../text/text';
import { AnsweringView } from '../../judge/answering';
import { ChoiceInput } from '../../shell/fields';
import { useBusyReason, useStudio, useStudioState } from '../../use-studio';
import { RewardObstacle, useRewardProblem, useRewards } from '../best-of';
import { rewardName } from './best-notes';

/** Which reward judges; and what keeps it from that, with the way out of it. */
export function JudgingReward() {
  const { promptSet } = useStudio();
  const { byReward: text } = useText().promptSet;
  const reward = useStudioState('promptSet', (state) => state.form.judgeReward);
  const rewards = useRewards(reward).filter(({ id }) => judgeIdOf(id) === null);
  return (
    <>
      <div className="field-grid">
        <ChoiceInput
          label={text.which}
          value={reward}
          options={rewards}
          help={text.help}
          onChange={(id) => promptSet.getState().setForm({ judgeReward: rewardIdSchema.parse(id) })}
        />
      </div>
      <RewardObstacle reward={reward} answers={1} isGreedyFine />
    </>
  );
}

function AskReward({ answers }: { readonly answers: number }) {
  const { promptSet } = useStudio();
  const { byReward: text } = useText().promptSet;
  const reward = useStudioState('promptSet', (state) => state.form.judgeReward);
  const lacksRules = useStudioState('rules', ({ rules }) => readRuleForms(rules).rules === null);
  const busy = useBusyReason();
  const problem = useRewardProblem(reward);
  const isLacking = problem !== null || (reward === 'rules' && lacksRules);
  return (
    <>
      <JudgingReward />
      <div className="start-row">
        <Button
          className="button button-primary"
          isDisabled={isLacking || busy !== null}
          onPress={() => void promptSet.getState().askReward()}
        >
          <Gauge aria-hidden="true" /> {text.ask}
        </Button>
        {busy === null ? <p className="quiet">{text.plan(answers)}</p> : <p className="obstacle">{busy}</p>}
      </div>
    </>
  );
}

function ScoresView({
  promptSet: record,
  judge,
}: {
  readonly promptSet: PromptSet;
  readonly judge: PromptSetRewardJudge;
}) {
  const { promptSet } = useStudio();
  const words = useText();
  const { byReward: text } = words.promptSet;
  const busy = useBusyReason();
  const missing = (record.answered.length - judge.scores.length) * record.columns.length;
  const unscored = judge.scores.flat().filter((score) => score === null).length;
  return (
    <>
      <p>{text.by(rewardName(judge, words))}</p>
      {missing > 0 && (
        <div className="start-row">
          <p>{text.rest(missing)}</p>
          <Button className="button" isDisabled={busy !== null} onPress={() => void promptSet.getState().askReward()}>
            <Play aria-hidden="true" /> {text.goOn}
          </Button>
          {busy !== null && <p className="obstacle">{busy}</p>}
        </div>
      )}
      {unscored > 0 && <p className="note note-warning">{text.unscored(unscored)}</p>}
      <Button className="button" onPress={() => void promptSet.getState().dropReward()}>
        <RotateCcw aria-hidden="true" /> {text.another}
      </Button>
    </>
  );
}

export function RewardJudging({ promptSet: record }: { readonly promptSet: PromptSet }) {
  const { promptSet } = useStudio();
  const { byReward: text } = useText().promptSet;
  const progress = useStudioState('promptSet', (state) => state.modelJudging);
  const isStopping = useStudioState('promptSet', (state) => state.modelStopping || state.stopping);
  const isAnswering = useStudioState('promptSet', (state) => state.answering !== null);
  const stop = () => (isAnswering ? promptSet.getState().stop() : promptSet.getState().stopModel());
  if (record.answered.length === 0) return null;
  return (
    <div className="model-judging" data-testid="reward-judging">
      {progress !== null && (
        <AnsweringView
          progress={progress}
          isStopping={isStopping}
          stopLabel={text.stop}
          onStop={stop}
          words={{ label: text.scoring, value: text.progress }}
          data-testid="reward-judging-progress"
        />
      )}
      {progress === null && record.rewardJudge == null && !isAnswering && (
        <AskReward answers={record.answered.length * record.columns.length} />
      )}
      {progress === null && record.rewardJudge != null && <ScoresView promptSet={record} judge={record.rewardJudge} />}
    </div>
  );
}
