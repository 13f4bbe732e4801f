import { describe, expect, it } from 'vitest';
import { winRateOf } from '../../evaluation/win-rate';
import type { RewardPoint, WinPoint } from './evaluate';
import type { Results, Row } from './report';
import { chartsOf, filesOf, joinRows, poolSeeds, tableOf } from './report';

const rewarded = (seed: number, reward: number, kl: number): Row => ({
  family: 'DPO',
  setting: 'beta 0.1',
  seed,
  step: 100,
  reward: { reward, rewardError: 0.03, kl: { mean: kl, standardError: 0.4 } as never },
});

const contested = (seed: number, wins: number, losses: number): Row => {
  const rate = winRateOf([...Array<'win'>(wins).fill('win'), ...Array<'loss'>(losses).fill('loss')]);
  return {
    family: 'DPO',
    setting: 'beta 0.1',
    seed,
    step: 200,
    wins: [{ temperature: 0.25, againstReference: rate, againstChosen: rate }],
  };
};

describe('the report of an experiment', () => {
  it('pools seeds: means of means, errors of the mean', () => {
    const [pooled] = poolSeeds([rewarded(1, 0.6, 1), rewarded(2, 0.8, 3)]);
    expect(pooled?.seeds).toBe(2);
    expect(pooled?.reward?.mean).toBeCloseTo(0.7, 12);
    expect(pooled?.reward?.reach).toBeCloseTo((1.96 * 0.03) / Math.SQRT2, 12);
    expect(pooled?.kl?.mean).toBeCloseTo(2, 12);
  });

  it('counts once what several reports measured, and refuses reports that differ', () => {
    const [reference, other] = [rewarded(1, 0.5, 0), rewarded(2, 0.8, 3)];
    const samples = [[0, 1]];
    expect(joinRows([[{ ...reference, samples }], [reference, other]])).toEqual([{ ...reference, samples }, other]);
    expect(() => joinRows([[reference], [rewarded(1, 0.51, 0)]])).toThrow(/DPO, beta 0\.1, seed 1, step 100/);
  });

  it('keeps checkpoints and settings apart', () => {
    expect(
      poolSeeds([
        rewarded(1, 0.6, 1),
        { ...rewarded(1, 0.7, 1), step: 200 },
        { ...rewarded(1, 0.7, 1), setting: 'beta 1' },
      ]),
    ).toHaveLength(3);
  });

  it('pools contests, not rates', () => {
    const [pooled] = poolSeeds([contested(1, 9, 1), contested(2, 15, 15)]);
    const rate = pooled?.wins[0]?.againstChosen;
    expect(rate).toMatchObject({ wins: 24, losses: 16, mean: 0.6 });
    expect(rate?.interval.low).toBeGreaterThan(0.4);
  });

  it('writes every point into table and chart', () => {
    const results = { task: 'sentiment', options: {}, rows: [rewarded(1, 0.6, 1), rewarded(2, 0.8, 3)] } as const;
    expect(tableOf(results)).toContain('| DPO | beta 0.1 | 100 | 2 | 0.700 ± 0.042 | 2.00 ± 0.55 |');
    expect(chartsOf(results)['sentiment.svg']?.match(/<circle/g)).toHaveLength(2); // legend and point
    const wins = { task: 'dialogue', options: {}, rows: [contested(1, 9, 1)] } as const;
    expect(Object.keys(filesOf(wins))).toEqual([
      'dialogue.json',
      'dialogue.md',
      'dialogue-reference.svg',
      'dialogue-chosen.svg',
    ]);
    expect(tableOf(wins)).toContain('0.90');
  });

  it('says nothing of chosen answers where the prompts came without any', () => {
    const [point] = contested(1, 9, 1).wins ?? [];
    const row = { ...contested(1, 9, 1), wins: [{ ...(point as WinPoint), againstChosen: null }] };
    const results = { task: 'dialogue', options: {}, rows: [row, { ...row, seed: 2 }] } as const;
    expect(Object.keys(filesOf(results))).toEqual(['dialogue.json', 'dialogue.md', 'dialogue-reference.svg']);
    expect(tableOf(results)).toMatch(/^Win rate against the reference:\n\n[^:]+$/);
  });

  it('splits a divergence into what bought reward and the rest, and draws what the reference could give', () => {
    const answers = Array.from({ length: 400 }, (_, i) => ({ reward: i % 2, logRatio: 0.5 }));
    const row = rewarded(1, 0.5, 0.5);
    const samples = [
      [0, 1],
      [0, 1],
    ];
    const results: Results = {
      ...{ task: 'sentiment', options: {} },
      rows: [
        { ...row, family: 'SFT', samples },
        { ...row, reward: { ...(row.reward as RewardPoint), answers } },
      ],
    };
    // Rewards are spread as the reference's, so that nothing was bought and all of the half nat is waste.
    expect(tableOf(results)).toMatch(/\| DPO .*\| -?0\.\d\d \(.*\) \| 0\.[4-9]\d \(/);
    expect(tableOf(results)).toContain('| Best of 2 | 1.000 (1.000 to 1.000) | at most 0.19 |');
    expect(chartsOf(results)['sentiment.svg']).toContain('Best of N (KL at most)');
    expect(tableOf({ ...results, rows: [row] })).not.toContain('bought');
  });
});
