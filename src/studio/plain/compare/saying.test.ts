/** @file A failed or stopped answer is not announced as finished. */
import { expect, it } from 'vitest';
import type { Answer } from './answers';
import { sayingOf } from './saying';

const answer = (finish: Answer['finish']): Answer => ({
  ...{ run: null, strength: 100, text: 'So', tokens: 1, ids: [1], secondsPerToken: null },
  finish,
});
const done = { generating: false, hasAsked: true, isExample: false, hasFailed: false };

it.each([
  ['finished', { ...done, answers: { a: answer('eos'), b: answer('length') } }],
  ['stoppedAnswers', { ...done, answers: { a: answer('eos'), b: answer('stopped') } }],
  [null, { ...done, hasFailed: true, answers: { a: answer('stopped') } }],
  [null, { ...done, hasFailed: true, answers: {} }],
  [null, { ...done, isExample: true, answers: { a: answer('eos') } }],
  [null, { ...done, hasAsked: false, answers: {} }],
  ['generating', { ...done, generating: true, answers: { a: answer(null) } }],
])('says %s', (said, state) => expect(sayingOf(state)).toBe(said));
