/**
 * @file Opens a checkpoint whole: weights on the device, tokenizer and chat template beside them, and a summary in
 * words that people read. What the worker and the command line both start from.
 */
import type { Precision } from '../core/dtype';
import { message, type Message } from '../messages/message';
import type { ModelCheckpoint, Directory } from '../formats/checkpoint';
import { openCheckpoint } from '../formats/checkpoint';
import type { Executor } from '../runtime/executor';
import type { Tokenizer } from '../text/tokenizer';
import { renderChat } from '../text/chat-template';
import type { ChosenTemplate } from '../text/template-choice';
import type { TemplateChoice, CheckpointSummary } from '../run/base-model';
import { chooseTemplate } from '../text/template-choice';
import { loadTokenizer } from '../text/tokenizer';
import type { LoadOptions, LoadedModel } from './loaded-model';
import { loadModel } from './loaded-model';
import { describeShape } from './stored-weights';
import { countParameters, countWeightBytes } from './weight-list';
import { linearNames } from '../models/lora';
import type { ModelShape } from '../models/stages';

export interface OpenedModel {
  readonly model: LoadedModel;
  readonly tokenizer: Tokenizer;
  /** The template's Jinja source; null where there is none. */
  readonly chatTemplate: string | null;
  /** The same template with where it came from. */
  readonly template: ChosenTemplate;
  /** Tokens that end an answer: EOS of the tokenizer, config.json and generation_config.json. */
  readonly stopIds: readonly number[];
  readonly summary: CheckpointSummary;
}

/**
 * Sums up what the headers of a checkpoint tell; no weight is read.
 * @param described what `describeShape` says of the checkpoint
 */
export function summarizeCheckpoint(
  checkpoint: ModelCheckpoint,
  described: ModelShape,
  tokenizer: Tokenizer,
  precision: Precision = 'float32',
): CheckpointSummary {
  const shape = { ...described, precision };
  const { architecture, config } = shape;
  const parameters = countParameters(shape);
  return {
    name: checkpoint.name,
    architecture: config.modelType,
    parameters,
    layers: config.layers,
    hiddenSize: config.hiddenSize,
    vocabularySize: config.vocabularySize,
    contextLength: config.contextLength,
    dtype: [...new Set([...checkpoint.weights.values()].map(({ info }) => info.dtype))].join(', '),
    tiedEmbeddings: config.tiedEmbeddings,
    hasChatTemplate: checkpoint.chatTemplate !== null,
    eosToken: tokenizer.eosToken,
    linears: linearNames(architecture, config),
    precision,
    weightBytes: countWeightBytes(shape),
  };
}

function findStopIds({ config, generationConfig }: ModelCheckpoint, tokenizer: Tokenizer): number[] {
  const listed = [config['eos_token_id'], generationConfig?.['eos_token_id'], tokenizer.eosTokenId].flat();
  return [...new Set(listed.filter((id): id is number => typeof id === 'number'))];
}

/**
 * Builds the checkpoint's tokenizer.
 * @throws UserError for one that would not give the tokens that transformers gives
 */
export function openTokenizer(checkpoint: ModelCheckpoint): Tokenizer {
  return loadTokenizer(checkpoint.tokenizerJson, checkpoint.tokenizerConfig, {
    ...checkpoint.generationConfig,
    ...checkpoint.config,
  });
}

function findWarnings(template: ChosenTemplate, tokenizer: Tokenizer, model: LoadedModel): Message[] {
  const { vocabularySize } = model.shape.config;
  const warnings = [...model.warnings];
  if (tokenizer.eosToken === null) {
    warnings.push(message('noEosToken'));
  }
  if (tokenizer.vocabularySize > vocabularySize) {
    warnings.push(message('moreTokensThanModel', { tokens: tokenizer.vocabularySize, vocabulary: vocabularySize }));
  }
  if (template.source === null && template.isOwn) {
    warnings.push(message('noChatTemplate'));
  }
  return warnings;
}

/**
 * Returns the model with the template of this choice, which is tried on a short conversation first.
 * @throws UserError for a template that cannot be read or rendered
 */
export function withTemplate<T extends OpenedModel>(opened: T, choice: TemplateChoice): T {
  const template = chooseTemplate(null, choice);
  if (template.source !== null) {
    const messages = [
      { role: 'user', content: 'Question' },
      { role: 'assistant', content: 'Answer' },
    ] as const;
    renderChat(template.source, messages, {
      addGenerationPrompt: false,
      specialTokens: opened.tokenizer.specialTokens,
    });
  }
  return { ...opened, template, chatTemplate: template.source };
}

/**
 * Opens a checkpoint: its files are checked first, then the weights are uploaded.
 * @throws UserError for a directory that is no checkpoint Airlock can run; AbortError when the signal says so
 */
export async function openModel(
  name: string,
  directory: Directory,
  executor: Executor,
  options: LoadOptions & { readonly chatTemplate?: TemplateChoice | undefined } = {},
): Promise<OpenedModel & { readonly warnings: readonly Message[] }> {
  const checkpoint = await openCheckpoint(name, directory);
  const template = chooseTemplate(checkpoint.chatTemplate, options.chatTemplate);
  // The architecture is checked before the tokenizer, and both before any weight is read.
  const described = await describeShape(checkpoint);
  const tokenizer = openTokenizer(checkpoint);
  const model = await loadModel(checkpoint, executor, { ...options, described });
  return {
    model,
    tokenizer,
    chatTemplate: template.source,
    template,
    stopIds: findStopIds(checkpoint, tokenizer),
    summary: summarizeCheckpoint(checkpoint, described, tokenizer, options.precision),
    warnings: findWarnings(template, tokenizer, model),
  };
}
