/** @file `judge`: what it prints and writes of pairs, when it says who wins, and what it refuses. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { writeJsonLines } from '../data/json-lines';
import type { PairVerdict } from '../evaluation/judge';
import { judge, type JudgeOptions } from './commands/judge';
import { readGivenPairs, readQuestion } from './judge-file';

const folder = mkdtempSync(join(tmpdir(), 'airlock-judge-'));
const fileOf = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};

interface Printed {
  readonly agreement: {
    readonly items: number;
    readonly agreed: number;
    readonly share: number;
    readonly kappa: number | null;
    readonly bound: number;
    readonly standing: string;
  };
  readonly standing: string;
  readonly habits: { readonly pairs: number; readonly position_bias: number; readonly letter_mass: number };
  readonly win_rate: { readonly wins: number; readonly ties: number; readonly losses: number } | null;
}

const options = (input: string) => ({
  ...{ model: 'fixtures/tiny-llama', input, prompt: fileOf('rubric.txt', 'Which is better?'), bound: 0.6 },
});

/** What the command prints, without a process of its own. */
async function printedBy(given: JudgeOptions): Promise<string> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    await judge(given);
    return write.mock.calls.map(([text]) => String(text)).join('');
  } finally {
    write.mockRestore();
  }
}

// Every pair in both orders, so that a judge that ever decides gives each answer a win.
const words = ['fern', 'valve', 'oil pump', 'press', 'soil', 'a', 'the gauge', 'No.', 'rust', 'Yes, it is', 'dry'];
const pairs = words.flatMap((word, i) => {
  const [a, b] = [word, words[(i + 1) % words.length] as string];
  return [
    { prompt: 'What?', answer_a: a, answer_b: b },
    { prompt: 'What?', answer_a: b, answer_b: a },
  ];
});

describe('a judge on 22 pairs', { timeout: 120_000 }, () => {
  const out = join(folder, 'verdicts.jsonl');
  const verdictsIn = () =>
    readFileSync(out, 'utf8')
      .trim()
      .split('\n')
      .map(
        (line) => JSON.parse(line) as Pick<PairVerdict, 'choice' | 'preference'> & { readonly human: string | null },
      );

  it('says nothing of who wins while nobody judged, and each verdict in its file', () => {
    const { model, input, prompt } = options(fileOf('pairs.jsonl', writeJsonLines(pairs)));
    const given = ['--model', model, '--input', input, '--prompt', prompt, '--out', out, '--json'];
    const command = ['--import', 'tsx', 'src/cli/main.ts', 'judge', ...given];
    const printed = JSON.parse(execFileSync(process.execPath, command, { encoding: 'utf8', stdio: 'pipe' })) as Printed;
    expect(Object.keys(printed)[0]).toBe('agreement');
    expect(printed.agreement).toMatchObject({ items: 0, share: null, kappa: null, bound: 0.6, standing: 'unknown' });
    expect(printed.standing).toMatch(/0 of the pairs have a judgement of a person .* 20 are needed/);
    expect(printed.win_rate).toBeNull();
    expect(printed.habits.pairs).toBe(22);
    const verdicts = verdictsIn();
    expect(verdicts).toHaveLength(22);
    // The same two answers the other way round have the opposite verdict.
    for (let i = 0; i < 22; i += 2) {
      const [one, other] = [verdicts[i], verdicts[i + 1]];
      expect((one?.preference ?? NaN) + (other?.preference ?? NaN)).toBeCloseTo(1, 4);
      expect(other?.choice).toBe({ a: 'b', b: 'a', tie: 'tie' }[one?.choice ?? 'tie']);
    }
  });

  it('says who wins where it agrees with the person, and refuses the judge where it does not', async () => {
    const verdicts = verdictsIn();
    const other = { a: 'b', b: 'tie', tie: 'a' } as const;
    const judged = pairs.map((pair, i) => {
      const choice = verdicts[i]?.choice ?? 'tie';
      return { ...pair, human: i < 11 ? other[choice] : choice };
    });
    const given = options(fileOf('half.jsonl', writeJsonLines(judged)));
    const text = await printedBy(given);
    expect(text).toMatch(/^Agreement with the person: 50\.0 % \(95 %: .*\), 11 of 22; kappa/);
    expect(text).toContain(
      'The judge is refused: it agrees with the person on 50.0 % of 22 pairs and 60.0 % are asked',
    );
    expect(text).not.toMatch(/Answer a wins/);
    const count = (choice: string) => verdicts.filter((verdict) => verdict.choice === choice).length;
    const [wins, ties, losses] = [count('a'), count('tie'), count('b')];
    expect(await printedBy({ ...given, bound: 0.5 })).toContain(`${wins} wins, ${ties} ties, ${losses} losses.\n`);
    const { agreement, win_rate } = JSON.parse(await printedBy({ ...given, bound: 0.5, json: true })) as Printed;
    expect(agreement).toMatchObject({ items: 22, agreed: 11, share: 0.5, bound: 0.5, standing: 'accepted' });
    expect(win_rate).toMatchObject({ wins, ties, losses, mean: 0.5 });
  });

  it('says at once where it cannot write', async () => {
    const file = join(folder, 'missing', 'out.jsonl');
    await expect(judge({ ...options(join(folder, 'half.jsonl')), out: file })).rejects.toThrow(
      /out\.jsonl cannot be written: it does not exist/,
    );
  });
});

it.each([
  ['{"prompt": "p", "answer_a": "x"', /in\.jsonl, line 2 is no JSON/],
  ['["p", "x", "y"]', /line 2 is \["p","x","y"\] and no object/],
  ['{"prompt": "p", "answer_a": "x"}', /line 2: "answer_b" is nothing; it must be a text/],
  ['{"prompt": ["p"], "answer_a": "x", "answer_b": "y"}', /line 2: "prompt" is \["p"\]/],
  ['{"prompt": "p", "answer_a": "x", "answer_b": "y", "human": "A"}', /line 2: "human" is "A"; it must be "a", "b"/],
])('refuses the line %s', (line, sentence) => {
  const whole = '{"prompt": "p", "answer_a": "x", "answer_b": "y", "human": "tie", "more": 1}';
  expect(readGivenPairs(`${whole}\n`, 'in.jsonl')).toEqual([{ prompt: 'p', a: 'x', b: 'y', human: 'tie' }]);
  expect(() => readGivenPairs(`${whole}\n${line}\n`, 'in.jsonl')).toThrow(sentence);
});

it('refuses a file without pairs, and a question that is none', () => {
  expect(() => readGivenPairs('\n', 'in.jsonl')).toThrow('in.jsonl has no line');
  expect(readQuestion('dialogue')).toBe('dialogue');
  expect(readQuestion(fileOf('own.txt', ' Which is politer?\n'))).toEqual({ rubric: 'Which is politer?' });
  expect(() => readQuestion(fileOf('empty.txt', '\n'))).toThrow(/empty\.txt is empty; write into it the question/);
  expect(() => readQuestion('summarisation')).toThrow(/neither a file that is there nor one of summarization, /);
});
