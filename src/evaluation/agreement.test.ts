import { expect, it } from 'vitest';
import { measureAgreement } from './agreement';

const repeat = (count: number, first: string, second: string) =>
  Array.from({ length: count }, () => [first, second] as const);

it('gives the kappa of worked examples', () => {
  // Wikipedia, "Cohen's kappa": 50 applications, two readers.
  const readers = [
    ...repeat(20, 'yes', 'yes'),
    ...repeat(5, 'yes', 'no'),
    ...repeat(10, 'no', 'yes'),
    ...repeat(15, 'no', 'no'),
  ];
  const agreement = measureAgreement(readers);
  expect(agreement).toMatchObject({ items: 50, agreed: 35, observed: 0.7 });
  expect(agreement.expected).toBeCloseTo(0.5, 12);
  expect(agreement.kappa).toBeCloseTo(0.4, 12);
  // The same raw agreement with other habits: 45 15 25 15 gives 0.1304, 25 35 5 35 gives 0.2593.
  const skewed = [...repeat(45, 'y', 'y'), ...repeat(15, 'y', 'n'), ...repeat(25, 'n', 'y'), ...repeat(15, 'n', 'n')];
  expect(measureAgreement(skewed).kappa).toBeCloseTo(0.1304, 4);
  const other = [...repeat(25, 'y', 'y'), ...repeat(35, 'y', 'n'), ...repeat(5, 'n', 'y'), ...repeat(35, 'n', 'n')];
  expect(measureAgreement(other).kappa).toBeCloseTo(0.2593, 4);
});

it('is 1 in full agreement, below 0 in contradiction, and null where chance explains all', () => {
  expect(
    measureAgreement([
      ['a', 'a'],
      ['b', 'b'],
      ['tie', 'tie'],
    ]).kappa,
  ).toBe(1);
  expect(
    measureAgreement([
      ['a', 'b'],
      ['b', 'a'],
    ]).kappa,
  ).toBe(-1);
  expect(measureAgreement(repeat(5, 'a', 'a'))).toEqual({ items: 5, agreed: 5, observed: 1, expected: 1, kappa: null });
  expect(measureAgreement([])).toEqual({ items: 0, agreed: 0, observed: 0, expected: 0, kappa: null });
});
