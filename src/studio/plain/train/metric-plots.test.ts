import { expect, it } from 'vitest';
import { withDefaults, type RunSettings } from '../../../run/config';
import type { StepMetrics } from '../../../run/metrics';
import {
  linesOfPlot,
  metricNames,
  countLarge,
  overlaidMetrics,
  overlay,
  plotsOf,
  smoothed,
  writeCsv,
  type PlotSeries,
} from './metric-plots';

const labelOf = ({ metric, isEvaluation }: PlotSeries) =>
  isEvaluation ? 'evaluation' : (metric.split('/').at(-1) ?? metric);

const step = { epoch: 0, loss: 1, grad_norm: 1, learning_rate: 1 };

it('has large charts in pairs, so that a main one has no small one beside it', () => {
  const of = (main: number, rest: number) =>
    countLarge(Array.from({ length: main + rest }, (_, index) => (index < main ? { isMain: true as const } : {})));
  expect([of(3, 4), of(4, 2), of(1, 0), of(0, 3)]).toEqual([4, 4, 1, 0]);
});

it('smooths as TensorBoard does: debiased, gaps left out, a constant left as it is', () => {
  expect(smoothed([1, 2, 3], 0)).toEqual([1, 2, 3]);
  // 0.5 * 0 + 0.5 * 1 = 0.5, / (1 - 0.5) = 1; 0.25 + 1 = 1.25, / 0.75; 0.625 + 1.5 = 2.125, / 0.875.
  const [first, second, gap, third] = smoothed([1, 2, null, 3], 0.5);
  expect([first, gap]).toEqual([1, null]);
  expect(second).toBeCloseTo(1.25 / 0.75, 12);
  expect(third).toBeCloseTo(2.125 / 0.875, 12);
  const constant = smoothed([4, 4, NaN, 4, 4], 0.9);
  expect(constant.map((value) => value && Math.round(1e9 * value) / 1e9)).toEqual([4, 4, null, 4, 4]);
});

it('makes lines with gaps where a metric is absent, smoothed but for evaluations and the learning rate', () => {
  const metrics: StepMetrics[] = [
    { ...step, step: 1, 'rewards/chosen': 2, 'rewards/rejected': -2 },
    { ...step, step: 2, eval_loss: 3 },
  ];
  const plots = plotsOf(withDefaults({ method: 'dpo' }), metrics);
  const rewards = linesOfPlot(
    plots.find(({ id }) => id === 'rewards')!,
    metrics,
    'dpo',
    0.5,
    labelOf,
  );
  expect(rewards.xs).toEqual([1, 2]);
  expect(rewards.lines).toMatchObject([
    { label: 'chosen', colour: 'chosen', values: [2, null], smooth: [2, null] },
    { label: 'rejected', values: [-2, null] },
  ]);
  expect(linesOfPlot(plots[0]!, metrics, 'dpo', 0.5, labelOf).lines).toMatchObject([
    { id: 'loss', colour: 'dpo', smooth: [1, 1] },
    { id: 'eval_loss', label: 'evaluation', isDashed: true, smooth: null },
  ]);
  expect(
    linesOfPlot(
      plots.find(({ id }) => id === 'learningRate')!,
      metrics,
      'dpo',
      0.5,
      labelOf,
    ).lines[0]!.smooth,
  ).toBeNull();
});

it('shows what a run has: by its loss, and nothing of which there is no value', () => {
  const known = { ...step, step: 1, 'logps/chosen': -3 };
  const names = (settings: RunSettings, metrics: StepMetrics) =>
    metricNames(plotsOf(withDefaults(settings), [metrics]));
  expect(names({ method: 'sft' }, known)).toEqual(['loss', 'logps/chosen', 'grad_norm', 'learning_rate']);
  // What says most comes first.
  expect(names({ method: 'sft' }, { ...known, eval_kl: 1, tokens_per_second: 2 })).toEqual([
    'loss',
    'eval_kl',
    'logps/chosen',
    'grad_norm',
    'learning_rate',
    'tokens_per_second',
  ]);
  const ids = (loss_type: string[]) => plotsOf(withDefaults({ method: 'dpo', loss_type }), [known]).map(({ id }) => id);
  expect(ids(['sigmoid'])).toEqual(['loss', 'logps', 'gradient', 'learningRate']);
  expect(ids(['unlikelihood'])[0]).toBe('otherLoss');
  expect(ids(['sigmoid', 'sft'])[0]).toBe('otherLoss');
  expect(plotsOf(null, [known])).toEqual([]);
});

