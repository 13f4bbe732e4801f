/** @file The Compare screen: one prompt, answers side by side. */
import type { Method } from '../../../run/config';
import type { SamplingOptions } from '../../../worker/protocol';
import type { SamplingKey } from '../../plain/compare/sampling';
import type { Shading } from '../../plain/compare/draft';
import { formatCount, plural } from '../format';

const columns: Readonly<Record<'base' | Method, string>> = {
  ...{ base: 'Base', sft: 'SFT', dpo: 'DPO', kto: 'KTO', reward: 'Reward model', rloo: 'RLOO', ppo: 'PPO' },
  online_dpo: 'Online DPO',
};

const sampling: Readonly<Record<SamplingKey, { readonly label: string; readonly help: string }>> = {
  maxNewTokens: { label: 'New tokens', help: 'The longest that an answer may be, in tokens.' },
  temperature: { label: 'Temperature', help: '0 always takes the likeliest token.' },
  topK: { label: 'Top-k', help: 'Only the k likeliest; 0 keeps all.' },
  topP: { label: 'Top-p', help: 'Likeliest up to this share; 1 keeps all.' },
  seed: { label: 'Sampling seed', help: 'Same seed, same answer.' },
};

const shadings: Readonly<Record<Shading, string>> = {
  none: 'None',
  differences: 'Differences',
  tokens: 'What training made likelier',
};

