import { describe, expect, it } from 'vitest';
import { pairsOfPool } from './pool';

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
