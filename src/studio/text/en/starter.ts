/** @file The starter: the offer, its progress, its result. */
import { formatCount, plural } from '../format';
import type { TaskId } from '../../plain/starter/manifest';
import type { StageKey } from '../../plain/starter/stages';

const tasks: Readonly<
  Record<TaskId, { readonly title: string; readonly description: string; readonly score: string }>
> = {
  sentiment: {
    title: 'Positive reviews',
    description:
      'The model continues film and canteen reviews, as often with praise as without. DPO teaches it to praise.',
    score: 'The score is the review’s sentiment: 0 is all blame, 1 all praise. Each broken word costs 0.2.',
  },
  'sentiment-ko': {
    title: 'Korean reviews',
    description: 'The model continues Korean reviews of canteen meals and training courses. DPO teaches it to praise.',
    score: 'The score is the review’s sentiment: 0 is all blame, 1 all praise. Each broken word costs 0.2.',
  },
  summarization: {
    title: 'Faithful summaries',
    description:
      'Posts of plant and office life with a TL;DR. DPO teaches it to keep to the facts, and to keep it short.',
    score:
      'The score is the share of the post’s facts that the summary states, less a penalty for each one invented, for chatter, length and broken words; 0 to 1.',
  },
  dialogue: {
    title: 'Helpful answers',
    description: 'Questions of operators and clerks. DPO teaches it to answer them, correctly and politely.',
    score:
      'The score is 1 for a correct and polite answer, 0.9 for a correct one, 0.3 for “I do not know” and 0 for a wrong one: also where a name, a comparison or the question it answers is wrong.',
  },
};

const stages: Readonly<Record<StageKey, string>> = {
  download: 'Load model and data',
  sft: 'Train SFT',
  dpo: 'Train DPO',
  answers: 'Answer held-out prompts',
};

export const starter = {
  title: 'Try it now: a small model and data that ship with Airlock',
  again: 'Try the starter again',
  lead:
    'One click trains SFT and DPO on this PC and compares their answers with the base model’s. Within three minutes on an ' +
    'office PC, without a GPU and without the Internet.',
  tasks,
  task: 'Task',
  start: 'Try the starter',
  ownSet: 'Its pairs come into a data set of their own; yours stay as they are.',
  stopped: 'The starter was stopped. What it had trained so far is under',
  examples: 'What it learns from, for example:',
  timeLeft: (time: string) => `about ${time} left`,
  stages,
  stagesLabel: 'Stages',
  done: 'done',
  openingModel: 'opening the model',
  measuringDistance: 'how far DPO went',
  preparing: 'preparing',
  reference: (done: number, total: number) => `reference, pair ${formatCount(done)} of ${formatCount(total)}`,
  promptOf: (number: number, total: number) => `prompt ${number} of ${total}`,
  result: {
    label: 'Comparison of the starter',
    title: (task: string) => `${task}: base, SFT and DPO on prompts that none was trained on`,
    close: 'Close the starter’s comparison',
    first: 'The first answers are being written.',
    means: 'Mean scores with 95% intervals',
    who: 'Model',
    score: 'Mean score',
    interval: (low: string, high: string) => `95% interval ${low} to ${high}`,
    fluent: 'Reads cleanly',
    fluentHelp: '“Reads cleanly” counts answers without broken words and without repetition.',
    distance: 'Distance from SFT',
    distanceHelp:
      '“Distance from SFT” is how differently DPO writes from the SFT model it began as (KL divergence, nats an answer).',
    distances: { near: 'close', moderate: 'moderate', far: 'far' },
    verdict: {
      clear: (over: string) => `DPO is clearly better: ${over}. Chance alone does not explain that.`,
      open: (over: string) => `DPO is not clearly better: ${over}. An interval that has 0 in it may be chance.`,
      worse: (over: string) => `DPO is worse here: ${over}.`,
      few: (prompts: number, fewest: number) =>
        `${plural(prompts, 'prompt')} so far. From ${fewest} on it is said whether a difference is clear.`,
    },
    over: (column: 'base' | 'sft', mean: string, low: string, high: string) =>
      `${mean} over ${{ base: 'the base', sft: 'SFT' }[column]} (${low} to ${high})`,
    both: (parts: readonly string[]) => parts.join(' and '),
    seed: 'These intervals are of the prompts. Another run of training gives other numbers; what five of them gave is in the README.',
    best: 'Where DPO gained most over SFT',
    worst: 'Where it lost most',
    noWorst: 'DPO lost on no prompt.',
    all: (prompts: number) => `All ${plural(prompts, 'prompt')} with their answers`,
    mean: (prompts: number, state: 'running' | 'stopped' | { readonly time: string }) =>
      `Mean score over ${plural(prompts, 'prompt')}${
        state === 'running'
          ? ' so far.'
          : state === 'stopped'
            ? ', where it was stopped.'
            : `; all of it took ${state.time} on this PC.`
      }`,
    table: 'Answers and scores',
    nothing: '(nothing)',
    next: 'Now ask something of your own below, look at how it was trained, or take the adapters away: both are under',
  },
};
