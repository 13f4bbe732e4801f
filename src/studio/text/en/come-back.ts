/** @file What is offered to somebody who comes back: the model of the last visit, and a run that was cut off. */
import { formatCount } from '../format';

export const comeBack = {
  label: 'Where you were',
  reopening: (model: string) => `Opening ${model} again, the model of your last visit.`,
  cancel: 'Do not open it',
  notReopened: (model: string) =>
    `${model}, the model of your last visit, was not opened by itself: it does not fit as the settings stand. Models says what does.`,
  lastModel: (model: string) => `No model is open. The last one was ${model}.`,
  open: (model: string) => `Open ${model}`,
  interrupted: (run: string, step: number, total: number) =>
    `${run} was interrupted at step ${formatCount(step)} of ${formatCount(total)}.`,
  from: (step: number) =>
    `It can go on from step ${formatCount(step)}, its last checkpoint, as if nothing had happened.`,
  again: 'It was cut off before its first checkpoint and begins again, with the same pairs and settings.',
  ended: (run: string) => `${run} has ended; the page was closed before what was to follow it.`,
  then: (methods: readonly string[]) => `${methods.join(', ')} follows on the same pairs.`,
  answers: 'The starter then has base, SFT and DPO answer the held-out prompts.',
  opens: (model: string) => `${model} is opened first.`,
  opening: (model: string) => `Opening ${model}…`,
  goOn: 'Go on',
  dismiss: 'Leave it',
  needsModel: (run: string, model: string) =>
    `${run} was trained on ${model}, which this browser does not keep. Choose its directory under Models, then go on.`,
  needsPrecision: (run: string, model: string, precision: string) =>
    `${run} was trained with ${model} held as ${precision}, which does not fit now. Choose ${precision} under Models, then go on.`,
};
