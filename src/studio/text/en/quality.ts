/** @file The Data screen's checks, table, split and token microscope. */
import { formatCount, formatShare, plural } from '../format';

export const quality = {
  label: 'Checks',
  findings: 'Checks and lengths',
  unwritableWhy: (share: number) =>
    `Its vocabulary lacks these letters: ${formatShare(share)} of the tokens of these answers are single bytes, parts of a letter. ` +
    'Answers in this language will be poor, however long you train. Use a model that knows it.',
  actions: 'What to do',
  checking: 'Checking the pairs…',
  clean: (pairs: number) =>
    `Nothing was found in ${plural(pairs, 'pair')}: no duplicates, contradictions, empty or repeated texts.`,
  show: 'Show',
  showEvery: 'Show all pairs',
  showAll: (check: string) => `Show: ${check}`,
  fixAll: (check: string, fix: string) => `${fix}: ${check}`,
  checks: {
    leftOut: {
      name: 'Pairs that cannot be trained on',
      why: 'Listed below with the reason. Training leaves them out.',
      fix: 'Remove',
    },
    unwritable: {
      name: 'Text that this model can hardly write',
      why: 'Its vocabulary lacks these letters.',
      fix: 'Choose another model',
    },
    boundaryMerges: {
      name: 'Prompt and answer merge at the boundary',
      why: 'The tokenizer joins their ends, so training begins off the answer’s first letter. End prompts without a space and begin answers with one.',
      fix: 'Move the space',
    },
    noEnd: {
      name: 'Answers without an end token',
      why: 'The model would not learn where to stop. Choose another chat template on the model’s card.',
      fix: 'To the models',
    },
    cutOff: {
      name: 'Answers cut at the maximum length',
      why: 'Their end is not learned. Raise the maximum length under Train, or remove them.',
      fix: 'Remove',
    },
    emptyAnswer: { name: 'Empty answers', why: 'Only the end of the answer would be learned.', fix: 'Remove' },
    emptyPrompt: { name: 'Empty questions', why: 'Their answers stand without a prompt.', fix: 'Remove' },
    plainText: {
      name: 'Plain text among chat messages, or for a chat model',
      why: 'Answers are asked for with the chat template, and these pairs are trained without it.',
      fix: 'Make them chat messages',
    },
    gluedAnswer: {
      name: 'Question and answer stuck together',
      why: 'No space between them, so the model reads them as one sentence.',
      fix: 'Put a space between',
    },
    identicalAnswers: { name: 'Chosen and rejected are the same', why: 'There is nothing to prefer.', fix: 'Remove' },
    contradiction: { name: 'Contradictions', why: 'Another pair says the opposite.', fix: 'Remove both' },
    exactDuplicate: { name: 'Exact duplicates', why: 'They count twice.', fix: 'Remove' },
    nearDuplicate: {
      name: 'Near duplicates',
      why: '85% or more of their text is that of an earlier pair.',
      fix: 'Remove',
    },
    promptInAnswer: {
      name: 'Answers that repeat the prompt',
      why: 'The model would learn to repeat it.',
      fix: 'Cut it off',
    },
    specialTokens: {
      name: 'Special tokens in the text',
      why: 'The tokenizer reads them as control tokens. Right only if you wrote the template into the text yourself.',
      fix: 'Take them out',
    },
    personalData: {
      name: 'Personal data',
      why: 'E-mail addresses, telephone, resident or card numbers, which the model could repeat.',
      fix: 'Put [email], [phone], [id] in their place',
    },
    markup: { name: 'HTML in the text', why: 'The model would learn to write tags.', fix: 'Take the tags out' },
    leakage: {
      name: 'Evaluation prompts known from training',
      why: 'Their scores would be too good.',
      fix: 'Remove from evaluation',
    },
  },
  search: 'Search the pairs',
  filter: 'Show',
  allPairs: 'All pairs',
  sides: { train: 'Training', evaluation: 'Evaluation' },
  shown: (shown: number, total: number) =>
    shown === total ? plural(total, 'pair') : `${formatCount(shown)} of ${plural(total, 'pair')}`,
  noneShown: 'No pair matches the search and the filter.',
  number: 'No.',
  pairTitle: (number: number) => `Pair ${number}`,
  thisPair: (number: number) => `Pair ${number}`,
  previousPair: 'Previous pair',
  nextPair: 'Next pair',
  scoreOf: (side: string) => `Score: ${side}`,
  scoreHelp: 'Higher is better; both scores or none.',
  margin: 'Margin',
  marginHelp: 'By how much a judge that is trained is to score the chosen answer higher; empty for no margin.',
  swap: 'Swap chosen and rejected',
  saveIt: 'Save it',
  newPair: 'The new pair',
  newAsText: 'Plain text, as the model continues it.',
  newAsChat: 'A question and its answers, as chat messages.',
  save: 'Save',
  unsaved: 'The change is not saved.',
  discard: 'Discard it',
  gone: 'This pair was changed or deleted in another tab, so it cannot be saved here. Copy what you need and open the pair again.',
  export: 'Export JSONL',
  splitting: {
    share: 'Kept for evaluation',
    help: 'Of the prompts, 0 to 90; these pairs are not trained on. 0: all are.',
    seed: 'Seed of the split',
    seedHelp: 'Another number chooses other prompts.',
    wrongShare: 'Write a number from 0 to 90.',
    wrongSeed: 'Write a whole number from 0 on.',
    counts: (train: number, evaluation: number) =>
      `${plural(train, 'pair')} for training, ${formatCount(evaluation)} for evaluation; all pairs of a prompt are on one side.`,
  },
  lengthsTitle: 'Lengths',
  confoundName: 'Length gives the good answer away',
  confound: (isLonger: boolean, share: number, pairs: number) =>
    `In ${formatShare(share)} of ${plural(pairs, 'pair')} the ${isLonger ? 'longer' : 'shorter'} answer is the good one.`,
  confoundIsLittle: 'So length says little.',
  confoundRemedy: (isLonger: boolean) =>
    `The model may learn length instead of quality. Add pairs in which the ${isLonger ? 'shorter' : 'longer'} answer is the good one.`,
  confoundUnknown: 'Too few pairs to tell whether length gives the good answer away.',
  lengths: { tokens: 'Answers by tokens', characters: 'Answers by characters' },
  units: { tokens: 'tokens an answer', characters: 'characters an answer' },
  lengthsAlt: (width: number, longest: number) =>
    `Histogram from 0 to ${formatCount(longest)} in steps of ${formatCount(width)}`,
};
