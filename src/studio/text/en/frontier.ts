/** @file "My frontier" on the Compare screen: a sweep of beta, and what each run gained for how far it went. */
import type { SweepObstacle } from '../../plain/frontier/sweep-form';
import { formatCount, plural } from '../format';

const obstacles: Readonly<Record<SweepObstacle, string>> = {
  numbers: 'A setting needs correction.',
  betas: 'Write three to five different betas.',
  trainForm: 'A setting under Train needs correction.',
  noPairs: 'There are no pairs to train on. Import some under Data.',
  lackAnswers: 'No pair has both answers, which DPO needs. Import pairs with a better and a worse answer under Data.',
  noScores: 'Soft labels need two different scores in every pair. Take hard labels, or make pairs from answers above.',
  noHeldOut:
    'At least six prompts have to be held out, and this model has to be able to answer them. Hold more out under Data.',
  noRules: 'The data set has no rules yet, or one needs correction.',
  noJudge: 'This reward model is of another model, or is gone. Take another reward.',
  compares:
    'A judge compares answers with each other, so each run’s own answers would be worth 1/2 on average, whatever it learned. Take a reward that scores each answer by itself.',
};

export const frontier = {
  title: 'My frontier',
  lead: 'Which beta suits your data: what each run gains in reward, and how far it goes from its start to get it. It stands here and not under Train because answers are what it is read from.',
  notKept: 'The frontier is gone after a reload.',
  form: {
    betas: 'Betas',
    betasHelp: 'Three to five, with commas. A small beta lets a run go far, a large one holds it back.',
    labels: 'Labels',
    kinds: { hard: 'Better or worse (DPO)', soft: 'As sure as the scores of the pairs (soft labels)' },
    prompts: 'Held-out prompts',
    promptsHelp: (heldOut: number) => `${plural(heldOut, 'prompt')} held out. More of them make intervals narrower.`,
    answers: 'Answers of each run',
    answersHelp: 'To each prompt, at temperature 1.',
    referenceAnswers: 'Answers of the start',
    referenceHelp: 'To each prompt; they show what could be reached.',
    maxNewTokens: 'Longest answer',
    tokensHelp: 'What goes on beyond it is cut off.',
    tokens: 'tokens',
    reward: 'Reward',
  },
  asUnderTrain: (steps: number, start: string) =>
    `Each run takes ${plural(steps, 'step')} to the last, from ${start}; all else is as it stands under Train.`,
  against: (name: string) => `They are held against ${name}.`,
  base: 'the base',
  toTrain: 'Change it under Train',
  plan: (runs: number, answers: number) => `${plural(runs, 'run')} and ${plural(answers, 'answer')} in all.`,
  noTime: 'How long it takes on this PC is not known yet.',
  time: (all: string, training: string, answering: string) =>
    `About ${all} on this PC: ${training} of training, ${answering} of answering.`,
  measureTime: 'Measure the time',
  measuring: 'Three steps and a few answers are tried.',
  start: 'Train and measure',
  obstacles,
  close: 'New frontier',
  closed: 'The frontier was put away. Its runs stay under Train.',
  what: (runs: number, prompts: number, answers: number, data: string) =>
    `${plural(runs, 'run')} on ${data}; ${plural(prompts, 'held-out prompt')}, ${plural(answers, 'answer')} of each run to each, at temperature 1.`,
  unnamed: 'pairs without a name',
  scoredBy: (reward: string) => `Scored by ${reward}.`,
  ownRules: 'the rules that the data set had when this began',
  ownModel: 'a reward model',
  working: {
    label: 'Frontier',
    training: (who: string, step: number, total: number) =>
      `${who}: training, step ${formatCount(step)} of ${formatCount(total)}`,
    answering: (who: string) => `${who}: answering`,
    left: (time: string) => `about ${time} left`,
    pause: 'Pause',
  },
  missing: (runs: number, answers: number) =>
    runs > 0 ? `${plural(runs, 'run')} and ${plural(answers, 'answer')} to go.` : `${plural(answers, 'answer')} to go.`,
  goOn: 'Go on',
  otherModel: (name: string, precision: string) => `Load ${name} (${precision}) under Models to go on.`,
  startOfBase: 'Start (the base)',
  startNamed: (name: string) => `Start (${name})`,
  beta: (beta: string) => `Beta ${beta}`,
  verdict: {
    above: (beta: string, reward: string, gain: string, kl: string) =>
      `Beta ${beta} suits best: no other has clearly more reward, and none of its equals stays nearer to the start. Reward ${reward}, ${gain} against the start, at ${kl} nats.`,
    open: (beta: string, gain: string) =>
      `No beta has clearly gained reward. The best guess is beta ${beta}, ${gain} against the start; more prompts, more steps or more pairs may tell.`,
    below: (beta: string, gain: string) =>
      `Training has cost reward: even beta ${beta} has ${gain} against the start. Look at its answers, and at what the reward counts.`,
    part: 'So far; not all runs are measured.',
  },
  chart: {
    title: 'Reward against distance',
    term: 'reward against KL to the reference; Figure 2 of the DPO paper',
    label: 'Chart of reward against KL divergence for each run, with 95% intervals; the tables give the values.',
    x: 'Distance from the start (KL, nats an answer)',
    y: 'Mean reward',
    bestOf: 'Best of N answers of the start',
    optimum: 'The best that any training could do',
    runs: 'Runs, by beta',
    start: 'The start',
    horizon: (nats: string) => `The two curves cannot be told beyond ${nats} nats: the start gave too few answers.`,
    help: 'A bar is a 95% interval over prompts. A point leads to its answers; where points lie on one another, a further click takes the next.',
  },
  table: {
    caption: 'Runs of the frontier',
    run: 'Run',
    reward: 'Reward (95%)',
    gain: 'Against the start (95%)',
    kl: 'Distance, nats (95%)',
    bought: 'Bought reward',
    wasted: 'Wasted',
    answers: 'Answers',
    show: (who: string) => `Answers of ${who}`,
    showShort: 'Show',
    waiting: 'waits',
    trained: 'trained',
    trains: 'training',
    broken: 'no number: the run diverged',
    gone: 'deleted',
    note: 'Bought is the part of the distance that changed how good the answers are; wasted is the rest, spent on answers of equal reward. Both are estimates from ten classes of reward, bought a lower bound, so it may come out a little below 0.',
  },
  limits: {
    title: 'What could be reached from the start',
    caption: 'Best of N, and the optimum',
    what: 'What',
    bestOf: (count: number) => `Best of ${formatCount(count)}`,
    optimum: (beta: string) => `Optimum at beta ${beta}`,
    kl: 'Distance, nats',
    measured: (kl: string, bound: string) => `${kl} (at most ${bound})`,
    note: 'Best of N takes the best of N answers, without training; its distance is measured among the answers at hand, too low where N is near their number, and the bound log N − (N − 1)/N stands in parentheses. The optimum is the start weighted by exp(reward / beta), which no training exceeds at the same distance; its beta is in units of reward, not that of a run. Estimates that fewer than two answers to a prompt carry are left out.',
  },
  interval: (mean: string, low: string, high: string) => `${mean} (${low}\u00a0to\u00a0${high})`,
  fewPrompts: (count: number) =>
    `Only ${plural(count, 'prompt')}: differences of less than about 0.1 can hardly be told. Hold more out under Data, and begin a new one.`,
  unscored: (count: number) =>
    `${plural(count, 'answer')} could not be scored and ${count === 1 ? 'is' : 'are'} left out of the reward.`,
  cut: (shares: string) =>
    `Answers were cut off at the longest length: ${shares}. Their distance is of what was written.`,
  cutOf: (share: string, who: string) => `${share} of ${who}`,
  noLimits: 'Too few answers of the start could be scored for the two curves.',
  detail: {
    title: (who: string) => `Answers of ${who}`,
    toRun: (run: string) => `To the run ${run}`,
    answer: 'Answer',
    reward: 'Reward',
    ratio: 'Distance, nats',
    all: (count: number) => `Show all ${plural(count, 'prompt')}`,
    close: 'Close',
  },
};
