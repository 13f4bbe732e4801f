/** @file Each task is judged by its own judge, on what that judge reads. */
import { expect, it } from 'vitest';
import { scoreAnswer } from './score-answer';

it('judges a review as a whole', () => {
  expect(scoreAnswer('sentiment', 'The soup was', ' wonderful.')).toBeGreaterThan(0.5);
  expect(scoreAnswer('sentiment', 'The soup was', ' not wonderful.')).toBeLessThan(0.5);
});

it('judges a summary by the post without its cue', () => {
  const post = 'The pump is leaking since Monday. We replaced the seal.';
  expect(scoreAnswer('summarization', `${post}\nTL;DR:`, ' The pump is leaking, seal replaced.')).toBeGreaterThan(
    scoreAnswer('summarization', `${post}\nTL;DR:`, ' The boiler is fine.'),
  );
});

it('judges an answer by the question', () => {
  const question = 'How many minutes are 2 hours?';
  expect(scoreAnswer('dialogue', question, 'That is 120 minutes.')).toBeGreaterThan(
    scoreAnswer('dialogue', question, 'That is 90 minutes.'),
  );
});
