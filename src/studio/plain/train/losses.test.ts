/** @file The form's losses against the engine's registry: names, options, references, and what is refused. */
import { expect, it } from 'vitest';
import { defaultObjectiveOptions } from '../../../objectives/objective';
import { chooseObjective, preferenceObjectives } from '../../../objectives/registry';
import { parseRunConfig } from '../../../run/config';
import { lossNames, losses, type OptionKey } from './losses';
import { initialForm, numberFields, readForm, withLoss } from './options';
import { presetIds, presets } from './presets';

const linears = ['q_proj'];

it('offers every loss of the engine but sft, which is a method', () => {
  expect([...lossNames, 'sft'].sort()).toEqual([...preferenceObjectives.keys()].sort());
});

it.each(lossNames)('%s shows the options that the engine reads for it', (name) => {
  const objective = preferenceObjectives.get(name)!;
  const { options, usesReference } = losses[name];
  const special = options.filter((key) => key !== 'beta' && key !== 'sft_weight');
  expect(usesReference).toBe(objective.usesReference);
  expect([...special].sort()).toEqual(objective.reads.filter((key) => key !== 'reference_free').sort());
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
  const changed = Object.fromEntries(losses[name].options.map((key) => [key, key === 'beta' ? '0.3' : '0.2']));
  for (const each of [form, { ...form, ...changed }]) {
    const [job] = readForm(each, linears).jobs;
    expect(parseRunConfig(job!.config)).toMatchObject(job!.config);
  }
  const { config } = readForm({ ...form, ...changed }, linears).jobs[0]!;
  for (const key of losses[name].options.filter(
    (each): each is Exclude<OptionKey, 'sft_weight'> => each !== 'sft_weight',
  ))
    expect(config[key]).toBe(key === 'beta' ? 0.3 : 0.2);
  expect(config.loss_weights).toEqual(losses[name].options.includes('sft_weight') ? [1, 0.2] : undefined);
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
