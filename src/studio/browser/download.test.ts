import { strFromU8, unzipSync } from 'fflate';
import { expect, it } from 'vitest';
import { download, onDownload, toFileName, zipAdapter } from './download';

it('zips an adapter so that it unzips to the same files', () => {
  const files = {
    'adapter_config.json': new TextEncoder().encode('{"r":8}'),
    'adapter_model.safetensors': new Uint8Array([0, 255, 7]),
  };
  const unzipped = unzipSync(zipAdapter(files));
  expect(strFromU8(unzipped['adapter_config.json']!)).toBe('{"r":8}');
  expect([...unzipped['adapter_model.safetensors']!]).toEqual([0, 255, 7]);
});

it.each([
  ['dpo-1', 'dpo-1'],
  ['a/b\\c:d', 'a-b-c-d'],
  ['../..', 'run'],
  ['  ', 'run'],
  ['사내 규정', '사내 규정'],
])('names the file of %j', (name, file) => {
  expect(toFileName(name)).toBe(file);
});

it('says that a file did not leave where the person thought better of it', async () => {
  onDownload(async () => null);
  expect(await download('pairs.jsonl', '{}', 'application/jsonl')).toBe(false);
});
