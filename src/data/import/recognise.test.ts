/** @file What is recognised by names and by content, what is asked instead, and how verdicts and thumbs are read. */
import { describe, expect, it } from 'vitest';
import { sentenceOf } from '../../messages/message';
import { makePairs } from './make-pairs';
import { readTextTable } from './read-table';
import { leftOverOf, recognise, type Recognition } from './recognise';
import { isComplete } from './plan';

const lines = (...rows: unknown[]) => readTextTable(rows.map((row) => JSON.stringify(row)).join('\n'), 'a.jsonl');
const csv = (text: string) => readTextTable(text, 'a.csv');
const look = (...rows: unknown[]) => recognise(lines(...rows));
const made = (table: ReturnType<typeof lines>) => {
  const { plan } = recognise(table);
  return plan === null ? null : makePairs(table, plan, 'a');
};
const better = (...rows: unknown[]) =>
  made(lines(...rows))?.pairs.map(({ chosen, rejected }) => `${String(chosen)}>${String(rejected)}`);
const doubtOf = ({ doubt }: Recognition) => doubt && sentenceOf(doubt);

describe('names of columns', () => {
  it.each([
    ['번호,질문,좋은 답변,나쁜 답변', '질문', '좋은 답변', '나쁜 답변'],
    ['No.,문의 내용,선호_답변,비선호_답변', '문의 내용', '선호_답변', '비선호_답변'],
    ['id,질의,정답,오답', '질의', '정답', '오답'],
    ['#,Question,Good answer,Bad answer', 'Question', 'Good answer', 'Bad answer'],
    ['id,User Prompt,preferred_response,rejected_response', 'User Prompt', 'preferred_response', 'rejected_response'],
    ['row,Query,Best Answer,Worst Answer', 'Query', 'Best Answer', 'Worst Answer'],
    ['id,request,answer_good,answer_bad', 'request', 'answer_good', 'answer_bad'],
  ])('of %s', (header, prompt, chosen, rejected) => {
    const found = recognise(csv(`${header}\n1,Is it on?,Yes it is.,No idea.\n2,Is it off?,No it is not.,Maybe so.\n`));
    expect(found).toMatchObject({ plan: { shape: 'pairs', prompt, chosen, rejected }, isSure: false });
    expect(found.leftOver).toEqual([header.split(',')[0]]);
  });

  it('numbers and codes are never proposed as the prompt, whatever their column is called', () => {
    const rows = [1, 2, 3].map((n) => ({ prompt: n, question: `Why ${n}?`, chosen: 'a b', rejected: 'c d' }));
    expect(look(...rows).plan).toMatchObject({ prompt: 'question' });
    const codes = rows.map(({ chosen, rejected }, i) => ({ question: `PL-00${i}`, chosen, rejected }));
    expect(look(...codes).plan).toMatchObject({ shape: 'implicit' });
    expect(look(...rows.map((row) => ({ ...row, question: undefined }))).plan).toMatchObject({ shape: 'implicit' });
  });

  it('a system, history or input column is part of the prompt, and never taken without being asked', () => {
    const row = { prompt: 'p', chosen: 'c', rejected: 'r' };
    for (const role of ['system', 'history', 'input'])
      expect(look(row, row, { ...row, [role]: 'text' })).toMatchObject({ plan: { [role]: role }, isSure: false });
    expect(look({ ...row, system: '', input: null })).toMatchObject({ isSure: true, leftOver: [] });
  });
});

