/** @file The letters of a judge, held against transformers (tools/make_judge_golden.py), and models that have none. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { openDirectory } from '../cli/node-files';
import { openExecutor, openModelDirectory } from '../cli/session';
import { uploadAdapter } from '../engine/device-adapter';
import { openModel, type OpenedModel } from '../engine/open-model';
import { bytesSource } from '../formats/byte-source';
import { readPeftAdapter } from '../formats/peft';
import { DecodeEngine } from './decode-engine';
import { letterIds, openLetters } from './letters';

interface Golden {
  readonly questions: readonly string[];
  readonly models: readonly {
    readonly path: string;
    readonly template: boolean;
    readonly ids: { readonly a: readonly number[]; readonly b: readonly number[] };
    readonly letters: readonly { readonly tokens: number; readonly a: number; readonly b: number }[];
  }[];
}
const { questions, models } = JSON.parse(readFileSync('fixtures/golden/letters.json', 'utf8')) as Golden;
const bound = 1e-5;

const lettersOf = (opened: OpenedModel, adapter: Parameters<typeof openLetters>[2] = null) =>
  openLetters(opened, new DecodeEngine(opened.model), adapter);

it.each(models)('$path gives A and B the probabilities that transformers gives them', async (golden) => {
  const opened = await openModelDirectory(golden.path);
  expect(opened.chatTemplate !== null).toBe(golden.template);
  expect(letterIds(opened)).toEqual(golden.ids);
  const asked = await lettersOf(opened).ask(questions);
  golden.letters.forEach(({ a, b }, i) => {
    const got = asked[i] as { a: number; b: number };
    expect(Math.abs(got.a - a)).toBeLessThan(bound);
    expect(Math.abs(got.b - b)).toBeLessThan(bound);
  });
});

it('asks what became of a model by an adapter, and names its special tokens', async () => {
  const opened = await openModelDirectory('fixtures/tiny-llama');
  const adapter = await readPeftAdapter(openDirectory('fixtures/golden/tiny-llama/init-adapter').directory);
  const letters = lettersOf(opened, uploadAdapter(opened.model, adapter));
  const [[base], [changed]] = await Promise.all([lettersOf(opened).ask(questions.slice(0, 1)), letters.ask(questions)]);
  expect(Math.abs((changed?.a ?? NaN) - (base?.a ?? NaN))).toBeGreaterThan(0.01);
  expect(letters.specialTexts).toEqual(['<|bos|>', '<|pad|>', '<|im_start|>', '<|im_end|>']);
});

it('counts a question as too long where no token is left for the letter', async () => {
  const opened = await openModelDirectory('fixtures/tiny-gpt-neox');
  const { contextLength } = opened.model.shape.config;
  const letters = lettersOf(opened);
  const [question = ''] = questions;
  const more = contextLength - (models[1]?.letters[0]?.tokens ?? NaN);
  // A control character is one token, whatever stands beside it.
  const longer = (tokens: number) => question + '\u0001'.repeat(tokens);
  expect(letters.fits(longer(more - 1))).toBe(true);
  expect(letters.fits(longer(more))).toBe(false);
});

/** tiny-llama with a tokenizer that reads each B as something else. */
async function openWithout(content: string): Promise<OpenedModel> {
  const { directory } = openDirectory('fixtures/tiny-llama');
  const tokenizer = JSON.parse(readFileSync('fixtures/tiny-llama/tokenizer.json', 'utf8')) as object;
  const normalizer = { type: 'Replace', pattern: { String: 'B' }, content };
  const bytes = new TextEncoder().encode(JSON.stringify({ ...tokenizer, normalizer }));
  const changed = new Map([...directory, ['tokenizer.json', bytesSource('tokenizer.json', bytes)]]);
  return openModel('tiny-llama', changed, await openExecutor());
}

it('refuses a model that cannot tell A from B, or for which a letter is more than one token', async () => {
  const same = await openWithout('A');
  expect(() => lettersOf(same)).toThrow(
    /This model cannot judge: A and B are not one token each.*36\] with A.*36\] with B/,
  );
  const several = await openWithout('\u0001\u0001');
  expect(() => lettersOf(several)).toThrow('This model cannot judge');
});

it('takes the form of the letters that a template leaves whole', async () => {
  const opened = await openModelDirectory('public/starter/model');
  const [, spaced] = models[3]?.ids.a ?? [];
  // After a space " A" is another token than A, and takes the place of the space.
  const ending = { ...opened, chatTemplate: "{{ messages[0]['content'] }}\nThe better one is answer " };
  expect(letterIds(ending).a).toEqual([spaced]);
});
