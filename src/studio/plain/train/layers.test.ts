import { expect, it } from 'vitest';
import { initialForm, readForm } from './options';
import { readLayers } from './layers';

it('reads the first, the last, and a list of layers', () => {
  expect(readLayers('all', 'nonsense', 99, 4)).toEqual({ indices: null, problem: null });
  expect(readLayers('first', '', 2, 4).indices).toEqual([0, 1]);
  expect(readLayers('last', '', 3, 4).indices).toEqual([1, 2, 3]);
  expect(readLayers('listed', ' 3, 0-1;1 ', 1, 4).indices).toEqual([0, 1, 3]);
  expect(readLayers('listed', '2', 1, null).indices).toEqual([2]);
});

it('says what is wrong with them', () => {
  expect(readLayers('first', '', 5, 4).problem).toEqual({ kind: 'many', count: 5, layers: 4 });
  expect(readLayers('listed', '1, 4', 1, 4).problem).toEqual({ kind: 'beyond', layer: 4, last: 3 });
  for (const given of ['', 'x', '1.5', '-1', '3-1', '1 to 3'])
    expect(readLayers('listed', given, 1, 4).problem).toEqual({ kind: 'syntax', given });
});

it('takes part in the form: a wrong list is a problem, a right one a setting of TRL', () => {
  const form = { ...initialForm, layers: 'listed', layer_list: '0, 2' } as const;
  expect(readForm(form, [], 4).jobs[0]?.config.layers_to_transform).toEqual([0, 2]);
  expect(readForm({ ...form, layer_list: '9' }, [], 4)).toMatchObject({
    jobs: [],
    problems: { layers: { kind: 'beyond', layer: 9, last: 3 } },
  });
  expect(readForm({ ...initialForm, layers: 'last', layer_count: '1' }, [], 4).jobs[0]?.config).toMatchObject({
    layers_to_transform: [3],
  });
  expect(readForm(initialForm, [], 4).jobs[0]?.config).not.toHaveProperty('layers_to_transform');
});
