/** @file The word of the glossary that each chart is about. */
import type { PlotId } from '../../plain/train/metric-plots';
import type { TermId } from '../../text/en/glossary';

export const termOfPlot: Readonly<Partial<Record<PlotId, TermId>>> = {
  loss: 'loss',
  otherLoss: 'loss',
  sftLoss: 'loss',
  logps: 'logps',
  chosenLogps: 'logps',
  margin: 'margin',
  rewards: 'reward',
  accuracy: 'accuracy',
  gradient: 'gradient',
  learningRate: 'learningRate',
  kl: 'kl',
};
