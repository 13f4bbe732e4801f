/** @file What the device says. */
export const runtime = {
  wasmChosen: 'WASM was chosen by hand.',
  webgpuChosen: 'WebGPU was chosen by hand.',
  webgpuFound: 'WebGPU found a graphics adapter.',
  webgpuUnavailable: 'WebGPU is not available in this browser, so the processor does the work.',
  webgpuWithoutAdapter: 'WebGPU found no graphics adapter, so the processor does the work.',
  webgpuIsSoftware: ({ adapter }: { adapter: string }) =>
    `The only WebGPU adapter is a software one (${adapter}), slower than WASM, so WASM is used.`,
  webgpuMissing:
    'WebGPU was asked for, but this browser offers no graphics adapter; use WASM, or update the browser and the graphics driver.',
  oneThreadOnly: 'One thread only: the server does not send the COOP and COEP headers that threads need.',
  threads: ({ count }: { count: number }) => `${count} threads`,
  oneThread: '1 thread',
  unnamedGpu: 'an unnamed GPU',
  deviceLost: ({ reason }: { reason: string }) => `The graphics device was lost (${reason}).`,
  deviceLostInWork: ({ reason, detail }: { reason: string; detail: string }) =>
    `The graphics device was lost while it worked (${reason}: ${detail}).`,
  adapterWithheld:
    'The graphics device was lost again, and now the browser withholds the graphics adapter: after a second loss Chrome does so for about two minutes, whatever the driver. Wait, or go on with WASM on the processor meanwhile.',
  softwareAdapterLeft:
    'The graphics device was lost, and the browser now offers only a software adapter, slower than WASM. Close and open the browser to get the graphics device back, or go on with WASM.',
  kernelsWrong: ({ kind, error }: { kind: string; error: string }) =>
    `Airlock's own ${kind} kernels compute something else on this device (relative error ${error}), so the runtime's take their place: training is slower. Update the graphics driver.`,
  kernelsRefused: ({ kind, refusal }: { kind: string; refusal: string }) =>
    `The graphics driver refuses Airlock's own ${kind} kernels (${refusal}), so the runtime's take their place: training is slower. Update the graphics driver.`,
  attentionWrong: ({ operator, seen }: { operator: string; seen: string }) =>
    `The runtime's ${operator} does not compute right on this device (${seen}), so plain products take its place: answering is slower. Update the graphics driver.`,
  noReasonGiven: 'no reason given',
  outputTooLarge: ({
    stage,
    operator,
    shape,
    bytes,
    limit,
  }: {
    stage: string;
    operator: string;
    shape: string;
    bytes: number;
    limit: number;
  }) =>
    `Stage '${stage}' has a ${operator} of [${shape}], ${bytes} bytes in one GPU buffer, and this device binds ${limit}; lower \`max_length\`, or run on WASM.`,
  tensorBeyondBinding: ({ shape, bytes, limit }: { shape: string; bytes: number; limit: number }) =>
    `A tensor [${shape}] needs ${bytes} bytes in one GPU buffer and this device binds ${limit}; use a smaller model or WASM.`,
};
