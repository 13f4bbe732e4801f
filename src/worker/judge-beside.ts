/**
 * @file A model of another base than the policy's that compares the answers which a run draws: open beside the policy,
 * on its device, while the run trains.
 */
import { UserError } from '../core/errors';
import { uploadAdapter } from '../engine/device-adapter';
import { checkWeights, describeShape } from '../engine/stored-weights';
import { besideHeapBytes } from '../engine/weight-list';
import { openCheckpoint } from '../formats/checkpoint';
import { openComparing, type CompareBy } from '../generation/comparing';
import { DecodeEngine } from '../generation/decode-engine';
import { judgeTogether, type Judging } from '../generation/drawn-answers';
import type { ModelShape } from '../models/stages';
import type { JudgeChoice } from '../run/reward-choice';
import type { CallContext } from './bridge';
import { questionOf } from './comparing';
import type { SessionModel } from './engine-session';
import { asDirectory, readAdapter } from './files';
import { openKnownModel } from './open-known-model';
import type { AdapterFiles, JudgeModel } from './protocol';

/**
 * Reads the headers of a judge's checkpoint; no weight.
 * @throws UserError for files that are no checkpoint Airlock can run
 */
export async function describeJudge({ name, files }: Pick<JudgeModel, 'name' | 'files'>): Promise<ModelShape> {
  const checkpoint = await openCheckpoint(name, asDirectory(files));
  const shape = await describeShape(checkpoint);
  checkWeights(checkpoint, shape);
  return shape;
}

/** The judge of a run: nothing of it is on the device before `load`, nothing is left there after `close`. */
export interface JudgeBeside {
  /** At the precision at which it is held. */
  readonly shape: ModelShape;
  readonly judging: Judging;
  /**
   * @throws UserError for a model that is not the one that the settings name, that says no letters, or that the adapter
   *   does not fit; AbortError
   */
  load(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Looks at the judge that a run's settings name.
 * @param files of the adapter that judges; null for the model itself
 * @throws UserError for a question that is a file, an adapter that is not there, and files that are no model
 */
export async function judgeBeside(
  { model: policy }: Pick<SessionModel, 'model'>,
  judgeModel: JudgeModel,
  { judge: fingerprint, question, adapter }: JudgeChoice,
  files: AdapterFiles | null,
  context: CallContext,
): Promise<JudgeBeside> {
  if ((adapter !== undefined) !== (files !== null))
    throw new UserError('rewardIsFile', { name: adapter ?? fingerprint });
  const asked = questionOf(question);
  const { name, precision, chatTemplate } = judgeModel;
  const shape = { ...(await describeJudge(judgeModel)), precision };
  let compare: CompareBy | null = null;
  const onClose: (() => void | Promise<void>)[] = [];
  return {
    shape,
    judging: judgeTogether(async (answers, options) => {
      if (compare === null) throw new Error('The judge is to be loaded first.');
      return compare(answers, options);
    }),
    async load() {
      const { executor } = policy;
      const directory = asDirectory(judgeModel.files);
      const opened = await openKnownModel(name, directory, executor, { chatTemplate, precision, fingerprint }, context);
      onClose.unshift(() => opened.model.dispose());
      const lora = files && uploadAdapter(opened.model, await readAdapter(files));
      if (lora) onClose.unshift(() => lora.dispose());
      const decoding = new DecodeEngine(opened.model, besideHeapBytes(shape, policy.shape).isCompiledIn);
      onClose.unshift(() => decoding.dispose());
      compare = openComparing(opened, decoding, lora, asked);
    },
    async close() {
      compare = null;
      for (const close of onClose.splice(0)) await close();
    },
  };
}
