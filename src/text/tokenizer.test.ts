/**
 * @file The JavaScript tokenizer against transformers: ids, decoded text and special tokens, over small tokenizers of
 * each model family (fixtures/tokenizers.json), and over a real model where it is present.
 */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { UserError } from '../core/errors';
import tokenizersFixture from './fixtures/tokenizers.json';
import { StreamDecoder } from './stream-decoder';
import { loadTokenizer } from './tokenizer';
import type { JsonObject } from '../core/json';

interface Golden {
  tokenizer_json: JsonObject;
  tokenizer_config: JsonObject;
  model_config: JsonObject;
  vocabulary_size: number;
  named_tokens: Record<'bos' | 'eos' | 'pad', string | null>;
  special_ids: number[];
  texts: { ids: number[]; bare?: number[]; decoded?: string; clean?: string }[];
}

const corpus: readonly string[] = tokenizersFixture.corpus;
const goldens = tokenizersFixture.tokenizers as unknown as Record<string, Golden>;

function load(name: string) {
  const golden = goldens[name];
  if (golden === undefined) throw new Error(`no golden ${name}; run fixtures/make_fixtures.py`);
  return { golden, tokenizer: loadTokenizer(golden.tokenizer_json, golden.tokenizer_config, golden.model_config) };
}

describe.each(Object.keys(goldens))('%s agrees with AutoTokenizer', (name) => {
  const { golden, tokenizer } = load(name);

  it('encodes', () => {
    for (const [i, text] of corpus.entries()) {
      const { ids, bare } = golden.texts[i] ?? { ids: [-1] };
      expect({ text, ids: tokenizer.encode(text, { addSpecialTokens: true }) }).toEqual({ text, ids });
      expect({ text, bare: tokenizer.encode(text, { addSpecialTokens: false }) }).toEqual({ text, bare: bare ?? ids });
    }
  });

  it('decodes', () => {
    for (const [i, text] of corpus.entries()) {
      const { ids, decoded = text, clean = decoded } = golden.texts[i] ?? { ids: [-1] };
      expect(tokenizer.decode(ids, { skipSpecialTokens: false })).toBe(decoded);
      expect(tokenizer.decode(ids, { skipSpecialTokens: true })).toBe(clean);
    }
  });

  it('knows its special tokens', () => {
    // transformers adds Gemma's <pad> and <mask> to this vocabulary, which lacks them.
    expect(tokenizer.vocabularySize).toBe(golden.vocabulary_size);
    expect(golden.special_ids.every((id) => tokenizer.isSpecial(id))).toBe(true);
    expect(tokenizer.bosToken).toBe(golden.named_tokens.bos);
    expect(tokenizer.eosToken).toBe(golden.named_tokens.eos);
    expect(tokenizer.tokenText(tokenizer.eosTokenId ?? -1)).toBe(golden.named_tokens.eos);
    expect(tokenizer.padTokenId === null).toBe(golden.named_tokens.pad === null);
  });
});

describe('the corpus', () => {
  it('tells the families apart, so that none of these tests passes by luck', () => {
    const ids = (name: string) => JSON.stringify(goldens[name]?.texts.map((row) => row.bare ?? row.ids));
    // Those that come to the same thing by different ways.
    const alike = [
      ['gpt2', 'smollm2', 'gpt2-bare'],
      ['metaspace', 'llama-always'],
      ['llama-never', 'gemma'],
      ['qwen2', 'qwen2-forced'],
    ];
    const names = Object.keys(goldens).filter((name) => !alike.some((group) => group.slice(1).includes(name)));
    expect(new Set(names.map(ids)).size).toBe(names.length);
  });
});

