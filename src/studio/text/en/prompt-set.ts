/** @file The prompt set of the Compare screen: the same prompts answered by all columns, and who won. */
import type { PromptSetObstacle } from '../../plain/compare/prompt-set/prompt-set-form';
import type { PromptSet } from '../../../storage/prompt-set-record';
import type { Leaning } from '../../plain/compare/prompt-set/verdict';
import { formatCount, plural } from '../format';

const judges: Readonly<Record<PromptSet['judge'], string>> = {
  analyst: 'Me, blind',
  scorer: 'The starter’s scorer',
  reward: 'A reward',
  model: 'A model',
};

const obstacles: Readonly<Record<PromptSetObstacle, string>> = {
  numbers: 'A setting needs correction.',
  sampling: 'A sampling setting above needs correction.',
  noPrompts: 'Write at least one prompt.',
  noDatasetPrompts:
    'The data set has no prompt here that this model can answer. Import pairs under Data, or write prompts.',
  noStarter: 'No starter is shipped with this Airlock. Write prompts, or take those of the data set.',
  noRules: 'A column takes the best by the rules of the data set, and there are none yet, or one needs correction.',
  noJudge: 'The reward of a column cannot choose; the column above says why.',
  oneColumn: 'A win rate needs two columns that can answer. Train an adapter, or add a column above.',
  notOfATask:
    'These prompts are not of the starter’s tasks, so its scorers cannot judge the answers; judge them yourself.',
};

export const promptSet = {
  title: 'Prompt set',
  lead: 'All columns answer the same prompts; you judge blind, or a scorer, a reward or a model does. The result is shown as win rates.',
  notKept: 'The prompt set is gone after a reload.',
  form: {
    source: 'Prompts',
    typed: 'Typed or pasted',
    dataset: 'From the data set',
    heldOut: 'Held-out pairs of the data set',
    starter: 'The starter’s held-out prompts',
    task: 'Task',
    prompts: 'Texts to answer, one a line',
    placeholder: 'How do I reset my password?\nMy parcel is late. What now?',
    count: 'How many of them',
    countHelp: 'Each once.',
    datasetPrompts: (count: number, isHeldOut: boolean) =>
      `${plural(count, 'different prompt')}${isHeldOut ? ', none of them trained on.' : '; the adapters may have been trained on them. Split the data set under Data to keep some out.'}`,
    temperatures: 'Temperatures',
    temperaturesHelp: 'Up to five, with commas; the other settings are those above.',
    against: 'Win rates against',
    plan: (prompts: number, temperatures: number, columns: number, answers: number) =>
      `${plural(prompts, 'prompt')} × ${plural(temperatures, 'temperature')} × ${plural(columns, 'column')}: ${plural(answers, 'answer')}.`,
  },
  obstacles,
  judgedBy: 'Judged by',
  judges,
  start: 'Answer the set',
  stop: 'Stop answering',
  close: 'New prompt set',
  closed: 'The prompt set was put away.',
  what: (prompts: number, temperatures: number, columns: number, model: string) =>
    `${plural(prompts, 'prompt')}, ${plural(temperatures, 'temperature')}, ${plural(columns, 'column')} of ${model}.`,
  chosenBy: (column: string, reward: string, nats: string, mean: string | null) =>
    `${column}: chosen by ${reward}; KL from the model at most ${nats} nats${mean === null ? '' : `, mean score of the chosen answers ${mean}`}.`,
  unanswered: (count: number) => `${plural(count, 'answer')} missing.`,
  unchosen: (comparisons: number) =>
    `${plural(comparisons, 'comparison')} left for the judge that chooses the best of the drawn answers.`,
  goOn: 'Answer the rest',
  otherModel: (name: string) => `Load ${name} under Models to answer the rest.`,
  allSame:
    'No two answers differ, so there is nothing to judge: all are ties. Raise the temperature or the adapter strength.',
  allJudged: (count: number) => `All judged: ${plural(count, 'judgement')}.`,
  afterJudging: 'Win rates and answers are shown when all is judged, so that nothing tells whose they are.',
  caption: (reference: string) => `Win rates against ${reference}`,
  chart: (reference: string) =>
    `Chart of the win rates against ${reference} by temperature, with 95% intervals; the table gives the values.`,
  verdicts: {
    better: (ours: string, theirs: string) => `${ours} is clearly better than ${theirs}.`,
    worse: (ours: string, theirs: string) => `${ours} is clearly worse than ${theirs}.`,
    open: (ours: string, theirs: string) => `Undecided whether ${ours} is better than ${theirs}.`,
    mixed: (ours: string, theirs: string, parts: readonly string[]) =>
      `${ours} against ${theirs} depends on the temperature: ${parts.join(', ')}.`,
  },
  leaningAt: (temperature: string, leaning: Leaning) =>
    `${{ better: 'clearly better', worse: 'clearly worse', open: 'undecided' }[leaning]} at ${temperature}`,
  figuresAt: (temperature: string, interval: string, count: number) =>
    `At temperature ${temperature} it wins ${interval} of ${plural(count, 'prompt')}.`,
  best: (ours: string, theirs: string) => `Where ${ours} wins against ${theirs}`,
  worst: (ours: string, theirs: string) => `Where ${ours} loses against ${theirs}`,
  noWorst: (ours: string, theirs: string) => `${ours} loses against ${theirs} on no prompt.`,
  noBest: (ours: string, theirs: string) => `${ours} wins against ${theirs} on no prompt.`,
  pairing: (column: string, other: string) => `${column} against ${other}`,
  column: 'Column',
  temperature: 'Temperature',
  rate: 'Win rate (95% interval)',
  counts: 'Won / tied / lost',
  score: 'Mean score',
  isReference: 'compared with',
  notJudged: 'not judged',
  interval: (rate: string, low: string, high: string) => `${rate} (${low} to ${high})`,
  intervalNote: 'A tie, two bad answers or two equal ones count half. The interval is Wilson’s.',
  byReward: {
    which: 'Reward',
    help: 'It gives each answer a number; the higher one wins.',
    ask: 'Score the answers',
    plan: (answers: number) => `${plural(answers, 'answer')} to score.`,
    scoring: 'Scoring',
    progress: (done: number, total: number, left: string | null) =>
      `${formatCount(done)} of ${plural(total, 'answer')}${left === null ? '' : ` · ${left} left`}`,
    stop: 'Stop scoring',
    by: (reward: string) => `Scored by: ${reward}.`,
    rest: (answers: number) => `${plural(answers, 'answer')} not scored yet.`,
    goOn: 'Score the rest',
    unscored: (count: number) =>
      `${plural(count, 'answer')} could not be scored: empty, too long for the reward model, or no rule that can be looked at. Comparisons with ${count === 1 ? 'it' : 'them'} are not counted.`,
    another: 'Ask another reward',
    dropped: 'The scores were put away.',
  },
  allAnswers: 'All answers',
  answersAt: (temperature: string) => `Answers at temperature ${temperature}`,
};
