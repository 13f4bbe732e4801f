import { describe, expect, it } from 'vitest';
import type { JudgingRound, Verdict } from '../../../storage/judging-record';
import { comparisonsOf } from './comparisons';
import { agreementOf, linesOf, parseJudgements, roundPartsOf, writeJudgements } from './judgements-file';
import { summariseRound } from './summary';

const at = '2026-01-01T00:00:00.000Z';

function roundOf(count: number, verdicts: readonly Verdict[], orderSeed = 1): JudgingRound {
  const answered = Array.from({ length: count }, (_, i) => ({
    prompt: `prompt ${i}`,
    answers: [
      { voice: 0, text: `base ${i}`, isCut: false },
      { voice: 1, text: `longer dpo ${i}`, isCut: true },
    ],
  }));
  return {
    name: 'round',
    annotator: 'Kim',
    modelName: 'tiny',
    fingerprint: 'f',
    orderSeed,
    voices: [
      { runId: null, name: 'base' },
      { runId: 'r', name: 'dpo-1' },
    ],
    answersEach: 1,
    sampling: { temperature: 1, seed: 0, maxNewTokens: 8 },
    prompts: answered.map(({ prompt }) => prompt),
    answered,
    judgements: verdicts.map((verdict) => ({ verdict, edited: null, at })),
  };
}

describe('files of judgements', () => {
  it('are read back as they were written, with what is not judged yet', () => {
    const lines = linesOf(roundOf(4, ['a', 'tie', 'bad']));
    expect(lines.map(({ verdict }) => verdict)).toEqual(['a', 'tie', 'bad', null]);
    expect(parseJudgements(writeJudgements(lines))).toEqual({ lines, refused: [] });
  });

  it('give the same answers to a second annotator', () => {
    const parts = roundPartsOf(linesOf(roundOf(3, ['a'])));
    expect(parts.modelName).toBe('tiny');
    expect(parts.voices.map(({ name }) => name).sort()).toEqual(['base', 'dpo-1']);
    const second = comparisonsOf({ answered: parts.answered, orderSeed: 99 });
    expect(second.map(({ prompt, a, b }) => [prompt, ...[a.text, b.text].sort()])).toEqual(
      [0, 1, 2].map((i) => [`prompt ${i}`, `base ${i}`, `longer dpo ${i}`]),
    );
  });

  it('refuse lines that are no judgement, and keep the others', () => {
    const good = { prompt: [{ role: 'user', content: 'x' }], a: '1', b: '2', verdict: 'a', extra: 1 };
    const bad = [
      '{"prompt": "x", "a": "1"}',
      '[1]',
      'no json',
      JSON.stringify({ ...good, verdict: 'c' }),
      JSON.stringify({ ...good, prompt: [] }),
      JSON.stringify({ ...good, verdict: 'tie', edited: 'y' }),
      JSON.stringify({ ...good, prompt: [{ role: 'user' }] }),
      'null',
    ];
    const { lines, refused } = parseJudgements([JSON.stringify(good), ...bad].join('\n'));
    expect(refused).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    expect(lines).toEqual([
      {
        prompt: good.prompt,
        a: '1',
        b: '2',
        verdict: 'a',
        edited: null,
        comment: null,
        annotator: '',
        judged_at: null,
        a_from: '',
        b_from: '',
        model: '',
      },
    ]);
    expect(parseJudgements('')).toEqual({ lines: [], refused: [] });
  });
});

describe('agreement of two files', () => {
  it('is by what was compared, whichever side it stood on', () => {
    // Two annotators who always take the base's answer, under other seeds.
    const forBase = (orderSeed: number) => {
      const round = roundOf(12, [], orderSeed);
      const verdicts = comparisonsOf(round).map(({ a }): Verdict => (a.voice === 0 ? 'a' : 'b'));
      return linesOf(roundOf(12, verdicts, orderSeed));
    };
    const [first, second] = [forBase(1), forBase(2)];
    expect(first.map(({ verdict }) => verdict)).not.toEqual(second.map(({ verdict }) => verdict));
    expect(agreementOf(first, second)).toMatchObject({ items: 12, agreed: 12, observed: 1 });
  });

  it('counts what both have judged, and only that', () => {
    const first = linesOf(roundOf(6, ['a', 'b', 'tie', 'bad']));
    const second = linesOf(roundOf(6, ['a', 'a', 'tie', 'bad', 'a', 'a']));
    expect(agreementOf(first, second)).toMatchObject({ items: 4, agreed: 3, observed: 0.75 });
    expect(agreementOf(first, []).kappa).toBeNull();
  });
});

describe('the summary', () => {
  it('counts verdicts, pairs and edits, and tells who won against whom', () => {
    const open = roundOf(4, []);
    const comparisons = comparisonsOf(open);
    const forDpo = (index: number): Verdict => (comparisons[index]?.a.voice === 1 ? 'a' : 'b');
    const verdicts: Verdict[] = [forDpo(0), forDpo(1), 'tie', 'bad'];
    const round = roundOf(4, verdicts);
    const judgements = round.judgements.map((judgement, i) =>
      i === 1 ? { ...judgement, edited: 'better' } : judgement,
    );
    const summary = summariseRound({ ...round, judgements });
    expect(summary).toMatchObject({ edits: 1, pairs: 2, longerChosen: 1, verdicts: { tie: 1, bad: 1 } });
    expect(summary.voices.map(({ name, rate }) => [name, rate?.wins, rate?.ties, rate?.losses])).toEqual([
      ['base', 0, 2, 2],
      ['dpo-1', 2, 2, 0],
    ]);
  });

  it('keeps a skipped comparison out of every count, and its comment in the file', () => {
    const round = roundOf(4, ['a', 'tie', 'b']);
    const judgements = round.judgements.map((each, i) =>
      i === 1 ? { ...each, skipped: true, comment: 'Both about something else.' } : each,
    );
    const summary = summariseRound({ ...round, judgements });
    expect(summary).toMatchObject({ skipped: 1, pairs: 2, verdicts: { tie: 0 } });
    const lines = parseJudgements(writeJudgements(linesOf({ ...round, judgements }))).lines;
    expect(lines.map(({ verdict, comment }) => [verdict, comment])).toEqual([
      ['a', null],
      [null, 'Both about something else.'],
      ['b', null],
      [null, null],
    ]);
  });

  it('has no rate for a voice that met no other', () => {
    const alone = { ...roundOf(1, []), voices: [{ runId: null, name: 'base' }] };
    const answered = alone.answered.map((item) => ({
      ...item,
      answers: item.answers.map((answer) => ({ ...answer, voice: 0 })),
    }));
    const summary = summariseRound({ ...alone, answered, judgements: [{ verdict: 'tie', edited: null, at }] });
    expect(summary.voices).toEqual([{ name: 'base', rate: null }]);
    expect(summary.longerChosen).toBeNull();
  });
});
