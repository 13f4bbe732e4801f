/** @file The review of the labels: which are probably wrong, and what is decided of each. */
import type { LabelFinding } from '../../../evaluation/label-doctor';
import { formatCount, plural } from '../format';

const lists: Readonly<Record<LabelFinding, string>> = {
  wrong: 'Suspected wrong',
  contradiction: 'Contradictions',
  tie: 'Near-ties',
};

const explained: Readonly<Record<LabelFinding, string>> = {
  wrong: 'The judge prefers the rejected answer.',
  contradiction: 'Another pair says the opposite of the same two answers; flip or drop one of them.',
  tie: 'The judge sees hardly any difference, so the pair teaches little.',
};

export const labels = {
  title: 'Label doctor',
  lead: 'Finds pairs whose chosen and rejected answers are probably the wrong way round. Nothing is changed until you decide.',
  noPairs:
    'There are no pairs of two different answers yet. Import some above; at least 20 different prompts are needed.',
  judge: 'Judged by',
  judges: {
    words: 'The words of the answers (no model)',
    form: 'Two runs with the settings in Train',
    run: (name: string) => `Two runs with the settings of ${name}`,
  },
  how: {
    words:
      'A reward is learned from the words of the answers, ten times, each time without a tenth of the prompts, which it then judges. Best where wording tells good from bad.',
    runs: 'A run is trained on each half of the prompts and judges the other half by its reward. This takes about as long as a training of its own; the runs are not kept.',
  },
  needsModel: 'Open a model under Models first.',
  needsMethod:
    'The settings in Train are for no method that compares answers, or need correction; choose DPO or a reward model there.',
  toTrain: 'To Train',
  start: 'Judge the labels',
  again: 'Judge again',
  stop: 'Stop judging',
  judging: 'Judging the labels',
  progress: (share: string, left: string | null) => `${share}${left === null ? '' : ` · about ${left} left`}`,
  estimate: (share: string, low: string, high: string) =>
    `About ${share} of the labels are wrong (95% interval ${low} to ${high}).`,
  estimateNone: (high: string) => `Hardly any label seems wrong (at most ${high}, by the 95% interval).`,
  basis: (pairs: number, when: string) => `Estimated from ${plural(pairs, 'pair')} on ${when}`,
  byWords: 'by the words of the answers',
  byRuns: (model: string, settings: string | null) =>
    `by two runs of ${model}${settings === null ? '' : ` with the settings of ${settings}`}`,
  howEstimated:
    'Each pair is judged by what was learned from other prompts. The share is the one under which these judgements are likeliest; a judge that learned little makes the interval wide.',
  changed: (unjudged: number, gone: number) =>
    [
      ...(gone > 0 ? [`${plural(gone, 'judged label')} changed or deleted since`] : []),
      ...(unjudged > 0 ? [`${plural(unjudged, 'pair')} not judged yet`] : []),
    ].join(', '),
  smooth: (value: string) => `Use ${value} for label smoothing in Train`,
  smoothed: (value: string) => `Label smoothing in Train is ${value} now.`,
  smoothIsSet: (value: string) => `Label smoothing in Train is ${value}.`,
  noSmoothing:
    'What is set in Train takes no label smoothing; choose DPO there, with the loss “sigmoid” and without soft labels.',
  lists,
  explained,
  listsLabel: 'What was found',
  tab: (name: string, count: number) => `${name} (${formatCount(count)})`,
  list: (name: string) => `${name}: list`,
  confirmed: (count: number) => `${plural(count, 'label')} settled by you`,
  none: 'Nothing left to look at here.',
  more: (count: number) => `${formatCount(count)} more follow as you decide.`,
  pair: (number: number) => `Pair ${formatCount(number)}`,
  place: (at: number, of: number) => `${formatCount(at)} of ${formatCount(of)}`,
  sure: (share: string) => `${share} sure that it is the wrong way round`,
  tie: 'no difference seen',
  keep: 'Keep',
  flip: 'Flip',
  drop: 'Drop',
  undo: 'Undo',
  decide: 'Decide',
  keys: 'In the list: arrow keys choose, K\u00a0keeps, F\u00a0flips, D\u00a0drops, U\u00a0takes\u00a0back.',
  decided: {
    keep: 'Kept as it is.',
    flip: 'Flipped.',
    drop: 'Dropped.',
  },
  notKept: 'The review is in use, but will be gone after a reload.',
};
