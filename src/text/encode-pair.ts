/**
 * @file A preference pair -> token ids, as TRL 1.13's DPOTrainer makes them (`_prepare_dataset`, `tokenize_fn`) and its
 * collator cuts them (truncation_mode keep_start). SFTTrainer 1.13 encodes prompt + completion in the same way.
 * Where TRL trains on something doubtful and logs at most one line, the pair gets a warning in a sentence;
 * where nothing is left to train on, it is refused.
 */
import { UserError } from '../core/errors';
import { isChatPair } from '../data/preference-pair';
import type { EncodingFault } from '../data/checks/token-checks';
import type { ChatMessage, PreferencePair } from '../data/preference-pair';
import { renderChat } from './chat-template';
import type { Tokenizer } from './tokenizer';

export interface EncodedPair {
  readonly promptIds: readonly number[];
  /** The completion's tokens, with its end-of-sequence token unless cut off. */
  readonly chosenIds: readonly number[];
  readonly rejectedIds: readonly number[];
  readonly warnings: readonly string[];
  /** What the warnings are about, each kind once. */
  readonly faults: readonly EncodingFault[];
}

export type EncodeOutcome = { ok: true; pair: EncodedPair } | { ok: false; problem: string };

export interface PromptContext {
  readonly tokenizer: Tokenizer;
  /** Jinja source; null where the model has none. */
  readonly chatTemplate: string | null;
}

export interface EncodeContext extends PromptContext {
  /** Tokens of prompt + completion. */
  readonly maxLength: number;
}

type Side = 'chosen' | 'rejected';

/** Collects what is doubtful in one pair. */
class Doubts {
  readonly warnings: string[] = [];
  readonly faults = new Set<EncodingFault>();

  note(fault: EncodingFault, sentence: string | null): void {
    if (sentence === null) return;
    this.faults.add(fault);
    this.warnings.push(sentence);
  }
}

const noTemplate =
  'The data holds chat messages, but the model has no chat template. Write prompt, chosen and rejected as plain text, ' +
  'choose a template (--chat-template on the command line), or use an instruction-tuned model.';

/** Text that the template makes; it writes its own special tokens, so the tokenizer adds none. */
function encodeChat(messages: readonly ChatMessage[], addGenerationPrompt: boolean, context: PromptContext): number[] {
  const { tokenizer, chatTemplate } = context;
  if (chatTemplate === null) throw new UserError(noTemplate);
  const text = renderChat(chatTemplate, messages, { addGenerationPrompt, specialTokens: tokenizer.specialTokens });
  return tokenizer.encode(text, { addSpecialTokens: false });
}

/**
 * A prompt's ids as training sees them; for generation.
 * @throws UserError for messages where the model has no chat template, and when the template refuses them.
 */
export function encodePrompt(prompt: string | readonly ChatMessage[], context: PromptContext): number[] {
  if (typeof prompt === 'string') return context.tokenizer.encode(prompt, { addSpecialTokens: true });
  return encodeChat(prompt, true, context);
}

/** Prompt and completion together: the tokenizer may merge across the boundary, and TRL lets it. */
function encodeWhole(pair: PreferencePair, side: Side, context: PromptContext): number[] {
  if (isChatPair(pair)) return encodeChat([...pair.prompt, ...pair[side]], false, context);
  const { tokenizer } = context;
  const eos = tokenizer.eosToken ?? '';
  const completion = pair[side].endsWith(eos) ? pair[side] : pair[side] + eos;
  return tokenizer.encode(pair.prompt + completion, { addSpecialTokens: true });
}

/** The text that tokens `from` to `to` add, quoted. */
function showTokens(tokenizer: Tokenizer, ids: readonly number[], from: number, to: number): string {
  const decode = (end: number) => tokenizer.decode(ids.slice(0, end), { skipSpecialTokens: false });
  return JSON.stringify(decode(to).slice(decode(from).length));
}

/** The warning where the prompt's own tokens are not the first ones of prompt + completion, or null. */
function boundaryWarning(
  tokenizer: Tokenizer,
  side: Side,
  promptIds: readonly number[],
  wholeIds: readonly number[],
): string | null {
  const at = promptIds.findIndex((id, i) => wholeIds[i] !== id);
  if (at < 0) return null;
  const alone = showTokens(tokenizer, promptIds, at, promptIds.length);
  const merged = showTokens(tokenizer, wholeIds, at, promptIds.length);
  return (
    `The boundary merges: the prompt alone ends in the tokens ${alone}, but together with \`${side}\` there is ${merged} in their place. ` +
    `The model is trained from token ${promptIds.length + 1} on, as TRL does it, which is not where \`${side}\` begins. ` +
    'End the prompt without a space and begin the completions with one.'
  );
}

