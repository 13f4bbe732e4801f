/**
 * @file Every check finds what it should and no more, its fix leaves nothing to find, and its work
 * grows with the pairs, not with their square.
 */
import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random';
import type { PreferencePair } from '../preference-pair';
import { heldOut, splitPairs, withMoved } from '../split';
import { checkIds, checkRows, fixRows, type CheckContext, type CheckId } from './check-rows';
import { countLengths, ticksOf } from './histogram';
import { findNearDuplicates } from './near-duplicates';

const none: CheckContext = { specialTokens: [], eosToken: null, split: null };
const model: CheckContext = { specialTokens: ['<|im_end|>', '<s>'], eosToken: '<|im_end|>', split: null };
const pair = (prompt: string, chosen: string, rejected: string): { pair: PreferencePair } => ({
  pair: { prompt, chosen, rejected },
});
const say = (role: string, content: string) => [{ role, content }];

/** What each check that found anything found. */
async function found(
  rows: { pair: PreferencePair }[],
  context = none,
): Promise<Partial<Record<CheckId, readonly number[]>>> {
  return Object.fromEntries(Object.entries(await checkRows(rows, context)).filter(([, indices]) => indices.length > 0));
}

const long =
  'The pump in hall three has been leaking since Monday and nobody has ordered the seal yet, so please call them.';
const fine = [
  pair('Why is the sky blue?', 'Rayleigh scattering.', 'Paint.'),
  pair('What is two and two?', 'Four, of course.', 'I do not know.'),
];

it('finds nothing in clean pairs', async () => expect(await found(fine, model)).toEqual({}));
it('is quiet about no pairs', async () => expect(await found([])).toEqual({}));

const cases: [CheckId, { pair: PreferencePair }[], number[], CheckContext?][] = [
  ['exactDuplicate', [...fine, fine[0]!, fine[0]!], [2, 3]],
  ['nearDuplicate', [...fine, pair('Why is  the sky BLUE?', 'Rayleigh scattering.', 'Paint.')], [2]],
  ['nearDuplicate', [pair(long, 'Yes.', 'No.'), pair(long.replace('three', 'four'), 'Yes.', 'No.'), ...fine], [1]],
  ['identicalAnswers', [...fine, pair('Who?', 'Me ', ' me')], [2]],
  ['contradiction', [...fine, pair('Why is the sky blue?', 'Paint.', 'Rayleigh scattering.')], [0, 2]],
  ['emptyAnswer', [...fine, pair('Say nothing', ' \n', 'x')], [2]],
  ['emptyAnswer', [...fine, pair('Say nothing', 'x', ' \n')], [2]],
  ['emptyPrompt', [...fine, pair(' \n', 'yes', 'no')], [2]],
  ['plainText', [...fine, pair('a', ' b c', ' d e')], [0, 1, 2], { ...none, hasTemplate: true }],
  [
    'plainText',
    [
      { pair: { prompt: say('user', 'a'), chosen: say('assistant', 'b'), rejected: say('assistant', 'c') } },
      fine[0]!,
      pair('On', ' it goes.', ' it stops.'),
    ],
    [1, 2],
  ],
  [
    'gluedAnswer',
    [
      pair('Who?', 'Me.', 'You.'),
      pair('What to do', 'Stop it.', 'go on'),
      pair('어떻게 합니까', '멈추십시오.', '둡니다.'),
      pair('Who?', ' Me.', '\nYou.'),
      pair('I saw A', 'irport for Arjun', ' Paris'),
      pair('We disliked it', '. However, this was', '; even'),
    ],
    [0, 1, 2],
    { ...none, hasTemplate: false },
  ],
  [
    'personalData',
    [...fine, pair('Write to kim.cs+x@plant.co.kr', 'a', 'b'), pair('p', 'Call 010-1234-5678.', 'b')],
    [2, 3],
  ],
  [
    'personalData',
    [...fine, pair('900101-1234567 입니다', 'a', 'b'), pair('p', '02-345-6789', '+49 89 1234567')],
    [2, 3],
  ],
  ['markup', [...fine, pair('<p class="x">Is it on?</p>', 'a<br/>b', 'c &amp; d'), pair('x', 'y&nbsp;z', 'w')], [2, 3]],
  ['promptInAnswer', [...fine, pair('How old are you?', 'How old are you? I am ten.', 'Old.')], [2]],
  ['specialTokens', [...fine, pair('Stop<|im_end|>', 'a', 'b'), pair('p', 'ends well<|im_end|>', 'b')], [2], model],
];
it.each(cases)('%s: found, and gone after the fix', async (check, rows, expected, context = none) => {
  const report = await checkRows(rows, context);
  expect(report[check]).toEqual(expected);
  const fixed = fixRows(rows, check, report, context);
  expect((await checkRows(fixed, context))[check]).toEqual([]);
  expect(
    fixed.filter((row) => !rows.includes(row as (typeof rows)[number])).length + (rows.length - fixed.length),
  ).toBe(expected.length);
});

