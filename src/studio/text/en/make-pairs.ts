/** @file Pairs made of a model's own answers. */
import type { PairingKind, PairsObstacle } from '../../plain/compare/pairs-of-answers';
import { formatCount, plural } from '../format';

const obstacles: Readonly<Record<PairsObstacle, string>> = {
  numbers: 'A setting needs correction.',
  sampling: 'A sampling setting above needs correction.',
  atZero: 'At temperature 0 all answers are the same.',
  noRules: 'The data set has no rules yet, or one needs correction.',
  noJudge: 'The reward that was chosen cannot score these answers; the sentence above says why.',
  noPrompts: 'Write at least one prompt.',
  noDatasetPrompts:
    'The data set has no prompt here that this model can answer. Import pairs under Data, or write prompts.',
  noStarter: 'Write prompts, or take those of the data set.',
};

const kinds: Readonly<Record<PairingKind, string>> = { extremes: 'Best and worst', all: 'All pairs' };

export const makePairs = {
  title: 'Pairs from answers',
  lead: 'A model answers your prompts several times, a reward scores the answers, and better and worse ones become a data set to train on.',
  source: 'Prompts',
  typed: 'Written here',
  dataset: 'From the data set',
  datasetPrompts: (count: number, isSplit: boolean) =>
    `${plural(count, 'different prompt')}${isSplit ? ' among the pairs for training; those kept for evaluation are left out.' : '.'}`,
  who: 'Who answers',
  answers: 'Answers to each',
  reward: 'Scored by',
  plan: (prompts: number, answers: number) =>
    `${plural(prompts, 'prompt')} × ${formatCount(answers)}: ${plural(prompts * answers, 'answer')}, drawn by the sampling settings above.`,
  start: 'Answer and score',
  stop: 'Stop answering',
  waiting: (prompts: number, judge: string) =>
    `${plural(prompts, 'prompt')} ${prompts === 1 ? 'has its' : 'have their'} answers, which wait for the judge ${judge}.`,
  obstacles,
  kind: 'Make',
  kinds,
  came: (prompts: number, pairs: number) => `${plural(prompts, 'prompt')} answered: ${plural(pairs, 'pair')}.`,
  ties: (count: number) =>
    `${plural(count, 'pair')} with equal scores ${count === 1 ? 'was' : 'were'} left out: nothing tells which answer is better.`,
  unscored: (count: number) => `${plural(count, 'prompt')} had no two answers that could be scored.`,
  tooMany: (count: number) => `${plural(count, 'pair')} more would be too many; take best and worst instead.`,
  givenUp: (prompts: number) => `The answers to ${plural(prompts, 'prompt')} were given up.`,
  promptsChanged: (prompts: number) =>
    `The prompts, how many answers each gets or the judge have changed since ${plural(prompts, 'prompt')} ${prompts === 1 ? 'was' : 'were'} answered: those answers were given up, and all are asked anew.`,
  notKept: 'The answers are in use, but will be gone after a reload.',
  noPairs: 'No pair can be made of these answers. Add rules that tell them apart, or ask for more answers to each.',
  examples: 'The first pairs',
  chosen: (score: string) => `Better, score ${score}`,
  rejected: (score: string) => `Worse, score ${score}`,
  name: 'Name of the data set',
  defaultName: 'Pairs from answers',
  make: 'Make the data set',
  close: 'New answers',
  file: 'scored answers',
};
