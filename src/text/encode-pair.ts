/**
 * @file A preference pair -> token ids, as TRL 1.13's DPOTrainer makes them (`_prepare_dataset`, `tokenize_fn`) and its
 * collator cuts them (truncation_mode keep_start). SFTTrainer 1.13 encodes prompt + completion in the same way.
 * Where TRL trains on something doubtful and logs at most one line, the pair gets a warning;
 * where nothing is left to train on, it is refused.
 */
import { UserError } from '../core/errors';
import { message, type Message } from '../messages/message';
import { hasAnswer, isChatPair } from '../data/preference-pair';
import type { EncodingFault } from '../data/checks/token-checks';
import type { ChatMessage, PairScores, PreferencePair, ScoredPair } from '../data/preference-pair';
import { renderChat } from './chat-template';
import type { Tokenizer } from './tokenizer';

export interface EncodedPair {
  readonly promptIds: readonly number[];
  /** The completion's tokens, with its end-of-sequence token unless that was cut off. */
  readonly chosenIds: readonly number[];
  readonly rejectedIds: readonly number[];
  /** The scores that the pair came with. */
  readonly scores?: PairScores | null;
  /** By how much its chosen answer is to be scored higher, where the file says so. */
  readonly margin?: number | undefined;
  readonly warnings: readonly Message[];
  /** What the warnings are about, each kind once. */
  readonly faults: readonly EncodingFault[];
}

export type EncodeOutcome = { ok: true; pair: EncodedPair } | { ok: false; problem: Message };

export interface PromptContext {
  readonly tokenizer: Tokenizer;
  /** Jinja source; null where the model has none. */
  readonly chatTemplate: string | null;
}

export interface EncodeContext extends PromptContext {
  /** The most tokens of prompt and completion together. */
  readonly maxLength: number;
  /** Whether a pair may do without a rejected answer, as for SFT: it then has no tokens. */
  readonly mayLackRejected?: boolean | undefined;
  /** Whether each answer stands for itself, as for KTO: either may be absent, and then has no tokens. */
  readonly isOfSingles?: boolean | undefined;
  /** Whether a reward model reads the pair: tokens of prompt and answer are then those of both together, never cut. */
  readonly isScored?: boolean | undefined;
}

type Side = 'chosen' | 'rejected';

/** Collects what is doubtful in one pair. */
class Doubts {
  readonly warnings: Message[] = [];
  readonly faults = new Set<EncodingFault>();

  add(fault: EncodingFault, warning: Message | null): void {
    if (warning === null) return;
    this.faults.add(fault);
    this.warnings.push(warning);
  }
}

/** Text that the template makes; it writes its own special tokens, so the tokenizer adds none. */
function encodeChat(messages: readonly ChatMessage[], addGenerationPrompt: boolean, context: PromptContext): number[] {
  const { tokenizer, chatTemplate } = context;
  if (chatTemplate === null) throw new UserError('chatWithoutTemplate');
  const text = renderChat(chatTemplate, messages, { addGenerationPrompt, specialTokens: tokenizer.specialTokens });
  return tokenizer.encode(text, { addSpecialTokens: false });
}

