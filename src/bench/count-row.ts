/**
 * @file Counts what a row of training is on kernels of our own, and with the runtime's forward pass: dispatches, bytes
 * and arithmetic on the real shape, and the CPU's time to issue it, measured on a device that executes nothing.
 */
import { sizeOf } from '../core/shape';
import { medianOf, sumOf } from '../core/statistics';
import { shapeOf } from '../engine/random-model';
import { productFlops } from '../graph/flops';
import { fuseStage } from '../graph/fuse';
import { planStage } from '../graph/stage';
import type { Node, Stage, Value } from '../graph/value';
import type { LayerKind } from '../models/architecture';
import { buildDecodedBlock, buildGrowingAttention } from '../models/decode-stages';
import { trainedStages } from '../models/product-forms';
import type { ModelShape, TrainedBlockStages } from '../models/stages';
import type { DeviceTensor } from '../runtime/executor';
import { disposeAll } from '../runtime/executor';
import type { KernelExecutor } from '../runtime/kernel-executor';
import type { SavingPass } from '../runtime/product-choice';
import { bytesOf } from '../runtime/stage-memory';
import { compileStage } from '../wgsl/compile';
import type { Kernel } from '../wgsl/kernel';
import type { PaperCost, PaperRow, Work } from './paper';
import { paperGpus, paperMostFlops, paperTime } from './paper';

const firstKind = ({ config }: ModelShape): LayerKind => config.layerKinds[0] as LayerKind;

/** Bytes of the tensors that a kernel reads or writes, each once. */
export const trafficOf = ({ reads, writes }: Pick<Kernel, 'reads' | 'writes'>): number =>
  sumOf([...reads, ...writes].map(bytesOf));

/** What a node is on the runtime's GPU: nothing where it only reshapes, and attention two dispatches. */
function workOfNode({ op, inputs, outputs, ...rest }: Node): Work[] {
  if (op === 'Reshape') return [];
  const bytes = sumOf([...new Set([...inputs, ...outputs])].map(bytesOf));
  if (op !== 'GroupQueryAttention') return [{ flops: productFlops({ op, inputs, outputs, ...rest }), bytes }];
  // Keys and values are laid out anew, and then read.
  const [q, k, v] = inputs as [Value, Value, Value];
  const T = q.shape[1] as number;
  return [
    { flops: 0, bytes: 2 * (bytesOf(k) + bytesOf(v)) },
    { flops: 4 * T * sizeOf(q.shape), bytes },
  ];
}

/** The dispatches of a block's forward pass as the runtime runs it. */
export const runtimeWork = (forward: Stage): Work[] => planStage(fuseStage(forward)).nodes.flatMap(workOfNode);

/** The dispatches of one block, forward and backward. */
function workOfBlock(shape: ModelShape, T: number, pass: SavingPass): Work[] {
  const { forward, backward } = trainedStages(shape, T, pass);
  const ownWork = (stage: Stage): Work[] =>
    compileStage(stage, { mostFlops: paperMostFlops }).kernels.map((kernel) => ({
      flops: kernel.flops,
      bytes: trafficOf(kernel),
    }));
  return [...(pass === 'ours' ? ownWork(forward) : runtimeWork(forward)), ...ownWork(backward)];
}

/** Nodes that dispatch when one token goes through a block on the runtime. */
export function decodeNodes(shape: ModelShape): number {
  const kind = firstKind(shape);
  const { enter, leave, softcap } = buildDecodedBlock({ shape, kind, lora: null, N: 1 });
  const { slidingWindow } = kind;
  const attend = buildGrowingAttention({
    config: shape.config,
    softcap,
    slidingWindow,
    isGrouped: true,
    B: 1,
    T: 1,
    S: 256,
  });
  const nodes = [enter, attend, leave].flatMap((stage: Stage) => planStage(fuseStage(stage)).nodes);
  return nodes.filter(({ op }) => op !== 'Reshape').length;
}

/** The same structure, so narrow that a row of all layers fits the memory of a device that executes nothing. */
export function narrow({ architecture, config }: ModelShape): ModelShape {
  const headDim = 16;
  const kind = config.layerKinds[0] as LayerKind;
  const rope = kind.rope && { ...kind.rope, inverseFrequencies: kind.rope.inverseFrequencies.slice(0, headDim / 2) };
  const layerKinds = config.layerKinds.map(() => ({ ...kind, rope }));
  const smaller = { ...config, headDim, hiddenSize: headDim * config.heads, intermediateSize: 256, layerKinds };
  return { architecture, config: smaller };
}

