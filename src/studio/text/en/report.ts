/** @file The report: its section on the Compare screen, and the document itself. */
import type { PromptSet } from '../../../storage/prompt-set-record';
import { formatCount, plural } from '../format';

export const report = {
  title: 'Report',
  lead: 'A first page for management: the verdict, one chart, the best and the worst example; details on the pages after it. A single HTML file, to read or to print on A4.',
  titleLabel: 'Title of the report',
  titlePlaceholder: 'Optional',
  remarks: 'Remarks',
  remarksPlaceholder: 'What you conclude; it stands at the top.',
  save: 'Download the report',
  ready: 'With the columns, their runs, the answers and the prompt set of this screen.',
  whileJudging: 'The prompt set is not judged to its end, so the report leaves it out.',
  modelRefused:
    'The model’s verdicts do not count, so the report leaves the prompt set out; choose yourself as judge to have your own in it.',
  withoutPromptSet: 'Without a prompt set it has no win rates.',
  heading: (model: string) => `Fine-tuning of ${model}`,
  madeOn: (date: string) => `${date}. Trained and measured by Airlock, in the browser.`,
  notJudged: 'Trained; how much better it answers is not judged yet.',
  trained: (run: string, method: string, pairs: number, from: string) =>
    `${run} was trained by ${method} on ${plural(pairs, 'pair')}, starting from ${from}.`,
  barsCaption:
    'Share of prompts won, with its 95% interval: right of 50% better, left of it worse, across it undecided.',
  compared: 'Compared',
  atTemperature: (temperature: string) => `at temperature ${temperature}`,
  example: 'An example',
  rewardOverKl: 'Reward against KL',
  klAxis: 'KL to the reference, nats an answer',
  marginAxis: 'held-out reward margin',
  rewardOverKlNote:
    'Each point is an evaluation during training, joined in their order: how much better chosen and rejected held-out answers are told apart, for how far the model moved from its reference. Steep is good; flat and far to the right is bought dearly.',
  noPromptSet: 'No prompt set was judged, so nothing here says how much better the adapters answer.',
  what: 'What was trained on what',
  model: (name: string) => `Base model ${name}`,
  modelFacts: (architecture: string, parameters: string, dtype: string) =>
    `${architecture}, ${parameters} parameters, ${dtype}`,
  hash: 'SHA-256 of configuration and weights',
  dataset: (pairs: number, train: number, evaluation: number, files: string) =>
    `Data set as it stands now: ${plural(pairs, 'preference pair')}, ${formatCount(train)} to train on, ${formatCount(evaluation)} held out (${files}).`,
  noRuns: 'No adapter was trained on this model.',
  run: 'Run',
  method: 'Method',
  unknownLoss: 'DPO or a relative, by an unknown loss',
  chain: 'Grew from',
  reference: 'Reference',
  data: 'Pairs',
  heldOut: 'Held out',
  steps: 'Steps',
  time: 'Took',
  lastLoss: 'Last loss',
  optionsOf: (run: string) => `Options of ${run}:`,
  option: 'Option',
  optionsDiffering: 'Options in which the runs differ, by TRL’s names',
  optionsOfAll: 'Equal for all runs:',
  curves: 'Training',
  curvesOf: (run: string) => `${run}, by step`,
  noCurves: (run: string) => `${run}: no curve is kept here.`,
  setFacts: (prompts: number, judge: PromptSet['judge'], date: string) =>
    `${plural(prompts, 'prompt')}, the same seeds for every column, judged ${{ scorer: 'by the rule-based scorer of the task', reward: 'by a reward that gives each answer a number', model: 'by a language model', analyst: 'blind by a person' }[judge]}; ${date}.`,
  votes: 'What an audience preferred, by blind votes',
  votesFacts: (votes: number, prompts: number, date: string) =>
    `${plural(votes, 'vote')} on ${plural(prompts, 'prompt')} in a demonstration; names were shown only after each vote; ${date}.`,
  votesFigures: (ours: string, theirs: string, rate: string, prompts: number) =>
    `In a demonstration an audience voted blind on ${plural(prompts, 'prompt')}: ${ours} won ${rate} of them against ${theirs}.`,
  withVotes: 'The blind votes of the demonstration’s audience stand in it.',
  counts: (wins: number, ties: number, losses: number) =>
    `${formatCount(wins)} won, ${formatCount(ties)} tied, ${formatCount(losses)} lost`,
  scores: (own: string, reference: string) => `mean score ${own} against ${reference}`,
  answers: 'Answers',
  promptAt: (prompt: string, temperature: string) => `“${prompt}” at temperature ${temperature}`,
  reward: (reward: string) => `implicit reward ${reward}`,
  footer:
    'Win rate: won plus half of the tied, of all compared. Interval: 95%, Wilson; better or worse where all of it lies on one side of 50%, else undecided. Implicit reward: β times the log-ratio of policy and reference, summed over the answer.',
};
