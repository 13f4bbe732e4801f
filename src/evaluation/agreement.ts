/**
 * @file How far two annotators agree on the same items: the raw share, and Cohen's kappa, which takes off what they
 * would agree on by chance (Cohen 1960, Educational and Psychological Measurement 20).
 */

export interface Agreement {
  readonly items: number;
  readonly agreed: number;
  /** agreed / items; 0 without items. */
  readonly observed: number;
  /** What two annotators with these habits, each judging at random, would agree on: sum over c of p1(c) p2(c). */
  readonly expected: number;
  /** (observed - expected) / (1 - expected); null where it is 0 / 0: no items, or both used one category only. */
  readonly kappa: number | null;
}

/**
 * Measures how far two annotators agree, and how far beyond chance (Cohen 1960).
 * @param ratings the two categories of each item, the first annotator's first
 */
export function measureAgreement(ratings: readonly (readonly [first: string, second: string])[]): Agreement {
  const items = ratings.length;
  if (items === 0) return { items, agreed: 0, observed: 0, expected: 0, kappa: null };
  const count = (side: 0 | 1, category: string): number => ratings.filter((rating) => rating[side] === category).length;
  const agreed = ratings.filter(([first, second]) => first === second).length;
  const observed = agreed / items;
  const categories = new Set(ratings.map(([first]) => first));
  let expected = 0;
  for (const category of categories) expected += (count(0, category) / items) * (count(1, category) / items);
  return { items, agreed, observed, expected, kappa: expected === 1 ? null : (observed - expected) / (1 - expected) };
}
