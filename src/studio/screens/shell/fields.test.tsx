/** @file Chrome is told to keep nothing of what is typed, in every kind of field. */
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { NumberInput, TextInput } from './fields';

const nothing = (): void => {};

it.each([
  ['a line', <TextInput key="line" label="Name" value="" onChange={nothing} />],
  ['a text', <TextInput key="text" label="Remarks" rows={4} value="" onChange={nothing} />],
  ['a number', <NumberInput key="number" label="Beta" help="" value="0.1" problem={undefined} onChange={nothing} />],
])('%s', (_kind, field) => {
  const [tag = ''] = /<(input|textarea)[^>]*>/.exec(renderToStaticMarkup(field)) ?? [];
  expect(tag).toContain('autoComplete="off"');
  expect(tag).toContain('spellCheck="false"');
});
