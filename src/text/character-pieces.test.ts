/** @file Parts of characters are counted for vocabularies that lack a script, byte by byte or with an unknown token. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../core/json';
import { pieceCounter } from './character-pieces';
import { loadTokenizer } from './tokenizer';

function shareOf(model: string, text: string): number {
  const [json = {}, config = {}] = ['tokenizer', 'tokenizer_config'].map(
    (file) => JSON.parse(readFileSync(`fixtures/${model}/${file}.json`, 'utf8')) as JsonObject,
  );
  const tokenizer = loadTokenizer(json, config);
  const ids = tokenizer.encode(text, { addSpecialTokens: false });
  return pieceCounter(tokenizer)(ids) / ids.length;
}

describe.each(['tiny-llama', 'tiny-gpt2', 'tiny-qwen2', 'tiny-mistral'])('%s', (model) => {
  it('writes English in whole characters', () => {
    expect(shareOf(model, 'Stop the pump, lock it out, and check the bearing.')).toBe(0);
  });

  it('has mostly parts of characters for Korean, which it was not made for', () => {
    expect(shareOf(model, '펌프를 정지하고 잠금 조치한 뒤 베어링을 점검하십시오.')).toBeGreaterThan(0.5);
  });
});
