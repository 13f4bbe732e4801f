import { describe, expect, it } from 'vitest';
import { readServerManifest, sourcesOf } from './server-models';

const hash = 'a'.repeat(64);
const manifest = (models: unknown) => JSON.stringify({ models });

describe('the server’s list of models', () => {
  it('names models with the sizes and hashes of their files', () => {
    const [model] = readServerManifest(
      manifest([
        {
          name: 'tiny llama',
          files: [
            { path: 'config.json', size: 10, sha256: hash },
            { path: 'a.safetensors', size: 5 },
          ],
        },
      ]),
    );
    expect(model).toEqual({
      name: 'tiny llama',
      sizeBytes: 15,
      files: [
        { path: 'config.json', sizeBytes: 10, sha256: hash },
        { path: 'a.safetensors', sizeBytes: 5, sha256: null },
      ],
    });
    expect(sourcesOf(model!, 'https://host/airlock/')[1]?.url).toBe(
      'https://host/airlock/models/tiny%20llama/a.safetensors',
    );
  });

  it('is refused where it breaks the format or leads elsewhere', () => {
    const file = { path: 'config.json', size: 1 };
    const broken: readonly [string, string][] = [
      ['{', 'is not valid JSON'],
      ['{}', 'has no list `models`'],
      [manifest([{ name: '../secret', files: [file] }]), 'no `name` that is a plain folder name for model 1'],
      [manifest([{ name: 'm', files: [] }]), 'lists no `files` of m'],
      [manifest([{ name: 'm', files: [{ ...file, path: '../../x' }] }]), '`path` that is a plain file name'],
      [
        manifest([{ name: 'm', files: [{ ...file, path: 'https://elsewhere/x' }] }]),
        '`path` that is a plain file name',
      ],
      [manifest([{ name: 'm', files: [{ ...file, size: -1 }] }]), 'gives m/config.json no `size`'],
      [manifest([{ name: 'm', files: [{ ...file, sha256: 'xyz' }] }]), '`sha256` that is not 64 hexadecimal digits'],
    ];
    for (const [text, sentence] of broken) expect(() => readServerManifest(text)).toThrow(sentence);
  });
});
