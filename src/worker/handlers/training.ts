/** @file The calls about pairs and runs: how pairs are encoded and scored, what settings are refused, training. */
import { message } from '../../messages/message';
import type { DeviceAdapter } from '../../engine/device-adapter';
import { UserError } from '../../core/errors';
import { sumOf } from '../../core/statistics';
import { rulesReward, starterReward } from '../../evaluation/reward';
import { checkRules } from '../../evaluation/rules';
import { directoryOf } from '../../formats/checkpoint';
import { answersOfPairs, judgeEach, type Judging } from '../../generation/drawn-answers';
import { parseRunConfig, type RunConfig } from '../../run/config';
import type { PlanSettings, RowSize } from '../../run/memory-plan';
import { isOnPolicyMethod } from '../../run/objectives';
import type { RewardChoice } from '../../run/reward-choice';
import { checkpointSeconds } from '../../run/training-checkpoint';
import { lookAtPair } from '../../text/pair-tensor';
import { encodeDataset } from '../../training/encode-dataset';
import { pairLogps } from '../../training/pair-logps';
import { judgeNeeds, planJudge, withJudge } from '../../training/judge-memory';
import { estimateMemory, findShortages, predictMemory } from '../../training/memory-plan';
import { scoreFitting, scoreThose, scoringBy } from '../../training/reward-scores';
import { probeRun } from '../../training/probe';
import { runTraining, type RunRequest } from '../../training/run-training';
import { readValueHead, valueHeadFile } from '../../training/value-head';
import type { ModelShape } from '../../models/stages';
import type { CallContext, Handlers } from '../bridge';
import { comparing } from '../comparing';
import type { EngineSession, SessionModel } from '../engine-session';
import { readAdapter } from '../files';
import { describeJudge, judgeBeside, type JudgeBeside } from '../judge-beside';
import { withPolicy, withRewardModels } from '../policies';
import type { Requests } from '../protocol';
import { sampleAnswers } from '../sampler';

type TrainInput = Requests['train']['in'];

export function pairHandlers(
  session: EngineSession,
): Pick<Handlers, 'inspectPair' | 'checkPairs' | 'logprobs' | 'scorePairs' | 'scoreAnswers'> {
  return {
    inspectPair: ({ pair, maxLength }) =>
      session.withModel(async ({ tokenizer, chatTemplate, model }) =>
        lookAtPair(pair, {
          ...{ tokenizer, chatTemplate, isOfSingles: true },
          maxLength: Math.min(maxLength, model.shape.config.contextLength),
        }),
      ),

    checkPairs: ({ pairs, maxLength }, { signal, report }) =>
      session.withModel(async (opened) => {
        const onProgress = (done: number, total: number): void => report({ kind: 'encoding', done, total });
        return (await encodeDataset(opened, pairs, maxLength, { signal, onProgress, isOfSingles: true })).reports;
      }),

    scorePairs: ({ pairs, rewardModel: files, maxLength }, { signal, report }) =>
      session.withModel((opened) =>
        withRewardModels(opened, [files], ([rewardModel]) =>
          scoreFitting(
            opened,
            pairs,
            rewardModel as DeviceAdapter,
            Math.min(maxLength, opened.model.shape.config.contextLength),
            {
              signal,
              onProgress: (done, total) => report({ kind: 'reference', done, total }),
            },
          ),
        ),
      ),

    scoreAnswers: ({ answers, rewardModel: files }, { signal }) =>
      session.withModel((opened) =>
        withRewardModels(opened, [files], async ([rewardModel]) => {
          const { scores } = await scoreThose(opened, answers, rewardModel as DeviceAdapter, signal);
          return scores;
        }),
      ),

    logprobs: ({ pairs, adapter: files, maxLength }, { signal, report }) =>
      session.withModel((opened) =>
        withPolicy(opened, { adapter: files }, (adapter) =>
          pairLogps(opened, pairs, adapter, maxLength, {
            signal,
            onProgress: (done, total) => report({ kind: 'reference', done, total }),
          }),
        ),
      ),
  };
}

/**
 * What an evaluation does after scoring the pairs, where the run asks for samples: the policy answers the prompts, and
 * the KL estimate to its reference joins the metrics.
 */
