/** @file A model and a run with everything that they must have, for tests to change what they are about. */
import type { ModelSummary } from '../../worker/protocol';
import type { Run } from './runs/run';

export const exampleModel: ModelSummary = {
  name: 'tiny',
  fingerprint: 'f',
  architecture: 'llama',
  parameters: 1,
  layers: 1,
  hiddenSize: 1,
  vocabularySize: 1,
  contextLength: 1,
  dtype: 'F32',
  tiedEmbeddings: true,
  hasChatTemplate: false,
  templateChoice: null,
  eosToken: null,
  linears: [],
  weightBytes: 1,
  precision: 'float32',
  warnings: [],
};

export const exampleRun: Run = {
  id: 'd',
  name: 'dpo-1',
  method: 'dpo',
  status: 'finished',
  modelName: 'tiny',
  modelFingerprint: 'print',
  startedAt: '2026-01-01',
  config: {},
  pairs: 1,
  startedFrom: null,
  steps: 1,
  totalSteps: 1,
  seconds: 1,
  finalLoss: 0.5,
  finalMargin: 1,
  adapterBytes: 1,
  warnings: [],
  error: null,
};
