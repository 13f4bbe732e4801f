/** @file Checkpoint directories: whole ones, sharded ones, and one sentence for everything that can be wrong. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { UserError } from '../core/errors';
import { sentenceOf } from '../messages/message';
import { bytesSource } from './byte-source';
import { openCheckpoint, stripCommonFolder } from './checkpoint';
import { writeSafetensors } from './safetensors';

type Files = Record<string, string | object | Uint8Array>;

const weights = (...names: string[]) =>
  writeSafetensors(
    names.map((name) => ({ name, shape: [2], data: new Float32Array(2) })),
    { format: 'pt' },
  );

const whole: Files = {
  'config.json': { model_type: 'llama' },
  'tokenizer.json': { model: {} },
  'model.safetensors': weights('a', 'b'),
};

const without = (files: Files, name: string): Files =>
  Object.fromEntries(Object.entries(files).filter(([path]) => path !== name));
const withoutWeights = without(whole, 'model.safetensors');
const sharded: Files = {
  ...withoutWeights,
  'model-1.safetensors': weights('a', 'unlisted'),
  'model-2.safetensors': weights('b'),
  'model.safetensors.index.json': {
    metadata: { total_size: 16 },
    weight_map: { a: 'model-1.safetensors', b: 'model-2.safetensors' },
  },
};

function open(files: Files) {
  const encode = (content: string | object) =>
    new TextEncoder().encode(typeof content === 'string' ? content : JSON.stringify(content));
  const directory = Object.entries(files).map(([path, content]) => {
    const bytes = content instanceof Uint8Array ? content : encode(content);
    return [path, bytesSource(path.split('/').at(-1) ?? '', bytes)] as const;
  });
  return openCheckpoint('tiny', new Map(directory));
}

describe('openCheckpoint', () => {
  it('opens a single file', async () => {
    const checkpoint = await open(whole);
    expect([checkpoint.name, checkpoint.config, checkpoint.weightBytes]).toEqual(['tiny', { model_type: 'llama' }, 16]);
    expect([checkpoint.generationConfig, checkpoint.tokenizerConfig, checkpoint.chatTemplate]).toEqual([
      null,
      {},
      null,
    ]);
    expect([...checkpoint.weights.keys()]).toEqual(['a', 'b']);
    expect(checkpoint.weights.get('b')?.source.name).toBe('model.safetensors');
  });

  it('opens shards; tensors that the index does not list are left out', async () => {
    const checkpoint = await open(sharded);
    const places = [...checkpoint.weights].map(([name, { source, info }]) => [name, source.name, info.name]);
    expect(places).toEqual([
      ['a', 'model-1.safetensors', 'a'],
      ['b', 'model-2.safetensors', 'b'],
    ]);
    expect(checkpoint.weightBytes).toBe(16);
  });

  it('takes the single file where an index is there as well', async () => {
    expect([...(await open({ ...sharded, 'model.safetensors': weights('c') })).weights.keys()]).toEqual(['c']);
  });

  it('drops the folder that a folder picker puts first', async () => {
    const nested = Object.fromEntries(Object.entries(sharded).map(([path, content]) => [`my-model/${path}`, content]));
    expect((await open(nested)).weights.size).toBe(2);
  });

  it("reads Python's NaN and Infinity in any of its JSON files", async () => {
    const checkpoint = await open({
      ...whole,
      'config.json': '{"model_type": "llama", "attn_pdrop": NaN}',
      'generation_config.json': '{"temperature": Infinity}',
      'tokenizer_config.json': '{"model_max_length": Infinity, "eos_token": "</s>"}',
    });
    expect([checkpoint.config['attn_pdrop'], checkpoint.generationConfig]).toEqual([NaN, { temperature: Infinity }]);
    expect(checkpoint.tokenizerConfig).toEqual({ model_max_length: Infinity, eos_token: '</s>' });
  });

  it('reads the optional files', async () => {
    const checkpoint = await open({
      ...whole,
      'generation_config.json': { eos_token_id: 2 },
      'tokenizer_config.json': { eos_token: '</s>' },
    });
    expect([checkpoint.generationConfig, checkpoint.tokenizerConfig]).toEqual([
      { eos_token_id: 2 },
      { eos_token: '</s>' },
    ]);
  });
});

describe('special_tokens_map.json', () => {
  const map = { 'special_tokens_map.json': { eos_token: '<|end|>' } };
  const config = (content: object): Files => ({ ...whole, ...map, 'tokenizer_config.json': content });

  it('counts where tokenizer_config.json has no added_tokens_decoder, as in transformers', async () => {
    expect((await open({ ...whole, ...map })).tokenizerConfig).toEqual({ eos_token: '<|end|>' });
    expect((await open(config({ eos_token: '</s>' }))).tokenizerConfig).toEqual({ eos_token: '<|end|>' });
    expect((await open(config({ eos_token: '</s>', added_tokens_decoder: {} }))).tokenizerConfig).toMatchObject({
      eos_token: '</s>',
    });
  });
});

describe('the chat template', () => {
  const inConfig = { 'tokenizer_config.json': { chat_template: 'config' } };
  it.each<[string, Files, string | null]>([
    ['chat_template.jinja first', { ...inConfig, 'chat_template.jinja': 'jinja' }, 'jinja'],
    ['then tokenizer_config.json', { ...inConfig, 'chat_template.json': { chat_template: 'json' } }, 'config'],
    [
      'of which a list holds a default',
      {
        'tokenizer_config.json': {
          chat_template: [
            { name: 'rag', template: 'rag' },
            { name: 'default', template: 'this' },
          ],
        },
      },
      'this',
    ],
    ['then chat_template.json', { 'chat_template.json': { chat_template: 'json' } }, 'json'],
    [
      'none without a default',
      { 'tokenizer_config.json': { chat_template: [{ name: 'rag', template: 'rag' }] } },
      null,
    ],
  ])('%s', async (_, files, expected) => {
    expect((await open({ ...whole, ...files })).chatTemplate).toBe(expected);
  });
});

describe('one sentence for', () => {
  const noConfig = without(whole, 'config.json');
  const noTokenizer = without(whole, 'tokenizer.json');
  const missingShard = without(sharded, 'model-2.safetensors');
  const index = (weightMap: unknown): Files => ({
    ...sharded,
    'model.safetensors.index.json': { weight_map: weightMap },
  });

  it.each<[string, Files, RegExp]>([
    ['an empty folder', {}, /^tiny has no config\.json; choose .* It holds no file at all\.$/],
    ['no config.json', noConfig, /^tiny has no config\.json;.* It holds model\.safetensors, tokenizer\.json\.$/],
    [
      'a config.json one folder down',
      { 'readme.md': '', ...Object.fromEntries(Object.entries(whole).map(([path, file]) => [`sub/${path}`, file])) },
      /There is one at sub\/config\.json: choose that folder\.$/,
    ],
    ['no tokenizer.json', noTokenizer, /^tiny has no tokenizer\.json; it is needed/],
    [
      'a tokenizer of the older kind',
      { ...noTokenizer, 'tokenizer.model': '' },
      /no tokenizer\.json; only the older tokenizer\.model is there\. .*save_pretrained/,
    ],
    ['no weights', withoutWeights, /^tiny has no model\.safetensors;/],
    [
      'pickled weights',
      { ...withoutWeights, 'pytorch_model.bin': 'x' },
      /^tiny has its weights in pytorch_model\.bin; Airlock reads model\.safetensors\. Convert it/,
    ],
    [
      'pickled shards',
      { ...withoutWeights, 'pytorch_model-00001-of-00002.bin': 'x' },
      /weights in pytorch_model-00001-of-00002\.bin/,
    ],
    ['GGUF', { ...withoutWeights, 'tiny.Q4_K_M.gguf': 'x' }, /weights in tiny\.Q4_K_M\.gguf/],
    ['a broken config.json', { ...whole, 'config.json': '{"a":' }, /^config\.json is not valid JSON: .*line 1/],
    ['a config.json that is a list', { ...whole, 'config.json': '[]' }, /^config\.json holds a list/],
    [
      'a broken tokenizer_config.json',
      { ...whole, 'tokenizer_config.json': '{' },
      /^tokenizer_config\.json is not valid JSON/,
    ],
    [
      'broken weights',
      { ...whole, 'model.safetensors': Uint8Array.of(1, 2) },
      /^model\.safetensors is not a valid safetensors file: it has 2 bytes/,
    ],
    [
      'a Git LFS pointer',
      { ...whole, 'model.safetensors': 'version https://git-lfs.github.com/spec/v1\n' },
      /^model\.safetensors is not a valid safetensors file/,
    ],
    [
      'a cut shard',
      { ...sharded, 'model-2.safetensors': weights('b').subarray(0, -3) },
      /^model-2\.safetensors is not a valid safetensors file: its tensors end at byte \d+, but the file has \d+ bytes/,
    ],
    [
      'a header that lies about its length',
      { ...whole, 'model.safetensors': Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255, 123, 125) },
      /a header length of 18446744073709551615 bytes/,
    ],
    [
      'a deep config.json',
      { ...whole, 'config.json': `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}` },
      /^config\.json has more than 256 levels of nesting/,
    ],
    ['a missing shard', missingShard, /^tiny has no model-2\.safetensors; model\.safetensors\.index\.json names it/],
    [
      'a tensor that its shard lacks',
      index({ a: 'model-2.safetensors' }),
      /places the tensor "a" in model-2\.safetensors, which does not hold it/,
    ],
    [
      'a shard outside the folder',
      index({ a: '../model-1.safetensors' }),
      /places the tensor "a" in "\.\.\/model-1\.safetensors"; it must be the name of a \.safetensors file in the same folder/,
    ],
    ['a shard outside the folder on Windows', index({ a: '..\\model-1.safetensors' }), /it must be the name/],
    ['a shard of another kind', index({ a: 'config.json' }), /it must be the name of a \.safetensors file/],
    ['a shard that is a number', index({ a: 1 }), /in 1; it must be the name/],
    ['an index without weight_map', index(null), /has no `weight_map` object/],
  ])('%s', async (_, files, message) => {
    await expect(open(files)).rejects.toThrow(message);
    await expect(open(files)).rejects.toThrow(UserError);
  });
});

describe('quantisation is told by the tensors', () => {
  /** A file of one tensor of four bytes. */
  const oneTensor = (name: string, dtype: string, shape: number[]) => {
    const header = JSON.stringify({ [name]: { dtype, shape, data_offsets: [0, 4] } }).padEnd(96);
    const bytes = new Uint8Array(8 + header.length + 4);
    bytes.set(new TextEncoder().encode(header), 8);
    bytes[0] = header.length;
    return bytes;
  };
  const quantised = (config: object, name: string, dtype: string, shape: number[]): Files => ({
    ...whole,
    'config.json': config,
    'model.safetensors': oneTensor(name, dtype, shape),
  });
  const gptq = { quantization_config: { quant_method: 'gptq', bits: 4 } };
  const mlx = { quantization: { group_size: 64, bits: 4 }, quantization_config: { group_size: 64, bits: 4 } };

  it.each<[string, Files, RegExp]>([
    [
      'GPTQ',
      quantised(gptq, 'a.qweight', 'I32', [1]),
      /^tiny is quantised \(quantization_config of config\.json: "gptq"\); Airlock reads weights in F32, F16 or BF16\. Choose the checkpoint/,
    ],
    [
      'bitsandbytes in 4 bits',
      quantised({ quantization_config: { load_in_4bit: true } }, 'a.weight', 'U8', [4, 1]),
      /^tiny is quantised \(quantization_config of config\.json: bitsandbytes\)/,
    ],
    [
      'FP8',
      quantised({ quantization_config: { quant_method: 'fp8' } }, 'a.weight', 'F8_E4M3', [4]),
      /^tiny is quantised .*"fp8"/,
    ],
    ['scales in 16 bits', quantised(gptq, 'a.scales', 'F16', [2]), /^tiny is quantised .*"gptq"/],
    [
      'MLX',
      quantised(mlx, 'a.weight', 'U32', [1]),
      /^tiny is an MLX checkpoint, quantised to 4 bits; .*mlx_lm\.convert --dequantize/,
    ],
  ])('%s is refused by name', async (_, files, message) => {
    await expect(open(files)).rejects.toThrow(message);
  });

  it.each(['F32', 'F16', 'BF16'])('a config left over beside %s is a warning', async (dtype) => {
    const shape = [dtype === 'F32' ? 1 : 2];
    const config = { quantization_config: { quant_method: 'bitsandbytes', load_in_4bit: true } };
    const { warnings } = await open(quantised(config, 'a.weight', dtype, shape));
    expect(warnings.map((warning) => sentenceOf(warning))).toEqual([
      expect.stringContaining(`quantization_config ("bitsandbytes"), but the weights are plain numbers (${dtype})`),
    ]);
    expect((await open(quantised({}, 'a.weight', dtype, shape))).warnings).toEqual([]);
  });

  it('masks of older transformers are no codes', async () => {
    const { warnings } = await open(quantised(gptq, 'h.0.attn.bias', 'U8', [4]));
    expect(warnings).toHaveLength(1);
  });
});

