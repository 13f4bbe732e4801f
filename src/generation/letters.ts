/**
 * @file Asks a model for one letter: the log-probabilities of A and B as the first token of its reply, through its own
 * chat template, or where it has none after a cue.
 */
import { UserError } from '../core/errors';
import type { DeviceAdapter } from '../engine/device-adapter';
import type { OpenedModel } from '../engine/open-model';
import { renderChat } from '../text/chat-template';
import type { Tokenizer } from '../text/tokenizer';
import { Batch } from './batch';
import type { DecodeEngine, NextLogits } from './decode-engine';

/** What the reply of a model without a template follows. */
const cue = '\n\nThe better one is answer';

type Opened = Pick<OpenedModel, 'tokenizer' | 'chatTemplate'>;

/** The text that the model is given, and its tokens. */
function encodeQuestion({ tokenizer, chatTemplate }: Opened, question: string, reply = ''): number[] {
  if (chatTemplate === null) return tokenizer.encode(question + cue + reply, { addSpecialTokens: true });
  const { specialTokens } = tokenizer;
  const asked = [{ role: 'user', content: question }];
  const text = renderChat(chatTemplate, asked, { addGenerationPrompt: true, specialTokens });
  return tokenizer.encode(text + reply, { addSpecialTokens: false });
}

/** Tokens of each letter: as it stands and after a space, those that are one token. */
export interface LetterIds {
  readonly a: readonly number[];
  readonly b: readonly number[];
}

/**
 * Finds the tokens of A and B where a reply begins. A form of a letter counts where it adds one token and leaves those
 * before it as they are.
 * @throws UserError where a letter has no such token, or both have the same one
 */
export function letterIds(opened: Opened): LetterIds {
  const before = encodeQuestion(opened, 'A or B?');
  const idOf = (reply: string): readonly number[] => {
    const ids = encodeQuestion(opened, 'A or B?', reply);
    const isOneMore = ids.length === before.length + 1 && before.every((id, i) => ids[i] === id);
    return isOneMore ? ids.slice(-1) : [];
  };
  const forms = ['', ' '].map((space) => [idOf(`${space}A`), idOf(`${space}B`)] as const);
  // A form that only one of the letters has would favour that one.
  const usable = forms.filter(([a, b]) => a.length === 1 && b.length === 1 && a[0] !== b[0]);
  const unique = (side: 0 | 1): readonly number[] => [...new Set(usable.flatMap((form) => form[side]))];
  const [a, b] = [unique(0), unique(1)];
  if (a.length === 0 || a.some((id) => b.includes(id))) {
    const shown = (letter: string) => JSON.stringify(encodeQuestion(opened, 'A or B?', letter).slice(-3));
    throw new UserError('judgeLetters', { a: shown('A'), b: shown('B') });
  }
  return { a, b };
}

/** Log of the sum of the probabilities of tokens. */
function logpOf({ logits, norm }: NextLogits, ids: readonly number[]): number {
  const logps = ids.map((id) => (logits[id] as number) - norm);
  const most = Math.max(...logps);
  return most + Math.log(logps.reduce((sum, logp) => sum + Math.exp(logp - most), 0));
}

/** The texts that the tokenizer takes for special tokens; one of a single character could not be told from text. */
const specialTextsOf = (tokenizer: Tokenizer): readonly string[] =>
  Array.from({ length: tokenizer.vocabularySize }, (_, id) => id)
    .filter((id) => tokenizer.isSpecial(id))
    .map((id) => tokenizer.tokenText(id))
    .filter((text) => text.length > 1);

export interface LetterReader {
  readonly specialTexts: readonly string[];
  fits(question: string): boolean;
  ask(questions: readonly string[]): Promise<readonly { readonly a: number; readonly b: number }[]>;
}

/**
 * A model, or with an adapter what became of it, as one that is asked for letters.
 * @throws UserError as `letterIds`
 */
export function openLetters(opened: OpenedModel, engine: DecodeEngine, adapter: DeviceAdapter | null): LetterReader {
  const ids = letterIds(opened);
  const { contextLength } = opened.model.shape.config;
  return {
    specialTexts: specialTextsOf(opened.tokenizer),
    fits: (question) => encodeQuestion(opened, question).length < contextLength,
    async ask(questions) {
      const prompts = questions.map((question) => ({ promptIds: encodeQuestion(opened, question), adapter: 0 }));
      const longest = Math.max(...prompts.map(({ promptIds }) => promptIds.length));
      const stack = await engine.stack([adapter]);
      const batch = new Batch(engine, stack, prompts.length, longest);
      try {
        const entered = await batch.enter(prompts);
        return entered.map(({ next }) => {
          const letters = { a: logpOf(next, ids.a), b: logpOf(next, ids.b) };
          if (!Number.isFinite(letters.a) || !Number.isFinite(letters.b))
            throw new UserError('logitNotFinite', { number: 1 });
          return letters;
        });
      } finally {
        batch.dispose();
        stack.dispose();
      }
    },
  };
}
