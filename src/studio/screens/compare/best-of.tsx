/** @file The best of N in a column: how many and by what it is chosen, its score and reasons, and the other answers. */
import { Gavel } from 'lucide-react';
import { Button } from 'react-aria-components';
import { mostCompared } from '../../../data/judge-question';
import { klBound } from '../../../evaluation/best-of-n';
import type { Answer } from '../../plain/compare/answers';
import {
  bestCounts,
  rewardOfJudge,
  rewardOfRun,
  type Best,
  type BestAnswers,
  type Candidate,
  type RewardId,
} from '../../plain/compare/best-of';
import type { Column } from '../../plain/compare/columns';
import {
  comparingOf,
  isAtHand,
  judgeName,
  judgeOf,
  modelToLoad,
  rewardProblem,
  scoringRuns,
  type RewardSources,
} from '../../plain/compare/rewards';
import { readRuleForms } from '../../plain/data/rule-form';
import { isTaskId, taskIds } from '../../plain/starter/manifest';
import { isStarterModel } from '../../plain/starter/recipe';
import { formatBytes, formatDuration, formatMetric } from '../../text/format';
import { useSaid } from '../../text/said';
import { useText } from '../../text/text';
import { RuleOutcome } from '../data/rules/rule-row';
import { ChoiceInput } from '../shell/fields';
import { ProgressView } from '../shell/progress-view';
import { goTo } from '../shell/route';
import { ownModel } from '../../stores/open-model';
import { rewardWithName } from './prompt-set/best-notes';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';

/** What is there to judge answers, beside what the page works out itself. */
export function useRewardSources(): RewardSources {
  const runs = useStudioState('library', (state) => state.runs);
  const judges = useStudioState('judges', (state) => state.judges);
  const model = useStudioState('model', ownModel);
  const stored = useStudioState('modelShelf', (state) => state.stored);
  return { runs, judges, model, stored };
}

/**
 * The rewards that can choose: the rules of the data set, the reward models that were trained on the open model, the
 * judges of prompt sets that are of it or of a kept one, and the starter's judges where its model is open. The one that
 * is chosen is there whether it can or not.
 */
export function useRewards(current: RewardId): readonly { readonly id: RewardId; readonly label: string }[] {
  const { compare, modelJudge, starter } = useText();
  const sources = useRewardSources();
  const { runs, judges, model } = sources;
  const isStarters = isStarterModel(model?.name ?? '');
  const tasks = taskIds.filter((id) => isStarters || id === current);
  const models = scoringRuns(runs, model?.fingerprint).map(({ id, name }) => ({
    id: rewardOfRun(id),
    label: compare.best.judge(name),
  }));
  const comparing = judges
    .filter((judge) => isAtHand(judge, sources) || rewardOfJudge(judge.id) === current)
    .map(({ id, asked, ...judge }) => ({
      id: rewardOfJudge(id),
      label: compare.best.comparing(
        judgeName(judge),
        typeof asked === 'string' ? modelJudge.questions[asked] : asked.rubric,
      ),
    }));
  const known = [{ id: 'rules' as RewardId, label: compare.best.rules }, ...models, ...comparing];
  const isLost = !isTaskId(current) && known.every(({ id }) => id !== current);
  const name = runs.find(({ id }) => rewardOfRun(id) === current)?.name ?? compare.best.goneJudge;
  return [
    ...known,
    ...(isLost ? [{ id: current, label: rewardWithName(current, compare.best)(name) }] : []),
    ...tasks.map((id) => ({ id, label: compare.best.starter(starter.tasks[id].title) })),
  ];
}

/**
 * Why a reward model or a judge cannot choose, in a sentence; null for one that can and for every other reward.
 * @param answers to each prompt
 */
export function useRewardProblem(reward: RewardId, answers?: number): string | null {
  const said = useSaid();
  const sources = useRewardSources();
  const problem = rewardProblem(reward, sources, answers);
  // Without a model there is nothing that it would have to fit.
  return problem === null || sources.model === null ? null : said(problem);
}

interface ComparingProps {
  readonly reward: RewardId;
  readonly prompts: number;
  readonly answers: number;
}

