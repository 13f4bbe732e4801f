/**
 * @file Decoding of a growing list of tokens, for showing an answer while it is written.
 * All tokens are decoded each time: a later token may change how an earlier one reads, and answers are short.
 */
import type { Tokenizer } from './tokenizer';

export class StreamDecoder {
  private readonly ids: number[] = [];

  constructor(private readonly tokenizer: Tokenizer) {}

  /** Takes the next token and returns the whole text so far; a character whose bytes are incomplete is held back. */
  push(id: number): string {
    this.ids.push(id);
    return this.finish().replace(/\ufffd+$/, '');
  }

  /** The whole text, with U+FFFD where the last character stayed incomplete. */
  finish(): string {
    return this.tokenizer.decode(this.ids, { skipSpecialTokens: true });
  }
}
