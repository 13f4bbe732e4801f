import { describe, expect, it } from 'vitest';
import { Random } from '../../../core/random';
import type { Sweep, SweepAnswer } from '../../../storage/sweep-record';
import { exampleRun } from '../examples';
import {
  answersOf,
  blockAt,
  blocksAtHand,
  countAnswers,
  countBlocks,
  frontierOf,
  jobOf,
  rewardOfChoice,
  seedOf,
  verdictOf,
} from './sweep';

const sweepOf = (given: Partial<Sweep> = {}): Sweep => ({
  ...{
    at: '2026-11-30',
    modelName: 'tiny',
    fingerprint: 'print',
    precision: 'float32',
    datasetId: 'main',
    dataset: null,
  },
  job: { method: 'dpo', config: { loss_type: ['sigmoid'], beta: 0.1, learning_rate: 1e-3 } },
  betas: [0.1, 0.5, 1],
  runs: [null, null, null],
  ...{ startFrom: null, reference: null, reward: { scorer: 'sentiment' } },
  prompts: Array.from({ length: 20 }, (_, index) => `p${index}`),
  rightAnswers: Array.from({ length: 20 }, () => null),
  sampling: { maxNewTokens: 8, seed: 5, answers: 2, referenceAnswers: 4 },
  answered: [],
  judgements: [],
  ...given,
});

const answer = (reward: number | null, logRatio = 0, isCut = false): SweepAnswer => ({
  ...{ text: 't', isCut, reward, logRatio },
});

/** A sweep whose policies answer each prompt as `answersFor` says. */
function answeredSweep(answersFor: (policy: number) => () => SweepAnswer, given: Partial<Sweep> = {}): Sweep {
  const sweep = sweepOf(given);
  const blocks = Array.from({ length: countBlocks(sweep) }, (_, index) => blockAt(index, sweep));
  const answered = blocks.map(({ policy, prompts }) => {
    const next = answersFor(policy);
    const each = policy === 0 ? sweep.sampling.referenceAnswers : sweep.sampling.answers;
    return prompts.map(() => Array.from({ length: each }, next));
  });
  return { ...sweep, answered };
}

describe('the order of answers', () => {
  it('is the reference first, then each beta, prompts in blocks', () => {
    const sweep = sweepOf();
    expect(countBlocks(sweep)).toBe(12);
    expect([1, 3, 4, 12].map((blocks) => countAnswers(blocks, sweep))).toEqual([32, 80, 96, 200]);
    const blocks = [0, 2, 3, 11].map((index) => blockAt(index, sweep));
    expect(blocks.map(({ policy, first, prompts }) => [policy, first, prompts.length])).toEqual([
      [0, 0, 8],
      [0, 16, 4],
      [1, 0, 8],
      [3, 16, 4],
    ]);
    const answered = Array.from({ length: 7 }, (_, index) =>
      blockAt(index, sweep).prompts.map((prompt) => [{ ...answer(1), text: String(prompt) }]),
    );
    expect(answersOf({ ...sweep, answered }, 1).map(([first]) => first?.text)).toEqual(sweep.prompts);
    expect(answersOf({ ...sweep, answered }, 2)).toHaveLength(8);
    expect(answersOf({ ...sweep, answered }, 3)).toEqual([]);
  });

  it('draws each answer of a policy with a seed of its own, runs with the same, the reference with others', () => {
    const sweep = sweepOf();
    const seeds = (policy: number) =>
      Array.from({ length: 3 }, (_, block) => blockAt(policy * 3 + block, sweep)).flatMap((block) =>
        block.prompts.flatMap((_, prompt) =>
          Array.from({ length: policy === 0 ? 4 : 2 }, (_, each) => seedOf(block, prompt, each, sweep)),
        ),
      );
    expect(new Set([...seeds(0), ...seeds(1)]).size).toBe(20 * 6);
    expect(seeds(2)).toEqual(seeds(1));
  });

  it('waits for the first run that has not ended', () => {
    const run = (id: string, status: 'finished' | 'stopped' = 'finished') => ({ ...exampleRun, id, status });
    const sweep = sweepOf({ runs: ['a', 'b', 'c'] });
    expect(blocksAtHand(sweepOf(), [])).toBe(3);
    expect(blocksAtHand(sweep, [run('a'), run('c')])).toBe(6);
    expect(blocksAtHand(sweep, [run('a'), run('b', 'stopped'), run('c')])).toBe(6);
    expect(blocksAtHand(sweep, [run('a'), run('b'), run('c')])).toBe(12);
    expect(blocksAtHand(sweep, [run('a'), { ...run('b'), adapterBytes: 0 }, run('c')])).toBe(6);
  });

  it('trains runs that differ by their beta alone', () => {
    const sweep = sweepOf();
    expect([0, 1, 2].map((at) => jobOf(sweep, at).config.beta)).toEqual([0.1, 0.5, 1]);
    expect(jobOf(sweep, 2)).toEqual({ ...sweep.job, config: { ...sweep.job.config, beta: 1 } });
  });
});