/** Of a judge: how many comparisons it takes, for how long by its own pace, and what it needs of memory. */
export function ComparingNote({ reward, prompts, answers }: ComparingProps) {
  const { best: text } = useText().compare;
  const sources = useRewardSources();
  const { judges, runs, model } = sources;
  const judge = judgeOf(reward, judges);
  if (judge === null || prompts === 0 || answers > mostCompared) return null;
  const { comparisons, questions, seconds } = comparingOf(judge, prompts, answers);
  const adapterBytes = runs.find(({ id }) => id === judge.runId)?.adapterBytes ?? null;
  const toLoad = modelToLoad(judge, sources);
  const loading = toLoad && text.judgeIsLoaded(toLoad.name, formatBytes(toLoad.sizeBytes), model?.name ?? '');
  const needs = adapterBytes === null ? null : text.judgeNeeds(formatBytes(adapterBytes));
  return (
    <p className="field-help" data-testid="comparing-note">
      {text.comparisons(comparisons, questions, seconds === null ? null : formatDuration(Math.max(1, seconds)))}{' '}
      {loading} {needs ?? (loading === null && text.judgeIsOpen)}
    </p>
  );
}

/** What keeps a reward from choosing, with the way out of it; nothing where nothing does. */
export function RewardObstacle({
  reward,
  answers,
  isGreedyFine = false,
}: Omit<ComparingProps, 'prompts'> & {
  /** Nothing has to be chosen among answers, so they may be equal. */
  readonly isGreedyFine?: boolean;
}) {
  const { compare } = useStudio();
  const { best: text } = useText().compare;
  const lacksRules = useStudioState('rules', ({ rules }) => readRuleForms(rules).rules === null);
  const isGreedy = useStudioState('compare', ({ sampling }) => Number(sampling.temperature) === 0);
  const problem = useRewardProblem(reward, answers);
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
      {isGreedy && !isGreedyFine && (
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
  const isStarters = isStarterModel(useStudioState('model', ownModel)?.name ?? '');
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
      {best !== undefined && <ComparingNote reward={best.reward} prompts={1} answers={best.count} />}
      {best !== undefined && <RewardObstacle reward={best.reward} answers={best.count} />}
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

function FoldedAnswers({
  summary,
  candidates,
}: {
  readonly summary: string;
  readonly candidates: readonly Candidate[];
}) {
  if (candidates.length === 0) return null;
  return (
    <details className="best-others">
      <summary>{summary}</summary>
      <ol>
        {candidates.map((candidate) => (
          <OtherAnswer key={candidate.index} candidate={candidate} />
        ))}
      </ol>
    </details>
  );
}

/** Drawn answers that wait for a judge, and the button that has it compare them. */
function UnjudgedAnswers({ best: { candidates, reward } }: { readonly best: BestAnswers }) {
  const { compare } = useStudio();
  const { compare: words, modelJudge } = useText();
  const judge = judgeOf(reward, useRewardSources().judges);
  const problem = useRewardProblem(reward, candidates.length);
  const busy = useBusyReason();
  const obstacle = problem ?? busy;
  return (
    <div className="start-row" data-testid="unjudged-answers">
      <p>{words.best.unjudged(candidates.length, judge === null ? words.best.goneJudge : judgeName(judge))}</p>
      <Button className="button" isDisabled={obstacle !== null} onPress={() => void compare.getState().judgeRest()}>
        <Gavel aria-hidden="true" /> {modelJudge.ask}
      </Button>
      {obstacle !== null && <p className="obstacle">{obstacle}</p>}
    </div>
  );
}

/** Below the best answer: how far it is, its score with the reasons, the bound of its KL, and the others. */
export function BestAnswer({ answer, best }: { readonly answer: Answer; readonly best: BestAnswers }) {
  const { compare, modelJudge } = useText();
  const { best: text } = compare;
  const { count, secondsLeft, waiting } = best;
  const isComparing = waiting !== undefined && waiting.comparisons > 0;
  const candidates = best.preferences === undefined ? best.candidates : [];
  const drawn = best.preferences === undefined ? [] : best.candidates;
  const there = waiting?.answers ?? best.candidates.length;
  const [first, ...others] = candidates;
  const left = secondsLeft === null ? null : formatDuration(secondsLeft);
  return (
    <div className="best-answer" data-testid="best-of">
      {answer.finish === null && (
        <ProgressView
          label={isComparing ? text.isComparing : text.answering}
          done={isComparing ? waiting.compared : there}
          total={isComparing ? waiting.comparisons : count}
          valueText={
            isComparing
              ? modelJudge.progress(waiting.compared, waiting.comparisons, left)
              : text.progress(there, count, left)
          }
        />
      )}
      {drawn.length > 0 && answer.finish !== null && <UnjudgedAnswers best={best} />}
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
      <FoldedAnswers summary={text.others(others.length)} candidates={others} />
      <FoldedAnswers summary={text.drawn(drawn.length)} candidates={drawn} />
    </div>
  );
}
