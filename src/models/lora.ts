/**
 * @file LoRA (Hu et al. 2021) on a block's linears: W x + (alpha / r) B A x, with PEFT's names, initialisation and
 * scaling. All matrices of one block live in one flat float32 vector, so that optimiser, norms and gradients handle
 * one tensor a block; this module is the only one that knows where in it a matrix lies.
 */
import { UserError } from '../core/errors';
import type { Random } from '../core/random';
import type { LoraAdapter, LoraModule } from '../formats/peft';
import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import type { Architecture, LinearSpec, ModelConfig } from './architecture';

export interface LoraConfig {
  /** The rank, R. */
  readonly r: number;
  /** The branch is scaled by lora_alpha / r. */
  readonly lora_alpha: number;
  /** Module names as in PEFT: a linear is targeted when its path is the name or ends in `.name`. */
  readonly target_modules: readonly string[];
}

/** The targeted linears of a block in the order of their matrices: A1 [r, in], B1 [out, r], A2, B2, ... */
export interface LoraLayout {
  readonly config: LoraConfig;
  readonly linears: readonly LinearSpec[];
  /** Number of elements in the flat vector of one block. */
  readonly size: number;
}

/** Returns a key that is equal for layouts whose stages are equal. */
export function layoutKey(layout: LoraLayout | null): string {
  return layout
    ? `${layout.config.r} ${layout.config.lora_alpha} ${layout.linears.map(({ path }) => path).join()}`
    : 'no adapter';
}

export const loraScale = ({ lora_alpha, r }: LoraConfig): number => lora_alpha / r;

/** Applies PEFT's rule: a target is a linear's name, or the end of its path from a dot on. */
function isTargeted(path: string, target: string): boolean {
  return path === target || path.endsWith(`.${target}`);
}

/** Lists the linears of a block as PEFT's targets spell them; two linears may share a name (GPT-2's c_proj). */
export function linearNames(architecture: Architecture, config: ModelConfig): string[] {
  return [...new Set(architecture.linears(config).map(({ path }) => path.split('.').at(-1) as string))];
}

/**
 * Resolves `lora_target_modules`: null takes PEFT's default of the architecture, 'all-linear' every linear of the
 * blocks (PEFT leaves the output projection out).
 * @throws UserError for a name that no linear has, and for an empty list
 */
export function resolveTargets(
  architecture: Architecture,
  config: ModelConfig,
  targets: readonly string[] | 'all-linear' | null,
): string[] {
  const names = linearNames(architecture, config);
  if (targets === 'all-linear') return names;
  const wanted = [...new Set(targets ?? architecture.defaultTargets)];
  const paths = architecture.linears(config).map(({ path }) => path);
  for (const target of wanted) {
    if (!paths.some((path) => isTargeted(path, target))) {
      throw new UserError('targetUnknown', { name: JSON.stringify(target), names: names.join(', ') });
    }
  }
  if (wanted.length === 0) throw new UserError('targetsEmpty', { names: names.join(', ') });
  return wanted;
}

/**
 * Lays the matrices of the targeted linears out in one flat vector a block.
 * @throws UserError as `resolveTargets`
 */
export function layoutLora(architecture: Architecture, model: ModelConfig, config: LoraConfig): LoraLayout {
  const targets = resolveTargets(architecture, model, config.target_modules);
  const linears = architecture.linears(model).filter(({ path }) => targets.some((target) => isTargeted(path, target)));
  return { config, linears, size: linears.reduce((sum, linear) => sum + config.r * (linear.in + linear.out), 0) };
}

/** Emits the cut of a block's flat vector into its matrices, A [R, in] and B [out, R] by the linear's path. */
export function splitLora(g: Builder, layout: LoraLayout, flat: Value): ReadonlyMap<string, { A: Value; B: Value }> {
  const { r } = layout.config;
  const parts = g.split(
    flat,
    layout.linears.flatMap((linear) => [r * linear.in, linear.out * r]),
    0,
  );
  return new Map(
    layout.linears.map((linear, i) => [
      linear.path,
      { A: g.reshape(parts[2 * i] as Value, [r, linear.in]), B: g.reshape(parts[2 * i + 1] as Value, [linear.out, r]) },
    ]),
  );
}

/** Several adapters as one: the matrices A of a linear below each other, the matrices B beside each other. */
export interface LoraStack {
  /** Its rank is the sum of theirs; linears are those that any of them targets. */
  readonly layout: LoraLayout;
  /** Each adapter's first column of the sum's rank. */
  readonly offsets: readonly number[];
  /** Joins their vectors of one block, in their order. */
  join(flats: readonly Float32Array[]): Float32Array;
}