/** Issues rows, forward and backward through layers that each have inputs of their own. */
export interface RowIssuer {
  issueRow(): Promise<void>;
  dispose(): void;
}

/** Compiles a block's stages and uploads zeros for all that so many layers are fed. */
export async function openRowIssuer(
  executor: KernelExecutor,
  { forward, backward }: TrainedBlockStages,
  count: number,
): Promise<RowIssuer> {
  const programs = { forward: await executor.compile(forward), backward: await executor.compile(backward) };
  const zeros = ({ dtype, shape: dims }: Value): DeviceTensor =>
    executor.upload(dtype === 'int32' ? new Int32Array(sizeOf(dims)) : new Float32Array(sizeOf(dims)), dims);
  const isPassed = (name: string): boolean => /^(x|dy|gradient|saved\d+)$/.test(name);
  const given = Object.entries<Value>({ ...forward.inputs, ...backward.inputs }).filter(([name]) => !isPassed(name));
  const layers = Array.from({ length: count }, () =>
    Object.fromEntries(given.map(([name, value]) => [name, zeros(value)])),
  );
  const gradients = layers.map(() => zeros(backward.inputs.gradient));
  const issueRow = async (): Promise<void> => {
    const inputs = [zeros(forward.inputs.x)];
    const saved: Record<string, DeviceTensor>[] = [];
    for (const layer of layers) {
      const fed = { ...layer, x: inputs.at(-1) as DeviceTensor };
      const { y, ...kept } = await executor.run(programs.forward, fed as never);
      inputs.push(y);
      saved.push(kept);
    }
    let dy = inputs.pop() as DeviceTensor;
    for (let i = layers.length - 1; i >= 0; i--) {
      const fed = { ...layers[i], ...saved[i], x: inputs[i], dy, gradient: gradients[i] };
      const { dx, newGradient } = await executor.run(programs.backward, fed as never);
      disposeAll([dy, inputs[i], gradients[i], ...Object.values(saved[i] ?? {})] as DeviceTensor[]);
      gradients[i] = newGradient;
      dy = dx;
    }
    dy.dispose();
  };
  return { issueRow, dispose: () => disposeAll([...gradients, ...layers.flatMap((layer) => Object.values(layer))]) };
}

/**
 * Issues rows of the shape's structure and measures what that takes.
 * @param executor on Dawn's null backend, with a runtime where the pass is its own
 * @param cpuMs CPU milliseconds of the whole process so far
 * @returns the median of the rows after the first forty, which the JavaScript engine compiles as they run
 */
export async function measureIssue(
  executor: KernelExecutor,
  shape: ModelShape,
  pass: SavingPass,
  cpuMs: () => number,
): Promise<number> {
  const issuer = await openRowIssuer(executor, trainedStages(narrow(shape), 128, pass), shape.config.layers);
  const times: number[] = [];
  for (let row = 0; row < 120; row++) {
    const started = cpuMs();
    await issuer.issueRow();
    await executor.settle();
    times.push(cpuMs() - started);
  }
  issuer.dispose();
  return medianOf(times.slice(40));
}

/** Counts a row of T tokens whose saving pass is so, issued in so many CPU milliseconds. */
export function costOfRow(shape: ModelShape, T: number, pass: SavingPass, issueMs: number): PaperCost {
  const { layers } = shape.config;
  const block = workOfBlock(shape, T, pass);
  const work = Array.from({ length: layers }, () => block).flat();
  return {
    dispatches: work.length,
    traffic_bytes: sumOf(work.map(({ bytes }) => bytes)),
    issue_ms: issueMs,
    paper: Object.fromEntries(paperGpus.map((gpu) => [gpu.name, paperTime(work, issueMs / 1000, gpu)])),
  };
}

/**
 * Counts a row of T tokens of a named shape, both ways.
 * @param issueMs CPU milliseconds to issue it, as `measureIssue` measures them
 */
export function countRow(name: string, T: number, issueMs: Readonly<Record<SavingPass, number>>): PaperRow {
  const shape = shapeOf(name);
  return {
    shape: name,
    row_tokens: T,
    ...costOfRow(shape, T, 'ours', issueMs.ours),
    runtime_forward: costOfRow(shape, T, 'runtime', issueMs.runtime),
    decode_nodes_per_block: decodeNodes(shape),
  };
}