export const compare = {
  title: 'Compare',
  lead: 'What the adapters changed, on a prompt of your own.',
  columns,
  placeholder: 'Ask what the pairs were about',
  samplingTitle: 'Sampling',
  sampling,
  samplingLine: ({ temperature, seed, maxNewTokens, topK, topP }: SamplingOptions) =>
    [
      `temperature ${temperature}`,
      `seed ${seed}`,
      `up to ${plural(maxNewTokens, 'new token')}`,
      ...(topK === 0 ? [] : [`top-k ${topK}`]),
      ...(topP === 1 ? [] : [`top-p ${topP}`]),
    ].join(', '),
  samplingWrong: 'A sampling setting needs correction.',
  writePrompt: 'Write a prompt.',
  generate: 'Generate',
  orCtrlEnter: 'or Ctrl+Enter',
  noTemplate: 'This model has no chat template: it continues the text as it stands.',
  sentAsText: 'The text is sent as it stands, for the model to continue.',
  sentAsChat: 'The text is sent as a user’s message, in the model’s chat template.',
  plainText: 'Plain text',
  answerOf: (column: string) => `${column} answer`,
  whoAnswers: 'Models that answer',
  latest: (method: string, run: string) => `Latest ${method}: ${run}`,
  latestOfNone: (method: string) => `Latest ${method}: none yet`,
  noneYet: (column: string) => `No ${column} adapter of this model yet. Train one under Train.`,
  gone: 'The adapter of this column was deleted or is of another model. Choose who answers.',
  goneShort: 'Adapter gone',
  addColumn: 'Add a column',
  removeColumn: (answer: string) => `Remove: ${answer}`,
  strength: 'Adapter strength',
  atStrength: (run: string, percent: string) => `${run} at ${percent}`,
  best: {
    label: 'Answer shown',
    one: 'as it comes',
    of: (count: number) => `best of ${formatCount(count)}`,
    reward: 'Chosen by',
    rules: 'Rules of the data set',
    starter: (task: string) => `Starter’s scorer: ${task}`,
    judge: (run: string) => `Reward model ${run}`,
    lone: (judge: string) => `Judge ${judge}`,
    comparing: (judge: string, question: string) => `Judge ${judge}: ${question}`,
    comparisons: (comparisons: number, questions: number, time: string | null) =>
      `Every two answers to a prompt are compared, in both orders: ${plural(comparisons, 'comparison')}, ${plural(questions, 'question')}${time === null ? '' : `, about ${time} by its pace in the prompt set`}.`,
    judgeIsOpen: 'The open model judges, so it needs no more memory than two answers do.',
    judgeNeeds: (bytes: string) => `Its adapter is loaded beside the model while it judges (${bytes}).`,
    judgeIsLoaded: (judge: string, bytes: string, open: string) =>
      `${judge} is loaded (${bytes}) in the place of ${open} when all answers are there, then ${open} again.`,
    isComparing: 'Comparing',
    compared: (done: number, total: number) => `${formatCount(done)} of ${plural(total, 'comparison')}`,
    unjudged: (count: number, judge: string) =>
      `${plural(count, 'answer')} ${count === 1 ? 'waits' : 'wait'} for the judge ${judge}.`,
    drawn: (count: number) => `The ${plural(count, 'answer')}, not judged yet`,
    goneJudge: 'that is gone',
    name: (column: string, count: number) => `${column}, best of ${formatCount(count)}`,
    answering: 'Answering',
    progress: (done: number, total: number, left: string | null) =>
      `${formatCount(done)} of ${plural(total, 'answer')}${left === null ? '' : ` · ${left} left`}`,
    score: (score: string, count: number) => `Score ${score}, the best of ${formatCount(count)}`,
    noScore: 'No answer could be scored, so the first one stands here.',
    bound: (nats: string) => `KL from the model: at most ${nats} nats`,
    formula: (count: number) => `log ${count} − ${count - 1}/${count}`,
    others: (count: number) => `The other ${plural(count, 'answer')}`,
    answerScore: (score: string) => `Score ${score}`,
    unscored: 'Not scored',
    atZero: 'At temperature 0 all answers are the same.',
    raise: 'Set the temperature to 1',
    noRules: 'The data set has no rules yet, or one needs correction.',
    toRules: 'Write rules',
    inSets: 'At temperature 0 the best of several answers is the answer as it comes: all are the same.',
    notInSets: 'Columns that show the best of several answers take no part here.',
  },
  shading: 'Highlighting',
  shadings,
  differencesFrom: 'Compared with',
  differencesNote: 'Marked words are not in the answer compared with.',
  differing: (share: string, column: string) => `${share} of the words differ from ${column}`,
  heat: {
    scoredBy: 'Trained model',
    needsAdapter: 'Needs a column with an adapter.',
    scoring: 'Scoring the tokens.',
    scale: (low: string, high: string) =>
      `Colours from ${low}, less likely than under the reference, to ${high}, more likely; beyond, they stay full.`,
    meaning: (policy: string, reference: string) =>
      `Blue: likelier under ${policy} than under ${reference}. Orange: less likely.`,
    formula: (policy: string, reference: string) =>
      `The log-ratio of each token, where π is ${policy} and the reference ${reference}: the logarithm of how many times likelier it became.`,
    isReward: (beta: string) => `The sum times β (${beta}) is DPO’s implicit reward.`,
    noReward: 'This adapter’s loss reads no log-ratio, so the sum is no reward of it.',
    unknownReward:
      'This adapter was trained elsewhere, by a loss and a β that are unknown here, so its rewards are unknown too.',
    standIn: (run: string) => `${run} was trained against an adapter that is not kept here; the base stands in for it.`,
    pointAtOne: 'Point at a token, or focus the answer and use the arrow keys.',
    token: (token: string, ratio: string) => `“${token}” ${ratio}`,
    figures: (token: string, ratio: string, policy: string, reference: string) =>
      `“${token}” ${ratio} = ${policy} − (${reference})`,
    sum: (sum: string) => `Log-ratio ${sum}`,
    reward: (sum: string, beta: string, reward: string) => `Reward ${reward} = β ${beta} × ${sum}`,
  },
  first: {
    title: 'Prompts of the data',
    asked: 'Asked:',
    writing: 'Answering prompts of the data, to begin with',
    progress: (done: number, total: number) => `${formatCount(done)} of ${plural(total, 'prompt')}`,
    place: (number: number, total: number, isHeldOut: boolean) =>
      `${isHeldOut ? 'Held-out prompt' : 'Prompt of the data'} ${formatCount(number)} of ${formatCount(total)}`,
    some: (count: number, isHeldOut: boolean) =>
      isHeldOut ? plural(count, 'held-out prompt') : plural(count, 'prompt of the data', 'prompts of the data'),
    before: 'Prompt before',
    after: 'Next prompt',
  },
  empty: 'The answer will appear here.',
  speed: (tokensPerSecond: string) => `${tokensPerSecond} tokens/s`,
  finishes: { eos: 'ended by itself', length: 'reached the limit', stopped: 'stopped' },
  generating: 'Generating answers.',
  finished: 'Answers finished.',
  stoppedAnswers: 'Stopped; what was written stands.',
};
