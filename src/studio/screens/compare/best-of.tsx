/** @file The best of N in a column: how many and by what it is chosen, its score and reasons, and the other answers. */
import { Button } from 'react-aria-components';
import { klBound } from '../../../evaluation/best-of-n';
import { message } from '../../../messages/message';
import type { Answer } from '../../plain/compare/answers';
import {
  bestCounts,
  rewardOfRun,
  rewardRunOf,
  rewardRunProblem,
  scoringRuns,
  type Best,
  type BestAnswers,
  type Candidate,
  type RewardId,
} from '../../plain/compare/best-of';
import type { Column } from '../../plain/compare/columns';
import { readRuleForms } from '../../plain/data/rule-form';
import { taskIds } from '../../plain/starter/manifest';
import { isStarterModel } from '../../plain/starter/recipe';
import { formatDuration, formatMetric } from '../../text/format';
import { useSaid } from '../../text/said';
import { useText } from '../../text/text';
import { RuleOutcome } from '../data/rules/rule-row';
import { ChoiceInput } from '../shell/fields';
import { ProgressView } from '../shell/progress-view';
import { goTo } from '../shell/route';
import { useStudio, useStudioState } from '../use-studio';

/**
 * The rewards that can choose: the rules of the data set, the reward models that were trained on the open model, and
 * the starter's judges where its model is open. The one that is chosen is there whether it can or not.
 */
export function useRewards(current: RewardId): readonly { readonly id: RewardId; readonly label: string }[] {
  const { compare, starter } = useText();
  const isStarters = useStudioState('model', (state) => isStarterModel(state.summary?.name ?? ''));
  const tasks = taskIds.filter((id) => isStarters || id === current);
  const runs = useStudioState('library', (state) => state.runs);
  const fingerprint = useStudioState('model', (state) => state.summary?.fingerprint);
  const judges = scoringRuns(runs, fingerprint).map(({ id, name }) => ({ id: rewardOfRun(id), name }));
  const lost = rewardRunOf(current) !== null && judges.every(({ id }) => id !== current);
  const name = runs.find(({ id }) => rewardOfRun(id) === current)?.name ?? compare.best.goneJudge;
  return [
    { id: 'rules', label: compare.best.rules },
    ...[...judges, ...(lost ? [{ id: current, name }] : [])].map((judge) => ({
      id: judge.id,
      label: compare.best.judge(judge.name),
    })),
    ...tasks.map((id) => ({ id, label: compare.best.starter(starter.tasks[id].title) })),
  ];
}

/** Why a reward model cannot choose, in a sentence; null for one that can and for every other reward. */
export function useRewardProblem(reward: RewardId): string | null {
  const said = useSaid();
  const runs = useStudioState('library', (state) => state.runs);
  const model = useStudioState('model', (state) => state.summary);
  const problem = rewardRunProblem(reward, runs, model?.fingerprint);
  // Without a model there is nothing that it would have to fit.
  if (problem === null || model === null) return null;
  if (problem.kind === 'gone') return said(message('rewardRunGone'));
  const { name, modelName } = problem.run;
  return said(message('rewardRunOther', { run: name, base: modelName, model: model.name }));
}

/** What keeps a reward from choosing, with the way out of it; nothing where nothing does. */
export function RewardObstacle({ reward }: { readonly reward: RewardId }) {
  const { compare } = useStudio();
  const { best: text } = useText().compare;
  const lacksRules = useStudioState('rules', ({ rules }) => readRuleForms(rules).rules === null);
  const isGreedy = useStudioState('compare', ({ sampling }) => Number(sampling.temperature) === 0);
  const problem = useRewardProblem(reward);
  return (
    <>
      {problem !== null && <p className="obstacle">{problem}</p>}
      {reward === 'rules' && lacksRules && (
        <p className="obstacle">
          {text.noRules}{' '}
          <Button className="link-button" onPress={() => goTo('data', 'rules')}>
            {text.toRules}
          </Button>
        </p>
      )}
      {isGreedy && (
        <p className="obstacle">
          {text.atZero}{' '}
          <Button className="link-button" onPress={() => compare.getState().setSampling({ temperature: '1' })}>
            {text.raise}
          </Button>
        </p>
      )}
    </>
  );
}

export function BestChoice({ column }: { readonly column: Column }) {
  const { compare } = useStudio();
  const { best: text } = useText().compare;
  const isGenerating = useStudioState('compare', (state) => state.generating);
  const isStarters = useStudioState('model', (state) => isStarterModel(state.summary?.name ?? ''));
  const { best } = column;
  const rewards = useRewards(best?.reward ?? 'rules');
  const options = [
    { id: '1', label: text.one },
    ...bestCounts.map((count) => ({ id: String(count), label: text.of(count) })),
  ];
  const set = (change: Best | null) => compare.getState().setBest(column.id, change);
  return (
    <div className="best-choice">
      <div className="best-fields">
        <ChoiceInput
          label={text.label}
          value={String(best?.count ?? 1)}
          options={options}
          isDisabled={isGenerating}
          onChange={(id) => {
            const count = bestCounts.find((each) => String(each) === id);
            const reward = best?.reward ?? (isStarters ? 'sentiment' : 'rules');
            set(count === undefined ? null : { count, reward });
          }}
        />
        {best !== undefined && (
          <ChoiceInput
            label={text.reward}
            value={best.reward}
            options={rewards}
            isDisabled={isGenerating}
            onChange={(reward) => set({ ...best, reward: reward as RewardId })}
          />
        )}
      </div>
      {best !== undefined && <RewardObstacle reward={best.reward} />}
    </div>
  );
}

/** An answer that was not the best, with its score. */
function OtherAnswer({ candidate }: { readonly candidate: Candidate }) {
  const { compare, judge } = useText();
  const { reward, text } = candidate;
  return (
    <li>
      <strong>{reward === null ? compare.best.unscored : compare.best.answerScore(formatMetric(reward))}</strong>
      <p className="best-other">
        {text.trim() === '' ? <span className="quiet">{judge.compare.nothing}</span> : text.trim()}
      </p>
    </li>
  );
}

/** Below the best answer: how far it is, its score with the reasons, the bound of its KL, and the others. */
export function BestAnswer({ answer, best }: { readonly answer: Answer; readonly best: BestAnswers }) {
  const { best: text } = useText().compare;
  const { candidates, count, secondsLeft } = best;
  const [first, ...others] = candidates;
  const left = secondsLeft === null ? null : formatDuration(secondsLeft);
  return (
    <div className="best-answer" data-testid="best-of">
      {answer.finish === null && (
        <ProgressView
          label={text.answering}
          done={candidates.length}
          total={count}
          valueText={text.progress(candidates.length, count, left)}
        />
      )}
      {first !== undefined && (
        <>
          <p className="best-score">
            {first.reward === null ? text.noScore : text.score(formatMetric(first.reward), candidates.length)}
          </p>
          {first.results.map((result, index) => (
            <RuleOutcome key={index} result={result} isNamed />
          ))}
          <p className="field-help" title={text.formula(candidates.length)}>
            {text.bound(formatMetric(klBound(candidates.length)))}{' '}
            <code className="heat-formula">{text.formula(candidates.length)}</code>
          </p>
        </>
      )}
      {others.length > 0 && (
        <details className="best-others">
          <summary>{text.others(others.length)}</summary>
          <ol>
            {others.map((candidate) => (
              <OtherAnswer key={candidate.index} candidate={candidate} />
            ))}
          </ol>
        </details>
      )}
    </div>
  );
}
