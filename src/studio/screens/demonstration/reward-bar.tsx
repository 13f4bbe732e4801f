/** @file The reward of one answer as a bar from the middle: to the right likelier by training, to the left less. */
import { formatSigned } from '../../text/format';
import { useText } from '../../text/text';
import { barShare, type Reward } from '../../plain/demonstration/rewards';

export interface RewardBarProps {
  readonly reward: Reward;
  /** The value that fills the bar. */
  readonly limit: number;
}

export function RewardBar({ reward: { value, isReward }, limit }: RewardBarProps) {
  const { stage: text } = useText().demonstration;
  const share = barShare(value, limit);
  const words = formatSigned(Number(value.toPrecision(3)));
  return (
    <div className="reward" data-testid="show-reward">
      <span className="reward-track" aria-hidden="true">
        <span
          className="reward-fill"
          data-sign={share < 0 ? 'down' : 'up'}
          style={{ inlineSize: `${Math.abs(share) * 50}%` }}
        />
      </span>
      <span className="reward-value">{isReward ? text.reward(words) : text.ratio(words)}</span>
    </div>
  );
}
