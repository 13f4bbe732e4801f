/** @file The judge of answers on questions and answers that the grammar did not write. */
import { describe, expect, it } from 'vitest';
import { compareAnswers, judgeAnswer } from './dialogue';
import { solveQuestion } from './question';

describe('solveQuestion', () => {
  it.each([
    ['Hey, could somebody tell me what 2.5 litres come to in millilitres?', 'number', '2500'],
    ['I have 4500 grams here. That is how many kilos?', 'number', '4.5'],
    ['For every pallet we need 8 straps; there are 25 of them. How many straps?', 'number', '200'],
    ['The night watch begins at 22:30 and takes 4 hours, so when is it over?', 'clock', '2:30'],
    ['Delivery on Saturday. Two days later we unpack. On which day?', 'day', 'monday'],
    ['We meet on Monday; the slides are due three days before. Which day is that?', 'day', 'friday'],
    ['At most 90 decibels are permitted and I measure 85 decibels, fine?', 'yesno', 'yes'],
    ['The gauge shows 7 bar, the maximum is 6 bar. Can it go on?', 'yesno', 'no'],
    ['Lifts are taken by Emma, then Noah, then Zoe. Whose turn is it after Emma?', 'name', 'noah'],
    ['Somebody put a broken glass on my desk, where does it go?', 'key', 'green bin'],
  ])('%s', (question, kind, answer) => {
    expect(solveQuestion(question)).toMatchObject({ kind, answer });
  });

  it('does not pretend to know more', () => {
    for (const question of [
      '',
      'Why?',
      'Emma or Noah?',
      'How many grams are 3 hours?',
      'constructor __proto__ 3',
      'Is it Friday?',
    ]) {
      expect(solveQuestion(question)).toBeNull();
    }
  });

  it('writes numbers out, large and small', () => {
    expect(solveQuestion('How many grams are 123456789 tonnes?')?.answer).toBe('123456789000000');
    expect(solveQuestion('20000000000 per 30000000000 ?')?.answer).toBe('600000000000000000000');
    expect(solveQuestion('How many tonnes are 3 grams?')?.answer).toBe('0.000003');
    expect(solveQuestion(`Each ${'9'.repeat(400)} has 2`)?.answer).toBe('Infinity');
  });
});

describe('judgeAnswer', () => {
  const conversion = 'I have 4500 grams here. That is how many kilos?';
  const limit = 'The gauge shows 7 bar, the maximum is 6 bar. Can it go on?';
  const rota = 'Lifts are taken by Emma, then Noah, then Zoe. Whose turn is it after Emma?';
  it.each([
    [conversion, 'Your 4500 grams make 4.5 kilos.', 'correct'],
    [conversion, '4.5', 'correct'],
    [conversion, 'About 45 kilos I guess.', 'wrong'],
    [conversion, 'Either 4.5 or 45.', 'wrong'],
    [conversion, '4500 grams? Weigh it again.', 'wrong'],
    [conversion, 'A few.', 'evasive'],
    [limit, 'No! Switch it off.', 'correct'],
    [limit, '7 bar exceeds it.', 'correct'],
    [limit, 'Yes, no worries.', 'wrong'],
    [limit, 'No idea, sorry.', 'evasive'],
    [rota, 'That would be Noah.', 'correct'],
    [rota, 'Not Zoe but Noah.', 'correct'],
    [rota, 'Zoe, not Noah.', 'wrong'],
    [rota, 'Noah and Zoe.', 'wrong'],
    [rota, 'Ask Emma.', 'evasive'],
    ['Somebody put a broken glass on my desk, where does it go?', 'Into the green bin, please.', 'correct'],
    ['Somebody put a broken glass on my desk, where does it go?', 'The red bin is for that.', 'wrong'],
    ['What is love?', '42', 'evasive'],
  ])('%s %s', (question, answer, verdict) => {
    expect(judgeAnswer(question, answer).verdict).toBe(verdict);
  });

  it('scores relevance', () => {
    expect(judgeAnswer(conversion, '45 kilos').relevance).toBe(1);
    expect(judgeAnswer(conversion, 'Kilos, grams, whatever').relevance).toBe(0.5);
    expect(judgeAnswer(conversion, 'Lovely weather outside, kilos aside').relevance).toBeCloseTo(1 / 5, 12);
    expect(judgeAnswer(conversion, 'Hm.').relevance).toBe(0);
    expect(judgeAnswer(conversion, '').relevance).toBe(0);
  });

  it('hears the tone, rudeness above all', () => {
    expect(judgeAnswer(conversion, '4.5, you are welcome!')).toMatchObject({ tone: 1, score: 1, helpful: true });
    expect(judgeAnswer(conversion, '4.5. Use your brain!')).toMatchObject({ tone: -1, score: 0.7, helpful: false });
    expect(judgeAnswer(conversion, 'Get lost, please. 4.5')).toMatchObject({ tone: -1, helpful: false });
    expect(judgeAnswer(conversion, '4.5')).toMatchObject({ tone: 0, score: 0.9, helpful: true });
  });

  it('takes off for words above the limit', () => {
    expect(
      judgeAnswer(conversion, `4.5 ${Array.from({ length: 33 }, (_, i) => `wel${'l'.repeat(i)}`).join(' ')}`),
    ).toMatchObject({ words: 34, score: 0.8 });
  });
});

describe('compareAnswers', () => {
  it('prefers correct to evasive to wrong, polite to plain, and ties what is as good', () => {
    const question = 'The night watch begins at 22:30 and takes 4 hours, so when is it over?';
    expect(compareAnswers(question, 'At 2:30.', 'Who knows.')).toBe('first');
    expect(compareAnswers(question, 'At 3:30.', 'Who knows.')).toBe('second');
    expect(compareAnswers(question, '2:30', 'Gladly: 2:30')).toBe('second');
    expect(compareAnswers(question, '2:30', 'It ends at 2:30.')).toBe('tie');
  });
});
