import { expect, it } from 'vitest';
import { KernelTally } from './kernel-tally';

/** As onnxruntime-web 1.30.0 printed them, arguments shortened. */
const lines = [
  '[',
  '{"cat" : "Session","pid" :42,"tid" :1,"dur" :24820,"ts" :289064,"ph" : "X","name" :"SequentialExecutor::Execute","args" : {}},',
  '{"cat" : "Node","pid" :42,"tid" :1,"dur" :279,"ts" :1,"ph" : "X","name" :"Gemm_0_kernel_time","args" : {"op_name" : "Gemm","provider" : "WebGpuExecutionProvider"}},',
  '{"cat" : "Node","pid" :42,"tid" :1,"dur" :219,"ts" :2,"ph" : "X","name" :"Gemm_0_kernel_time","args" : {"op_name" : "Gemm","provider" : "WebGpuExecutionProvider"}},',
  '{"cat" : "Api","pid" :-1,"tid" :-1,"dur" :5769,"ts" :3,"ph" : "X","name" :"&Gemm&Gemm","args" : {"cache_key" : "Gemm[1|0]"}},',
  '{"cat" : "Api","pid" :-1,"tid" :-1,"dur" :1231,"ts" :4,"ph" : "X","name" :"&Gemm&Gemm","args" : {"cache_key" : "Gemm[1|0]"}},',
  '{"cat" : "Api","pid" :-1,"tid" :-1,"dur" :8479,"ts" :5,"ph" : "X","name" :"&Softmax&Softmax","args" : {"cache_key" : "Softmax[4|64]"}}',
  ']',
];

it.each([
  [
    'webgpu',
    [
      { kernel: 'Softmax', runs: 1, seconds: 0.008479, longest_seconds: 0.008479 },
      { kernel: 'Gemm', runs: 2, seconds: 0.007, longest_seconds: 0.005769 },
    ],
  ],
  ['wasm', [{ kernel: 'Gemm', runs: 2, seconds: 0.000498, longest_seconds: 0.000279 }]],
] as const)('adds up the kernels of a profile on %s', (device, expected) => {
  const tally = new KernelTally(device);
  lines.forEach((line) => tally.add(line));
  expect(tally.kernels).toEqual(
    expected.map((kernel) => ({ ...kernel, seconds: expect.closeTo(kernel.seconds, 9) as number })),
  );
});
