import { describe, expect, it } from 'vitest';
import { UserError } from '../core/errors';
import { sayGpuError, sayOutOfMemory, sayRuntimeError } from './runtime-errors';

/** As they were seen, from WASM, V8 and Dawn. */
const memory = [
  new RangeError('Array buffer allocation failed'),
  new RangeError('Invalid typed array length: 275146342400'),
  new Error("Can't create a session. ERROR_CODE: 6, ERROR_MESSAGE: std::bad_alloc"),
  new Error(
    'failed to call OrtRun(). ERROR_CODE: 6, ERROR_MESSAGE: /home/builder/onnxruntime/bfc_arena.cc:376 Failed to allocate memory for requested buffer of size 1099511627776',
  ),
  new WebAssembly.RuntimeError('Aborted(OOM). Build with -sASSERTIONS for more info.'),
];
const failed = new Error(
  'failed to call OrtRun(). ERROR_CODE: 1, ERROR_MESSAGE: /home/builder/onnxruntime/core/framework/op_kernel.cc:12 Non-zero status code',
);

describe('what the runtime says when it fails', () => {
  it.each(memory)('that memory ran out: %s', (error) => {
    for (const said of [sayOutOfMemory(error), sayRuntimeError(error, 'run', 'block', 'wasm')]) {
      expect(said).toMatchObject({ code: 'outOfMemory', details: error.message });
      expect(said?.message).not.toMatch(/Ort|\/home|alloc/);
    }
  });

  it('is a sentence without its words, which stay as details', () => {
    for (const doing of ['compile', 'run'] as const) {
      const said = sayRuntimeError(failed, doing, 'block, backward', 'webgpu');
      expect(said).toMatchObject({ name: 'UserError', details: failed.message });
      expect(said.message).toContain('block, backward');
      expect(said.message).not.toMatch(/OrtRun|\/home/);
    }
    expect(sayRuntimeError(6123456, 'run', 'head', 'wasm')).toMatchObject({ code: 'stageFailed' });
    expect(sayGpuError('Invalid BindGroup [x]')).toMatchObject({ code: 'gpuError', details: 'Invalid BindGroup [x]' });
    expect(sayGpuError('vkAllocateMemory failed with VK_ERROR_OUT_OF_DEVICE_MEMORY')).toMatchObject({
      code: 'outOfMemory',
    });
  });

  it('leaves what is a sentence already', () => {
    const lost = new UserError('webgpuMissing');
    expect(sayRuntimeError(lost, 'run', 'x', 'webgpu')).toBe(lost);
    expect(sayOutOfMemory(lost)).toBeNull();
    expect(sayOutOfMemory(new TypeError('x is null'))).toBeNull();
  });
});
