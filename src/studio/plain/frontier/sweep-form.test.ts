import { describe, expect, it } from 'vitest';
import type { DatasetRow } from '../../../storage/records';
import { exampleModel, exampleRun } from '../examples';
import { initialForm } from '../train/options';
import { initialSweepForm, readBetas, readSweepForm, type SweepForm, type SweepSources } from './sweep-form';

const row = (index: number, scores?: DatasetRow['scores'], rejected = `bad ${index}`): DatasetRow => ({
  pair: { prompt: `p${index}`, chosen: `good ${index}`, rejected },
  ...{ file: 'a.jsonl', row: index + 1 },
  ...(scores && { scores }),
});

const rules = { version: 1, rules: [{ kind: 'json', weight: 1 }] } as const;

const sources = (given: Partial<SweepSources> = {}): SweepSources => ({
  model: exampleModel,
  trainForm: { ...initialForm, duration: 'steps', max_steps: '7' },
  rows: Array.from({ length: 40 }, (_, index) => row(index)),
  ...{
    split: { evaluationShare: 0.25, seed: 3 },
    reports: null,
    rules,
    runs: [{ ...exampleRun, id: 'j', method: 'reward', modelFingerprint: 'f' }],
  },
  ...given,
});

const form = (given: Partial<SweepForm> = {}): SweepForm => ({ ...initialSweepForm, ...given });

describe('betas as typed', () => {
  it('are read each once, from the smallest', () => {
    expect(readBetas('1; 0.1, 0.1 3')).toEqual({ values: [0.1, 1, 3], problem: null });
  });

  it.each(['0, 1, 2', '0.1 x 1', '-1'])('are refused: %s', (text) => {
    expect(readBetas(text).problem).not.toBeNull();
  });
});

describe('a sweep that is asked for', () => {
  it('holds the prompts that answer apart from the pairs that are trained on', () => {
    const { plan, heldOut } = readSweepForm(form(), sources());
    expect(heldOut).toBe(10);
    expect(plan?.pairs.train).toHaveLength(30);
    expect(plan?.prompts).toHaveLength(10);
    const trained = new Set(plan?.pairs.train.map(({ prompt }) => prompt));
    expect(plan?.prompts.some((prompt) => trained.has(prompt as string))).toBe(false);
    expect(plan?.rightAnswers).toEqual(plan?.prompts.map((prompt) => `good ${String(prompt).slice(1)}`));
    expect(readSweepForm(form({ prompts: '6' }), sources()).plan?.prompts).toHaveLength(6);
  });

  it('holds out a share where the data set does not', () => {
    const { plan } = readSweepForm(form(), sources({ split: null, trainForm: { ...initialForm, eval_share: '0.2' } }));
    expect([plan?.prompts.length, plan?.pairs.train.length]).toEqual([8, 32]);
  });

  it('trains by the Train screen’s settings to the last step, by DPO’s own loss, as many steps as that does', () => {
    const { plan } = readSweepForm(form({ labels: 'hard' }), sources());
    expect(plan?.job).toMatchObject({
      method: 'dpo',
      config: { loss_type: ['sigmoid'], max_steps: 7 },
      evaluation: { share: 0, settings: { load_best_model_at_end: false, early_stopping_patience: null } },
    });
    expect(plan?.job.config.soft_labels).toBeUndefined();
    expect(plan?.job.samples).toBeUndefined();
    expect(plan?.steps).toBe(7);
    expect(
      readSweepForm(form(), sources({ trainForm: { ...initialForm, evaluate: false } })).plan?.job.evaluation,
    ).toBe(undefined);
  });

  it('trains on soft labels where every pair has scores that differ', () => {
    const scored = Array.from({ length: 40 }, (_, index) => row(index, { chosen: 2, rejected: 1 }));
    const { plan } = readSweepForm(form({ labels: 'soft' }), sources({ rows: scored }));
    expect(plan?.job.config.soft_labels).toBe(true);
    expect(plan?.pairs.train[0]).toMatchObject({ scores: { chosen: 2, rejected: 1 } });
  });

  it('keeps its rules, its judge or its reward model', () => {
    expect(readSweepForm(form({ reward: 'run:j' }), sources()).plan?.reward).toEqual({ model: 'j' });
    expect(readSweepForm(form(), sources()).plan?.reward).toEqual({ rules });
    expect(readSweepForm(form({ reward: 'sentiment' }), sources({ rules: null })).plan?.reward).toEqual({
      scorer: 'sentiment',
    });
  });

  it('takes the starter’s judge for its own pairs where there are no rules', () => {
    const model = { ...exampleModel, name: 'airlock-starter' };
    const rows = Array.from({ length: 40 }, (_, index) => ({ ...row(index), file: 'starter-sentiment.jsonl' }));
    expect(readSweepForm(form(), sources({ model, rows, rules: null })).plan?.reward).toEqual({ scorer: 'sentiment' });
    expect(readSweepForm(form(), sources({ model, rows })).plan?.reward).toEqual({ rules });
    expect(readSweepForm(form(), sources({ rows, rules: null })).obstacle).toBe('noRules');
  });

  it.each([
    [{ betas: '0.1, 1' }, {}, 'betas'],
    [{ betas: '1 2 3 4 5 6' }, {}, 'betas'],
    [{ betas: '0.1, ?, 1' }, {}, 'numbers'],
    [{ answers: '0' }, {}, 'numbers'],
    [{}, { trainForm: { ...initialForm, lora_r: '' } }, 'trainForm'],
    [{}, { rows: [] }, 'noPairs'],
    [{}, { rows: [0, 1, 2, 3].map((at) => row(at, undefined, '')) }, 'lackAnswers'],
    [{ labels: 'soft' as const }, {}, 'noScores'],
    [{}, { rows: Array.from({ length: 20 }, (_, at) => row(at)) }, 'noHeldOut'],
    [{ prompts: '5' }, {}, 'numbers'],
    [{}, { rules: null }, 'noRules'],
    [{ reward: 'run:j' as const }, { runs: [] }, 'noJudge'],
  ])('says what is in the way: %o %o', (typed, given, obstacle) => {
    expect(readSweepForm(form(typed), sources(given))).toMatchObject({ plan: null, obstacle });
  });
});
