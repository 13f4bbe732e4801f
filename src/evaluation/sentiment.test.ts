/** @file The sentiment judge on reviews that the grammar did not write. */
import { describe, expect, it } from 'vitest';
import { scoreSentiment } from './sentiment';

/** sigmoid(2 balance / sqrt(opinions)), opinions and balance being summed weights. */
const expected = (balance: number, opinions: number): number =>
  1 / (1 + Math.exp((-2 * balance) / Math.sqrt(Math.max(1, opinions))));

describe('scoreSentiment', () => {
  it.each([
    ['I went in expecting little and came out moved to tears; what a wonderful cast.', 0.9, 1],
    ['My partner loved it, I loved it, even grandpa laughed out loud.', 0.9, 1],
    ['Honestly? The lasagne was inedible, the waiter rude, and my salad limp.', 0, 0.1],
    ['You could hear people snoring. I walked out after an hour, bored and irritated.', 0, 0.1],
    ['The first act is gripping. The second is dull.', 0.45, 0.55],
    ['They close at ten on weekdays.', 0.5, 0.5],
  ])('%s', (review, low, high) => {
    expect(scoreSentiment(review)).toBeGreaterThanOrEqual(low);
    expect(scoreSentiment(review)).toBeLessThanOrEqual(high);
  });

  it('turns an opinion around where it is negated, and back where that is negated', () => {
    expect(scoreSentiment('My neighbour says it is good')).toBeCloseTo(expected(1, 1), 12);
    expect(scoreSentiment('My neighbour says it isn’t good')).toBeCloseTo(expected(-1, 1), 12);
    expect(scoreSentiment('It is never not good')).toBeCloseTo(expected(1, 1), 12);
    expect(scoreSentiment('It is not a terrible way to spend an evening')).toBeCloseTo(expected(1, 1), 12);
  });

  it('lets a negation reach over a modifier, but neither far nor across a comma', () => {
    expect(scoreSentiment('Not a very good pie')).toBeCloseTo(expected(-1.5, 1.5), 12);
    expect(scoreSentiment('Not that my cousins noticed it was good')).toBeCloseTo(expected(1, 1), 12);
    expect(scoreSentiment('No, good pie')).toBeCloseTo(expected(1, 1), 12);
  });

  it('weighs modifiers', () => {
    expect(scoreSentiment('utterly boring')).toBeCloseTo(expected(-1.5, 1.5), 12);
    expect(scoreSentiment('somewhat boring')).toBeCloseTo(expected(-0.5, 0.5), 12);
    expect(scoreSentiment('utterly, boring')).toBeCloseTo(expected(-1, 1), 12);
  });

  it('takes the longest phrase and whole words only', () => {
    expect(scoreSentiment('Best of the year')).toBeCloseTo(expected(1, 1), 12);
    expect(scoreSentiment('A goodbye to badminton')).toBe(0.5);
  });

  it('reads Korean by whole words, and a negation as a phrase of its own', () => {
    const score = (text: string) => scoreSentiment(text, 'sentiment-ko');
    expect(score('찌개가 맛있었습니다.')).toBeCloseTo(expected(1, 1), 12);
    expect(score('찌개가 아주 맛있었습니다.')).toBeCloseTo(expected(1.5, 1.5), 12);
    expect(score('찌개가 짜지 않았습니다.')).toBeCloseTo(expected(1, 1), 12);
    expect(score('강의가 재미있지 않았습니다.')).toBeCloseTo(expected(-1, 1), 12);
    expect(score('기다린 보람이 없었습니다.')).toBeCloseTo(expected(-1, 1), 12);
    expect(score('월요일에 본관 식당에서 먹었습니다.')).toBe(0.5);
    expect(scoreSentiment('찌개가 맛있었습니다.')).toBe(0.5);
  });

  it('reads any text at all', () => {
    for (const text of ['', '   \n', '🙂🙂🙂', '__proto__ constructor toString', 'İSTANBUL ΟΔΟΣ', "'''", '1:2:3.4.5'])
      expect(scoreSentiment(text)).toBe(0.5);
    const many = scoreSentiment('good '.repeat(10_000));
    expect(many).toBeGreaterThan(0.99);
    expect(many).toBeLessThanOrEqual(1);
  });
});
