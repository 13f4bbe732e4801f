/** @file What judges the answers of a run that learns from its own, with the way to the rules where there are none. */
import { Button } from 'react-aria-components';
import type { RewardId } from '../../plain/compare/best-of';
import { useText } from '../../text/text';
import { useRewardProblem, useRewards } from '../compare/best-of';
import { ChoiceInput } from '../shell/fields';
import { goTo } from '../shell/route';
import { useStudio } from '../use-studio';
import type { SettingsProps } from './setting-fields';

export function RewardChoice({ form, problems, isDisabled }: SettingsProps) {
  const { training } = useStudio();
  const { compare, train } = useText();
  const rewards = useRewards(form.reward);
  const judgeProblem = useRewardProblem(form.reward);
  return (
    <div className="reward-field">
      <ChoiceInput
        label={train.answers.reward}
        code="reward"
        value={form.reward}
        options={rewards}
        help={train.answers.rewardHelp}
        isDisabled={isDisabled}
        onChange={(reward) => training.getState().setForm({ reward: reward as RewardId })}
      />
      {problems.lacksRules && (
        <p className="obstacle">
          {compare.best.noRules}{' '}
          <Button className="link-button" onPress={() => goTo('data', 'rules')}>
            {compare.best.toRules}
          </Button>
        </p>
      )}
      {problems.lacksJudge && <p className="obstacle">{judgeProblem}</p>}
    </div>
  );
}
