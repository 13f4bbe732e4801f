/** @file The demonstration: preparing it under Compare, and the show before an audience. */
import { formatCount, plural } from '../format';
import type { ComputingObstacle } from '../../plain/demonstration/computing';
import type { DemonstrationObstacle } from '../../plain/demonstration/demonstration-form';
import type { ShowAction } from '../../plain/demonstration/show-keys';

const obstacles: Readonly<Record<DemonstrationObstacle, string>> = {
  number: 'How many prompts needs correction.',
  sampling: 'A sampling setting above needs correction.',
  noPrompts: 'Write at least one prompt.',
  noDatasetPrompts:
    'The data set has no prompt here that this model can answer. Import pairs under Data, or write prompts.',
  noStarter: 'No starter is shipped with this Airlock. Write prompts, or take those of the data set.',
  oneColumn: 'A demonstration needs two columns that can answer. Train an adapter, or add a column above.',
  manyColumns: 'Three answers at most stand side by side. Remove a column above.',
  noPromptSet: 'There is no prompt set yet. Answer one above, or write prompts here.',
  chatPromptSet: 'The prompt set has chat messages, and this model has no chat template. Write prompts here.',
};

const computing: Readonly<Record<ComputingObstacle, (model: string) => string>> = {
  noModel: (model) => `It plays what was prepared. To compute something new, open ${model} under Models.`,
  otherModel: (model) =>
    `It plays what was prepared. Another model is open; to compute something new, open ${model} under Models.`,
  unknownModel: () => 'It plays what was kept. The adapters that answered are gone, so nothing new can be computed.',
  adapterGone: () => 'It plays what was prepared. An adapter was deleted, so nothing new can be computed.',
};

const keys: Readonly<Record<Exclude<ShowAction, { readonly vote: number }> | 'vote', string>> = {
  vote: 'vote',
  undo: 'take a vote back',
  back: 'back',
  forward: 'forward',
  changes: 'what changed',
  live: 'answer live',
  fullScreen: 'full screen',
  leave: 'leave',
};

export const demonstration = {
  title: 'Demonstration',
  lead: 'For an audience, on the whole screen: one prompt at a time, the answers side by side without names. The audience votes, then you reveal who wrote what.',
  notKept: 'The demonstration is gone after a reload.',
  closed: 'The demonstration was put away.',
  ofPromptSet: 'Those of the prompt set',
  plan: (prompts: number, columns: readonly string[]) =>
    `${plural(prompts, 'prompt')}, answered by ${columns.join(', ')} with the same seed.`,
  columnsFrom: 'The columns and the sampling are those above.',
  obstacles,
  computing,
  start: 'Prepare the answers',
  stop: 'Stop preparing',
  close: 'New demonstration',
  ready: (prompts: number, model: string) =>
    `${plural(prompts, 'prompt')} with answers of ${model}, kept in this browser.`,
  answeredBy: (columns: readonly string[]) => `Answered by ${columns.join(', ')}.`,
  missing: (prompts: number) => `${plural(prompts, 'prompt')} without answers yet.`,
  goOn: 'Prepare the rest',
  needsModel: (model: string) => `Open ${model} under Models to prepare the rest.`,
  unscored: 'These answers have no reward and no colours yet.',
  prepareAgain: 'Answer again, with rewards',
  show: 'Show it to others',
  goOnShow: 'Go on with the show',
  replaceTitle: 'Replace the demonstration that you prepared?',
  replaceBody: (prompts: number) => `Its ${plural(prompts, 'prompt')} and the votes are gone then.`,
  replace: 'Replace it',
  keepIt: 'Keep it',
  votes: (votes: number) => `${plural(votes, 'vote')} so far.`,
  restart: 'Clear the votes',
  script: {
    title: 'Script',
    moveUp: (prompt: string) => `Move up: ${prompt}`,
    leaveOut: (prompt: string) => `Leave out: ${prompt}`,
    isReady: 'prepared',
    isWaiting: 'no answers yet',
    locked: 'With votes in, the script stays as it is. Clear the votes to change it.',
  },
  stage: {
    label: 'Demonstration before an audience',
    place: (prompt: number, prompts: number) => `Prompt ${formatCount(prompt)} of ${formatCount(prompts)}`,
    result: 'Result',
    answer: (letter: string) => `Answer ${letter}`,
    answerOf: (letter: string, name: string) => `Answer ${letter}, ${name}`,
    voteFor: (letter: string) => `Vote for ${letter}`,
    votes: (votes: number) => plural(votes, 'vote'),
    voted: (letter: string, votes: number) => `${letter}: ${plural(votes, 'vote')}.`,
    ask: 'Which answer is best? Vote as often as hands are raised.',
    reveal: 'Reveal the names',
    next: 'Next prompt',
    toResult: 'To the result',
    writing: 'The answers are being written.',
    isLive: 'Written just now, on this PC.',
    isPrepared: (seed: string) => `Prepared answers, all drawn with seed ${seed}.`,
    isPlaying: 'Prepared answers, played back.',
    waiting: 'The answers to this prompt are not prepared yet.',
    most: 'Most votes',
    reward: (value: string) => `Reward ${value}`,
    ratio: (value: string) => `Log-ratio ${value}`,
    rewardHelp: (policy: string, reference: string, beta: string | null) =>
      beta === null
        ? `Log-ratio: how much likelier ${policy} finds the answer than ${reference} does.`
        : `Reward: β ${beta} × how much likelier ${policy} finds the answer than ${reference} does (DPO’s implicit reward).`,
    noReward: 'No reward: these answers were kept as text only.',
    changes: 'What changed',
    changesHeat: 'Blue words became likelier by training, orange ones less likely.',
    changesWords: (column: string) => `Marked words are not in the answer of ${column}.`,
    strengthOf: (name: string) => `Strength of ${name}`,
    strengthNeedsEngine: 'The strength slider computes a new answer.',
    keys,
    keysLabel: 'Keys',
    keysOff: 'Single keys are off (Help); the arrows and the buttons work.',
    live: 'Answer live',
    leave: 'Leave',
    fullScreen: 'Full screen',
    undo: 'Take the last vote back',
    back: 'Back',
  },
  result: {
    title: 'What the audience preferred',
    none: 'No votes. Go back and vote on a prompt, then reveal its names.',
    won: (name: string) => `Most votes: ${name}`,
    tied: (names: readonly string[]) => `As many votes: ${names.join(', ')}`,
    votes: 'Votes',
    model: 'Model',
    share: 'Share of the votes',
    rates: (prompts: number) => `Who won against whom, over ${plural(prompts, 'prompt')}`,
    pair: 'Comparison',
    against: (name: string, other: string) => `${name} against ${other}`,
    counts: 'Won / tied / lost',
    rate: 'Win rate (95% interval)',
    interval: (rate: string, low: string, high: string) => `${rate} (${low} to ${high})`,
    note: 'A prompt counts once, for the answer with more votes; as many votes, or equal answers, are a tie and count half. The interval is Wilson’s.',
    open: 'An interval that has 50% in it may be chance.',
    report: 'To the one-page report',
    again: 'Again, for another audience',
  },
};