function sampleAfterwards(
  opened: SessionModel,
  { samples, initAdapter, refAdapter }: TrainInput,
  { signal, report }: CallContext,
) {
  if (!samples) return undefined;
  const frozen = refAdapter === 'base' ? null : (refAdapter ?? initAdapter);
  const files = frozen?.files ?? null;
  return (step: number, policy: DeviceAdapter): Promise<{ eval_kl?: number }> =>
    withPolicy(opened, { adapter: files }, async (reference) => {
      const request = { ...samples, policy, reference, signal };
      const { answers, kl } = await sampleAnswers(opened, opened.decoding, request);
      report({ kind: 'samples', step, answers });
      return kl === null ? {} : { eval_kl: kl };
    });
}

/**
 * @param rewardModel the adapter that the choice means where it is a reward model or compares
 * @throws UserError for a path, which no tab can open, for rules that are none, and for a judge that is not there
 */
async function openJudging(
  opened: SessionModel,
  choice: RewardChoice,
  rewardModel: TrainInput['rewardModel'],
): Promise<Judging> {
  if ('scorer' in choice) return judgeEach(starterReward(choice.scorer).score);
  if ('judge' in choice) return comparing(opened, choice, rewardModel?.files ?? null);
  if ('model' in choice && rewardModel) return scoringBy(opened, await readAdapter(rewardModel.files));
  const named = 'model' in choice ? choice.model : choice.rules;
  if (typeof named === 'string') throw new UserError('rewardIsFile', { name: named });
  return judgeEach(rulesReward('rules', checkRules(named)).score);
}

/** At most so many answers of a step are shown. */
const mostShown = 4;

/**
 * What an on-policy run draws and judges its answers by; of those to the first prompt of each step some are reported.
 * Nothing where the method draws none or nothing judges them, which the engine refuses with its own sentence.
 */
async function drawingOf(
  opened: SessionModel,
  config: RunConfig,
  { rewardModel }: TrainInput,
  beside: JudgeBeside | null,
  { report }: CallContext,
): Promise<Pick<RunRequest, 'answering' | 'onDrawn'>> {
  if (!isOnPolicyMethod(config.method) || config.reward === null) return {};
  const judging = beside?.judging ?? (await openJudging(opened, config.reward, rewardModel));
  const drawing = answersOfPairs(opened, opened.decoding, config, judging);
  let prompts: Parameters<typeof drawing>[0] = [];
  return {
    answering: (pairs) => drawing((prompts = pairs)),
    onDrawn: (step, drawn) => {
      const [first] = drawn;
      const prompt = prompts[first?.prompt ?? -1]?.prompt;
      if (first === undefined || prompt === undefined) return;
      const answers = drawn
        .filter((answer) => answer.prompt === first.prompt)
        .slice(0, mostShown)
        .map(({ text, ids, isEnded, reward }) => ({
          ...{ text, tokens: ids.length, reward },
          finish: isEnded ? ('eos' as const) : ('length' as const),
        }));
      report({ kind: 'samples', step, prompt, answers });
    },
  };
}

/** Bytes of the reward model, or of the adapter that compares, that is opened beside the policy. */
const judgeBytesOf = ({ rewardModel }: TrainInput): number =>
  sumOf(Object.values(rewardModel?.files ?? {}).map(({ byteLength }) => byteLength));

/** The judge of another base that the run's answers are compared by; null where nobody, or another reward, judges. */
async function besideOf(
  opened: SessionModel,
  { method, reward }: RunConfig,
  { judgeModel, rewardModel }: TrainInput,
  context: CallContext,
): Promise<JudgeBeside | null> {
  if (!judgeModel || !isOnPolicyMethod(method) || reward === null || !('judge' in reward)) return null;
  return judgeBeside(opened, judgeModel, reward, rewardModel?.files ?? null, context);
}

