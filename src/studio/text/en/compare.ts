/** @file The Compare screen: one prompt, answers side by side. */
import type { ColumnKey, SamplingKey } from '../../stores/compare';

const columns: Readonly<Record<ColumnKey, string>> = { base: 'Base', sft: 'SFT', dpo: 'DPO' };

const sampling: Readonly<Record<SamplingKey, { readonly label: string; readonly help: string }>> = {
  maxNewTokens: { label: 'New tokens', help: 'At most this many.' },
  temperature: { label: 'Temperature', help: '0 always takes the likeliest token.' },
  topK: { label: 'Top-k', help: 'Only the k likeliest; 0 keeps all.' },
  topP: { label: 'Top-p', help: 'Likeliest up to this share; 1 keeps all.' },
  seed: { label: 'Sampling seed', help: 'Same seed, same answer.' },
};

export const compare = {
  title: 'Compare',
  lead: 'What the adapters changed, on a prompt of your own.',
  columns,
  placeholder: 'Ask what the pairs were about',
  samplingTitle: 'Sampling',
  sampling,
  samplingWrong: 'A sampling setting needs correction.',
  writePrompt: 'Write a prompt.',
  generate: 'Generate',
  orCtrlEnter: 'or Ctrl+Enter',
  noTemplate: 'This model has no chat template: it continues the text as it stands.',
  sentAsText: 'The text is sent as it stands, for the model to continue.',
  sentAsChat: 'The text is sent as a user’s message, in the model’s chat template.',
  plainText: 'Plain text',
  answerOf: (column: string) => `${column} answer`,
  noAdapter: 'no adapter',
  adapterOf: (column: string) => `Adapter of the ${column} column`,
  latest: (run: string) => `Latest: ${run}`,
  none: 'None',
  noneYet: (column: string) => `No ${column} adapter of this model yet. Train one under Train.`,
  empty: 'The answer will stand here.',
  speed: (tokensPerSecond: string) => `${tokensPerSecond} tokens/s`,
  finishes: { eos: 'ended by itself', length: 'reached the limit', stopped: 'stopped' },
  generating: 'Generating answers.',
  finished: 'Answers finished.',
};
