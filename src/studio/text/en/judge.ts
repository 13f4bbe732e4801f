/** @file The Judge screen: answers compared blind, two at a time. */
import { formatCount, formatShare, plural } from '../format';
import type { JudgeNumberKey, JudgeObstacle } from '../../plain/judge/judge-form';

const numbers: Readonly<Record<JudgeNumberKey, { readonly label: string; readonly help: string }>> = {
  count: { label: 'How many prompts', help: 'Drawn by the seed, each once.' },
  answersEach: { label: 'Answers per model', help: 'Two or more of one model differ by chance only.' },
  temperature: { label: 'Temperature', help: '0.7 to 1 makes answers that differ.' },
  maxNewTokens: { label: 'New tokens', help: 'The longest that an answer may be, in tokens.' },
  seed: { label: 'Sampling seed', help: 'Same seed, same answers.' },
};

const obstacles: Readonly<Record<JudgeObstacle, string>> = {
  numbers: 'A setting needs correction.',
  noPrompts: 'Write at least one prompt.',
  noDatasetPrompts: 'The data set has no prompt that this model can answer. Import pairs under Data, or write prompts.',
  noVoice: 'Choose who answers.',
  oneAnswer: 'A comparison needs two answers: raise the answers per model, or let an adapter answer too.',
  tooManyAnswers: 'At most six answers a prompt: every two of them are compared.',
  sameAnswers: 'At temperature 0 every answer is the same; raise it, or take one answer of each.',
};

