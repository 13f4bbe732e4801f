/** @file What is kept of a prompt set's judge beyond the prompt set. Pure. */
import type { PromptSet } from '../../../../storage/prompt-set-record';
import { standingOf, type KeptJudge } from '../kept-judges';
import { agreementWithAnalyst } from './model-judge';

/** More are not kept: the oldest go. */
const mostKept = 50;

type Identity = Pick<KeptJudge, 'fingerprint' | 'runId' | 'asked'>;

const isSame = (a: Identity, b: Identity): boolean =>
  a.fingerprint === b.fingerprint && a.runId === b.runId && JSON.stringify(a.asked) === JSON.stringify(b.asked);

/**
 * The kept judges with that of a prompt set as it is now. What another prompt set has shown of the same judge stays
 * while this one shows nothing yet.
 */
export function withJudgeOf(kept: readonly KeptJudge[], promptSet: PromptSet): readonly KeptJudge[] {
  const { modelJudge, at: set } = promptSet;
  if (modelJudge === null || modelJudge.verdicts.length === 0) return kept;
  const { items, agreed } = agreementWithAnalyst(promptSet, modelJudge);
  const { modelName, fingerprint, runId, runName, asked, bound, secondsEach = null } = modelJudge;
  const before = kept.find((judge) => isSame(judge, modelJudge));
  const now: KeptJudge = {
    ...{ id: before?.id ?? modelJudge.at, set, modelName, fingerprint, runId, runName },
    ...{ asked, bound, items, agreed, secondsEach: secondsEach ?? before?.secondsEach ?? null },
  };
  if (before !== undefined && before.set !== set && standingOf(now) === 'unknown' && standingOf(before) !== 'unknown')
    return kept;
  return [...kept.filter((judge) => judge !== before), now].slice(-mostKept);
}
