/** @file Rounds: a run answers, the answers are judged, the next run goes on from it. */
import type { RoundStep } from '../../plain/rounds/round';
import { formatCount, formatShare, plural } from '../format';

const steps: Readonly<Record<RoundStep, string>> = {
  answers: 'Answers',
  judging: 'Judging',
  training: 'Training',
  comparing: 'Win rates',
};

export const rounds = {
  next: 'Next round',
  round: (number: number) => `Round ${number}`,
  form: {
    title: (number: number) => `Round ${number}: what is asked, and who judges`,
    lead: (run: string, reference: string) =>
      `${run} answers your prompts, the better and worse answers become pairs, and the next run goes on from ${run}. Its reference stays what it was in the first round: ${reference}.`,
    itself: (run: string) => `${run}, as it is`,
    source: 'Prompts',
    dataset: 'From the data set',
    typed: 'Written here',
    judge: 'Who judges',
    judges: { analyst: 'Me, blind', reward: 'A reward' },
    answers: 'Answers to each prompt',
    count: 'How many prompts',
    temperature: 'Temperature',
    temperatureHelp: '0.7 to 1 makes answers differ.',
    maxNewTokens: 'New tokens',
    maxNewTokensHelp: 'Longest answer.',
    plan: (prompts: number, answers: number, comparisons: number | null) =>
      `${plural(prompts, 'prompt')} × ${formatCount(answers)}: ${plural(prompts * answers, 'answer')}${comparisons === null ? '' : `, up to ${plural(comparisons, 'comparison')} for you to judge`}.`,
    begin: 'Begin the round',
    replacesJudging: (judged: number) =>
      `The round on the Judge screen (${plural(judged, 'judgement')}) gives way to this one. Its pairs stay in their data set.`,
    replacesRound: (number: number, run: string) =>
      `Round ${number}, from ${run}, is under way; this one takes its place.`,
    needsModel: (model: string) => `Load ${model} under Models: the run is its adapter.`,
    referenceGone:
      'The run that the first round was held against was deleted. Bring it back, or choose another reference under Train.',
  },
  band: {
    label: (number: number, run: string) => `Round ${number}, from ${run}`,
    steps,
    stepsLabel: 'Steps of the round',
    done: 'done',
    now: 'now',
    answering: 'The run is answering.',
    comparing: 'The judge compares the answers of the run.',
    cutOff: (prompts: number) =>
      `Not all is answered and judged yet: ${plural(prompts, 'prompt')} ${prompts === 1 ? 'has its' : 'have their'} answers, which are kept. Go on with the run’s model open, or begin the round again.`,
    goOn: 'Go on',
    lost: 'There are no answers: they were put away, or the page was left before the first prompt had all of its own. Begin the round again.',
    judged: (judged: number, compared: number, pairs: number) =>
      `${formatCount(judged)} of ${plural(compared, 'comparison')} judged, ${plural(pairs, 'pair')} so far.`,
    noPairs: 'No answer was better than another, so there is no pair. Begin the round again, with more prompts.',
    otherSet: (name: string) => `Pairs would go into another data set than the round’s: open ${name}.`,
    openSet: 'Open the round’s data set',
    ready: (pairs: number, run: string) => `${plural(pairs, 'pair')} of answers of ${run}: set the training up.`,
    set: 'Start from, reference and pairs are set. Start the training when the settings are as you want them.',
    running: (run: string) => `${run} is training.`,
    unfinished: (run: string) => `${run} has no adapter to compare yet.`,
    compare: (run: string) => `${run} is there. Whether it is better, a prompt set tells.`,
    ended: (run: string) => `${run} was compared. Look at the rounds, or begin the next one.`,
    toForm: 'Begin again',
    toJudge: 'Judge',
    toTraining: 'Set the training up',
    toTrain: 'To the training',
    toRun: 'To the run',
    toCompare: 'Set the comparison up',
    toRounds: 'The rounds',
    end: 'End the round',
  },
  wasPutAway: 'The round was ended; its pairs and its run stay.',
  setName: (number: number, run: string) => `Round ${number}: answers of ${run}`,
  ofRound: (number: number, run: string) => `Pairs of round ${number}: answers of ${run}, judged.`,
  chain: {
    title: 'Rounds',
    lead: 'Each run went on from the one before it. A round is better where its win rate lies above 50% with its whole interval.',
    run: 'Run',
    pairs: 'Pairs',
    before: 'Against the round before',
    start: 'Against the start',
    isStart: (name: string) => `Start: ${name}`,
    goneStart: 'Start: a deleted run',
    same: 'first round',
    unknown: 'not known yet',
    unknownHelp: 'Not known yet: no prompt set with both runs has been judged in full. Set one up to find out.',
    table: 'Win rates of the rounds',
    comparison: 'Comparison',
    compare: 'Set up',
    compareOf: (run: string) => `Set up a comparison of ${run}`,
    reference: (name: string) => `Reference: ${name}`,
    rate: (mean: number, low: number, high: number) =>
      `${formatShare(mean)} (${formatShare(low)} to ${formatShare(high)})`,
    of: (count: number, judge: string, temperature: number) =>
      `${plural(count, 'prompt')}, ${judge}, temperature ${temperature}`,
    judges: {
      analyst: 'judged blind',
      scorer: 'by the starter’s scorer',
      rules: 'by the rules',
      reward: 'by a reward model',
      other: 'by a model',
    },
  },
};