export const judge = {
  title: 'Judge',
  lead: 'Make pairs of your own: the model answers each prompt more than once, and you choose, not knowing which is whose.',
  notKept: 'What was judged is gone after a reload.',
  form: {
    source: 'Prompts',
    typed: 'Typed or pasted',
    dataset: 'From the data set',
    prompts: 'Prompts, one a line',
    placeholder: 'How do I reset my password?\nMy parcel is late. What now?',
    datasetPrompts: (count: number) => `${plural(count, 'different prompt')} in the data set.`,
    voices: 'Models that answer',
    base: 'Base, without an adapter',
    noAdapters: 'Adapters of this model appear here when they are trained.',
    settings: 'Answers',
    numbers,
    guideline: 'What makes an answer good',
    guidelineHint: 'Optional; shown above the answers while judging, so that all judge alike.',
    annotator: 'Your name',
    annotatorHint: 'Optional; saved with your judgements.',
    plan: (prompts: number, answers: number, comparisons: number) =>
      `${plural(prompts, 'prompt')}, ${plural(answers, 'answer')}, up to ${plural(comparisons, 'comparison')}.`,
  },
  obstacles,
  start: 'Generate and judge',
  empty: {
    title: 'Nothing to judge yet',
    steps:
      'Write some prompts, and generate. Judging starts with the first two answers; each choice is a pair under Data at once.',
    stepsFromModel:
      'Load a model under Models, write some prompts, and generate. Judging starts with the first two answers; each choice is a pair under Data at once.',
    orFile: 'Or open a file of judgements from a colleague and judge the same answers.',
  },
  progress: {
    answering: 'Answering',
    value: (done: number, total: number, left: string | null) =>
      `${formatCount(done)} of ${plural(total, 'answer')}${left === null ? '' : ` · ${left} left`}`,
    stop: 'Stop answering',
    unanswered: (count: number) => `${plural(count, 'prompt')} without answers.`,
    goOn: 'Answer the rest',
    otherModel: (name: string) => `Load ${name} under Models to answer the rest.`,
    judged: 'Judged',
    judgedSoFar: (done: number) => `${formatCount(done)}, answers still coming`,
    judgedValue: (done: number, total: number, left: string | null) =>
      `${formatCount(done)} of ${formatCount(total)}${left === null ? '' : ` · about ${left} left`}`,
  },
  compare: {
    heading: (number: number) => `Comparison ${formatCount(number)}`,
    answer: (side: 'A' | 'B') => `Answer ${side}`,
    nothing: 'Nothing.',
    isCut: 'cut off at the token limit',
    guideline: 'What makes an answer good',
    verdict: 'Your verdict',
    verdicts: { a: 'A is better', b: 'B is better', tie: 'Tie', bad: 'Both bad' },
    edit: (side: 'A' | 'B') => `Edit ${side}`,
    editLabel: (side: 'A' | 'B') => `Answer ${side}, as it should be`,
    editHelp: 'What you write is chosen, the original rejected.',
    saveEdit: 'Take my text',
    undo: 'Undo',
    skip: 'Skip',
    comment: 'Comment (optional)',
    keysOff: 'Single keys are off; the arrows and the buttons work.',
    said: { a: 'A chosen.', b: 'B chosen.', tie: 'Tie.', bad: 'Both bad.' },
    waitingFirst: 'The first two answers are on their way.',
    waiting: 'All answers so far are judged. The next ones are on their way.',
  },
  round: {
    export: 'Export judgements',
    close: 'New round',
    closeTitle: 'Put this round away?',
    closeBody: (judgements: number) =>
      `Its ${plural(judgements, 'judgement')} and answers are gone then; the pairs that they made stay under Data. Export the judgements first if you need them.`,
    closeIt: 'Put it away',
    keepIt: 'Keep it',
  },
  closed: 'The round was put away; its pairs stay under Data.',
  summary: {
    title: 'All judged',
    counts: (judgements: number, pairs: number) => `${plural(judgements, 'judgement')} made ${plural(pairs, 'pair')}.`,
    none: 'No two answers differed, so there is nothing to judge. Raise the temperature or the token limit.',
    skipped: (count: number) => `${plural(count, 'comparison')} skipped.`,
    undecidable: (count: number) => `${plural(count, 'prompt')} had answers that were all the same or empty.`,
    base: 'Base',
    voices: 'Who won, against the others',
    voice: 'Answered by',
    wins: 'Won',
    ties: 'Tied',
    losses: 'Lost',
    rate: 'Win rate',
    interval: (rate: number, low: number, high: number) =>
      `${formatShare(rate)} (${formatShare(low)} to ${formatShare(high)})`,
    intervalNote: 'With 95% intervals; a tie, or both bad, counts half.',
    verdicts: 'Verdicts',
    edits: 'Edited',
    longer: (share: number) => `The longer answer was chosen in ${formatShare(share)} of the choices.`,
    next: 'See the pairs under Data',
  },
  files: {
    title: 'Two annotators',
    lead: 'Export your judgements and have a colleague judge the answers of that file. Then compare: their file with the round that is open here, or two files.',
    import: 'Judge a file’s answers',
    compare: 'Compare files',
    nothing: (file: string) => `${file} holds no judgement; it needs what "Export judgements" writes.`,
    refused: (count: number, file: string, first: number) =>
      `${plural(count, 'line')} of ${file} ${count === 1 ? 'is' : 'are'} no judgement and left out; the first is line ${formatCount(first)}.`,
    needsTwo: 'Choose two files, or one while a round of your own is open.',
    nothingShared: (first: string, second: string) => `${first} and ${second} have no judged comparison in common.`,
    agreement: 'Agreement',
    between: (first: string, second: string) => `${first} and ${second}`,
    items: 'Judged by both',
    raw: 'Same verdict',
    kappa: 'Cohen’s kappa',
    noKappa: 'not defined: both gave one verdict only',
    meaning: (kappa: number): string =>
      kappa <= 0
        ? 'No more than chance: agree on what makes an answer good, then judge again.'
        : kappa < 0.2
          ? 'Hardly more than chance: agree on what makes an answer good, then judge again.'
          : kappa < 0.4
            ? 'Fair: write down what makes an answer good, with examples.'
            : kappa < 0.6
              ? 'Moderate: look at the comparisons that you see differently.'
              : kappa < 0.8
                ? 'Substantial: good enough to train on.'
                : 'Almost perfect.',
    editNote: 'An edit counts for the answer that was edited.',
  },
};
