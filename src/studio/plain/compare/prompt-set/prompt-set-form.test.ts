import { expect, it } from 'vitest';
import type { ModelSummary } from '../../../../worker/protocol';
import {
  initialPromptSetForm,
  planPromptSet,
  readTemperatures,
  promptSetFormSchema,
  type PromptSetForm,
} from './prompt-set-form';
import { taskOfRows } from '../choose-prompts';

const model = { name: 'airlock-starter', hasChatTemplate: true } as ModelSummary;
const columns = [
  { runId: null, name: 'base', strength: 100, role: 'base' as const },
  { runId: 'd', name: 'dpo-1', strength: 50, role: 'dpo' as const },
];
const sampling = { maxNewTokens: 8, temperature: 1, topK: 0, topP: 1, seed: 3 };
const rowsOf = (file: string, count = 40) =>
  Array.from({ length: count }, (_, i) => ({
    file,
    row: i + 1,
    pair: { prompt: `p ${i}`, chosen: 'c', rejected: 'r' },
  }));
const manifest = { model: [], tasks: [{ id: 'sentiment' as const, train: 't', eval: 'e' }] };
const plan = (form: Partial<PromptSetForm>, sources = {}) =>
  planPromptSet(
    { ...initialPromptSetForm, ...form },
    {
      model,
      columns,
      sampling,
      rows: [],
      split: null,
      manifest,
      runs: [],
      judges: [],
      stored: [],
      hasRules: true,
      ...sources,
    },
  );

it('takes temperatures between commas, each once', () => {
  expect(readTemperatures('0, 0.7 1,0.7').values).toEqual([0, 0.7, 1]);
  for (const text of ['', 'warm', '0 1 2 3 4 5', '-1', '11'])
    expect(readTemperatures(text)).toMatchObject({ values: [], problem: {} });
});

it('plans what is typed, and says what is in the way', () => {
  expect(plan({ prompts: 'One\n\n Two ' })).toMatchObject({
    obstacle: null,
    plan: {
      prompts: [[{ role: 'user', content: 'One' }], [{ role: 'user', content: 'Two' }]],
      temperatures: [0, 0.7],
      count: 2,
      task: null,
      sampling: { seed: 3 },
    },
  });
  expect(plan({}).obstacle).toBe('noPrompts');
  expect(plan({ temperatures: 'x' }).obstacle).toBe('numbers');
  expect(plan({ prompts: 'One' }, { sampling: null }).obstacle).toBe('sampling');
  expect(plan({ prompts: 'One' }, { columns: columns.slice(1) }).obstacle).toBe('oneColumn');
  expect(plan({ prompts: 'One', judge: 'scorer' }).obstacle).toBe('notOfATask');
  expect(plan({ source: 'dataset' }).obstacle).toBe('noDatasetPrompts');
  expect(plan({ source: 'starter' }, { manifest: null }).obstacle).toBe('noStarter');
  expect(plan({ source: 'starter', count: '0' })).toMatchObject({ obstacle: 'numbers', problems: { count: {} } });
});

it("takes the held-out side of a split data set, and knows the starter's task", () => {
  const rows = rowsOf('starter-sentiment.jsonl');
  const split = { evaluationShare: 0.3, seed: 1 };
  const held = plan({ source: 'dataset', count: '100', judge: 'scorer' }, { rows, split }).plan;
  expect(held?.task).toBe('sentiment');
  expect(held?.prompts?.length).toBeGreaterThan(2);
  expect(held?.prompts?.length).toBeLessThan(25);
  expect(plan({ source: 'dataset', count: '4' }, { rows }).plan?.prompts).toHaveLength(4);
  expect(taskOfRows([...rows, ...rowsOf('mine.jsonl', 1)])).toBeNull();
  expect(plan({ source: 'starter', judge: 'scorer' }).plan).toMatchObject({
    task: 'sentiment',
    prompts: null,
    count: 16,
  });
});

it('asks a shipped model prompts of its own task, whichever was chosen for another model', () => {
  const tasks = [...manifest.tasks, { id: 'sentiment-ko' as const, model: 'model-ko', train: 't', eval: 'e' }];
  const asked = (name: string, task: PromptSetForm['task']) =>
    plan({ source: 'starter', task }, { model: { ...model, name }, manifest: { model: [], tasks } }).plan?.task;
  expect(asked('airlock-starter-ko', 'sentiment')).toBe('sentiment-ko');
  expect(asked('airlock-starter-ko', 'sentiment-ko')).toBe('sentiment-ko');
  expect(asked('airlock-starter', 'sentiment-ko')).toBe('sentiment');
});

it("offers the starter's prompts and its scorer to the starter's model only", () => {
  const own = { ...model, name: 'tiny' };
  expect(plan({ source: 'starter', judge: 'scorer', prompts: 'One' }, { model: own }).plan).toMatchObject({
    judge: 'analyst',
    task: null,
    prompts: [[{ role: 'user', content: 'One' }]],
  });
  const rows = rowsOf('starter-sentiment.jsonl');
  expect(plan({ source: 'dataset', judge: 'scorer' }, { rows, model: own }).plan?.judge).toBe('analyst');
  expect(plan({ source: 'dataset', judge: 'scorer' }, { rows }).plan?.judge).toBe('scorer');
});

it('asks for what chooses in a column of the best of N', () => {
  const [base, dpo] = columns as [(typeof columns)[number], (typeof columns)[number]];
  const of = (reward: string, given: Parameters<typeof plan>[1] = {}) =>
    plan({ prompts: 'One' }, { columns: [base, { ...dpo, best: { count: 4, reward } }], ...given });
  expect(of('rules', { hasRules: false }).obstacle).toBe('noRules');
  expect(of('run:gone').obstacle).toBe('noJudge');
  expect(of('rules').plan?.columns[1]?.best).toEqual({ count: 4, reward: 'rules' });
});

it('reads a form that lacks fields, and refuses one whose fields are not what they should be', () => {
  const form = { source: 'starter', judge: 'scorer', against: 2 };
  expect(promptSetFormSchema.parse(form)).toEqual({ ...initialPromptSetForm, ...form });
  for (const wrong of [{ task: 'x' }, { count: 5 }, { against: -1 }, { against: '0' }, { judge: null }])
    expect(promptSetFormSchema.safeParse({ ...form, ...wrong }).success).toBe(false);
});
