/** @file Answers with the right word in them that are wrong all the same, and their right neighbours. */
import { describe, expect, it } from 'vitest';
import { judgeAnswer } from './dialogue';
import { objectionTo, type Objection } from './objections';
import { solveQuestion, type Solution } from './question';

const rota = 'The coffee rota is Piotr, Jean, Karl. Who comes after Piotr?';
const end = 'The audit begins at 12:00. It takes 2 hours. When is it over?';
const limit = 'The pump shows 15 bar. The limit is 5 bar. May it run?';
const day = 'Which day is three days after Friday?';
const lookup = 'Marta has the ladders and Jonas has the pump. Who has the pump?';
const place = 'Marta is in the library. Jonas is in the kitchen. Where is Marta?';

describe('objectionTo', () => {
  it.each<[string, string, Objection]>([
    ['Our cleaning list: Edith, Brenda, Marta. Who is after Edith?', 'After Emith comes Brenda.', 'strange name'],
    [rota, 'Jean comes after Jean.', 'other order'],
    [rota, 'Jean comes before Piotr.', 'other order'],
    [rota, 'Jean. After Piotr comes Jean. After Piotr comes Jean.', 'repeats'],
    [end, 'It opens at 14:00.', 'other aspect'],
    [end, 'It starts at 14:00.', 'start for end'],
    [end, 'The fire drill ends at 14:00.', 'other subject'],
    [limit, 'No, 5 is above 15.', 'false comparison'],
    [limit, 'No, 25 is above 5.', 'false comparison'],
    [day, 'Two days after Friday is Monday.', 'other count'],
    [day, 'Three days before Friday is Monday.', 'other order'],
    [lookup, 'Jonas has the ladders.', 'other fact'],
    [lookup, 'Jonas cleans the pump.', 'other fact'],
    [place, 'Jonas is in the library.', 'other fact'],
    [place, 'You find Gloondskear in the library.', 'strange name'],
    ['How many minutes are 2 hours?', '120 hours.', 'other unit'],
    ['Which gear is right for night driving?', 'You need a bright vest for roof work.', 'other subject'],
    ['When does the clinic open?', 'It ends at 8:00.', 'other aspect'],
  ])('%s %s', (question, answer, objection) => {
    expect(objectionTo(question, solveQuestion(question) as Solution, answer)).toBe(objection);
    expect(judgeAnswer(question, answer)).toMatchObject({ verdict: 'wrong', score: 0, helpful: false });
  });

  it.each([
    [rota, 'After Piotr comes Jean.'],
    [rota, 'Jean is next, after him.'],
    [end, 'It starts at 12:00 and is over at 14:00.'],
    [end, 'The audit ends at 14:00.'],
    [limit, 'No. 15 bar is above the limit of 5 bar.'],
    [day, 'Three days after Friday is Monday.'],
    [lookup, 'Jonas has the pump.'],
    [place, 'Marta is in the library.'],
    ['How many minutes are 2 hours?', '2 hours are 120 minutes.'],
    ['What do I wear for wet cleaning?', 'Wear rubber boots.'],
    ['When does the clinic open?', 'The clinic opens at 8:00.'],
  ])('none to: %s %s', (question, answer) => {
    expect(judgeAnswer(question, answer)).toMatchObject({ verdict: 'correct', score: 0.9 });
  });
});
