/**
 * @file Tokenizers with the pipelines of real model families against transformers: ids, decoded text and named tokens
 * over a nasty corpus and over the neighbourhoods of every added token (fixtures/tokenizers/, made by
 * tools/make_tokenizers.py).
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadTokenizer } from './tokenizer';
import type { JsonObject } from '../core/json';

/** Null stands for what the field before it says: bare = ids, decoded = text, clean = decoded. */
type Row = [ids: number[], bare: number[] | null, decoded: string | null, clean: string | null];

interface Family {
  class: string;
  model: string;
  tokenizer_json: JsonObject;
  tokenizer_config: JsonObject;
  model_config: JsonObject;
  named: Record<'bos' | 'eos' | 'pad', string | null>;
  special_ids: number[];
  length: number;
  texts: string[];
  rows: Row[];
  decodes: [ids: number[], decoded: string, clean: string][];
}

const goldens = JSON.parse(readFileSync('fixtures/tokenizers/goldens.json', 'utf8')) as {
  corpus: string[];
  models: Record<string, JsonObject>;
  tokenizers: Record<string, Family>;
};

describe.each(Object.entries(goldens.tokenizers))('%s', (_, family) => {
  const tokenizer = loadTokenizer(
    { ...family.tokenizer_json, model: goldens.models[family.model] },
    family.tokenizer_config,
    family.model_config,
  );
  const texts = [...goldens.corpus, ...family.texts];

  it('encodes, with and without special tokens, as transformers does', () => {
    const seen = texts.map((text) => [
      text,
      tokenizer.encode(text, { addSpecialTokens: true }),
      tokenizer.encode(text, { addSpecialTokens: false }),
    ]);
    const wanted = texts.map((text, i) => [text, family.rows[i]?.[0], family.rows[i]?.[1] ?? family.rows[i]?.[0]]);
    const wrong = seen.filter((row, i) => JSON.stringify(row) !== JSON.stringify(wanted[i]));
    expect(wrong).toEqual(wanted.filter(([text]) => wrong.some(([other]) => other === text)));
  });

  it('decodes what it encoded, and ids in no order, as transformers does', () => {
    const rows = texts.map((text, i) => {
      const [ids = [], , decoded, clean] = family.rows[i] ?? [];
      return [ids, decoded ?? text, clean ?? decoded ?? text] as const;
    });
    const wanted = [...rows, ...family.decodes];
    const seen = wanted.map(([ids]) => [
      ids,
      tokenizer.decode(ids, { skipSpecialTokens: false }),
      tokenizer.decode(ids, { skipSpecialTokens: true }),
    ]);
    const wrong = seen
      .map((row, i) => [row, wanted[i]])
      .filter(([row, other]) => JSON.stringify(row) !== JSON.stringify(other));
    expect(wrong.map(([row]) => row)).toEqual(wrong.map(([, row]) => row));
  });

  it('names the same tokens', () => {
    expect({
      bos: tokenizer.bosToken,
      eos: tokenizer.eosToken,
      pad: tokenizer.padTokenId === null ? null : tokenizer.tokenText(tokenizer.padTokenId),
    }).toEqual(family.named);
    expect(family.special_ids.filter((id) => !tokenizer.isSpecial(id))).toEqual([]);
    expect(tokenizer.vocabularySize).toBe(family.length);
  });
});
