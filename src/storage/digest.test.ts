import { describe, expect, it } from 'vitest';
import { digestOf } from './digest';

const value = {
  step: 3,
  vectors: [new Float32Array([1, 2, 3]), new Float32Array([4])],
  files: { a: new Uint8Array([1, 2]) },
  loss: NaN,
  best: null,
};

describe('the hash of what is kept', () => {
  it('is the same for what the database gives back, and whatever the order of names', async () => {
    const { step, ...others } = structuredClone(value);
    expect(await digestOf({ ...others, step })).toBe(await digestOf(value));
    expect(await digestOf(value)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is another for every single change', async () => {
    const flipped = structuredClone(value);
    new Uint8Array(flipped.vectors[0]!.buffer)[5]! ^= 1;
    const changes = [
      value,
      flipped,
      { ...value, step: 4 },
      { ...value, step: '3' },
      { ...value, loss: 1 / 0 },
      { ...value, best: undefined },
      { ...value, vectors: [new Float32Array([1, 2, 3, 4])] },
      { ...value, vectors: value.vectors.toReversed() },
      { ...value, files: { b: value.files.a } },
      { ...value, files: { a: new Uint16Array([513]) } },
      { ...value, more: 1 },
    ];
    const digests = await Promise.all(changes.map(digestOf));
    expect(new Set(digests).size).toBe(changes.length);
  });

  it('sees a part of a buffer as what it is', async () => {
    const whole = new Float32Array([9, 1, 2, 9]);
    expect(await digestOf(whole.subarray(1, 3))).toBe(await digestOf(new Float32Array([1, 2])));
  });
});
