import { describe, expect, it } from 'vitest';
import type { JudgingRound } from '../../../storage/judging-record';
import { courierLines, partOf, rowsOfJudged, undisputed } from './courier';
import { linesOf, parseJudgements, roundPartsOf, writeJudgements } from './judgements-file';

const answer = (voice: number, text: string) => ({ voice, text, isCut: false });
const round: JudgingRound = {
  ...{ name: 'judged-Kim', annotator: 'Kim', modelName: 'm', fingerprint: 'f', orderSeed: 5, answersEach: 1 },
  voices: ['base', 'dpo-1'].map((name) => ({ runId: null, name })),
  sampling: { temperature: 1, seed: 0, maxNewTokens: 8 },
  prompts: ['one', 'two', 'three'],
  answered: ['one', 'two', 'three'].map((prompt) => ({
    prompt,
    answers: [answer(0, `${prompt} bad`), answer(1, `${prompt} good`)],
  })),
  judgements: [
    { verdict: 'a', edited: null, comment: 'secret', at: '2026-01-01' },
    { verdict: 'tie', edited: null, at: '2026-01-01' },
  ],
};

/** The round as the second annotator has it, judged. */
function judgedBack(verdicts: readonly ('a' | 'b' | 'tie')[]): JudgingRound {
  const { lines } = parseJudgements(writeJudgements(courierLines(round)));
  const judgements = verdicts.map((verdict) => ({ verdict, edited: null, at: '2026-02-01' }));
  return { ...round, ...roundPartsOf(lines), annotator: 'Lee', name: 'judged-Lee', fingerprint: null, judgements };
}

describe('a courier', () => {
  it('carries a round without any verdict, comment or name', () => {
    expect(partOf(round)).toBe('round');
    const text = writeJudgements(courierLines(round));
    for (const secret of ['Kim', 'secret', '"verdict":"a"', '2026']) expect(text).not.toContain(secret);
    expect(courierLines(round)).toHaveLength(3);
  });

  it('carries the judged answers back, which make the pairs that judging here would', () => {
    const back = judgedBack(['a', 'tie', 'b']);
    expect(partOf(back)).toBe('answers');
    const rows = rowsOfJudged(courierLines(back), 'judged-Lee');
    const lines = linesOf(back);
    expect(rows.map(({ file, row, pair }) => [file, row, pair.chosen])).toEqual([
      ['judged-Lee', 1, lines[0]?.a],
      ['judged-Lee', 3, lines[2]?.b],
    ]);
  });

  it('leaves out what was decided otherwise here, whichever side it stood on', () => {
    const chosen = (lines: ReturnType<typeof linesOf>) => rowsOfJudged(lines, 'x').map(({ pair }) => pair.chosen);
    const own = linesOf(round);
    const first = linesOf(judgedBack([])).map((line) => line.a);
    const agreeing = first[0] === own[0]?.a ? 'a' : 'b';
    const other = agreeing === 'a' ? 'b' : 'a';
    const agreed = courierLines(judgedBack([agreeing, 'a', 'a']));
    // The second was a tie here, the third was not judged.
    expect(chosen(undisputed(agreed, own))).toEqual([own[0]?.a, agreed[2]?.a]);
    const disputed = courierLines(judgedBack([other, 'tie', 'a']));
    expect(chosen(undisputed(disputed, own))).toEqual([disputed[2]?.a]);
    expect(chosen(disputed)).toHaveLength(2);
  });
});
