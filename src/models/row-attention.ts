/**
 * @file How the attention of a packed row is written, by who runs it: cut into pieces, as one operator of our own, or
 * as the runtime's.
 */
import type { Builder } from '../graph/builder';
import type { AttentionForm } from '../graph/operator';
import { replaceNodes } from '../graph/replace';
import { pruneStage } from '../graph/stage';
import type { Stage, Value } from '../graph/value';
import type { LayerKind, RowContext } from './architecture';
import type { AttentionPiece } from './layers';
import { attentionPieces, causalAttention } from './layers';

/**
 * Attention as products with a bias a piece; as one operator, which kernels of our own compute tile by tile; as the
 * runtime's operator on a GPU, with one bias of the whole row; or, where the gradient is asked for, as the runtime's in
 * the forward pass and as our own, computed again, in the backward pass (`both`).
 */
export type AttentionStyle = 'pieces' | 'operator' | 'grouped' | 'both';

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

/** Emits the runtime's operator for q [T, H, D], k and v [T, K, D] and a bias [T, T]: o [T, H, D]. */
function emitGrouped(g: Builder, [q, k, v]: readonly [Value, Value, Value], bias: Value, scale: number): Value {
  const [T, heads, D] = q.shape as [number, number, number];
  const kvHeads = k.shape[1] as number;
  const flat = [q, k, v].map((x, i) => g.reshape(x, [1, T, (i === 0 ? heads : kvHeads) * D]));
  const form = { heads, kvHeads, scale, slidingWindow: null };
  const [o] = g.emit('GroupQueryAttention', [...flat, g.reshape(bias, [1, 1, T, T])], form) as [Value];
  return g.reshape(o, q.shape);
}

/** Attention by the runtime's operator: which tokens see each other says one bias [T, T]. */
function groupedAttention(g: Builder, T: number): RowAttention {
  const bias0 = g.input('bias0', 'float32', [T, T]);
  return {
    inputs: { bias0 },
    attend: (q, k, v, { scale } = {}) => {
      const [, heads, D] = q.shape as [number, number, number];
      return g.reshape(emitGrouped(g, [q, k, v], bias0, scale ?? 1 / Math.sqrt(D)), [T, heads * D]);
    },
  };
}

/**
 * Puts the runtime's operator into a stage in the place of our own: who sees whom then says `bias0` [T, T] and no
 * longer `row` and the window.
 * @throws Error where the stage gives attention's sums, or bends its scores: the runtime does neither
 */
export function groupAttention(stage: Stage, T: number): Stage {
  const bias0 = { dtype: 'float32', shape: [T, T] } as const;
  const grouped = replaceNodes(stage, { bias0 }, (g, { op, attributes }, [q, k, v], added) => {
    if (op !== 'Attention') return null;
    const { scale, softcap } = attributes as AttentionForm;
    if (softcap !== null) throw new Error(`Stage '${stage.name}': the runtime's attention has no soft cap.`);
    return [emitGrouped(g, [q, k, v] as [Value, Value, Value], added['bias0'] as Value, scale)];
  });
  return pruneStage(grouped);
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