/** Stacks adapters, one or more. What an adapter does not target is zero in its columns, which adds exactly nothing. */
export function stackLora(architecture: Architecture, model: ModelConfig, layouts: readonly LoraLayout[]): LoraStack {
  const r = layouts.reduce((sum, { config }) => sum + config.r, 0);
  const targeted = new Set(layouts.flatMap(({ linears }) => linears.map(({ path }) => path)));
  const linears = architecture.linears(model).filter(({ path }) => targeted.has(path));
  const size = linears.reduce((sum, linear) => sum + r * (linear.in + linear.out), 0);
  const layout = { config: { r, lora_alpha: r, target_modules: [...targeted] }, linears, size };
  const offsets = layouts.map((_, i) => layouts.slice(0, i).reduce((sum, { config }) => sum + config.r, 0));
  const starts = new Map<string, number>();
  let start = 0;
  for (const linear of linears) {
    starts.set(linear.path, start);
    start += r * (linear.in + linear.out);
  }
  const join = (flats: readonly Float32Array[]): Float32Array => {
    const joined = new Float32Array(size);
    layouts.forEach(({ config, linears: own }, i) => {
      const flat = flats[i] as Float32Array;
      let from = 0;
      for (const linear of own) {
        const first = offsets[i] as number;
        const atA = starts.get(linear.path) as number;
        joined.set(flat.subarray(from, from + config.r * linear.in), atA + first * linear.in);
        from += config.r * linear.in;
        const atB = atA + r * linear.in;
        for (let row = 0; row < linear.out; row++)
          joined.set(flat.subarray(from + row * config.r, from + (row + 1) * config.r), atB + row * r + first);
        from += linear.out * config.r;
      }
    });
    return joined;
  };
  return { layout, offsets, join };
}

/**
 * Draws a block's vector as PEFT does by default: A uniform within 1 / sqrt(in) (kaiming_uniform with a = sqrt(5)), B
 * zero.
 */
export function initializeLora(layout: LoraLayout, random: Random): Float32Array {
  const flat = new Float32Array(layout.size);
  let offset = 0;
  for (const linear of layout.linears) {
    const bound = 1 / Math.sqrt(linear.in);
    const sizeA = layout.config.r * linear.in;
    for (let i = 0; i < sizeA; i++) flat[offset + i] = (2 * random.uniform() - 1) * bound;
    offset += sizeA + linear.out * layout.config.r;
  }
  return flat;
}

/** Cuts one flat vector a block into PEFT's modules. */
export function toPeft(
  architecture: Architecture,
  layout: LoraLayout,
  blocks: readonly Float32Array[],
  baseModel: string | null,
): LoraAdapter {
  const { r, lora_alpha, target_modules } = layout.config;
  const modules = new Map<string, LoraModule>();
  blocks.forEach((flat, layer) => {
    let offset = 0;
    const nextMatrix = (size: number): Float32Array => flat.slice(offset, (offset += size));
    for (const linear of layout.linears) {
      modules.set(architecture.blockTensorName(layer, linear.path), {
        A: { shape: [r, linear.in], data: nextMatrix(r * linear.in) },
        B: { shape: [linear.out, r], data: nextMatrix(linear.out * r) },
      });
    }
  });
  const fan_in_fan_out = layout.linears.some(({ transposed }) => transposed);
  return { r, lora_alpha, target_modules, fan_in_fan_out, base_model_name_or_path: baseModel, modules };
}

/**
 * Joins PEFT's modules into one flat vector a block.
 * @throws UserError where a module is none of this model's, is of another shape, or is missing from some layer
 */
export function fromPeft(
  architecture: Architecture,
  model: ModelConfig,
  adapter: LoraAdapter,
): { layout: LoraLayout; blocks: Float32Array[] } {
  const paths = architecture.linears(model).map(({ path }) => path);
  const known = new Map<string, string>();
  for (let layer = 0; layer < model.layers; layer++) {
    for (const path of paths) known.set(architecture.blockTensorName(layer, path), path);
  }
  const targeted = new Set<string>();
  for (const name of adapter.modules.keys()) {
    const path = known.get(name);
    if (path === undefined) {
      throw new UserError('moduleOfOtherModel', { module: name, blocks: model.layers });
    }
    targeted.add(path);
  }
  const { r, lora_alpha } = adapter;
  const target_modules = linearNames(architecture, model).flatMap((name) => {
    const named = paths.filter((path) => isTargeted(path, name));
    return named.every((path) => targeted.has(path)) ? [name] : named.filter((path) => targeted.has(path));
  });
  const layout = layoutLora(architecture, model, { r, lora_alpha, target_modules });
  const blocks = Array.from({ length: model.layers }, (_, layer) => {
    const flat = new Float32Array(layout.size);
    let offset = 0;
    for (const linear of layout.linears) {
      const name = architecture.blockTensorName(layer, linear.path);
      const module = adapter.modules.get(name);
      if (!module) throw new UserError('moduleWithoutTensors', { module: name });
      const wanted = { A: [r, linear.in], B: [linear.out, r] } as const;
      for (const side of ['A', 'B'] as const) {
        const { shape, data } = module[side];
        if (shape[0] !== wanted[side][0] || shape[1] !== wanted[side][1]) {
          throw new UserError('loraShapeOther', {
            half: side,
            module: name,
            shape: shape.join(', '),
            wanted: wanted[side].join(', '),
          });
        }
        flat.set(data, offset);
        offset += data.length;
      }
    }
    return flat;
  });
  return { layout, blocks };
}

/**
 * Returns the adapter with its update times `strength`, as if lora_alpha were multiplied: B is scaled, because
 * lora_alpha is compiled into the stages and would make each strength a compilation. 1 leaves every number as it is.
 */
export function scaleLora(adapter: LoraAdapter, strength: number): LoraAdapter {
  if (strength === 1) return adapter;
  const scaled = ({ A, B }: LoraModule): LoraModule => ({
    A,
    B: { ...B, data: B.data.map((value) => value * strength) },
  });
  return { ...adapter, modules: new Map([...adapter.modules].map(([name, module]) => [name, scaled(module)])) };
}