/**
 * Encodes a prompt as training sees it, for generation.
 * @throws UserError for messages where the model has no chat template, and when the template refuses them
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
): Message | null {
  const at = promptIds.findIndex((id, i) => wholeIds[i] !== id);
  if (at < 0) return null;
  const alone = showTokens(tokenizer, promptIds, at, promptIds.length);
  const together = showTokens(tokenizer, wholeIds, at, promptIds.length);
  return message('boundaryMerges', { alone, side, together, from: promptIds.length + 1 });
}

/** The warning where a whole completion does not hold the end-of-sequence token, or null. */
function eosWarning(tokenizer: Tokenizer, side: Side, ids: readonly number[], isChat: boolean): Message | null {
  const { eosToken, eosTokenId } = tokenizer;
  if (eosTokenId !== null && ids.includes(eosTokenId)) return null;
  const reason =
    eosToken === null
      ? message('noEndTokenNamed')
      : message(isChat ? 'templateWritesNoEnd' : 'endNotOneToken', { token: eosToken });
  return message('endTokenMissing', { side, reason });
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
  const { eosToken, eosTokenId } = context.tokenizer;
  const kept = ids.slice(0, room);
  const losesEos = eosTokenId !== null && ids.includes(eosTokenId) && !kept.includes(eosTokenId);
  doubts.add(
    'cutOff',
    message('completionCut', {
      side,
      cut: ids.length - room,
      all: ids.length,
      limit: context.maxLength,
      loss: losesEos ? message('endTokenLost', { token: String(eosToken) }) : '',
    }),
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
  doubts.add('boundaryMerges', boundaryWarning(tokenizer, side, promptIds, wholeIds));
  if (ids.length > 0) doubts.add('noEnd', eosWarning(tokenizer, side, ids, isChatPair(pair)));
  return truncate(ids, maxLength - promptIds.length, side, context, doubts);
}

/**
 * A pair as RewardTrainer of TRL 1.13 sees it: prompt and answer are one text, and what is longer than the limit is
 * left out. What both answers share of the prompt's tokens is the prompt.
 */
function encodeScored(pair: ScoredPair, promptIds: readonly number[], context: EncodeContext): EncodeOutcome {
  const [chosen, rejected] = [encodeWhole(pair, 'chosen', context), encodeWhole(pair, 'rejected', context)];
  const tokens = Math.max(chosen.length, rejected.length);
  if (tokens > context.maxLength)
    return { ok: false, problem: message('scoredTooLong', { tokens, limit: context.maxLength }) };
  const differs = promptIds.findIndex((id, i) => chosen[i] !== id || rejected[i] !== id);
  const shared = differs < 0 ? promptIds.length : differs;
  const doubts = new Doubts();
  doubts.add('startTwice', startTwiceWarning(context.tokenizer, promptIds));
  return {
    ok: true,
    pair: {
      ...{
        promptIds: promptIds.slice(0, shared),
        chosenIds: chosen.slice(shared),
        rejectedIds: rejected.slice(shared),
      },
      ...{ scores: pair.scores ?? null, margin: pair.margin, warnings: doubts.warnings, faults: [...doubts.faults] },
    },
  };
}

/** Why a prompt leaves nothing to train on, or null. */
function promptProblem(promptIds: readonly number[], maxLength: number): Message | null {
  if (promptIds.length === 0) return message('promptEmptyInPair');
  if (promptIds.length < maxLength) return null;
  return message('promptFillsLength', { tokens: promptIds.length, limit: maxLength });
}

function startTwiceWarning({ bosTokenId, bosToken }: Tokenizer, [first, second]: readonly number[]): Message | null {
  if (bosTokenId === null || first !== bosTokenId || second !== bosTokenId) return null;
  return message('startTokenTwice', { token: String(bosToken) });
}

/** Text without a character: TRL would train on the end-of-sequence token alone. */
function isEmptyCompletion(completion: string | readonly ChatMessage[]): boolean {
  return typeof completion === 'string' ? completion === '' : completion.every(({ content }) => content === '');
}

/** The answers that a pair must have here; null where it lacks the rejected one and may not. */
function sidesToEncode(pair: PreferencePair, { mayLackRejected, isOfSingles }: EncodeContext): readonly Side[] | null {
  const both: readonly Side[] = ['chosen', 'rejected'];
  const given = both.filter((side) => hasAnswer(pair, side));
  if (isOfSingles === true) return given.length > 0 ? given : ['chosen'];
  if (given.includes('rejected')) return both;
  return given.length > 0 && mayLackRejected !== true ? null : ['chosen'];
}

/**
 * Encodes a pair. Nothing is thrown for what the pair or the model's template does wrong: that is a `problem`.
 * A token id is not compared with the model's vocabulary here.
 */
export function encodePair(pair: ScoredPair, context: EncodeContext): EncodeOutcome {
  const sides = sidesToEncode(pair, context);
  if (sides === null) return { ok: false, problem: message('rejectedAbsent') };
  const blank = sides.find((side) => isEmptyCompletion(pair[side]));
  if (blank !== undefined) return { ok: false, problem: message('completionEmpty', { side: blank }) };
  try {
    const promptIds = encodePrompt(pair.prompt, context);
    const problem = promptProblem(promptIds, context.maxLength);
    if (problem !== null) return { ok: false, problem };
    if (context.isScored === true) return encodeScored(pair, promptIds, context);
    const doubts = new Doubts();
    doubts.add('startTwice', startTwiceWarning(context.tokenizer, promptIds));
    const idsOf = (side: Side) => (sides.includes(side) ? encodeSide(pair, side, promptIds, context, doubts) : []);
    const [chosenIds, rejectedIds] = [idsOf('chosen'), idsOf('rejected')];
    const empty = sides.find((side) => (side === 'chosen' ? chosenIds : rejectedIds).length === 0);
    if (empty !== undefined) {
      return {
        ok: false,
        problem: message('completionWithoutTokens', { side: empty, tokens: promptIds.length }),
      };
    }
    return {
      ok: true,
      pair: {
        ...{ promptIds, chosenIds, rejectedIds, scores: pair.scores ?? null },
        ...{ warnings: doubts.warnings, faults: [...doubts.faults] },
      },
    };
  } catch (error) {
    if (error instanceof UserError) return { ok: false, problem: error.said };
    throw error;
  }
}
