/**
 * @file Encodes a list of pairs for one model, telling for each what training will see or why it will not see it.
 */
import type { PairReport } from '../run/reports';
import { breathe } from '../core/breathe';
import { throwIfAborted } from '../core/errors';
import { message } from '../messages/message';
import type { OpenedModel } from '../engine/open-model';
import type { ScoredPair } from '../data/preference-pair';
import type { EncodedPair } from '../text/encode-pair';
import { pieceCounter } from '../text/character-pieces';
import { encodePair } from '../text/encode-pair';

export interface EncodedDataset {
  readonly reports: readonly PairReport[];
  /** The pairs without a problem, in order, and their indices in the list. */
  readonly pairs: readonly EncodedPair[];
  readonly indices: readonly number[];
}

/** From this share of parts of characters on, an answer is in a script that the model cannot write. */
const mostlyPieces = 0.5;

/** Lets messages in (a cancel, say) every so many pairs. */
const breathEvery = 200;

function findUnknownToken(pair: EncodedPair, vocabularySize: number): number | null {
  const ids = [pair.promptIds, pair.chosenIds, pair.rejectedIds].flat();
  return ids.find((id) => id >= vocabularySize) ?? null;
}

/**
 * Encodes pairs as training will see them; a pair that cannot be trained on gets a report with the problem, and the
 * others go on.
 * @param maxLength tokens of prompt and completion; the model's context bounds it too
 * @param options `mayLackRejected` takes pairs without a rejected answer, as SFT does; `isOfSingles` takes pairs with
 *   either answer, as KTO does; `isScored` encodes them for a reward model
 * @throws AbortError when the signal says so
 */
export async function encodeDataset(
  opened: OpenedModel,
  list: readonly ScoredPair[],
  maxLength: number,
  options: {
    signal?: AbortSignal | undefined;
    onProgress?: (done: number, total: number) => void;
    mayLackRejected?: boolean;
    isOfSingles?: boolean;
    isScored?: boolean;
  } = {},
): Promise<EncodedDataset> {
  const { tokenizer, chatTemplate, model } = opened;
  const { vocabularySize, contextLength } = model.shape.config;
  const { mayLackRejected, isOfSingles, isScored } = options;
  const most = Math.min(maxLength, contextLength);
  const context = { tokenizer, chatTemplate, maxLength: most, mayLackRejected, isOfSingles, isScored };
  const countPieces = pieceCounter(tokenizer);
  const reports: PairReport[] = [];
  const pairs: EncodedPair[] = [];
  const indices: number[] = [];
  for (const [index, source] of list.entries()) {
    if (index % breathEvery === 0) {
      options.onProgress?.(index, list.length);
      await breathe();
      throwIfAborted(options.signal);
    }
    const outcome = encodePair(source, context);
    const unknown = outcome.ok ? findUnknownToken(outcome.pair, vocabularySize) : null;
    const problem = !outcome.ok
      ? outcome.problem
      : unknown !== null
        ? message('tokenUnknown', { token: unknown, count: vocabularySize })
        : null;
    const { promptIds, chosenIds, rejectedIds, warnings, faults } = outcome.ok
      ? outcome.pair
      : { promptIds: [], chosenIds: [], rejectedIds: [], warnings: [], faults: [] };
    const pieceTokens = countPieces(chosenIds) + countPieces(rejectedIds);
    const isUnwritable = pieceTokens > mostlyPieces * (chosenIds.length + rejectedIds.length);
    reports.push({
      index,
      promptTokens: promptIds.length,
      chosenTokens: chosenIds.length,
      rejectedTokens: rejectedIds.length,
      pieceTokens,
      warnings,
      faults: isUnwritable ? [...faults, 'unwritable'] : faults,
      problem,
    });
    if (outcome.ok && problem === null) {
      pairs.push(outcome.pair);
      indices.push(index);
    }
  }
  options.onProgress?.(list.length, list.length);
  return { reports, pairs, indices };
}
