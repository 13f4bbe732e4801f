/** @file README.md's table of keys and the tables of docs/objectives.md say what the schema and the catalogue say. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { startingLoss } from './choose-objective';
import { configKeys, defaultLearningRate, runKeys, schedulerTypes, withDefaults, type RunConfig } from './config';
import { typedDefault, type NumberKeyFacts } from './key';
import {
  isNumberOption,
  objectiveNames,
  objectiveOptions,
  objectives,
  onPolicyMethodNames,
  onPolicyMethods,
  rewardMethod,
  singleLossNames,
  singleLosses,
} from './objectives';

/** The cells of the first table below a heading, without its own two head lines. */
function tableBelow(path: string, heading: string): readonly (readonly string[])[] {
  const [, section = ''] = readFileSync(path, 'utf8').split(`${heading}\n`);
  const lines = section.split('\n');
  const from = lines.findIndex((line) => line.startsWith('|'));
  const length = lines.slice(from).findIndex((line) => !line.startsWith('|'));
  const rows = lines.slice(from, from + length).map((line) => line.split(/(?<!\\)\|/).slice(1, -1));
  return rows.slice(2).map((cells) => cells.map((cell) => cell.trim()));
}

const codesIn = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);

describe("README.md's keys of run.yaml", () => {
  const rows = tableBelow('README.md', '### Keys of run.yaml');
  const rowOf = (key: string) => rows.find(([names = '']) => codesIn(names).includes(key)) ?? [];
  const defaults = new Map(
    rows.flatMap(([names = '', values = '']) => {
      const keys = codesIn(names);
      const each = keys.length > 1 ? values.split(', ') : [values];
      return keys.map((key, i) => [key, each[i]?.replaceAll('`', '')] as const);
    }),
  );

  it('are those that the schema knows, each once', () => {
    expect(rows.flatMap(([names = '']) => codesIn(names)).sort()).toEqual([...configKeys].sort());
  });

  it.each(configKeys.filter((key) => key !== 'learning_rate'))('%s has its default', (key) => {
    const facts = runKeys[key as keyof RunConfig];
    const written = defaults.get(key);
    if ('range' in facts) expect(written).toBe(typedDefault(facts as NumberKeyFacts));
    else if (facts.default === null) expect(written).not.toBe('');
    else expect(written).toBe(String(facts.default));
  });

  it('learning_rate has the default of each method', () => {
    const { dpo, sft, kto, reward, rloo, online_dpo, ppo } = defaultLearningRate;
    expect([kto, rloo]).toEqual([dpo, dpo]);
    const show = (rate: number): string => rate.toExponential();
    expect(defaults.get('learning_rate')).toBe(
      `${show(dpo)} for dpo, kto and rloo, ${show(online_dpo)} for online_dpo, ${show(ppo)} for ppo, ${show(sft)} for sft, ${show(reward)} for reward`,
    );
  });

  it('name every loss and every schedule', () => {
    const [losses = ''] = (rowOf('loss_type')[2] ?? '').split(';');
    expect(codesIn(losses)).toEqual(objectiveNames);
    expect(codesIn(rowOf('lr_scheduler_type')[2] ?? '').sort()).toEqual([...schedulerTypes].sort());
  });
});

describe('the losses of docs/objectives.md', () => {
  const rows = tableBelow('docs/objectives.md', '## The table');

  it('are the catalogue’s, in its order', () => {
    expect(rows.map(([name = '']) => codesIn(name)[0])).toEqual(objectiveNames);
  });

  it.each(objectiveNames)('%s has its formula, options, reference, start and companions', (name) => {
    const { formula, objective, companions, start = {} } = objectives[name];
    const shared = [
      'beta',
      'ld_alpha',
      'f_divergence_type',
      'f_alpha_divergence_coef',
      'reference_free',
      'use_weighting',
    ];
    const [, written, options, reference, starts, sums] = rows.find(([cell]) => cell === `\`${name}\``) ?? [];
    expect(codesIn(written ?? '')[0]).toBe(formula);
    expect(codesIn(options ?? '')).toEqual(objective.reads.filter((key) => !shared.includes(key)));
    expect(reference).toBe(objective.usesReference ? 'yes' : 'no');
    const loss = startingLoss(withDefaults({ loss_type: [name], ...(name === 'exo_pair' && start) }));
    expect(starts).toBe(loss === null ? '–' : String(Number(loss.toFixed(3))));
    expect(sums).toBe(companions?.map((other) => `\`${other}\``).join(', ') || (companions ? 'none' : 'any'));
  });

  it('have their options listed with defaults', () => {
    const written = tableBelow('docs/objectives.md', '## The options');
    const expected = Object.entries(objectiveOptions).map(([key, facts]) => [
      `\`${key}\``,
      'range' in facts ? typedDefault(facts as NumberKeyFacts) : String(facts.default),
      objectiveNames
        .filter((name) => objectives[name].objective.reads.some((read) => read === key))
        .concat(singleLossNames.filter((name) => singleLosses[name].objective.reads.some((read) => read === key)) as [])
        .concat(rewardMethod.objective.reads.some((read) => read === key) ? (['reward'] as never[]) : [])
        .concat(
          onPolicyMethodNames.filter((name) =>
            onPolicyMethods[name].objective.reads.some((read) => read === key),
          ) as [],
        )
        .map((name) => `\`${name}\``)
        .join(', '),
    ]);
    expect(written.map(([key, initial, , readers]) => [key, initial, readers])).toEqual(expected);
    expect(Object.keys(objectiveOptions).filter((key) => isNumberOption(key as never)).length).toBeGreaterThan(5);
  });
});