const models = ['fixtures/tiny-llama', 'fixtures/tiny-mistral', '../shared/models/tinystories-260k'].filter((path) =>
  existsSync(path),
);

describe.skipIf(models.length === 0)('real checkpoints (skipped where absent)', () => {
  it.each(models)('%s opens', async (path) => {
    const sources = readdirSync(path).map(
      (file) => [file, bytesSource(file, readFileSync(`${path}/${file}`))] as const,
    );
    const checkpoint = await openCheckpoint('real', new Map(sources));
    expect(checkpoint.weights.get('model.embed_tokens.weight')?.info.shape).toHaveLength(2);
    expect(checkpoint.weightBytes).toBeGreaterThan(10_000);
    expect(checkpoint.tokenizerJson).toHaveProperty('model');
  });
});

describe('stripCommonFolder', () => {
  it.each([
    [
      ['m/a', 'm/b/c'],
      ['a', 'b/c'],
    ],
    [
      ['x/m/a', 'x/m/b'],
      ['a', 'b'],
    ],
    [
      ['a', 'm/b'],
      ['a', 'm/b'],
    ],
    [
      ['m/a', 'm2/b'],
      ['m/a', 'm2/b'],
    ],
    [['m/only'], ['only']],
    [[], []],
  ])('%j -> %j', (paths, expected) => {
    expect(stripCommonFolder(paths)).toEqual(expected);
  });
});