describe('what the content speaks against is asked, not proposed', () => {
  it('scores the other way round', () => {
    const rows = [1, 2, 3].map((n) => ({
      prompt: `p ${n}`,
      chosen: 'a',
      rejected: 'b',
      score_chosen: n,
      score_rejected: 9,
    }));
    expect(look(...rows)).toMatchObject({ plan: null });
    expect(doubtOf(look(...rows))).toMatch(/^Most rows score `rejected` above `chosen`/);
    const right = rows.map((row) => ({ ...row, score_rejected: 0 }));
    expect(made(lines(...right))?.scores).toEqual([1, 2, 3].map((chosen) => ({ chosen, rejected: 0 })));
  });
  it('questions among the good answers', () => {
    const rows = [1, 2, 3].map((n) => ({
      input: `Case ${n} is shut.`,
      chosen: `Is ${n} open?`,
      rejected: 'Yes it is.',
    }));
    expect(doubtOf(look(...rows))).toMatch(/^Most texts in `chosen` are questions/);
  });
  it('prose beside the answers that may be the prompt', () => {
    const rows = [1, 2].map((n) => ({
      frage: `Ist Ventil ${n} offen oder zu?`,
      chosen: 'Es ist offen.',
      rejected: 'Es ist zu.',
    }));
    expect(look(...rows)).toMatchObject({ plan: null });
    expect(doubtOf(look(...rows))).toMatch(/`frage` may be one: say which column was asked\.$/);
  });
});

describe('two answers and which is better', () => {
  const two = { prompt: 'Which way?', response_a: 'Left it is.', response_b: 'Right it is.' };
  const [first, second] = ['Left it is.>Right it is.', 'Right it is.>Left it is.'];
  it.each([
    ['A', first],
    ['b', second],
    ['response_b', second],
    ['Response A', first],
    ['model_b', second],
    ['left', first],
    ['오른쪽', second],
    [{ selected: 'right' }, second],
    [{ choices: ['response_a'] }, first],
    ['{"selected": "left"}', first],
  ])('by the name %j', (winner, pair) => expect(better({ ...two, winner })).toEqual([pair]));

  it('a tie is no pair and no fault, a word of neither is refused', () => {
    const table = lines(...['A', 'tie (bothbad)', 'a', 'both', 'A', 'B', 'C'].map((winner) => ({ ...two, winner })));
    const { pairs, ties, errors } = made(table) ?? {};
    expect([pairs?.length, ties]).toEqual([4, [2, 4]]);
    expect(errors?.map(({ message }) => sentenceOf(message))).toEqual([
      'Row 7 of a has the text "C" as `winner`, which names none of the two answers; write first, second or tie.',
    ]);
  });
  it('by number: from 0 where the answers or the name say so, from 1 where 2 occurs', () => {
    const numbered = { prompt: 'Which?', response_0: 'Left it is.', response_1: 'Right it is.' };
    expect(better({ ...numbered, preference: 1 }, { ...numbered, preference: 0 })).toEqual([second, first]);
    expect(better({ ...two, better_id: 1 })).toEqual([second]);
    expect(better({ ...two, label: 1 }, { ...two, label: '2' })).toEqual([first, second]);
  });
  it('0 and 1 that say no more are asked about; scores say it', () => {
    const asked = look({ ...two, label: 1 }, { ...two, label: 0 });
    expect(asked.plan).toMatchObject({ shape: 'compared', better: 'label', meaning: null });
    expect(asked.plan && isComplete(asked.plan)).toBe(false);
    expect(doubtOf(asked)).toMatch(/^The values of `label` do not tell whether `response_a` or `response_b`/);
    const scored = [
      { ...two, label: 1, score_a: 5, score_b: 2 },
      { ...two, label: 0, score_a: 1, score_b: 4 },
    ];
    expect(better(...scored)).toEqual([first, second]);
    // The other way round the labels count from 0, and the scores say so.
    expect(better(...scored.map((row) => ({ ...row, label: 1 - row.label })))).toEqual([first, second]);
  });
  it('by a difference: HelpSteer3 is negative where the first is better, others are asked about', () => {
    const steer = { prompt: 'Which?', response1: 'Left it is.', response2: 'Right it is.' };
    const rows = [-3, 2, 0].map((overall_preference) => ({ ...steer, overall_preference }));
    expect(better(...rows)).toEqual([first, second]);
    expect(look({ ...two, preference: -2 }, { ...two, preference: 3 }).plan).toMatchObject({ meaning: null });
  });
  it('by scores alone, which the pair keeps', () => {
    const table = lines({ ...two, rating_a: 2, rating_b: '4.5' }, { ...two, rating_a: 3, rating_b: 3 });
    expect(made(table)).toMatchObject({
      pairs: [{ chosen: 'Right it is.' }],
      scores: [{ chosen: 4.5, rejected: 2 }],
      ties: [2],
    });
  });
  it('of the arena: conversations, whose common beginning is the prompt', () => {
    const turn = (role: string, content: string) => ({ role, content });
    const talk = (answer: string) => [turn('user', 'Hi'), turn('assistant', answer)];
    const row = {
      model_a: 'm1',
      model_b: 'm2',
      conversation_a: talk('Yes'),
      conversation_b: talk('No'),
      language: 'en',
    };
    const table = lines({ ...row, winner: 'model_b' }, { ...row, winner: 'tie' });
    expect(made(table)).toMatchObject({
      pairs: [
        { prompt: [turn('user', 'Hi')], chosen: [turn('assistant', 'No')], rejected: [turn('assistant', 'Yes')] },
      ],
      ties: [2],
    });
    expect(recognise(table).leftOver).toEqual(['model_a', 'model_b', 'language']);
  });
  it('Label Studio: an annotation each, cancelled ones not', () => {
    const annotation = (selected: string, more = {}) => ({
      ...more,
      result: [{ from_name: 'which', to_name: 'x', type: 'pairwise', value: { selected } }],
    });
    const data = { prompt: 'Which?', answer1: 'Left it is.', answer2: 'Right it is.' };
    const annotations = [annotation('left'), annotation('right'), annotation('left', { was_cancelled: true })];
    expect(better({ id: 1, data, annotations })).toEqual([first, second]);
    const none = made(lines({ id: 1, data, annotations }, { id: 2, data, annotations: [] }));
    expect(none?.errors.map(({ message }) => sentenceOf(message))).toEqual(['Row 2 of a has no `which`; add it.']);
  });
});

