/**
 * @file Which tile of a matrix product a workgroup computes, and with how many threads: the variants among which a
 * trial on the device chooses (runtime/product-trial.ts), and how each is fitted to results that are thinner than it.
 */
/** Rows and columns of the block that a thread computes; multiples of 4. */
type Block = readonly [rows: number, columns: number];

/** A way of computing products, by its largest tile. */
export interface TileVariant {
  /** What it is called where the choice is kept. */
  readonly name: string;
  readonly rows: number;
  readonly columns: number;
  readonly block: Block;
  /** Whether each thread reads by itself what it multiplies, so that none waits for another. */
  readonly isDirect?: boolean;
  /** Lanes that every subgroup of the device has at least, where rows are passed between them; 0 uses none. */
  readonly lanes?: number;
}

/** How a workgroup computes a tile of one result. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
  readonly block: Block;
  /** Groups of threads that each take a part of the inner axis, added up in the end. */
  readonly splits: number;
  /** Elements of the inner axis that each group takes at a time; a multiple of 4. */
  readonly depth: number;
  readonly lanes: number;
  readonly isDirect: boolean;
}

/** Each thread 8 x 8 elements: the most arithmetic for what is read. */
export const largeTile: TileVariant = { name: '64x64-8x8', rows: 64, columns: 64, block: [8, 8] };
/** The same tile by four times as many threads, each of which keeps less. */
export const wideTile: TileVariant = { name: '64x64-4x4', rows: 64, columns: 64, block: [4, 4] };
export const mediumTile: TileVariant = { name: '32x32-4x4', rows: 32, columns: 32, block: [4, 4] };
/** Quick to compile, which is most of the time on a software GPU: a barrier costs it most. */
export const smallTile: TileVariant = { name: '16x16-4x4', rows: 16, columns: 16, block: [4, 4], isDirect: true };

/** The left factor's rows are passed from lane to lane of a subgroup, and workgroup memory is not used. */
export function subgroupTile(lanes: number): TileVariant {
  return { name: `subgroups-${lanes}`, rows: 16, columns: 256, block: [16, 4], lanes };
}

/** The variants that a device can run, the default first. */
export function tileVariants(features: Pick<ReadonlySet<string>, 'has'>): TileVariant[] {
  return [largeTile, wideTile, mediumTile, ...(features.has('subgroups') ? [subgroupTile(16)] : [])];
}

/** Threads of a workgroup that work on different elements. */
export const lanesOf = ({ rows, columns, block }: Tile): number => (rows / block[0]) * (columns / block[1]);

/**
 * A thin tile's sides at most, its workgroup's threads, groups of them at most, and elements of the inner axis at a
 * time: more than that does not fit workgroup memory.
 */
const thin = { side: 32, threads: 128, mostSplits: 8, inner: 64 };

/**
 * Fits a tile to a result that is thinner than it, so that no thread works for nothing. Where so few threads are left
 * that they could not keep a GPU busy, groups of them share out the inner axis: LoRA's gradients are 8 rows of sums
 * over all tokens.
 */
export function fitTile(variant: TileVariant, rows: number, columns: number): Tile {
  const { lanes = 0, isDirect = false } = variant;
  if (lanes > 0 && rows > 8 && columns > variant.columns / 2)
    return { ...variant, lanes, splits: 1, depth: 4, isDirect };
  const whole = lanes > 0 ? largeTile : variant;
  const fit = (most: number, size: number): number => Math.min(most, [8, 16, 32].find((one) => size <= one) ?? 64);
  const fitted = { rows: fit(whole.rows, rows), columns: fit(whole.columns, columns) };
  if (isDirect) return { ...fitted, block: [4, 4], splits: 1, depth: 4, lanes: 0, isDirect };
  const isThin = fitted.rows < whole.rows || fitted.columns < whole.columns;
  if (!isThin) return { ...fitted, block: whole.block, splits: 1, depth: 16, lanes: 0, isDirect };
  const tile = { rows: Math.min(fitted.rows, thin.side), columns: Math.min(fitted.columns, thin.side) };
  const splits = Math.min(thin.mostSplits, thin.threads / ((tile.rows / 4) * (tile.columns / 4)));
  return { ...tile, block: [4, 4], splits, depth: Math.min(16, thin.inner / splits), lanes: 0, isDirect };
}

/** Equal for tiles that one kernel can compute. */
export const tileName = ({ rows, columns, block, splits, lanes, isDirect }: Tile): string =>
  [rows, columns, ...block, splits, lanes, isDirect].join();