/** The warning where a whole completion does not hold the end-of-sequence token, or null. */
function eosWarning(tokenizer: Tokenizer, side: Side, ids: readonly number[], isChat: boolean): string | null {
  const { eosToken, eosTokenId } = tokenizer;
  if (eosTokenId !== null && ids.includes(eosTokenId)) return null;
  const why =
    eosToken === null
      ? 'the tokenizer names no end-of-sequence token'
      : isChat
        ? `the chat template does not write ${eosToken} after an answer`
        : `${eosToken} is not encoded as one token`;
  return `\`${side}\` does not end in an end-of-sequence token (${why}), so the model does not learn from it where to stop.`;
}

/** Cuts a completion to `room` tokens from its start, with a warning if that loses any. */
function truncate(
  ids: readonly number[],
  room: number,
  side: Side,
  context: EncodeContext,
  doubts: Doubts,
): readonly number[] {
  if (ids.length <= room) return ids;
  const lost = ids.length - room;
  const { eosToken, eosTokenId } = context.tokenizer;
  const kept = ids.slice(0, room);
  const losesEos = eosTokenId !== null && ids.includes(eosTokenId) && !kept.includes(eosTokenId);
  doubts.note(
    'cutOff',
    `\`${side}\` is cut: its last ${lost} of ${ids.length} tokens do not fit into max_length ${context.maxLength}` +
      `${losesEos ? `, so its end-of-sequence token ${eosToken} is lost` : ''}. Raise max_length or shorten the text.`,
  );
  return kept;
}

/** One completion: split off the prompt, checked and cut. */
function encodeSide(
  pair: PreferencePair,
  side: Side,
  promptIds: readonly number[],
  context: EncodeContext,
  doubts: Doubts,
): readonly number[] {
  const { tokenizer, maxLength } = context;
  const wholeIds = encodeWhole(pair, side, context);
  const ids = wholeIds.slice(promptIds.length);
  doubts.note('boundaryMerges', boundaryWarning(tokenizer, side, promptIds, wholeIds));
  if (ids.length > 0) doubts.note('noEnd', eosWarning(tokenizer, side, ids, isChatPair(pair)));
  return truncate(ids, maxLength - promptIds.length, side, context, doubts);
}

/** The sentence for a prompt that leaves nothing to train on, or null. */
function promptProblem(promptIds: readonly number[], maxLength: number): string | null {
  if (promptIds.length === 0) {
    return 'The prompt is empty and the tokenizer adds no start token, so the first token of the answer follows nothing. Write a prompt.';
  }
  if (promptIds.length < maxLength) return null;
  return (
    `The prompt has ${promptIds.length} tokens and max_length is ${maxLength}, so no token of an answer is left to train on. ` +
    'Raise max_length or shorten the prompt.'
  );
}

function startTwiceWarning({ bosTokenId, bosToken }: Tokenizer, [first, second]: readonly number[]): string | null {
  if (bosTokenId === null || first !== bosTokenId || second !== bosTokenId) return null;
  return `The prompt begins with ${bosToken} twice: the tokenizer adds one. Remove it from the text.`;
}

/** Text without a character: TRL would train on the end-of-sequence token alone. */
function isEmptyCompletion(completion: string | readonly ChatMessage[]): boolean {
  return typeof completion === 'string' ? completion === '' : completion.every(({ content }) => content === '');
}

/**
 * Encodes a pair. Nothing is thrown for what the pair or the model's template does wrong: that is a `problem`.
 * A token id is not compared with the model's vocabulary here.
 */
export function encodePair(pair: PreferencePair, context: EncodeContext): EncodeOutcome {
  for (const side of ['chosen', 'rejected'] as const) {
    if (isEmptyCompletion(pair[side])) return { ok: false, problem: `\`${side}\` is empty; write the answer.` };
  }
  try {
    const promptIds = encodePrompt(pair.prompt, context);
    const problem = promptProblem(promptIds, context.maxLength);
    if (problem !== null) return { ok: false, problem };
    const doubts = new Doubts();
    doubts.note('startTwice', startTwiceWarning(context.tokenizer, promptIds));
    const chosenIds = encodeSide(pair, 'chosen', promptIds, context, doubts);
    const rejectedIds = encodeSide(pair, 'rejected', promptIds, context, doubts);
    const empty = chosenIds.length === 0 ? 'chosen' : rejectedIds.length === 0 ? 'rejected' : null;
    if (empty !== null) {
      return {
        ok: false,
        problem: `\`${empty}\` has no token of its own after the prompt's ${promptIds.length}; check the boundary between the two.`,
      };
    }
    return {
      ok: true,
      pair: { promptIds, chosenIds, rejectedIds, warnings: doubts.warnings, faults: [...doubts.faults] },
    };
  } catch (error) {
    if (error instanceof UserError) return { ok: false, problem: error.message };
    throw error;
  }
}
