/** @file An opened model, or an adapter on it, as what rewards answers by comparing them. */
import type { JudgeQuestion } from '../data/judge-question';
import type { DeviceAdapter } from '../engine/device-adapter';
import type { OpenedModel } from '../engine/open-model';
import { compareAnswers } from '../evaluation/judge';
import type { DecodeEngine } from './decode-engine';
import { openLetters } from './letters';

type Compared = Parameters<typeof compareAnswers>[2];
type CompareOptions = Parameters<typeof compareAnswers>[3];

/** Rewards answers as `compareAnswers` does. */
export type CompareBy = (answers: Compared, options?: CompareOptions) => ReturnType<typeof compareAnswers>;

/** @throws UserError, at once, for a model that says no letters */
export function openComparing(
  opened: OpenedModel,
  engine: DecodeEngine,
  adapter: DeviceAdapter | null,
  asked: JudgeQuestion,
): CompareBy {
  const letters = openLetters(opened, engine, adapter);
  return (answers, options) => compareAnswers(letters, asked, answers, options);
}
