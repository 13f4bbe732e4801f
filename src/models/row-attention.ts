/**
 * @file How the attention of a packed row is written, by who runs it: cut into pieces, as one operator of our own, or
 * as the runtime's.
 */
import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import type { LayerKind, RowContext } from './architecture';
import type { AttentionPiece } from './layers';
import { attentionPieces, causalAttention } from './layers';

/**
 * Attention as products with a bias a piece; as one operator, which kernels of our own compute tile by tile; or as the
 * runtime's operator on a GPU, with one bias of the whole row.
 */
export type AttentionStyle = 'pieces' | 'operator' | 'grouped';

/** The one piece of a row that is not cut. */
export const wholePiece = (T: number): readonly AttentionPiece[] => [{ from: 0, to: T, keys: 0 }];

/** The row, as far as its attention goes. */
export interface AttendedRow {
  readonly kind: LayerKind;
  /** Tokens. */
  readonly T: number;
  /** Pieces of its attention; by default those of a row of one pair on WASM. */
  readonly pieces?: readonly AttentionPiece[];
  /** How its attention is written; in pieces by default. */
  readonly attention?: AttentionStyle;
}

/** What a row's attention is told of the row, as inputs of its stage, and how it is emitted. */
export interface RowAttention {
  readonly inputs: Readonly<Record<string, Value>>;
  readonly attend: RowContext['attend'];
}

/** Attention by the runtime's operator: which tokens see each other says one bias [T, T]. */
function groupedAttention(g: Builder, T: number): RowAttention {
  const bias0 = g.input('bias0', 'float32', [T, T]);
  return {
    inputs: { bias0 },
    attend: (q, k, v, { scale } = {}) => {
      const [, heads, D] = q.shape as [number, number, number];
      const kvHeads = k.shape[1] as number;
      const form = { heads, kvHeads, scale: scale ?? 1 / Math.sqrt(D), slidingWindow: null };
      const flat = [q, k, v].map((x, i) => g.reshape(x, [1, T, (i === 0 ? heads : kvHeads) * D]));
      const [o] = g.emit('GroupQueryAttention', [...flat, g.reshape(bias0, [1, 1, T, T])], form) as [Value];
      return g.reshape(o, [T, heads * D]);
    },
  };
}

/** Declares what a row's attention is told of the row, and says how it is computed. */
export function rowAttention(
  g: Builder,
  { kind, T, pieces = attentionPieces(T), attention = 'pieces' }: AttendedRow,
): RowAttention {
  if (attention === 'grouped') return groupedAttention(g, T);
  if (attention === 'pieces') {
    const biases = pieces.map(({ from, to, keys }, i) => g.input(`bias${i}`, 'float32', [to - from, to - keys]));
    return {
      inputs: Object.fromEntries(biases.map((bias, i) => [`bias${i}`, bias])),
      attend: (q, k, v, options) => causalAttention(g, { q, k, v }, pieces, biases, options),
    };
  }
  const row = g.input('row', 'int32', [T, 4]);
  return {
    inputs: { row },
    attend: (q, k, v, { scale, softcap = null } = {}) => {
      const [, H, D] = q.shape as [number, number, number];
      const form = { scale: scale ?? 1 / Math.sqrt(D), softcap, slidingWindow: kind.slidingWindow };
      const [o] = g.emit('Attention', [q, k, v, row], form) as [Value];
      return g.reshape(o, [T, H * D]);
    },
  };
}