describe('the frontier', () => {
  /** Rewards 0 and 1, as likely in the reference; a run has 1 with probability q, at what that costs, and more. */
  function toy(shares: readonly number[], waste: readonly number[]): Sweep {
    const random = new Random(7);
    return answeredSweep(
      (policy) => () => {
        const q = policy === 0 ? 0.5 : (shares[policy - 1] ?? 0.5);
        const isGood = random.uniform() < q;
        const ratio = policy === 0 ? 0 : Math.log((isGood ? q : 1 - q) / 0.5) + (waste[policy - 1] ?? 0);
        return answer(isGood ? 1 : 0, ratio);
      },
      {
        prompts: Array.from({ length: 400 }, (_, index) => `p${index}`),
        rightAnswers: Array.from({ length: 400 }, () => null),
        sampling: { maxNewTokens: 8, seed: 0, answers: 4, referenceAnswers: 16 },
      },
    );
  }

  it('finds what a known tilt costs, how much of it bought reward, and what the reference could give', () => {
    const { points, limits } = frontierOf(toy([0.95, 0.8, 0.5], [2, 0, 0]));
    const [reference, first, second, third] = points;
    const klOf = (q: number) => q * Math.log(2 * q) + (1 - q) * Math.log(2 * (1 - q));
    expect(reference).toMatchObject({ beta: null, spending: null, gain: null, answers: 6400, unscored: 0 });
    expect(reference?.kl).toEqual({ mean: 0, low: 0, high: 0 });
    for (const [point, q, waste] of [
      [first, 0.95, 2],
      [second, 0.8, 0],
      [third, 0.5, 0],
    ] as const) {
      const isIn = (value: number, interval: { low: number; high: number } | null | undefined) => {
        expect(value).toBeGreaterThanOrEqual((interval?.low ?? Infinity) - 1e-9);
        expect(value).toBeLessThanOrEqual((interval?.high ?? -Infinity) + 1e-9);
      };
      isIn(q, point?.reward);
      isIn(klOf(q) + waste, point?.kl);
      isIn(klOf(q), point?.spending?.bought);
      isIn(waste, point?.spending?.wasted);
      isIn(q - 0.5, point?.gain);
    }
    expect(limits?.bestOf.map(({ count }) => count)).toEqual([2, 4, 8, 16]);
    expect(limits?.bestOf[1]?.reward.mean).toBeCloseTo(1 - 0.5 ** 4, 1);
    expect(limits?.horizon).toBeCloseTo(Math.log(16));
    // exp(r / beta) weights of two equally likely rewards: 1 / (1 + exp(-1 / beta)).
    expect(limits?.optimum[0]?.reward.mean).toBeCloseTo(1 / (1 + Math.exp(-1)), 1);
  });

  it('takes the beta nearest to the reference among those that are not clearly below the best', () => {
    const sweep = toy([0.9, 0.89, 0.6], [3, 0.1, 0]);
    const verdict = verdictOf(sweep, frontierOf(sweep));
    expect(verdict?.nearest.beta).toBe(0.5);
    expect(verdict?.standing).toBe('above');
    const none = toy([0.5, 0.5, 0.5], [1, 0.5, 0]);
    expect(verdictOf(none, frontierOf(none))).toMatchObject({ nearest: { beta: 1 }, standing: 'open' });
  });

  it('shows a policy once all its answers are there', () => {
    const whole = toy([0.9, 0.8, 0.7], [0, 0, 0]);
    const part = { ...whole, answered: whole.answered.slice(0, 149) };
    expect(frontierOf(part).points.map(({ policy }) => policy)).toEqual([0, 1]);
    expect(frontierOf({ ...whole, answered: whole.answered.slice(0, 49) })).toEqual({ points: [], limits: null });
    expect(verdictOf(part, frontierOf(part))).toBeNull();
  });

  it('counts answers that have no score or were cut off, and has no divergence where a run broke', () => {
    const rewards = [1, null, 0, 1];
    let at = 0;
    const sweep = answeredSweep((policy) => () => {
      const reward = rewards[at++ % 4] ?? null;
      return answer(reward, policy === 2 ? NaN : 0.5, policy === 3);
    });
    const { points } = frontierOf(sweep);
    expect(points.map(({ answers, unscored, cutShare }) => [answers, unscored, cutShare])).toEqual([
      [60, 20, 0],
      [30, 10, 0],
      [30, 10, 0],
      [30, 10, 1],
    ]);
    expect(points[2]).toMatchObject({ kl: null, spending: null });
    expect(points[1]?.kl?.mean).toBeCloseTo(0.5);
    expect(verdictOf(sweep, frontierOf(sweep))?.best.policy).not.toBe(2);
  });

  it('has betas of the rewards’ own scale on the optimum’s curve', () => {
    const random = new Random(1);
    const sweep = answeredSweep(() => () => answer(random.uniform() * 100));
    expect(frontierOf(sweep).limits?.optimum[0]?.beta).toBe(100);
    const flat = answeredSweep(() => () => answer(0.5));
    expect(frontierOf(flat).limits?.optimum).toEqual([]);
  });
});

it('opens the rewards that the page works out', () => {
  const ended = { text: 'Yes.', tokens: 1, reference: null, isEnded: true };
  const rules = { version: 1, rules: [{ kind: 'contains', text: 'yes', ignore_case: true, weight: 1 }] } as const;
  expect(rewardOfChoice({ rules })?.score('p', ended).reward).toBe(1);
  expect(rewardOfChoice({ scorer: 'sentiment' })?.name).toBe('sentiment');
  expect(rewardOfChoice({ rules: 'a/path.json' })).toBeNull();
  expect(rewardOfChoice({ model: 'r' })).toBeNull();
});
