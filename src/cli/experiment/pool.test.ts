import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bestOfPool, keptPool, pairsOfPool, type PoolFacts } from './pool';

const answer = (text: string, reward: number | null, isEnded = true) => ({ text, reward, isEnded });

describe('pairs of answers that the reference drew', () => {
  it('pairs every two of unequal reward, the better one chosen, with their scores', () => {
    const pairs = pairsOfPool(
      ['The soup', 'A film'],
      [
        [answer(' a', 0.2), answer(' b', 0.9), answer(' c', 0.5)],
        [answer(' d', 0.3), answer(' e', 0.3)],
      ],
    );
    expect(pairs.map(({ chosen, rejected }) => `${String(chosen)}>${String(rejected)}`)).toEqual([
      ' b> a',
      ' b> c',
      ' c> a',
    ]);
    expect(pairs[0]).toMatchObject({ prompt: 'The soup', scores: { chosen: 0.9, rejected: 0.2 } });
  });

  it('leaves out answers that did not end or could not be judged', () => {
    expect(pairsOfPool(['The soup'], [[answer(' a', 0.2), answer(' b', 0.9, false), answer(' c', null)]])).toEqual([]);
  });

  it('answers a chat by a message', () => {
    const prompt = [{ role: 'user', content: 'Hello' }];
    const [pair] = pairsOfPool([prompt], [[answer('a', 0), answer('b', 1)]]);
    expect(pair).toMatchObject({ prompt, chosen: [{ role: 'assistant', content: 'b' }] });
  });
});

describe('the best answers of the reference', () => {
  it('are one of each prompt, ended and judged; a prompt without such is left out', () => {
    const best = bestOfPool(
      ['The soup', 'A film', 'Tea'],
      [
        [answer(' a', 0.2), answer(' b', 0.9, false), answer(' c', 0.5)],
        [answer(' d', null)],
        [answer(' e', 0), answer(' f', 0)],
      ],
    );
    expect(best).toEqual([
      { prompt: 'The soup', chosen: ' c', rejected: ' c' },
      { prompt: 'Tea', chosen: ' e', rejected: ' e' },
    ]);
  });
});

describe('a pool that is kept', () => {
  const facts: PoolFacts = {
    model: 'm',
    seed: 1,
    prompts: 1,
    answers: 2,
    maxNewTokens: 8,
    reward: 'r',
    reference: { seed: 1 },
  };

  it('is drawn once, and again for other settings', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'pool-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const path = join(directory, 'answers.jsonl');
    const pool = [[answer(' a', 0.2), answer(' b', null, false)]];
    let drawn = 0;
    const draw = () => {
      drawn += 1;
      return Promise.resolve(pool);
    };
    for (const more of [{}, {}, { answers: 4 }, { answers: 4 }, { reference: { seed: 2 } }, { reward: 's' }])
      expect(await keptPool(path, { ...facts, ...more }, draw)).toEqual(pool);
    expect(drawn).toBe(4);
  });
});
