/** @file What the doctor says of a run: for each finding what was seen, with its values, and what to try. */
import { formatCount, formatMetric, formatShare, plural } from '../format';
import type { FindingKind, FindingValues, Severity } from '../../plain/train/doctor';

interface FindingText<Values> {
  readonly seen: (values: Values, hasEnded: boolean) => string;
  /** What to do with the run while it trains, or with the next one where it has ended. */
  readonly advice: (values: Values, hasEnded: boolean) => string;
}

const severity: Readonly<Record<Severity, string>> = { danger: 'Problem', warning: 'Warning', hint: 'Hint' };

const nats = (value: number): string => `${formatMetric(Math.abs(value))} nats`;

const findings: { readonly [K in FindingKind]: FindingText<FindingValues[K]> } = {
  notFinite: {
    seen: ({ what, value, step }) =>
      `The ${what === 'loss' ? 'loss' : 'gradient norm'} became ${value} at step ${formatCount(step)}, and training stopped.`,
    advice: ({ rate }) =>
      `Lower the learning rate${rate === null ? '' : ` (it was ${formatMetric(rate)}) to a tenth`}, keep gradient clipping at 1, and look at the pairs of that step under Data.`,
  },
  rateZero: {
    seen: ({ steps }, hasEnded) =>
      `The learning rate was 0 in all ${plural(steps, 'step')}${hasEnded ? '' : ' so far'}, so nothing was learned.`,
    advice: ({ warmup }) =>
      warmup > 0
        ? `The warm-up takes ${plural(warmup, 'step')}; shorten it.`
        : 'Set a learning rate above 0; 1e-4 suits LoRA.',
  },
  warmupTooLong: {
    seen: ({ warmup, total }) =>
      `The warm-up of ${plural(warmup, 'step')} is as long as the run of ${formatCount(total)}: the full learning rate is never reached.`,
    advice: ({ total }) =>
      `Warm up over a tenth of the run, ${plural(Math.max(1, Math.round(total / 10)), 'step')}, or train longer.`,
  },
  noGradient: {
    seen: ({ steps }) => `The gradient was exactly 0 in the last ${plural(steps, 'step')}: these pairs teach nothing.`,
    advice: () =>
      'Look under Data for pairs whose two answers are identical, or cut to the same text by the maximum length.',
  },
  stuck: {
    seen: ({ loss, margin, steps, rate }) =>
      `After ${plural(steps, 'step')} the loss is still ${formatMetric(loss)} and the margin ${formatMetric(margin)}: chosen and rejected are not told apart (learning rate ${formatMetric(rate)}).`,
    advice: ({ rate }) =>
      rate < 2e-5
        ? `Raise the learning rate: ${formatMetric(rate)} is small for LoRA, try 1e-4.`
        : 'Raise beta or the learning rate, and see under Data whether chosen and rejected really differ.',
  },
  notFalling: {
    seen: ({ from, to, steps }, hasEnded) =>
      `The loss ${hasEnded ? 'did' : 'does'} not fall: ${formatMetric(from)} at first, ${formatMetric(to)} ${hasEnded ? 'at the end' : 'now'}, after ${plural(steps, 'step')}.`,
    advice: ({ rate }, hasEnded) =>
      `Raise the learning rate (${hasEnded ? 'it was' : 'now'} ${formatMetric(rate)}) threefold, or use larger batches if the loss only jumps.`,
  },
  diverging: {
    seen: ({ from, to }, hasEnded) =>
      hasEnded
        ? `The loss rose: ${formatMetric(from)} at first, ${formatMetric(to)} at the end.`
        : `The loss rises: ${formatMetric(from)} at first, ${formatMetric(to)} now.`,
    advice: ({ rate }, hasEnded) =>
      `${hasEnded ? 'Train again with' : 'Stop, and train again with'} a third of the learning rate (it was ${formatMetric(rate)}) or less, and a warm-up over a tenth of the steps.`,
  },
  exploding: {
    seen: ({ from, to }) => `The gradient norm grew from ${formatMetric(from)} to ${formatMetric(to)}.`,
    advice: ({ clip }, hasEnded) =>
      clip > 0
        ? hasEnded
          ? `Clipping at ${formatMetric(clip)} held it this time; train the next run at a lower learning rate, with a warm-up.`
          : `Clipping at ${formatMetric(clip)} holds it for now; lower the learning rate and add a warm-up before it breaks.`
        : 'Turn gradient clipping on (1) and lower the learning rate.',
  },
  wrongWay: {
    seen: ({ accuracy, steps }) =>
      `In the last ${plural(steps, 'step')} the chosen reward was the higher one in ${formatShare(accuracy)} of the pairs only: the model learns the opposite of the pairs it sees next.`,
    advice: () =>
      'See under Data whether chosen and rejected are swapped in part of the file, or contradict each other; if labels are noisy, use robust DPO.',
  },
  chosenFalls: {
    seen: ({ chosenNats, rejectedNats, share }) =>
      `The chosen answers have become less likely: by ${nats(chosenNats)} each${share === null ? '' : ` (${formatShare(share)} of their log-probability)`}, the rejected ones ${rejectedNats < 0 ? `by ${nats(rejectedNats)}` : `not at all`}.`,
    advice: ({ chosenNats, rejectedNats }) =>
      rejectedNats < chosenNats
        ? 'With DPO that is usual, for only the gap counts; but if answers get worse, train SFT first, add the loss "sft" beside "sigmoid", or raise beta.'
        : 'Train SFT on the chosen answers first, or add the loss "sft" beside "sigmoid", and lower the learning rate.',
  },
  saturated: {
    seen: ({ steps, from, to, loss }, hasEnded) =>
      `Accuracy ${hasEnded ? 'was' : 'is'} 1 in the last ${plural(steps, 'step')} and the margin still ${hasEnded ? 'grew' : 'grows'}, ${formatMetric(from)} to ${formatMetric(to)}, at a loss of ${formatMetric(loss)}: the pairs are learned by heart.`,
    advice: () =>
      'Train fewer epochs, raise beta, or use the loss "ipo", which stops at a margin; an evaluation split shows where to stop.',
  },
  longerChosen: {
    seen: ({ chosen, rejected, method }) =>
      `The chosen answers are ${formatShare(chosen / rejected - 1)} longer than the rejected ones (${formatMetric(chosen)} against ${formatMetric(rejected)} tokens on average), so the model may learn ${method === 'reward' ? 'to score what is longer, not what is better' : 'to write longer, not better'}.`,
    advice: ({ method }) =>
      method === 'reward'
        ? 'Add pairs whose better answer is the shorter one; “Lengths” under Data tells how far length gives the label away.'
        : `Compare the length of its answers with the base’s; if they grow, ${method === 'kto' ? 'add good answers that are short, or bad ones that are long.' : 'set ld_alpha to 0.5, or use the losses "sigmoid_norm" or "simpo", which go by the mean of a token.'}`,
  },
  drift: {
    seen: ({ nats: moved, share, beta }) =>
      `The model is far from its reference: an answer’s log-probability has moved by ${nats(moved)} on average, ${formatShare(share)} of itself (beta ${formatMetric(beta)}).`,
    advice: ({ beta }) =>
      `Raise beta, to ${formatMetric(beta * 3)} say, lower the learning rate, or stop earlier; check its answers to prompts outside the data.`,
  },
  noSpread: {
    seen: ({ share, answers, steps }) =>
      `In the last ${plural(steps, 'step')} the ${formatCount(answers)} answers to a prompt were worth the same for ${formatShare(share)} of the prompts: such a prompt teaches nothing.`,
    advice: () =>
      'Choose prompts that the model sometimes gets right, or a reward with more steps than kept or broken; RLOO may draw more answers a prompt.',
  },
  cutOff: {
    seen: ({ share, limit, steps }) =>
      `In the last ${plural(steps, 'step')} ${formatShare(share)} of the answers were cut off at ${plural(limit, 'token')}: they never end by themselves.`,
    advice: () =>
      'Train SFT on answers that end first, allow longer answers, or let those that are cut off count less: RLOO may leave them out, online DPO take a penalty off them.',
  },
  leaving: {
    seen: ({ from, to }, hasEnded) =>
      `The answers ${hasEnded ? 'left' : 'leave'} the reference: ${nats(to)} an answer${hasEnded ? ' at the end' : ' now'}, ${nats(from)} just before. So far away a reward is often met by its letter alone.`,
    advice: ({ beta, hasPrice }) =>
      `Read the sample answers; raise ${hasPrice ? 'the price of KL' : 'beta'}, to ${formatMetric(beta * 3)} say, lower the learning rate, or stop earlier.`,
  },
  evaluationTurned: {
    seen: ({ best, bestStep, latest, step }) =>
      `The evaluation loss turned: best ${formatMetric(best)} at step ${formatCount(bestStep)}, ${formatMetric(latest)} at step ${formatCount(step)}, while the training loss falls. That is overfitting.`,
    advice: ({ bestStep, isKept }, hasEnded) =>
      isKept
        ? `Nothing need be done: the adapter of step ${formatCount(bestStep)} is the one that was kept. More pairs, fewer epochs or a lower rate may go further.`
        : hasEnded
          ? 'Train again and end with the adapter of the best evaluation, or train fewer epochs, at a lower rate, on more pairs.'
          : `Let it end with the adapter of step ${formatCount(bestStep)} (the best evaluation, under Advanced), or train fewer epochs, at a lower rate, on more pairs.`,
  },
};

export const doctor = {
  title: 'What the doctor sees',
  severity,
  try: 'Try:',
  nothing: (steps: number) => `Nothing unusual in ${plural(steps, 'step')}.`,
  findings,
};
