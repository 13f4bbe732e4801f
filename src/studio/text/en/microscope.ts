/** @file The token microscope. */
import { plural } from '../format';

export const microscope = {
  open: (number: number) => `Tokens of pair ${number}`,
  title: (number: number) => `Pair ${number} as training sees it`,
  waits: 'Load a model, and its tokenizer shows the tokens here.',
  reading: 'Encoding the pair…',
  warnings: 'Warnings about the encoding',
  facts: (prompt: number, kept: number, cut: number, endsInEos: boolean) =>
    `${plural(prompt, 'token')} of prompt, ${plural(kept, 'token')} trained on${cut > 0 ? `, ${plural(cut, 'token')} cut off` : ''}. ` +
    (endsInEos ? 'Ends in the end-of-sequence token.' : 'Without an end-of-sequence token.'),
  tokensOf: (side: string) => `Tokens: ${side}`,
  boundary: 'Here the prompt ends and the completion begins.',
  limit: 'Here max_length cuts.',
  /** @param bytes of the text in UTF-8, in hexadecimal */
  joined: (tokens: number, bytes: string) => `One text in ${tokens} tokens; its bytes: ${bytes}`,
  mask: (value: 0 | 1): string => (value === 0 ? 'read only (mask 0)' : 'trained on (mask 1)'),
  cut: 'Cut off',
  notSeen: 'not seen in training',
};
