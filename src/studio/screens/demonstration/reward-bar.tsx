/** @file The reward of one answer as a bar from the middle: to the right likelier by training, to the left less. */
import { formatSigned } from '../../text/format';
import { useText } from '../../text/text';
import { barShare, type Reward } from '../../plain/demonstration/rewards';

/** Two digits after the point are what an audience reads; a value that they would hide is written out. */
function inFewDigits(value: number): string {
  const rounded = Number(value.toFixed(2));
  return rounded === 0 ? formatSigned(value) : `${rounded < 0 ? '−' : '+'}${Math.abs(rounded).toFixed(2)}`;
}

export interface RewardBarProps {
  readonly reward: Reward;
  /** The value that fills the bar. */
  readonly limit: number;
}

export function RewardBar({ reward: { value, isReward }, limit }: RewardBarProps) {
  const { stage: text } = useText().demonstration;
  const share = barShare(value, limit);
  const words = inFewDigits(value);
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
