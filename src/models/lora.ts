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
  /** Indices of the layers whose targets have LoRA; absent or null: every layer. */
  readonly layers_to_transform?: readonly number[] | null;
}

/**
 * The targeted linears of a block in the order of their matrices: A1 [r, in], B1 [out, r], A2, B2, ... Every block has
 * the same layout. Where a layer has no LoRA on one of them, both matrices are zero: they add exactly nothing, and
 * their gradients are zero too, so that no step moves them.
 */
export interface LoraLayout {
  readonly config: LoraConfig;
  readonly linears: readonly LinearSpec[];
  /** Linears without LoRA in some layer, by `placeOf`. */
  readonly absent: ReadonlySet<string>;
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

const placeOf = (layer: number, path: string): string => `${layer} ${path}`;

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
 * Resolves PEFT's `layers_to_transform` and `layers_pattern`, the name of the list that the layers are in.
 * @throws UserError for a layer that the model does not have, and for a list of another name
 */
export function resolveLayers(
  architecture: Architecture,
  model: ModelConfig,
  layers: readonly number[] | null,
  patterns: readonly string[] | null,
): readonly number[] | null {
  if (layers === null || layers.length === 0) return null;
  const list = architecture.blockTensorName(0, '').split('.').at(-3) ?? '';
  if (patterns && !patterns.includes(list))
    throw new UserError('layersPatternOther', { given: patterns.join(', '), list });
  const beyond = layers.find((layer) => layer >= model.layers);
  if (beyond !== undefined) throw new UserError('layerUnknown', { layer: beyond, last: model.layers - 1 });
  return [...new Set(layers)].sort((a, b) => a - b);
}

const layersOf = ({ layers }: Pick<ModelConfig, 'layers'>): number[] =>
  Array.from({ length: layers }, (_, layer) => layer);

/** Lays out these linears of a block. */
function layOut(config: LoraConfig, linears: readonly LinearSpec[], absent: Iterable<string>): LoraLayout {
  const size = linears.reduce((sum, linear) => sum + config.r * (linear.in + linear.out), 0);
  return { config, linears, absent: new Set(absent), size };
}

/**
 * Lays the matrices of the targeted linears out in one flat vector a block.
 * @throws UserError as `resolveTargets`
 */
export function layoutLora(architecture: Architecture, model: ModelConfig, config: LoraConfig): LoraLayout {
  const targets = resolveTargets(architecture, model, config.target_modules);
  const linears = architecture.linears(model).filter(({ path }) => targets.some((target) => isTargeted(path, target)));
  const { layers_to_transform: layers = null } = config;
  const left = layersOf(model).filter((layer) => layers !== null && !layers.includes(layer));
  return layOut(
    config,
    linears,
    left.flatMap((layer) => linears.map(({ path }) => placeOf(layer, path))),
  );
}

/** The first layer that an adapter changes, where gradients end: the layers below are the base's; `layers` if none. */
export function firstAdapted({ linears, absent }: LoraLayout, layers: number): number {
  const isAdapted = (layer: number): boolean => linears.some(({ path }) => !absent.has(placeOf(layer, path)));
  const first = layersOf({ layers }).findIndex(isAdapted);
  return first === -1 ? layers : first;
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
  const layout = layOut({ r, lora_alpha: r, target_modules: [...targeted] }, linears, []);
  const offsets = layouts.map((_, i) => layouts.slice(0, i).reduce((sum, { config }) => sum + config.r, 0));
  const starts = new Map<string, number>();
  let start = 0;
  for (const linear of linears) {
    starts.set(linear.path, start);
    start += r * (linear.in + linear.out);
  }
  const join = (flats: readonly Float32Array[]): Float32Array => {
    const joined = new Float32Array(layout.size);
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
 * zero. A layer without LoRA takes its draws and is zero.
 */
export function initializeLora(layout: LoraLayout, layer: number, random: Random): Float32Array {
  const flat = new Float32Array(layout.size);
  let offset = 0;
  for (const linear of layout.linears) {
    const bound = layout.absent.has(placeOf(layer, linear.path)) ? 0 : 1 / Math.sqrt(linear.in);
    const sizeA = layout.config.r * linear.in;
    for (let i = 0; i < sizeA; i++) flat[offset + i] = (2 * random.uniform() - 1) * bound;
    offset += sizeA + linear.out * layout.config.r;
  }
  return flat;
}

/** Names what a layout adapts as PEFT's config does: linears and, if need be, layers; or else full paths. */
function nameTargets(
  architecture: Architecture,
  model: Pick<ModelConfig, 'layers'>,
  { config, linears, absent }: LoraLayout,
): Pick<LoraAdapter, 'target_modules' | 'layers_to_transform'> {
  const { target_modules } = config;
  if (absent.size === 0) return { target_modules, layers_to_transform: null };
  const layers = layersOf(model);
  const isPresent = (layer: number, path: string): boolean => !absent.has(placeOf(layer, path));
  const whole = layers.filter((layer) => linears.every(({ path }) => isPresent(layer, path)));
  if ((layers.length - whole.length) * linears.length === absent.size)
    return { target_modules, layers_to_transform: whole };
  const paths = layers.flatMap((layer) =>
    linears.flatMap(({ path }) => (isPresent(layer, path) ? [architecture.blockTensorName(layer, path)] : [])),
  );
  return { target_modules: paths, layers_to_transform: null };
}

/** Cuts one flat vector a block into PEFT's modules. */
export function toPeft(
  architecture: Architecture,
  layout: LoraLayout,
  blocks: readonly Float32Array[],
  baseModel: string | null,
): LoraAdapter {
  const { r, lora_alpha } = layout.config;
  const modules = new Map<string, LoraModule>();
  blocks.forEach((flat, layer) => {
    let offset = 0;
    const nextMatrix = (size: number): Float32Array => flat.slice(offset, (offset += size));
    for (const linear of layout.linears) {
      const module: LoraModule = {
        A: { shape: [r, linear.in], data: nextMatrix(r * linear.in) },
        B: { shape: [linear.out, r], data: nextMatrix(linear.out * r) },
      };
      if (!layout.absent.has(placeOf(layer, linear.path)))
        modules.set(architecture.blockTensorName(layer, linear.path), module);
    }
  });
  const fan_in_fan_out = layout.linears.some(({ transposed }) => transposed);
  const named = nameTargets(architecture, { layers: blocks.length }, layout);
  return { r, lora_alpha, ...named, fan_in_fan_out, base_model_name_or_path: baseModel, modules };
}

/**
 * Lays out what an adapter from a file has: the linears that it adapts in any layer, and where it lacks them.
 * @throws UserError where a module is none of this model's, or one lacks its tensors that the adapter's config names
 */
function layoutOf(architecture: Architecture, model: ModelConfig, adapter: LoraAdapter): LoraLayout {
  const linears = architecture.linears(model);
  const named = new Map(
    layersOf(model).flatMap((layer) =>
      linears.map(({ path }) => [architecture.blockTensorName(layer, path), { layer, path }] as const),
    ),
  );
  const targeted = new Set<string>();
  for (const name of adapter.modules.keys()) {
    const place = named.get(name);
    if (place === undefined) throw new UserError('moduleOfOtherModel', { module: name, blocks: model.layers });
    targeted.add(place.path);
  }
  const { r, lora_alpha, layers_to_transform: layers } = adapter;
  const absent: string[] = [];
  for (const [name, { layer, path }] of named) {
    if (!targeted.has(path) || adapter.modules.has(name)) continue;
    const isNamed = adapter.target_modules.some((target) => isTargeted(name, target));
    if (isNamed && (layers?.includes(layer) ?? true)) throw new UserError('moduleWithoutTensors', { module: name });
    absent.push(placeOf(layer, path));
  }
  const target_modules = linearNames(architecture, model).flatMap((name) => {
    const paths = linears.flatMap(({ path }) => (isTargeted(path, name) ? [path] : []));
    return paths.every((path) => targeted.has(path)) ? [name] : paths.filter((path) => targeted.has(path));
  });
  const config = { r, lora_alpha, target_modules, layers_to_transform: layers };
  return layOut(
    config,
    linears.filter(({ path }) => targeted.has(path)),
    absent,
  );
}

/**
 * Joins PEFT's modules into one flat vector a block.
 * @throws UserError where a module is none of this model's, is of another shape, or lacks its tensors
 */
export function fromPeft(
  architecture: Architecture,
  model: ModelConfig,
  adapter: LoraAdapter,
): { layout: LoraLayout; blocks: Float32Array[] } {
  const layout = layoutOf(architecture, model, adapter);
  const { r } = adapter;
  const blocks = layersOf(model).map((layer) => {
    const flat = new Float32Array(layout.size);
    let offset = 0;
    for (const linear of layout.linears) {
      const name = architecture.blockTensorName(layer, linear.path);
      const module = adapter.modules.get(name);
      const wanted = { A: [r, linear.in], B: [linear.out, r] } as const;
      for (const side of ['A', 'B'] as const) {
        if (module) flat.set(readMatrix(name, side, module[side], wanted[side]), offset);
        offset += wanted[side][0] * wanted[side][1];
      }
    }
    return flat;
  });
  return { layout, blocks };
}

/** Returns a matrix's values, once its shape is this model's. */
function readMatrix(
  name: string,
  side: 'A' | 'B',
  { shape, data }: LoraModule['A'],
  wanted: readonly [number, number],
): Float32Array {
  if (shape[0] === wanted[0] && shape[1] === wanted[1]) return data;
  throw new UserError('loraShapeOther', {
    half: side,
    module: name,
    shape: shape.join(', '),
    wanted: wanted.join(', '),
  });
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