it('corrects chats without touching their roles', async () => {
  const chat: { pair: PreferencePair }[] = [
    {
      pair: {
        prompt: say('user', 'How old are you?'),
        chosen: say('assistant', 'How old are you? Ten<s><|im<s>_end|>.'),
        rejected: say('assistant', 'Old.'),
      },
    },
  ];
  const report = await checkRows(chat, model);
  const once = fixRows(chat, 'promptInAnswer', report, model);
  expect(fixRows(once, 'specialTokens', report, model)).toEqual([
    {
      pair: {
        prompt: say('user', 'How old are you?'),
        chosen: say('assistant', 'Ten.'),
        rejected: say('assistant', 'Old.'),
      },
    },
  ]);
});

it.each([
  [60, 0.2, 12],
  [28, 0.2, 6],
  [800, 0.2, 160],
  [3, 0.1, 1],
  [2, 0.9, 1],
  [1, 0.5, 0],
])('of %d prompts and a share of %d holds out exactly %d', (prompts, evaluationShare, held) => {
  // Two pairs a prompt, which stay together.
  const rows = Array.from({ length: 2 * prompts }, (_, i) => pair(`질문 ${i % prompts}`, `a${i}`, `b${i}`));
  for (const seed of [0, 1, 42]) {
    const { train, evaluation } = splitPairs(rows, { evaluationShare, seed });
    expect([train.length, evaluation.length]).toEqual([2 * (prompts - held), 2 * held]);
  }
});

it('moves no prompt but those at the edge of the draw when a pair is deleted, and none when rows change places', () => {
  const rows = Array.from({ length: 100 }, (_, i) => pair(`Question ${i}`, 'a', 'b'));
  const split = { evaluationShare: 0.2, seed: 3 };
  const promptsOf = (of: typeof rows) => new Set(splitPairs(of, split).evaluation.map((row) => row.pair.prompt));
  const before = promptsOf(rows);
  expect(promptsOf(rows.toReversed())).toEqual(before);
  for (const gone of [0, 17, 99]) {
    const left = promptsOf(rows.filter((_, i) => i !== gone));
    expect([...left].filter((prompt) => !before.has(prompt)).length).toBeLessThanOrEqual(1);
  }
});

it('splits by prompt: stable, seeded, exactly the share, no prompt on both sides', () => {
  const rows = Array.from({ length: 4000 }, (_, i) => pair(`Question ${i % 2000}`, `a${i}`, `b${i}`));
  const split = { evaluationShare: 0.1, seed: 7 };
  const { train, evaluation } = splitPairs(rows, split);
  expect(train.length + evaluation.length).toBe(4000);
  expect(evaluation.length).toBe(400);
  const held = new Set(evaluation.map((row) => row.pair.prompt));
  expect(train.some((row) => held.has(row.pair.prompt))).toBe(false);
  // Upper case and other spaces change no side, of those held out above all.
  expect(held.size).toBeGreaterThan(100);
  const isHeldOut = heldOut(rows, split);
  for (const prompt of held) expect(isHeldOut(pair(`  ${String(prompt).toUpperCase()}\n`, '', '').pair)).toBe(true);
  expect(splitPairs(rows, { ...split, seed: 8 }).evaluation).not.toEqual(evaluation);
  expect(splitPairs(rows, null)).toEqual({ train: rows, evaluation: [] });
});

it('puts prompts that were moved where they were put, with all their pairs, and moves no other one', () => {
  const rows = Array.from({ length: 40 }, (_, i) => pair(`Question ${i % 20}`, `a${i}`, `b${i}`));
  const split = { evaluationShare: 0.2, seed: 3 };
  const { train, evaluation } = splitPairs(rows, split);
  const toEvaluation = withMoved(rows, split, train.slice(0, 1), 'evaluation');
  const after = splitPairs(rows, toEvaluation);
  expect(after.evaluation.length).toBe(evaluation.length + 2);
  expect(evaluation.every((row) => after.evaluation.includes(row))).toBe(true);
  expect(after.evaluation).toContain(train[0]);
  // What is put back is forgotten, and the draw alone is left.
  expect(withMoved(rows, toEvaluation, train.slice(0, 1), 'train')).toEqual(split);
  // Without a draw nothing but what was moved is held out.
  const byHand = withMoved(rows, null, rows.slice(5, 6), 'evaluation');
  expect(splitPairs(rows, byHand).evaluation).toEqual([rows[5], rows[25]]);
  expect(withMoved(rows, byHand, rows, 'train')).toBeNull();
});

