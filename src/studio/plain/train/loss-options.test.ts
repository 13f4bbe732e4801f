/** @file The form's losses against the engine: names, options, what is refused, and which fields take part. */
import { expect, it } from 'vitest';
import { chooseObjective } from '../../../run/choose-objective';
import { parseRunConfig } from '../../../run/config';
import { defaultObjectiveOptions, isNumberOption, objectiveNames, objectives } from '../../../run/objectives';
import {
  activeFields,
  countProblems,
  initialForm,
  lossNames,
  numberFields,
  optionsOf,
  readForm,
  takes,
  withLoss,
  type NumberKey,
  type OptionKey,
} from './options';
import { presetIds, presets } from './presets';

const linears = ['q_proj'];

it('offers every loss of the engine but sft, which is a method', () => {
  expect([...lossNames, 'sft'].sort()).toEqual([...objectiveNames].sort());
});

it.each(lossNames)('%s shows the options that the engine reads for it', (name) => {
  const { objective } = objectives[name];
  const options = optionsOf(name);
  const shown = options.filter((key) => key !== 'sft_weight');
  expect([...shown].sort()).toEqual(objective.reads.filter(isNumberOption).sort());
  expect(options.indexOf('beta')).toBe(objective.reads.includes('beta') ? 0 : -1);
  const combines = (() => {
    try {
      chooseObjective({
        ...defaultObjectiveOptions,
        label_smoothing: name === 'exo_pair' ? 0.001 : 0,
        method: 'dpo',
        loss_type: [name, 'sft'],
        loss_weights: null,
      });
      return true;
    } catch {
      return false;
    }
  })();
  expect(options.includes('sft_weight')).toBe(combines);
});

it.each(lossNames)('%s with its first settings, and with every option changed, is what the engine accepts', (name) => {
  const form = { ...initialForm, ...withLoss(name) };
  const changed = Object.fromEntries(optionsOf(name).map((key) => [key, key === 'beta' ? '0.3' : '0.2']));
  const divergent = takes(form, 'f_divergence_type') ? { f_divergence_type: 'alpha_divergence' as const } : {};
  const soft = takes(form, 'soft_labels') ? { soft_labels: true } : {};
  const all = { ...form, ...changed, ...divergent };
  for (const each of [form, { ...form, ...changed }, all, { ...all, ...soft }]) {
    const [job] = readForm(each, linears).jobs;
    expect(parseRunConfig(job!.config)).toMatchObject(job!.config);
    expect({ type: undefined, soft: undefined, ...job!.config }).toMatchObject({
      ...(each.f_divergence_type !== 'reverse_kl' && { f_divergence_type: each.f_divergence_type }),
      ...(each.soft_labels && { soft_labels: true }),
    });
  }
  const { config } = readForm(all, linears).jobs[0]!;
  const softened = readForm({ ...all, ...soft }, linears).jobs[0]!.config;
  for (const key of optionsOf(name).filter((each): each is Exclude<OptionKey, 'sft_weight'> => each !== 'sft_weight')) {
    const written = key === 'soft_label_temperature' ? softened : config;
    expect(written[key], key).toBe(key === 'beta' ? 0.3 : 0.2);
  }
  expect(config.loss_weights).toEqual(optionsOf(name).includes('sft_weight') ? [1, 0.2] : undefined);
});

it.each(lossNames)('%s counts pairs by their weights where the engine does, without a term that has none', (name) => {
  const form = { ...initialForm, ...withLoss(name), use_weighting: true, sft_weight: '0.5' };
  const { config } = readForm(form, linears).jobs[0]!;
  const isWeighted = objectives[name].objective.reads.includes('use_weighting');
  expect(parseRunConfig(config).use_weighting).toBe(isWeighted);
  expect(activeFields(form).includes('sft_weight')).toBe(!isWeighted && optionsOf(name).includes('sft_weight'));
});

it('leaves no option of one loss to the next', () => {
  const form = { ...initialForm, ...withLoss('exo_pair'), ...withLoss('simpo') };
  expect(form).toMatchObject({ loss_type: 'simpo', beta: '2', label_smoothing: '0' });
  expect({ ...form, ...withLoss('ipo') }).toMatchObject({ beta: numberFields.beta.initial });
});

it.each(presetIds)('the preset %s is accepted by the engine', (id) => {
  const { jobs } = readForm({ ...initialForm, ...presets[id] }, linears);
  expect(jobs).toHaveLength(1);
  for (const { config } of jobs) expect(parseRunConfig(config)).toMatchObject(config);
});

const numberKeys = Object.keys(numberFields) as NumberKey[];

it.each(lossNames)('no field that does not take part blocks a start: %s', (name) => {
  const start = { ...initialForm, ...withLoss(name) };
  for (const form of [start, { ...start, method: 'sft' as const }, { ...start, duration: 'steps' as const }]) {
    const active = activeFields(form);
    const wrongElsewhere = Object.fromEntries(
      numberKeys.filter((key) => !active.includes(key)).map((key) => [key, 'wrong']),
    );
    const { jobs, problems } = readForm({ ...form, ...wrongElsewhere }, linears);
    expect(problems.numbers).toEqual({});
    expect(jobs).toHaveLength(1);
    for (const key of active) expect(countProblems(readForm({ ...form, [key]: 'wrong' }, linears).problems)).toBe(1);
  }
});

it('has the option of another loss on no screen, and a bad number left in it stops nothing', () => {
  const ofOthers = lossNames.flatMap(optionsOf).filter((key) => !optionsOf('sigmoid').includes(key));
  expect(ofOthers).toEqual(expect.arrayContaining(['alpha', 'discopop_tau', 'simpo_gamma']));
  for (const key of ofOthers) {
    expect(activeFields(initialForm)).not.toContain(key);
    expect(readForm({ ...initialForm, [key]: 'wrong' }, linears).jobs).toHaveLength(1);
  }
});