describe('one answer a row', () => {
  it('thumbs: the other answer is absent', () => {
    const table = csv(
      '질문,답변,평가\n켤까요?,네 켜세요.,👍\n끌까요?,몰라요.,👎\n둘까요?,네.,글쎄\n볼까요?,네.,1\n갈까요?,네.,좋아요\n',
    );
    expect(recognise(table).plan).toMatchObject({ shape: 'thumbs', answer: '답변', label: '평가' });
    expect(made(table)?.pairs.slice(0, 2)).toEqual([
      { prompt: '켤까요?', chosen: '네 켜세요.', rejected: '' },
      { prompt: '끌까요?', chosen: '', rejected: '몰라요.' },
    ]);
    expect(made(table)?.errors.map(({ message }) => sentenceOf(message))).toEqual([
      'Row 4 of a has the text "글쎄" as `평가`; it must be true or false, up or down, 1 or 0.',
    ]);
  });
  it('a conversation of which the last turn is no answer', () => {
    const turn = (role: string) => ({ role, content: role });
    const rows = [[turn('user'), turn('assistant')], [turn('user')], [turn('assistant')]].map((messages) => ({
      messages,
    }));
    const { pairs, errors } = made(lines(...rows)) ?? {};
    expect([pairs?.length, errors?.length]).toEqual([1, 2]);
  });
});

it('columns that a plan does not read are named, unless they are empty in the whole file', () => {
  const rows = Array.from({ length: 300 }, (_, i) => ({
    prompt: 'p',
    chosen: 'a',
    rejected: 'b',
    note: i === 299 ? 'x' : '',
    none: null,
  }));
  expect(recognise(lines(...rows)).leftOver).toEqual(['note']);
  const plan = { shape: 'implicit', chosen: 'a', rejected: 'b' } as const;
  expect(leftOverOf(plan, ['a', 'b', 'c'])).toEqual(['c']);
});
