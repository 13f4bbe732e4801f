/**
 * @file Decoding of a growing list of tokens, for showing an answer while it is written.
 * All tokens are decoded each time: a later token may change how an earlier one reads, and answers are short.
 */
import type { Tokenizer } from './tokenizer';

/** Decodes an answer token by token. */
export class StreamDecoder {
  private readonly ids: number[] = [];
  private shown = '';

  constructor(private readonly tokenizer: Tokenizer) {}

  /**
   * Takes the next token and returns the text so far. While the last character is incomplete that is the text before
   * it: of a run of byte tokens with one incomplete character, transformers reads every byte as U+FFFD.
   */
  push(id: number): string {
    this.ids.push(id);
    const text = this.finish();
    if (!text.endsWith('\ufffd')) this.shown = text;
    return this.shown;
  }

  /** Returns the whole text, with U+FFFD where the last character stayed incomplete. */
  finish(): string {
    return this.tokenizer.decode(this.ids, { skipSpecialTokens: true });
  }
}
