/**
 * @file A cluster bundle without its reader: TRL itself runs bundles in tools/interop/test_bundle.py. Here: what stands
 * in the files whatever the run, and that the versions are those that are tested.
 */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import type { LoraAdapter } from '../formats/peft';
import { parseRunConfig } from '../run/config';
import { requirements, sharesOf, targetsOf, writeBundle, writeTrlConfig, type BundleFacts } from './bundle';

const matrix = (rows: number, columns: number) => ({
  shape: [rows, columns] as const,
  data: new Float32Array(rows * columns),
});

const adapter: LoraAdapter = {
  ...{ r: 2, lora_alpha: 4, target_modules: ['q_proj', 'v_proj'], layers_to_transform: null, fan_in_fan_out: false },
  base_model_name_or_path: null,
  modules: new Map([['model.layers.1.self_attn.q_proj', { A: matrix(2, 4), B: matrix(4, 2) }]]),
};

const facts = (settings: object, changes: Partial<BundleFacts['run']> = {}): BundleFacts => ({
  baseName: 'tiny',
  heldAs: 'float32',
  trained: adapter,
  run: {
    config: parseRunConfig(settings),
    ...{
      maxLength: 64,
      maxSteps: null,
      start: adapter,
      reference: null,
      logps: [],
      losses: [0.6931],
      startsAtLn2: true,
    },
    rows: [{ prompt: 'p', chosen: 'c', rejected: 'r' }],
    chatTemplate: null,
    ...changes,
  },
});

async function textOf(given: BundleFacts, wanted: string): Promise<string> {
  const file = writeBundle(given).find(({ path }) => path === wanted);
  let text = '';
  for await (const bytes of file?.pieces() ?? []) text += new TextDecoder().decode(bytes);
  return text;
}

const pathsOf = (given: BundleFacts): string[] => writeBundle(given).map(({ path }) => path);

it('writes every number so that PyYAML reads a number', () => {
  const text = writeTrlConfig(facts({ learning_rate: 1e-6, adam_epsilon: 1.5e-9, weight_decay: 0 }), 'float32');
  expect(text).toMatch(/^learning_rate: 0.000001$/m);
  expect(text).toMatch(/^adam_epsilon: 1.5e-9$/m);
  expect(writeTrlConfig(facts({ learning_rate: 1e-7 }), 'float32')).toMatch(/^learning_rate: 1.0e-7$/m);
});

it('computes in float32 in one configuration and in bfloat16 in the other, and is the same run otherwise', () => {
  const [exact, fast] = (['float32', 'bfloat16'] as const).map(
    (precision) => parse(writeTrlConfig(facts({}), precision)) as Record<string, unknown>,
  );
  expect(exact).toMatchObject({ dtype: 'float32', bf16: false, mixed_precision: 'no', lora_dropout: 0 });
  expect(fast).toMatchObject({ dtype: 'bfloat16', bf16: true, mixed_precision: 'bf16' });
  const rest = { dtype: 0, bf16: 0, mixed_precision: 0, output_dir: 0 };
  expect({ ...exact, ...rest }).toEqual({ ...fast, ...rest });
});

it('has the loss of DPO, or the answers of SFT', async () => {
  const dpo = parse(
    await textOf(facts({ loss_type: ['sigmoid', 'sft'], loss_weights: [1, 0.5] }), 'dpo.yaml'),
  ) as object;
  expect(dpo).toMatchObject({ loss_type: ['sigmoid', 'sft'], loss_weights: [1, 0.5], beta: 0.1 });
  const sft = facts({ method: 'sft' });
  expect(parse(await textOf(sft, 'sft.yaml'))).not.toHaveProperty('beta');
  expect(await textOf(sft, 'pairs.jsonl')).toBe('{"prompt":"p","completion":"c"}\n');
  expect(await textOf(facts({}), 'pairs.jsonl')).toBe('{"prompt":"p","chosen":"c","rejected":"r"}\n');
});

it('has a judged answer with its label for KTO', async () => {
  const rows = [
    { prompt: 'p', chosen: 'c', rejected: '' },
    { prompt: 'p', chosen: '', rejected: 'r' },
  ];
  const kto = facts({ method: 'kto', desirable_weight: 0.7 }, { rows });
  const given = parse(await textOf(kto, 'kto.yaml')) as object;
  expect(given).toMatchObject({ loss_type: 'kto', beta: 0.1, desirable_weight: 0.7, undesirable_weight: 1 });
  expect(await textOf(kto, 'pairs.jsonl')).toBe(
    '{"prompt":"p","completion":"c","label":true}\n{"prompt":"p","completion":"r","label":false}\n',
  );
  expect(await textOf(kto, 'README.md')).toContain('by the answers of all processes together');
  expect(await textOf(facts({}), 'README.md')).toContain('--num_processes');
});

it('has a reference and a template only where the run had', () => {
  expect(pathsOf(facts({})).filter((path) => /reference|template/.test(path))).toEqual([]);
  const chained = pathsOf(facts({}, { reference: adapter, chatTemplate: 'x' }));
  expect(chained).toContain('reference/adapter_model.safetensors');
  expect(chained).toContain('chat_template.jinja');
});

it('says why nothing can be compared where the base was held in 4 bits', async () => {
  const given = { ...facts({}, { losses: [] }), heldAs: 'int4' };
  expect(await textOf(given, 'expected.json')).toMatch(/held the base in int4/);
  expect(await textOf(given, 'README.md')).toMatch(/no losses to compare: Airlock held the base in int4/);
});

it('names one target as a regular expression, as TRL takes it, and layers by their modules', () => {
  const [only] = targetsOf({ ...adapter, target_modules: ['q_proj'] });
  expect(new RegExp(`^${only}$`).test('model.layers.0.self_attn.q_proj')).toBe(true);
  expect(new RegExp(`^${only}$`).test('model.layers.0.self_attn.sq_proj')).toBe(false);
  expect(targetsOf(adapter)).toEqual(['q_proj', 'v_proj']);
  const [module] = targetsOf({ ...adapter, layers_to_transform: [1] });
  expect(new RegExp(`^${module}$`).test('model.layers.1.self_attn.q_proj')).toBe(true);
});

it('shares a step among processes without a rest', () => {
  const config = parseRunConfig({ per_device_train_batch_size: 3, gradient_accumulation_steps: 4 });
  expect(sharesOf(config)).toEqual([
    { processes: 1, perDevice: 3, accumulation: 4 },
    { processes: 2, perDevice: 3, accumulation: 2 },
    { processes: 4, perDevice: 3, accumulation: 1 },
  ]);
  const alone = { processes: 1, perDevice: 4, accumulation: 2 };
  const judged = { method: 'kto', per_device_train_batch_size: 4, gradient_accumulation_steps: 2 };
  expect(sharesOf(parseRunConfig(judged))).toEqual([alone]);
  expect(sharesOf(parseRunConfig({ ...judged, loss_type: 'apo_zero_unpaired' }))).toHaveLength(4);
  const sorted = parseRunConfig({ loss_type: 'aot', per_device_train_batch_size: 4 });
  expect(sharesOf(sorted)).toEqual([{ processes: 1, perDevice: 4, accumulation: 1 }]);
});

it('pins what the tests run it with', () => {
  const tested = readFileSync('tools/requirements.txt', 'utf8').split('\n');
  for (const name of ['torch', 'transformers', 'peft', 'trl', 'accelerate', 'datasets'])
    expect(tested).toContain(`${name}==${requirements[name]}`);
});
