/** @file The token microscope. */
import { plural } from '../format';

export const microscope = {
  open: (number: number) => `Tokens of pair ${number}`,
  title: (number: number) => `Pair ${number} as training sees it`,
  waits: 'Load a model, and its tokenizer shows the tokens here.',
  reading: 'Encoding the pair…',
  warnings: 'Warnings about the encoding',
  facts: (prompt: number, kept: number, cut: number, endsInEos: boolean) =>
    `${plural(prompt, 'token')} given, ${plural(kept, 'token')} learned${cut > 0 ? `, ${plural(cut, 'token')} cut off` : ''}. ` +
    (endsInEos
      ? 'The end is marked, so the model learns where to stop (end-of-sequence token).'
      : 'The end is not marked, so the model does not learn where to stop (no end-of-sequence token).'),
  tokensOf: (side: string) => `Tokens: ${side}`,
  boundary: 'Here the prompt ends and the completion begins.',
  limit: 'Here max_length cuts.',
  /** @param bytes of the text in UTF-8, in hexadecimal */
  joined: (tokens: number, bytes: string) => `One text in ${tokens} tokens; its bytes: ${bytes}`,
  mask: (value: 0 | 1): string => (value === 0 ? 'given to the model, not learned' : 'learned, word for word'),
  cut: 'Cut off',
  notSeen: 'beyond the maximum length, not seen',
  end: 'End',
  endMeaning: 'where the model is to stop',
};
