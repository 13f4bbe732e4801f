import { expect, it } from 'vitest';
import { scoreSentiment } from '../../evaluation/sentiment';
import { scoreStarterAnswer } from '../../evaluation/starter-score';
import { rewardOf } from './evaluate';

const facts = { tokens: 9, reference: null, isEnded: true };

it('learns from the number that it measures: of sentiment that of the whole text, without the price of broken words', () => {
  const [prompt, text] = ['The soup was', ' wonderful, and the staff were friendly. Nzzq xkcd.'];
  const { score } = rewardOf('sentiment');
  expect(score(prompt, { ...facts, text }).reward).toBe(scoreSentiment(prompt + text));
  expect(scoreStarterAnswer('sentiment', prompt, text).score).toBeLessThan(scoreSentiment(prompt + text));
});
