/**
 * @file `generate`: the answer to a prompt, streamed; with --json, one document with ids and log-probabilities. With
 * --best-of, the answer of several that a reward likes best.
 */
import type { Precision } from '../../core/dtype';
import { UserError } from '../../core/errors';
import { uploadAdapter, type DeviceAdapter } from '../../engine/device-adapter';
import type { OpenedModel } from '../../engine/open-model';
import { klBound, placeOfBest } from '../../evaluation/best-of-n';
import { answerPrompt, answerPrompts, type Answer, type AnswerRequest } from '../../generation/answer';
import { DecodeEngine } from '../../generation/decode-engine';
import { openJudge, rewardChoice, type Judge, type RewardOptions } from '../open-reward';
import { openAdapterDirectory, openModelDirectory } from '../session';
import { endProgress, print, printJson, say, showProgress } from '../terminal';

export interface GenerateCommandOptions extends RewardOptions {
  readonly model: string;
  readonly adapter?: string;
  readonly prompt: string;
  readonly maxNewTokens: number;
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly seed: number;
  readonly bestOf?: number;
  readonly json?: boolean;
  readonly precision?: Precision;
}

/** One choice among answers: how many there are, and what chooses. */
interface Choice {
  readonly count: number;
  readonly judge: Judge;
}

/** What is asked for as one choice; null for one answer. */
async function choiceOf(options: GenerateCommandOptions): Promise<Choice | null> {
  const { bestOf, temperature } = options;
  const reward = rewardChoice(options);
  if (bestOf === undefined) {
    if (reward !== null) throw new UserError('rewardNeedsBestOf');
    return null;
  }
  if (reward === null) throw new UserError('bestOfNeedsReward');
  if (bestOf > 1 && temperature === 0) throw new UserError('bestOfGreedy', { count: bestOf });
  return { count: bestOf, judge: await openJudge(reward, bestOf) };
}

const documentOf = ({ text, ids, logps, finish }: Answer) => ({ text, ids, logps, finish });

/** Answers with seeds that follow each other from the one given, and gives the one with the highest reward. */
async function generateBest(
  opened: OpenedModel,
  adapter: DeviceAdapter | null,
  options: GenerateCommandOptions,
  { count, judge }: Choice,
): Promise<void> {
  const requests = Array.from({ length: count }, (_, i): AnswerRequest => {
    return { prompt: options.prompt, adapter, options: { ...options, seed: options.seed + i } };
  });
  let done = 0;
  const answers = await answerPrompts(opened, new DecodeEngine(opened.model), requests, {
    onAnswer: () => showProgress(`answered ${++done} of ${count}`),
  });
  endProgress();
  const rewarded = await judge(opened, options.prompt, answers);
  if (rewarded.every((one) => one.reward === null)) throw new UserError('nothingScored');
  const place = placeOfBest(rewarded.map((one) => one.reward ?? -Infinity));
  const [best, won] = [answers[place] as Answer, rewarded[place]?.reward ?? null];
  if (options.json) {
    printJson({
      ...{ prompt: options.prompt, prompt_ids: best.promptIds, ...documentOf(best), reward: won },
      ...{ best_of: count, kl_bound: klBound(count) },
      answers: answers.map((answer, i) => ({ ...documentOf(answer), seed: options.seed + i, ...rewarded[i] })),
    });
    return;
  }
  say(`reward ${won?.toFixed(4)}, the best of ${count}; at most ${klBound(count).toFixed(2)} nats from the policy`);
  print(`${best.text}\n`);
}

export async function generate(options: GenerateCommandOptions): Promise<void> {
  const choice = await choiceOf(options);
  const adapter = await openAdapterDirectory(options.adapter);
  const opened = await openModelDirectory(options.model, { precision: options.precision });
  const device = adapter && uploadAdapter(opened.model, adapter);
  if (choice !== null) return generateBest(opened, device, options, choice);
  let shown = '';
  const request = { prompt: options.prompt, adapter: device, options };
  const result = await answerPrompt(opened, new DecodeEngine(opened.model), request, {
    onText: (_, text) => {
      if (options.json || !text.startsWith(shown)) return;
      print(text.slice(shown.length));
      shown = text;
    },
  });
  const { promptIds, text } = result;
  if (options.json) printJson({ prompt: options.prompt, prompt_ids: promptIds, ...documentOf(result) });
  else print(`${text.startsWith(shown) ? text.slice(shown.length) : `\n${text}`}\n`);
}