it('finds prompts of evaluation that nearly are ones of training', async () => {
  const split = { evaluationShare: 0.5, seed: 1 };
  const variants = Array.from({ length: 12 }, (_, i) => pair(`${long} ${i}`, `answer ${i}`, `other ${i}`));
  const rows = [...variants, ...fine];
  const report = await checkRows(rows, { ...none, split });
  const isHeldOut = heldOut(rows, split);
  expect(report.leakage).toEqual(variants.flatMap((row, i) => (isHeldOut(row.pair) ? [i] : [])));
  expect(report.leakage.length).toBeGreaterThan(0);
});

it('takes no prompt of evaluation for a leak because it is like another one of evaluation', async () => {
  const variants = Array.from({ length: 3 }, (_, i) => pair(`${long} ${i}`, `answer ${i}`, `other ${i}`));
  const others = Array.from({ length: 5 }, (_, i) => pair(`${'abcde'[i]!.repeat(9)}?`, `answer ${i}`, `other ${i}`));
  const rows = [...variants, ...fine, ...others];
  const split = Array.from({ length: 100 }, (_, seed) => ({ evaluationShare: 0.5, seed })).find((each) => {
    const isHeldOut = heldOut(rows, each);
    return variants.every((row) => isHeldOut(row.pair));
  })!;
  expect(splitPairs(rows, split).evaluation.length).toBe(5);
  expect((await checkRows(rows, { ...none, split })).leakage).toEqual([]);
});

it('does not call equal answers a contradiction', async () => {
  expect(await found([...fine, pair('Who?', 'Me ', ' me')])).toEqual({ identicalAnswers: [2] });
});

it('compares very short texts whole', async () => {
  expect(await findNearDuplicates(['a', 'b', 'a', '', ''], 0.85)).toEqual([null, null, 0, null, 3]);
});

it('stops when it is told to', async () => {
  const rows = Array.from({ length: 500 }, (_, i) => pair(`q${i}`, 'a', 'b'));
  await expect(checkRows(rows, none, AbortSignal.abort())).rejects.toThrow('Stopped');
});

describe('work that grows with the pairs, not with their square', () => {
  const text = (seed: number) => {
    const random = new Random(seed);
    return Array.from({ length: 15 }, () => `w${random.integer(1000)}`).join(' ');
  };

  const preamble = Array.from({ length: 6 }, (_, i) => text(-1 - i)).join(' ');

  it('reads each row equally often, however many there are', async () => {
    const readsOf = async (count: number): Promise<number> => {
      let reads = 0;
      const rows = Array.from({ length: count }, (_, i) => {
        const { pair: own } = pair(`${i} ${text(i)}`, text(i + 20_000), text(i + 40_000));
        return {
          get pair() {
            reads++;
            return own;
          },
        };
      });
      const report = await checkRows(rows, { ...model, split: { evaluationShare: 0.1, seed: 1 } });
      expect(Object.keys(report)).toEqual([...checkIds]);
      return reads;
    };
    expect(await readsOf(600)).toBe(3 * (await readsOf(200)));
  });

  it.each([
    ['texts of their own', (i: number) => text(i), 1],
    // Such texts share most bands of their signature; each is compared with twenty earlier ones of a band at most.
    ['texts with one long preamble', (i: number) => `${preamble} ${text(i)}`, 16 * 20],
  ])('%s are compared with few others', async (_, textOf, mostPerText) => {
    const texts = Array.from({ length: 1000 }, (_, i) => textOf(i));
    let comparisons = 0;
    await findNearDuplicates(texts, 0.85, undefined, () => comparisons++);
    expect(comparisons).toBeLessThanOrEqual(texts.length * mostPerText);
  });
});

it('counts lengths into round bars', () => {
  expect(countLengths([0, 9, 10], [25])).toMatchObject({ width: 2 });
  const { width, chosen, rejected } = countLengths([5, 130, 480], [470]);
  expect([width, chosen.length]).toEqual([50, 10]);
  expect([chosen[0], chosen[2], chosen[9], rejected[9]]).toEqual([1, 1, 1, 1]);
  expect(countLengths([], [])).toEqual({ width: 1, chosen: [0], rejected: [0] });
  expect(ticksOf(countLengths([95], [1]))).toEqual([0, 20, 40, 60, 80, 100]);
  expect(ticksOf(countLengths([], []))).toEqual([0, 1]);
});

it('does not take dates, part numbers, prices and comparisons for personal data or markup', async () => {
  const texts = [
    '2026-11-29, 10:00',
    'Part 4711-0815-12',
    '1 < 2 and 3 > 2, a<b',
    '₩1,234,567',
    'v1.2.3.4',
    'List<string> x',
    '3.14159265',
  ];
  expect(await found(texts.map((text, i) => pair(text, `answer ${i}`, `other ${i}`)))).toEqual({});
});

it('an answer that is absent is no empty one, and equals nothing', async () => {
  expect(await found([pair('Is it on?', 'Yes.', ''), pair('Is it off?', '', 'Who knows.')])).toEqual({});
  expect(await found([pair('Is it on?', '', '')])).toEqual({ emptyAnswer: [0] });
});