describe('special tokens', () => {
  const { golden } = load('gpt2');
  const { tokenizer_json: json } = golden;

  it('come from { content } objects and from ids of the model config', () => {
    const asObject = loadTokenizer(json, {
      tokenizer_class: 'TokenizersBackend',
      eos_token: { content: '<|im_end|>' },
    });
    expect([asObject.eosToken, asObject.eosTokenId]).toEqual(['<|im_end|>', 402]);
    const fromList = loadTokenizer(json, { tokenizer_class: 'TokenizersBackend' }, { eos_token_id: [401, 402] });
    expect([fromList.eosToken, fromList.eosTokenId, fromList.bosTokenId]).toEqual(['<|im_start|>', 401, null]);
  });

  it('are absent where tokenizer_config.json says null', () => {
    const tokenizer = loadTokenizer(
      json,
      { tokenizer_class: 'TokenizersBackend', bos_token: null, eos_token: null },
      { bos_token_id: 400, eos_token_id: 402 },
    );
    expect([tokenizer.bosToken, tokenizer.bosTokenId]).toEqual([null, null]);
    expect([tokenizer.eosToken, tokenizer.eosTokenId]).toEqual([null, null]);
  });

  it('must be in the vocabulary', () => {
    expect(() => loadTokenizer(json, { eos_token: '<nowhere>' })).toThrow(
      /"<nowhere>" as eos_token, which tokenizer\.json does not know/,
    );
  });

  it('of the config are found whole in a text even if tokenizer.json does not list them', () => {
    const model = json['model'] as { vocab: Record<string, number> };
    const vocab = { ...model.vocab, '<|end|>': 400 };
    const plain = loadTokenizer({ ...json, model: { ...model, vocab } }, {});
    const listed = loadTokenizer({ ...json, model: { ...model, vocab } }, { additional_special_tokens: ['<|end|>'] });
    expect(plain.encode('a<|end|>', { addSpecialTokens: false }).length).toBeGreaterThan(2);
    expect(listed.encode('a<|end|>', { addSpecialTokens: false })).toEqual([64, 400]);
    expect([plain.isSpecial(400), listed.isSpecial(400)]).toEqual([false, true]);
  });
});

/** Changes to a good tokenizer.json, and the sentence for each. */
const { model } = load('gpt2').golden.tokenizer_json as { model: JsonObject };
const split = (pattern: JsonObject, behavior: string, invert = false) => ({
  pre_tokenizer: { type: 'Split', pattern, behavior, invert },
});
const deep = (depth: number): JsonObject =>
  Array.from({ length: depth }).reduce<JsonObject>((inner) => ({ type: 'Sequence', normalizers: [inner] }), {
    type: 'NFC',
  });
