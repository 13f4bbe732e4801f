import { expect, it } from 'vitest';
import { formatBytes, formatDuration, formatMetric, formatParameters, formatTick, plural } from './format';

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1500, '1.5 kB'],
  [193712, '194 kB'],
  [999_950, '1.0 MB'],
  [14_239_890, '14 MB'],
  [2.5e9, '2.5 GB'],
])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

it.each([
  [0, '0'],
  [0.693147, '0.6931'],
  [1.5, '1.500'],
  [12.345, '12.35'],
  [-1234.5, '-1234.5'],
  [1e-4, '1e-4'],
  [1.234e-6, '1.23e-6'],
  [NaN, 'NaN'],
])('the metric %d is %s', (value, text) => expect(formatMetric(value)).toBe(text));

it.each([
  [0.5, '0.5'],
  [2, '2'],
  [0.30000000000000004, '0.3'],
  [5e-5, '5e-5'],
  [0, '0'],
])('the tick %d is %s', (value, text) => expect(formatTick(value)).toBe(text));

it.each([
  [0.4, '0 sec'],
  [59.6, '1 min 0 sec'],
  [3599, '59 min 59 sec'],
  [7500, '2 hr 5 min'],
])('%d seconds are %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text));

it('counts in words', () => {
  expect(plural(1, 'pair')).toBe('1 pair');
  expect(plural(1200, 'pair')).toBe('1,200 pairs');
  expect(formatParameters(134_515_008)).toBe('134.5 M');
});
