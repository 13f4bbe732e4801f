import { expect, it } from 'vitest';
import { releaseBuffer } from './release-buffer';

it('leaves nothing of a buffer', () => {
  const values = new Float32Array(1000);
  releaseBuffer(values.buffer);
  expect(values).toHaveLength(0);
  expect(values.buffer.byteLength).toBe(0);
});