/** From here on what the browser tells of the PC's memory may be its cap, and the PC may have more. */
const toldAtMostBytes = 8 * 2 ** 30;
/** No PC that Airlock is for has more. */
const mostMemoryBytes = 128 * 2 ** 30;

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** Refuses a run whose longest pair cannot fit, before anything is computed. */
export function refuseWhatCannotFit(
  session: EngineSession,
  { model: { shape } }: SessionModel,
  judge_bytes = 0,
  judge: ModelShape | null = null,
) {
  return (row: RowSize, config: RunConfig): void => {
    const { grants } = session;
    const told = grants.memoryBytes ?? toldAtMostBytes;
    const memoryBytes = told < toldAtMostBytes ? told : mostMemoryBytes;
    const own = { ...config, judge_bytes };
    const settings = judge === null ? own : withJudge(own, judgeNeeds(judge, shape, grants.device, own));
    const estimate = estimateMemory(shape, grants.device, settings, row);
    const [shortage] = findShortages(estimate, { ...grants, memoryBytes });
    if (shortage === undefined) return;
    const [needed, granted] = [gigabytes(shortage.neededBytes), gigabytes(shortage.grantedBytes)];
    throw new UserError('runDoesNotFit', { tokens: row.tokens, needed, granted });
  };
}

/** Settings and adapters of a run or a probe as the engine takes them. */
async function readRun({ config: settings, initAdapter, refAdapter }: TrainInput) {
  const config = parseRunConfig(settings);
  return {
    config,
    valueHead: config.method === 'ppo' && initAdapter ? await readValueHead(directoryOf(initAdapter.files)) : null,
    initAdapter: initAdapter && (await readAdapter(initAdapter.files)),
    refAdapter: refAdapter === 'base' || refAdapter === null ? refAdapter : await readAdapter(refAdapter.files),
    refName: refAdapter === 'base' ? undefined : refAdapter?.name,
  };
}

export function trainingHandlers(session: EngineSession): Pick<Handlers, 'checkConfig' | 'probe' | 'train'> {
  return {
    async checkConfig({ config: settings, judgeBytes = 0, judgeModel }) {
      const config = parseRunConfig(settings, message('theseSettings'));
      const { shape, grants } = session;
      if (shape === null) return null;
      const max_length = Math.min(config.max_length, shape.config.contextLength);
      const own: PlanSettings = { ...config, max_length, judge_bytes: judgeBytes };
      const judge = judgeModel && planJudge(await describeJudge(judgeModel), shape, own, grants);
      const estimate = await predictMemory(shape, grants, judge?.settings ?? own);
      return {
        ...{ estimate, shortages: findShortages(estimate, grants) },
        ...(judge && { judgePrecision: judge.precision }),
      };
    },

    probe: (input, { signal }) =>
      session.withModel(async (opened) =>
        probeRun(opened, {
          ...(await readRun(input)),
          pairs: input.pairs,
          evaluation: input.evaluation ?? null,
          signal,
        }),
      ),

    train: (input, context) =>
      session.withModel(async (opened) => {
        const { pairs, initAdapter, evaluation, resume, save_steps } = input;
        const { report, signal } = context;
        const afterwards = sampleAfterwards(opened, input, context);
        const run = await readRun(input);
        const beside = await besideOf(opened, run.config, input, context);
        const refuseLarge = refuseWhatCannotFit(session, opened, judgeBytesOf(input), beside?.shape);
        const result = await runTraining(opened, {
          ...run,
          ...(await drawingOf(opened, run.config, input, beside, context)),
          pairs,
          async checkLongest(row, config) {
            refuseLarge(row, config);
            await beside?.load();
          },
          initName: initAdapter?.name,
          evaluation: evaluation ? { ...evaluation, afterwards } : null,
          resume: resume ?? null,
          checkpoints:
            save_steps == null
              ? null
              : {
                  save_steps,
                  seconds: checkpointSeconds,
                  onCheckpoint: (checkpoint) => report({ kind: 'checkpoint', checkpoint }),
                },
          signal,
          onEvent: report,
        }).finally(() => beside?.close());
        const { files, valueHead, metrics, totalSteps, stopped, bestStep, endedEarly, warnings, seconds } = result;
        const adapter = { ...files, ...(valueHead && { [valueHeadFile]: valueHead }) };
        const steps = metrics.at(-1)?.step ?? resume?.step ?? 0;
        return { adapter, steps, totalSteps, stopped, bestStep, endedEarly, warnings, seconds };
      }),
  };
}
