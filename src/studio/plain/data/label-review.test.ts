/** @file Which labels are listed for review, by the pairs as they stand, and what is decided of them. */
import { describe, expect, it } from 'vitest';
import type { PreferencePair } from '../../../data/preference-pair';
import { diagnoseLabels } from '../../../evaluation/label-doctor';
import type { LabelReview } from '../../../storage/label-review-record';
import {
  hasLabel,
  keepJudgement,
  labelKey,
  listDoubtful,
  listOpen,
  mergeReviews,
  smoothingOf,
  turnedRound,
  withConfirmed,
  withoutConfirmed,
  withTurned,
} from './label-review';

const pairOf = (i: number): PreferencePair => ({ prompt: `p${i}`, chosen: `good ${i}`, rejected: `bad ${i}` });
const turn = (pair: PreferencePair) => turnedRound({ pair }).pair;
const rowsOf = (pairs: readonly PreferencePair[]) => pairs.map((pair) => ({ pair }));

/** Thirty pairs of which the judge is sure, but for the second, which it thinks wrong, and the third, a near-tie. */
const pairs = Array.from({ length: 30 }, (_, i) => pairOf(i));
const noise = { share: 0.1, low: 0.05, high: 0.2, scale: 1 };
const margins = pairs.map((_, i) => (i === 1 ? -4 : i === 2 ? 0.01 : 4));
const judged = keepJudgement({ by: 'words', at: '2026-11-30', noise }, pairs, margins);
const open = (rows: readonly PreferencePair[], confirmed: readonly string[] = []) =>
  listOpen(listDoubtful(rowsOf(rows), judged), confirmed);
const indices = (list: readonly { readonly index: number }[]) => list.map(({ index }) => index);

describe('the key of a label', () => {
  it('tells the two labels of a pair apart, and nothing else', () => {
    const [pair, other] = [pairOf(1), pairOf(2)];
    expect(labelKey(pair).slice(0, -1)).toBe(labelKey(turn(pair)).slice(0, -1));
    expect(labelKey(pair)).not.toBe(labelKey(turn(pair)));
    expect(labelKey(pair).slice(0, -1)).not.toBe(labelKey(other).slice(0, -1));
    const chat = (words: string) => [{ role: 'assistant', content: words }];
    const asChat = { prompt: [{ role: 'user', content: 'p1' }], chosen: chat('good 1'), rejected: chat('bad 1') };
    expect(labelKey(asChat)).toBe(labelKey(pair));
  });

  it('is of pairs of two different answers alone', () => {
    expect(hasLabel(pairOf(1))).toBe(true);
    expect(hasLabel({ prompt: 'p', chosen: 'a', rejected: '' })).toBe(false);
    expect(hasLabel({ prompt: 'p', chosen: 'a', rejected: 'A ' })).toBe(false);
  });
});

describe('what is listed', () => {
  it('names what the judge doubts, wherever the pair stands by now', () => {
    expect(indices(open(pairs).open.wrong)).toEqual([1]);
    expect(indices(open(pairs).open.tie)).toEqual([2]);
    const moved = [pairOf(40), pairs[2]!, pairs[1]!, pairs[5]!];
    const { open: lists, unjudged, gone } = open(moved);
    expect(indices(lists.wrong)).toEqual([2]);
    expect(indices(lists.tie)).toEqual([1]);
    expect(unjudged).toBe(1);
    expect(gone).toBe(27);
  });

  it('has no doubt of a label that was turned round, and doubts it again once that is undone', () => {
    const turned = pairs.with(1, turn(pairs[1]!));
    expect(open(turned).open.wrong).toEqual([]);
    expect(open(turned).gone).toBe(1);
    // A right label that was turned round is doubted.
    expect(indices(open(pairs.with(7, turn(pairs[7]!))).open.wrong)).toEqual([1, 7]);
    expect(indices(open(pairs).open.wrong)).toEqual([1]);
  });

  it('leaves out what a person let stand, but not its contrary', () => {
    const review = withConfirmed({ judged, confirmed: [] }, labelKey(pairs[1]!));
    expect(open(pairs, review.confirmed).open.wrong).toEqual([]);
    expect(open(pairs, review.confirmed).confirmed).toBe(1);
    const both = [...pairs, turn(pairs[1]!)];
    expect(indices(open(both).open.contradiction)).toEqual([1, 30]);
    expect(indices(open(both, review.confirmed).open.contradiction)).toEqual([30]);
    expect(withoutConfirmed(review, labelKey(pairs[1]!)).confirmed).toEqual([]);
    // They are those that the command line names.
    const named = diagnoseLabels(both, [...margins, 4]).doubtful.filter(({ finding }) => finding === 'contradiction');
    expect(indices(named)).toEqual([1, 30]);
  });

  it('counts a label as decided after it was turned round, not the one that it was', () => {
    const was = labelKey(pairs[1]!);
    const review = withTurned(withConfirmed({ judged, confirmed: [] }, was), was);
    expect(review.confirmed).toEqual([labelKey(turn(pairs[1]!))]);
    expect(indices(open(pairs, review.confirmed).open.wrong)).toEqual([1]);
  });

  it('lists a long data set at once', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => pairOf(i));
    const sure = many.map((_, i) => (i % 10 === 0 ? -2 : 2));
    const kept = keepJudgement({ by: 'words', at: '', noise }, many, sure);
    expect(listDoubtful(rowsOf(many), kept).doubtful).toHaveLength(1000);
  });
});

it('turns the scores round with the answers', () => {
  const row = { pair: pairOf(1), file: 'a', scores: { chosen: 0.2, rejected: 0.9 } };
  expect(turnedRound(row)).toEqual({ pair: turn(pairOf(1)), file: 'a', scores: { chosen: 0.9, rejected: 0.2 } });
  expect(turnedRound({ pair: pairOf(1) })).not.toHaveProperty('scores');
});

it('merges what two tabs decided', () => {
  const base: LabelReview = { judged: null, confirmed: ['a+', 'b+'] };
  const mine: LabelReview = { judged, confirmed: ['b+', 'c+'] };
  const theirs: LabelReview = { judged: null, confirmed: ['a+', 'b+', 'd-'] };
  expect(mergeReviews(base, mine, theirs)).toEqual({ judged, confirmed: ['b+', 'd-', 'c+'] });
  expect(mergeReviews(base, base, theirs)).toBe(theirs);
});

it('offers a label smoothing that Train takes', () => {
  expect(smoothingOf({ share: 0.1 })).toBe('0.1');
  expect(smoothingOf({ share: 0.5 })).toBe('0.49');
  expect(smoothingOf({ share: 0 })).toBeNull();
});