const refused: readonly [JsonObject, RegExp][] = [
  [{ normalizer: { type: 'Sorcery' } }, /uses the normalizer "Sorcery", with which Airlock would not give/],
  [
    { normalizer: { type: 'Sequence', normalizers: [{ type: 'BertNormalizer' }] } },
    /uses the normalizer "BertNormalizer"/,
  ],
  [{ normalizer: { type: 'Precompiled', precompiled_charsmap: '!' } }, /precompiled_charsmap that is not base64/],
  [
    { normalizer: { type: 'Precompiled', precompiled_charsmap: 'AAD/fwAA' } },
    /precompiled_charsmap of 6 bytes that does not hold the table/,
  ],
  [{ normalizer: { type: 'Replace', pattern: {}, content: '' } }, /uses the pattern \{\}/],
  [{ pre_tokenizer: { type: 'UnicodeScripts' } }, /uses the pre-tokenizer "UnicodeScripts"/],
  [split({ Regex: '\\s++x' }, 'Isolated'), /possessive quantifiers/],
  [split({ Regex: '(?>a|ab)c' }, 'Isolated'), /atomic groups/],
  [split({ Regex: '(' }, 'Isolated'), /cannot run \(/],
  [split({ String: 'a' }, 'MergedWithNext', true), /Split with the behavior "MergedWithNext", inverted/],
  [{ decoder: { type: 'CTC' } }, /uses the decoder "CTC"/],
  [{ post_processor: { type: 'Sorcery' } }, /post_processor with the type "Sorcery"/],
  [
    {
      post_processor: {
        type: 'TemplateProcessing',
        single: [{ Sequence: { id: 'A' } }, { SpecialToken: { id: '<s>' } }],
        special_tokens: {},
      },
    },
    /the token ids null/,
  ],
  [{ model: { type: 'WordPiece', vocab: {} } }, /a model of the type "WordPiece"/],
  [{ model: { ...model, dropout: 0.1 } }, /BPE dropout 0\.1/],
  [{ model: { ...model, end_of_word_suffix: '</w>' } }, /`end_of_word_suffix` "<\/w>"/],
  [{ model: { ...model, vocab: null } }, /a model without `vocab`/],
  [{ model: { ...model, vocab: { a: 1e99 } } }, /gives the token "a" the id 1e\+99; ids are whole numbers/],
  [{ model: { ...model, vocab: { a: -1 } } }, /gives the token "a" the id -1/],
  [{ model: { ...model, vocab: { a: 1.5 } } }, /gives the token "a" the id 1\.5/],
  [{ model: { ...model, merges: ['ab'] } }, /`merges` are no list of pairs/],
  [{ model: { ...model, merges: 7 } }, /`merges` are no list of pairs/],
  [{ model: { type: 'Unigram', vocab: [['a', 'b']], unk_id: 0 } }, /a Unigram model without scores/],
];

describe('split_special_tokens', () => {
  const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as JsonObject;
  const { split_special_tokens: rows } = read('fixtures/golden/checkpoints.json') as unknown as {
    split_special_tokens: [text: string, split: number[], plain: number[]][];
  };
  const load = (options: JsonObject) =>
    loadTokenizer(read('fixtures/tiny-llama/tokenizer.json'), {
      ...read('fixtures/tiny-llama/tokenizer_config.json'),
      ...options,
    });

  it.each(rows)('%j is encoded as by transformers (tools/make_checkpoint_golden.py)', (text, split, plain) => {
    const encode = (options: JsonObject) => [...load(options).encode(text, { addSpecialTokens: true })];
    expect(encode({ split_special_tokens: true })).toEqual(split);
    expect(encode({})).toEqual(plain);
  });
});

describe('odd input', () => {
  it('a part nested a hundred deep is run, __proto__ is a token like any other', () => {
    const { tokenizer_json: json } = load('gpt2').golden;
    expect(loadTokenizer({ ...json, normalizer: deep(100) }, {}).encode('a', { addSpecialTokens: false })).toHaveLength(
      1,
    );
    const vocab = JSON.parse('{"__proto__":1,"a":0}') as JsonObject;
    const tokenizer = loadTokenizer({ ...json, model: { ...model, vocab, merges: [] }, added_tokens: [] }, {});
    expect([tokenizer.tokenText(1), tokenizer.encode('a', { addSpecialTokens: false })]).toEqual(['__proto__', [0]]);
  });

  const { tokenizer } = load('llama-first');

  it('ids without a token decode to nothing', () => {
    expect(tokenizer.decode([], { skipSpecialTokens: false })).toBe('');
    expect(tokenizer.decode([999_999], { skipSpecialTokens: false })).toBe('');
    expect(tokenizer.tokenText(999_999)).toBe('');
  });

  it('a file that is no tokenizer, or one of an unknown kind, is a UserError', () => {
    expect(() => loadTokenizer({}, {})).toThrow(UserError);
    const json = load('gpt2').golden.tokenizer_json;
    for (const [change, message] of refused) {
      expect(() => loadTokenizer({ ...json, ...change }, {})).toThrow(message);
      expect(() => loadTokenizer({ ...json, ...change }, {})).toThrow(UserError);
    }
  });

  it('a class that builds another tokenizer than the file holds is refused', () => {
    const { tokenizer_json: json } = load('gpt2').golden;
    expect(() => loadTokenizer(json, { tokenizer_class: 'LlamaTokenizerFast' }, { model_type: 'llama' })).toThrow(
      /names the tokenizer class LlamaTokenizer, but tokenizer\.json holds a byte-level model/,
    );
    expect(() => loadTokenizer(json, { tokenizer_class: 'CohereTokenizerFast' })).toThrow(
      /names the tokenizer class CohereTokenizer, which Airlock does not have/,
    );
  });
});

describe('StreamDecoder', () => {
  it.each(['llama-first', 'gpt2'])('%s: holds back incomplete characters and ends with the whole text', (name) => {
    const { tokenizer } = load(name);
    const text = '가각힣 😀 end';
    const ids = tokenizer.encode(text, { addSpecialTokens: false });
    expect(ids.length).toBeGreaterThan(10);
    const stream = new StreamDecoder(tokenizer);
    const shown = ids.map((id) => stream.push(id));
    for (const part of shown) expect(text.startsWith(part.trimEnd())).toBe(true);
    expect(shown.some((part) => part === '가')).toBe(true);
    expect(shown.at(-1)).toBe(text);
    expect(stream.finish()).toBe(text);
  });

  it('leaves special tokens out and shows at the end what stayed incomplete', () => {
    const { tokenizer } = load('gpt2');
    const stream = new StreamDecoder(tokenizer);
    const [first = -1] = tokenizer.encode('😀', { addSpecialTokens: false });
    stream.push(tokenizer.eosTokenId ?? -1);
    expect(stream.push(first)).toBe('');
    expect(stream.finish()).toBe('\ufffd');
  });
});

const tinystories = '../shared/models/tinystories-260k';
const present = existsSync(`${tinystories}/tokenizer.json`);

describe.skipIf(!present)(`tinystories-260k (skipped unless ${tinystories} is there)`, () => {
  it('gives the ids of its README', () => {
    const read = (file: string) => JSON.parse(readFileSync(`${tinystories}/${file}`, 'utf8')) as JsonObject;
    const tokenizer = loadTokenizer(read('tokenizer.json'), read('tokenizer_config.json'), read('config.json'));
    const text = 'Once upon a time, there was a little girl named Lily.';
    const ids = [1, 403, 407, 261, 378, 432, 383, 286, 261, 376, 298, 315, 421, 395, 317, 426];
    expect(tokenizer.encode(text, { addSpecialTokens: true })).toEqual(ids);
    expect(tokenizer.decode(ids, { skipSpecialTokens: true })).toBe(text);
    // transformers 5 rebuilds this class: the text after </s> gets no space of its own, unlike in tokenizer.json.
    expect(tokenizer.encode('a</s>b', { addSpecialTokens: true })).toEqual([1, 261, 2, 430]);
  });
});

/** The project's own goldens (tools/make_golden.py). */
const projectGoldens = ['tiny-llama', 'tiny-mistral', 'tinystories-260k'].filter(
  (name) => existsSync(`fixtures/golden/${name}/tokens.json`) && (name !== 'tinystories-260k' || present),
);

describe.skipIf(projectGoldens.length === 0)('fixtures/golden (skipped where absent)', () => {
  it.each(projectGoldens)('%s: the texts of tokens.json', (name) => {
    const directory = name === 'tinystories-260k' ? tinystories : `fixtures/${name}`;
    const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as JsonObject;
    const tokenizer = loadTokenizer(
      ...(['tokenizer', 'tokenizer_config', 'config'].map((file) => read(`${directory}/${file}.json`)) as [
        JsonObject,
        JsonObject,
        JsonObject,
      ]),
    );
    const rows = read(`fixtures/golden/${name}/tokens.json`)['tokenizer'] as Record<string, string>[];
    expect(rows.length).toBeGreaterThan(10);
    for (const { text = '', ...golden } of rows) {
      const withSpecial = tokenizer.encode(text, { addSpecialTokens: true });
      expect({
        text,
        ids: tokenizer.encode(text, { addSpecialTokens: false }),
        ids_with_special: withSpecial,
        decoded: tokenizer.decode(withSpecial, { skipSpecialTokens: false }),
        decoded_skip_special: tokenizer.decode(withSpecial, { skipSpecialTokens: true }),
      }).toEqual({
        text,
        ids: golden['ids'],
        ids_with_special: golden['ids_with_special'],
        decoded: golden['decoded'],
        decoded_skip_special: golden['decoded_skip_special'],
      });
    }
  });
});
