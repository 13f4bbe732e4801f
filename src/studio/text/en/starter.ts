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
    score: 'The score is the review’s sentiment: 0 is all blame, 1 all praise.',
  },
  summarization: {
    title: 'Faithful summaries',
    description:
      'Posts of plant and office life with a TL;DR. DPO teaches it to keep to the facts, and to keep it short.',
    score:
      'The score is the share of the post’s facts that the summary states, less a penalty for each one invented, and for chatter and length.',
  },
  dialogue: {
    title: 'Helpful answers',
    description: 'Questions of operators and clerks. DPO teaches it to answer them, correctly and politely.',
    score:
      'The score is 1 for a correct answer, 0.3 for an evasive and 0 for a wrong one, a little more if polite and less if rude.',
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
  again: 'Try another task',
  lead:
    'One click trains SFT and DPO on this PC and compares their answers with the base model’s. About three minutes on an ' +
    'office PC, without a GPU and without the Internet.',
  tasks,
  task: 'Task',
  start: 'Try the starter',
  replacesPairs: 'Its pairs take the place of yours; the notice that says so has an undo.',
  stopped: 'The starter was stopped. What it had trained so far is under',
  examples: 'What it learns from, for example:',
  timeLeft: (time: string) => `about ${time} left`,
  stages,
  stagesLabel: 'Stages',
  done: 'done',
  openingModel: 'opening the model',
  preparing: 'preparing',
  reference: (done: number, total: number) => `reference, pair ${formatCount(done)} of ${formatCount(total)}`,
  promptOf: (number: number, total: number) => `prompt ${number} of ${total}`,
  result: {
    label: 'Comparison of the starter',
    title: (task: string) => `${task}: base, SFT and DPO on prompts that none was trained on`,
    close: 'Close the starter’s comparison',
    first: 'The first answers are being written.',
    means: 'Mean scores',
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
