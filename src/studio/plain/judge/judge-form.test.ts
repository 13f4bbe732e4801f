import { describe, expect, it } from 'vitest';
import type { Run } from '../runs/run';
import {
  datasetPrompts,
  initialJudgeForm,
  planRound,
  judgeFormSchema,
  typedPrompts,
  type JudgeForm,
} from './judge-form';
import { answeringRuns } from '../runs/answering-runs';
import { exampleModel } from '../examples';

const model = exampleModel;

const runOf = (id: string, modelFingerprint = 'f', adapterBytes = 1): Run => ({
  id,
  name: `name of ${id}`,
  method: 'dpo',
  status: 'finished',
  modelName: 'tiny',
  modelFingerprint,
  startedAt: '',
  config: {},
  pairs: 1,
  startedFrom: null,
  steps: 1,
  totalSteps: 1,
  seconds: 1,
  finalLoss: null,
  finalMargin: null,
  adapterBytes,
  warnings: [],
  error: null,
});

const runs = [runOf('a'), runOf('b'), runOf('other', 'g'), runOf('failed', 'f', 0)];
const chat = [{ role: 'user', content: 'q' }];
const rows = [
  { pair: { prompt: 'p', chosen: 'c', rejected: 'r' }, file: 'x', row: 1 },
  { pair: { prompt: 'p', chosen: 'd', rejected: 'r' }, file: 'x', row: 2 },
  { pair: { prompt: chat, chosen: chat, rejected: chat }, file: 'x', row: 3 },
];

const read = (change: Partial<JudgeForm>, hasChatTemplate = false) =>
  planRound({ ...initialJudgeForm, prompts: 'one', ...change }, { model: { ...model, hasChatTemplate }, runs, rows });

describe('the round that the form asks for', () => {
  it('has typed prompts as text, or as a user’s message where there is a template', () => {
    expect(typedPrompts(' one \n\n\ttwo\r\n')).toEqual(['one', 'two']);
    expect(read({ prompts: 'one\ntwo' }).plan).toEqual({
      voices: [{ runId: null, name: 'base' }],
      answersEach: 2,
      sampling: { temperature: 0.8, seed: 0, maxNewTokens: 128 },
      prompts: ['one', 'two'],
    });
    expect(read({}, true).plan?.prompts).toEqual([[{ role: 'user', content: 'one' }]]);
  });

  it('draws prompts of the data set, each once, chat only for a model with a template', () => {
    expect(datasetPrompts(rows, false)).toEqual(['p']);
    expect(datasetPrompts(rows, true)).toEqual(['p', chat]);
    expect(read({ source: 'dataset', count: '1' }, true).plan?.prompts).toHaveLength(1);
    expect(read({ source: 'dataset', count: '9', seed: '3' }, true).plan?.prompts).toEqual(
      read({ source: 'dataset', count: '9', seed: '3' }, true).plan?.prompts,
    );
  });

  it('is answered by the base and by adapters of the loaded model that are still there', () => {
    expect(answeringRuns(runs, model.fingerprint).map(({ id }) => id)).toEqual(['a', 'b']);
    expect(answeringRuns(runs, undefined)).toEqual([]);
    expect(read({ voices: ['base', 'b', 'other', 'gone'], answersEach: '1', temperature: '0' }).plan?.voices).toEqual([
      { runId: null, name: 'base' },
      { runId: 'b', name: 'name of b' },
    ]);
  });

  it('says what is in the way', () => {
    expect(read({ temperature: '1,5' })).toMatchObject({
      plan: null,
      obstacle: 'numbers',
      problems: { temperature: { withPoint: '1.5' } },
    });
    expect(read({ count: 'x' }).obstacle).toBeNull();
    expect(read({ prompts: ' \n' }).obstacle).toBe('noPrompts');
    expect(planRound({ ...initialJudgeForm, source: 'dataset' }, { model, runs, rows: [] }).obstacle).toBe(
      'noDatasetPrompts',
    );
    expect(read({ voices: ['gone'] }).obstacle).toBe('noVoice');
    expect(read({ answersEach: '1' }).obstacle).toBe('oneAnswer');
    expect(read({ voices: ['base', 'a', 'b'], answersEach: '3' }).obstacle).toBe('tooManyAnswers');
    expect(read({ temperature: '0' }).obstacle).toBe('sameAnswers');
  });
});

it('reads a stored form, and refuses one whose fields are not what they should be', () => {
  const form: JudgeForm = {
    ...initialJudgeForm,
    prompts: 'x',
    voices: ['a'],
    source: 'dataset',
    annotator: 'Kim',
    seed: '7',
  };
  expect(judgeFormSchema.parse({ ...form })).toEqual(form);
  expect(judgeFormSchema.parse({})).toEqual(initialJudgeForm);
  for (const wrong of [{ source: 'air' }, { voices: 'base' }, { seed: 7 }, { prompts: null }])
    expect(judgeFormSchema.safeParse({ ...form, ...wrong }).success).toBe(false);
});
