/**
 * @file Scores answers by the starter's judge of sentiment, in a process of its own, for a test that cannot import it:
 * `[{prompt, answers}]` as JSON from the standard input, `[[score]]` to the output.
 */
import { readFileSync } from 'node:fs';
import { scoreAnswer } from '../src/studio/plain/starter/score-answer';

const asked = JSON.parse(readFileSync(0, 'utf8')) as { prompt: string; answers: string[] }[];
const scores = asked.map(({ prompt, answers }) => answers.map((answer) => scoreAnswer('sentiment', prompt, answer)));
console.log(JSON.stringify(scores));