it('lays runs over each other by step or by tokens', () => {
  const runs = [
    {
      name: 'sft-1',
      role: 'sft' as const,
      metrics: [1, 2, 3].map((at) => ({ ...step, step: at, num_tokens: 10 * at, loss: at })),
    },
    {
      name: 'dpo-1',
      role: 'dpo' as const,
      metrics: [1, 2].map((at) => ({ ...step, step: at, num_tokens: 15 * at, loss: -at, 'rewards/margins': at })),
    },
  ];
  expect(overlaidMetrics(runs)).toEqual(['loss', 'rewards/margins', 'grad_norm', 'learning_rate']);
  const bySteps = overlay('loss', runs, 'step', 0);
  expect(bySteps).toMatchObject({
    xs: [1, 2, 3],
    lines: [
      { label: 'sft-1', values: [1, 2, 3] },
      { label: 'dpo-1', values: [-1, -2, null] },
    ],
  });
  expect(bySteps.lines.map(({ colour }) => colour)).toEqual(['sft', 'dpo']);
  expect(overlay('loss', runs, 'num_tokens', 0)).toMatchObject({
    xs: [10, 15, 20, 30],
    lines: [{ values: [1, null, 2, 3] }, { values: [null, -1, null, -2] }],
  });
  expect(overlay('loss', runs, 'num_tokens', 0.5).lines[1]!.smooth).toEqual([null, -1, null, (-0.5 * 0.5 - 1) / 0.75]);
  expect(overlay('rewards/margins', runs, 'step', 0).lines.map(({ label }) => label)).toEqual(['dpo-1']);
});

it('writes a CSV of TRL names with one row a step', () => {
  const metrics: StepMetrics[] = [
    { ...step, step: 1, 'rewards/margins': 0.5 },
    { ...step, step: 2, 'rewards/margins': 1e-7, eval_loss: 0.25 },
  ];
  expect(writeCsv(metrics)).toBe(
    'step,epoch,loss,grad_norm,learning_rate,rewards/margins,eval_loss\n1,0,1,1,1,0.5,\n2,0,1,1,1,1e-7,0.25\n',
  );
});

it('draws reward, divergence and entropy of answers of its own first, and no margin', () => {
  const drawn: StepMetrics = {
    ...{ ...step, step: 1, reward: 0.5, kl: 0.1, 'completions/mean_surprise': 2, 'completions/mean_length': 20 },
    ...{ 'completions/clipped_ratio': 0.5, 'clip_ratio/region_mean': 0, frac_reward_zero_std: 0 },
  };
  const ids = plotsOf(withDefaults({ method: 'rloo' }), [drawn]).map(({ id }) => id);
  expect(ids.slice(0, 3)).toEqual(['answerReward', 'answerKl', 'surprise']);
  expect(ids).toEqual(expect.arrayContaining(['answerLength', 'cutOff', 'noSpread', 'held', 'answerLoss']));
  expect(ids).not.toContain('otherLoss');
});

it('draws those of pairs behind the reward where the answers become pairs', () => {
  const drawn: StepMetrics = {
    ...{
      ...step,
      step: 1,
      reward: 0.5,
      kl: 0.1,
      'objective/scores_margin': 0.25,
      'rewards/margins': 0,
      'logps/chosen': -9,
    },
  };
  const plots = plotsOf(withDefaults({ method: 'online_dpo' }), [drawn]);
  const ids = plots.map(({ id }) => id);
  expect(ids.slice(0, 4)).toEqual(['answerReward', 'answerKl', 'loss', 'margin']);
  expect(ids).toEqual(expect.arrayContaining(['scoresMargin', 'logps']));
  expect(ids).not.toContain('answerLoss');
  expect(plots.find(({ id }) => id === 'loss')?.reference).toBe(Math.LN2);
});

it('lays what runs of PPO and online DPO have of their own over each other, and writes all of it as CSV', () => {
  const ofPpo: StepMetrics = {
    ...{ ...step, step: 1, reward: 0.5, 'objective/kl': 2, 'objective/scores': 0.5, 'objective/kl_coef': 0.05 },
    ...{ 'policy/clipfrac_avg': 0.1, 'loss/value_avg': 0.2, 'val/ratio': 1 },
  };
  const ofPairs: StepMetrics = { ...step, step: 1, reward: 0.5, 'objective/scores_margin': 0.25 };
  const ofRloo: StepMetrics = { ...step, step: 1, reward: 0.5, 'clip_ratio/region_mean': 0 };
  const runs = [ofPpo, ofPairs, ofRloo].map((metrics, at) => ({ name: `${at}`, role: null, metrics: [metrics] }));
  expect(overlaidMetrics(runs)).toEqual(
    expect.arrayContaining([
      ...['objective/scores_margin', 'loss/value_avg', 'policy/clipfrac_avg', 'objective/kl_coef'],
      'clip_ratio/region_mean',
    ]),
  );
  for (const metrics of [ofPpo, ofPairs, ofRloo])
    expect(writeCsv([metrics]).split('\n')[0]!.split(',').sort()).toEqual(Object.keys(metrics).sort());
});
