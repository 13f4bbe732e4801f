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
  outOfMemory:
    'Memory ran out. Lower `max_length` or the pairs a batch, turn gradient checkpointing on, or hold the weights less exactly; other tabs and programs take memory too. Then restart the engine, because what ran out is not given back.',
  stageNotCompiled: ({ stage, device }: { stage: string; device: string }) =>
    `The runtime could not prepare a part of the model (${stage}) for ${device}. Run on the other device; if it fails there too, send the details to whoever looks after Airlock.`,
  stageFailed: ({ stage, device }: { stage: string; device: string }) =>
    `The runtime failed while it computed a part of the model (${stage}) on ${device}. Restart the engine and go on, or run on the other device; if it fails again, send the details to whoever looks after Airlock.`,
  gpuError:
    'The graphics device reported an error, so what it computed is not used. Restart the engine and go on, or run on WASM; if it comes again, update the graphics driver.',
  runDoesNotFit: ({ tokens, needed, granted }: { tokens: number; needed: string; granted: string }) =>
    `The longest pair has ${tokens} tokens, and a step with it needs ${needed}, where this device grants ${granted}; the run was not started. Lower \`max_length\` so that long pairs are cut or left out, turn gradient checkpointing on, or hold the weights less exactly.`,
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
