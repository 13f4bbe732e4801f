/** @file A model as judge of a prompt set, on the Compare screen and in the report. */
import type { JudgeObstacle } from '../../plain/compare/prompt-set/model-judge';
import type { PromptSetForm } from '../../plain/compare/prompt-set/prompt-set-form';
import { formatCount, plural } from '../format';

const questions: Readonly<Record<PromptSetForm['judgeQuestion'], string>> = {
  summarization: 'Which summary says what matters? (S)',
  'summarization-concise': 'Which summary says what matters, and nothing else? (C)',
  dialogue: 'Which reply is more helpful?',
  rubric: 'A question of my own',
};

const obstacles: Readonly<Record<Exclude<JudgeObstacle, 'noModel'>, string>> = {
  noRubric: 'Write the question that it is to answer.',
  bound: 'The agreement that is asked of it needs correction.',
};

export const modelJudge = {
  lead: 'A model says of each comparison which answer is better. Its win rates are shown only if it agrees with your own blind judgements.',
  who: 'Which model judges',
  open: (name: string) => `${name} as it is`,
  stored: (name: string) => `${name}, to be loaded`,
  storedHelp: (name: string, open: string | null) =>
    `${name} is loaded while it judges${open === null ? '' : `, then ${open} again`}.`,
  question: 'What it is asked',
  questions,
  rubric: 'Your question',
  rubricPlaceholder: 'Which answer is politer and keeps to our terms?',
  bound: 'Agreement asked of it',
  boundHelp: 'Below it its verdicts do not count.',
  obstacles,
  plan: (comparisons: number) => `${plural(comparisons, 'comparison')}, each asked in both orders.`,
  ask: 'Have it judge',
  judging: 'Judging',
  progress: (done: number, total: number, left: string | null) =>
    `${formatCount(done)} of ${plural(total, 'comparison')}${left === null ? '' : ` · ${left} left`}`,
  stop: 'Stop judging',
  rest: (count: number) => `${plural(count, 'comparison')} that it has not judged.`,
  goOn: 'Have it go on',
  needsModel: (name: string) => `Load ${name} under Models to have it go on.`,
  asked: (judge: string, question: string) => `${judge} was asked: “${question}”`,
  ofModel: (run: string, model: string) => `${run} (${model})`,
  itself: 'It wrote answers of this set itself, and models tend to like their own.',
  caption: 'How well it judges',
  agreement: 'Agreement with the blind judgements',
  agreementOf: (share: string, low: string, high: string, agreed: number, items: number) =>
    `${share} (${low} to ${high}), ${formatCount(agreed)} of ${formatCount(items)}`,
  kappa: 'Beyond chance (Cohen’s kappa)',
  kappaNote: '0 is chance, 1 is full agreement.',
  noKappa: 'none, as both always said the same',
  orders: 'Decided by the order',
  ordersOf: (share: string, count: number) => `${share} of ${plural(count, 'comparison')}`,
  ordersNote: 'The other answer wins when the two change places; counted as ties.',
  first: 'Probability of what stands first',
  firstNote: '50% without a liking for a place.',
  letters: 'Replies that begin with A or B',
  lettersNote: 'Far below 100% it did not take the question.',
  cut: 'Prompts cut for its context',
  tooLong: 'Comparisons too long for it',
  tooLongNote: 'Their answers do not fit its context; they are not counted.',
  allTooLong: (count: number) =>
    `${plural(count, 'comparison')} so far: the answers do not fit the judge’s context. Ask a model with a longer one.`,
  unknownYet: 'not known yet',
  standings: {
    accepted: (bound: string) => `Accepted: it agrees with the blind judgements at least as often as asked (${bound}).`,
    refused: (share: string, bound: string) =>
      `Refused: it agrees with ${share} of the blind judgements, and ${bound} are asked. Its win rates are not shown.`,
    unknown: (items: number, needed: number) =>
      `Not known how well it judges: ${plural(items, 'comparison')} judged by both, and ${formatCount(needed)} are needed. Its win rates are not shown.`,
  },
  advice: {
    refused: 'Ask another model or another question.',
    comparisons: (there: number) =>
      `The set has only ${plural(there, 'comparison')}: make one with more prompts or temperatures.`,
    judgements: (toGo: number) => `Judge ${formatCount(toGo)} more yourself, blind.`,
    verdicts: 'Have it go on.',
  },
  told: (judge: string, share: string, items: number) =>
    `A language model judged, ${judge}; it agrees with ${share} of ${plural(items, 'blind judgement')} of a person.`,
  judgeMyself: 'Judge blind',
  whenAllJudged: 'Win rates are shown when it has judged all.',
  answersWhenBlind: 'The answers are shown when you have judged all of them too, so that you stay blind.',
  another: 'Ask another model',
  dropped: 'The model’s verdicts were put away.',
};
