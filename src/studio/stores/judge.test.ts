/**
 * @file Judging over a scripted engine and a storage in a Map: what is answered, judged, undone, and there after a
 * reload.
 */
import { sentenceOf } from '../../messages/message';
import { beforeEach, describe, expect, it } from 'vitest';
import { breathe } from '../../core/breathe';
import { AbortError } from '../../core/errors';
import { mapKeyValue } from '../../storage/key-value';
import { createStorage } from '../plain/records';
import type { ModelSummary, Progress, RequestKind, Requests } from '../../worker/protocol';
import type { Engine } from '../browser/engine-client';
import { textOfPrompt } from '../plain/data/prompt-text';
import { readTableHere } from '../browser/table-reader';
import { createDatasetStore, type DatasetStore } from './dataset';
import { EngineTime } from './engine-time';
import { eventually } from './eventually';
import { createJudgeStore, countUnanswered, type JudgeStore } from './judge';
import { createLibraryStore } from './library';
import { createNoticeStore } from './notices';
import { waitingComparison } from './round';
import { exampleModel } from '../plain/examples';

const model = exampleModel;

type AnswerAllInput = Requests['answerAll']['in'];
/** One prompt of a call, with what the whole call shares. */
type Asked = AnswerAllInput['asked'][number] & Pick<AnswerAllInput, 'variants'>;

/** Answers prompt after prompt with the prompt, the variant and the seed, as a model of that seed would. */
class AnsweringEngine implements Engine {
  readonly inputs: Asked[] = [];
  /** Called before each answer. */
  before: (callNumber: number) => unknown = () => {};

  async call<K extends RequestKind>(
    kind: K,
    input: Requests[K]['in'],
    options: { signal?: AbortSignal; onProgress?: (event: Progress) => void } = {},
  ): Promise<Requests[K]['out']> {
    if (kind !== 'answerAll') throw new AbortError();
    const { asked, variants } = input as AnswerAllInput;
    for (const [index, { prompt, options: sampling }] of asked.entries()) {
      if (options.signal?.aborted) break;
      this.inputs.push({ prompt, options: sampling, variants });
      await this.before(this.inputs.length);
      if (options.signal?.aborted) break;
      const generations = variants.map(({ label, adapter }) => ({
        label,
        text: `${textOfPrompt(prompt, {})} ${adapter === null ? 'base' : 'adapter'} ${sampling.seed}`,
        tokens: 1,
        finish: sampling.maxNewTokens === 1 ? ('length' as const) : ('eos' as const),
        secondsPerToken: 1,
        ids: [],
      }));
      options.onProgress?.({ kind: 'answers', asked: index, generations });
      // What comes of it is done before the next answer is there, as in the page.
      await breathe();
    }
    return null as Requests[K]['out'];
  }
  onDown(): () => void {
    return () => {};
  }
  onSilence(): () => void {
    return () => {};
  }
  restart(): void {}
}

const judgementLine = JSON.stringify({ prompt: 'p', a: 'x', b: 'y', verdict: 'a' });

let engine: AnsweringEngine;
let disk: Map<string, unknown>;
let clock: number;

interface Opened {
  readonly judge: JudgeStore;
  readonly dataset: DatasetStore;
  readonly messages: () => readonly string[];
  /** Takes back what the first notice says. */
  readonly undo: () => void;
}

async function open(summary: ModelSummary | null = model): Promise<Opened> {
  const storage = createStorage(mapKeyValue(disk));
  const notices = createNoticeStore();
  const onStored = () => {};
  const dataset = createDatasetStore({ engine, storage, notices, readTable: readTableHere, onStored });
  const library = createLibraryStore({ storage, notices, isRunning: async () => false, onStored });
  const judge = createJudgeStore({
    engine,
    library,
    dataset,
    notices,
    storage,
    onStored,
    getModel: () => summary,
    engineTime: new EngineTime(),
    now: () => (clock += 1000),
  });
  await Promise.all([dataset.getState().restore(), library.getState().restore(), judge.getState().refresh()]);
  return {
    judge,
    dataset,
    messages: () => notices.getState().notices.map(({ message }) => sentenceOf(message)),
    undo: () => notices.getState().undo(notices.getState().notices[0]!.id),
  };
}

const waiting = (judge: JudgeStore) => waitingComparison(judge.getState());
const pairs = ({ dataset }: Opened) => dataset.getState().rows.map(({ pair }) => pair);

async function startRound(opened: Opened, prompts: string, change = {}): Promise<void> {
  opened.judge.getState().setForm({ prompts, annotator: 'Kim', ...change });
  await opened.judge.getState().start();
}

beforeEach(() => {
  engine = new AnsweringEngine();
  disk = new Map();
  clock = Date.UTC(2026, 2, 5, 9, 7);
});

describe('answering', () => {
  it('asks every voice as often as the form says, each time with another seed', async () => {
    const opened = await open();
    await startRound(opened, 'one\ntwo', { answersEach: '3', seed: '10', temperature: '0.7', maxNewTokens: '9' });
    expect(engine.inputs.map(({ prompt, options }) => [prompt, options.seed])).toEqual([
      ['one', 10],
      ['one', 11],
      ['one', 12],
      ['two', 13],
      ['two', 14],
      ['two', 15],
    ]);
    expect(engine.inputs[0]).toMatchObject({
      variants: [{ adapter: null }],
      options: { temperature: 0.7, maxNewTokens: 9, topK: 0, topP: 1 },
    });
    expect(opened.judge.getState().comparisons).toHaveLength(6);
    expect(opened.judge.getState().answering).toBeNull();
  });

  it('tells how far it is and how long it takes, and lets judge what is there', async () => {
    const opened = await open();
    const seen: unknown[] = [];
    engine.before = (call) => {
      seen.push(opened.judge.getState().answering);
      if (call === 3) void opened.judge.getState().judge('a');
    };
    await startRound(opened, 'one\ntwo\nthree');
    expect(seen).toMatchObject([
      { done: 0, total: 6, secondsLeft: null },
      { done: 1 },
      { done: 2 },
      { done: 3 },
      { done: 4 },
      { done: 5, total: 6 },
    ]);
    const { secondsLeft } = seen[5] as { secondsLeft: number };
    expect(secondsLeft).toBeGreaterThan(0);
    expect(opened.judge.getState().round).toMatchObject({ judgements: [{ verdict: 'a' }], answered: { length: 3 } });
    expect(pairs(opened)).toHaveLength(1);
  });

  it('keeps what is done when it is stopped, and answers the rest later', async () => {
    const opened = await open();
    engine.before = (call) => call === 4 && opened.judge.getState().stop();
    await startRound(opened, 'one\ntwo\nthree');
    const { round } = opened.judge.getState();
    expect(round!.answered.map(({ prompt }) => prompt)).toEqual(['one']);
    expect(countUnanswered(round!)).toBe(2);
    await opened.judge.getState().answerRest();
    expect(opened.judge.getState().round!.answered.map(({ prompt }) => prompt)).toEqual(['one', 'two', 'three']);
    expect(engine.inputs.slice(4).map(({ options }) => options.seed)).toEqual([2, 3, 4, 5]);
  });

  it('says why it failed and keeps what is done', async () => {
    const opened = await open();
    engine.before = (call) => {
      if (call === 3) throw new Error('no memory');
    };
    await startRound(opened, 'one\ntwo');
    expect(opened.judge.getState()).toMatchObject({ answering: null, round: { answered: { length: 1 } } });
    expect(opened.judge.getState().failure?.sentence).toContain('no memory');
  });

  it('keeps two of three answers where it is stopped before the third', async () => {
    const opened = await open();
    engine.before = (call) => call === 3 && opened.judge.getState().stop();
    await startRound(opened, 'one\ntwo', { answersEach: '3' });
    expect(opened.judge.getState().round!.answered.map(({ answers }) => answers.length)).toEqual([2]);
  });

  it('tells the time left by the answers since it went on', async () => {
    const opened = await open();
    engine.before = (call) => call === 3 && opened.judge.getState().stop();
    await startRound(opened, 'one\ntwo\nthree');
    const seconds: unknown[] = [];
    engine.before = () => seconds.push(opened.judge.getState().answering?.secondsLeft);
    await opened.judge.getState().answerRest();
    // The clock goes on by a second at every look: 2 s for 1 answer and 3 left, 3 s for 2 and 2 left, 4 s for 3 and 1.
    expect(seconds).toEqual([null, 6, 3, 4 / 3]);
  });

  it('marks an answer that ended at the token limit', async () => {
    const opened = await open();
    await startRound(opened, 'one', { maxNewTokens: '1' });
    expect(opened.judge.getState().round!.answered[0]!.answers.map(({ isCut }) => isCut)).toEqual([true, true]);
  });

  it('begins no other round meanwhile, typed or from a file', async () => {
    const opened = await open();
    engine.before = async (call) => {
      if (call !== 1) return;
      opened.judge.getState().setForm({ prompts: 'other' });
      await opened.judge.getState().start();
      await opened.judge.getState().importRound({ name: 'k.jsonl', text: judgementLine });
    };
    await startRound(opened, 'one');
    expect(opened.judge.getState().round!.prompts).toEqual(['one']);
  });

  it('says that it is stopping until it has stopped', async () => {
    const opened = await open();
    const seen: boolean[] = [];
    engine.before = () => {
      opened.judge.getState().stop();
      seen.push(opened.judge.getState().stopping);
    };
    await startRound(opened, 'one');
    expect([...seen, opened.judge.getState().stopping]).toEqual([true, false]);
  });

  it('answers each prompt once though it is told twice to go on', async () => {
    const opened = await open();
    engine.before = (call) => call === 1 && opened.judge.getState().answerRest();
    await startRound(opened, 'one\ntwo');
    expect(engine.inputs.map(({ prompt }) => prompt)).toEqual(['one', 'one', 'two', 'two']);
  });

  it('forgets why it failed when it goes on', async () => {
    const opened = await open();
    engine.before = (call) => {
      if (call === 1) throw new Error('no memory');
    };
    await startRound(opened, 'one');
    expect(opened.judge.getState().failure).not.toBeNull();
    await opened.judge.getState().answerRest();
    expect(opened.judge.getState()).toMatchObject({ failure: null, round: { answered: { length: 1 } } });
  });

  it('ends when the round is put away', async () => {
    const opened = await open();
    engine.before = (call) => call === 3 && opened.judge.getState().close();
    await startRound(opened, 'one\ntwo\nthree');
    expect(engine.inputs).toHaveLength(3);
    expect(opened.judge.getState()).toMatchObject({ round: null, answering: null });
  });

  it('does not go on with another model', async () => {
    const opened = await open();
    engine.before = (call) => call === 3 && opened.judge.getState().stop();
    await startRound(opened, 'one\ntwo');
    const other = await open({ ...model, fingerprint: 'g' });
    await other.judge.getState().answerRest();
    expect(engine.inputs).toHaveLength(3);
  });
});

describe('judging', () => {
  it('makes a pair of each choice at once, and none of a tie or two bad answers', async () => {
    const opened = await open();
    await startRound(opened, 'one\ntwo\nthree\nfour');
    const first = waiting(opened.judge)!;
    await opened.judge.getState().judge('b');
    expect(opened.dataset.getState().rows).toEqual([
      {
        pair: { prompt: 'one', chosen: first.b.text, rejected: first.a.text },
        file: expect.stringMatching(/^judged-Kim-2026-03-05-0907\d\d$/),
        row: 1,
      },
    ]);
    await opened.judge.getState().judge('tie');
    await opened.judge.getState().judge('bad');
    const fourth = waiting(opened.judge)!;
    await opened.judge.getState().judge('a', 'my own words');
    expect(pairs(opened).slice(1)).toEqual([{ prompt: 'four', chosen: 'my own words', rejected: fourth.a.text }]);
    expect(opened.judge.getState().round!.judgements.map(({ verdict, edited }) => [verdict, edited])).toEqual([
      ['b', null],
      ['tie', null],
      ['bad', null],
      ['a', 'my own words'],
    ]);
    expect(waiting(opened.judge)).toBeNull();
    await opened.judge.getState().judge('a');
    expect(opened.judge.getState().round!.judgements).toHaveLength(4);
  });

  it('takes an edit that changes nothing for a choice', async () => {
    const opened = await open();
    await startRound(opened, 'one\ntwo');
    await opened.judge.getState().judge('a', waiting(opened.judge)!.a.text);
    await opened.judge.getState().judge('b', '  ');
    expect(opened.judge.getState().round!.judgements.map(({ edited }) => edited)).toEqual([null, null]);
  });

  it('skips with a comment, makes no pair of it, and takes it back', async () => {
    const opened = await open();
    await startRound(opened, 'one\ntwo');
    await opened.judge.getState().skip(' unclear ');
    await opened.judge.getState().judge('a', undefined, 'better');
    expect(pairs(opened).map(({ prompt }) => prompt)).toEqual(['two']);
    expect(opened.judge.getState().round!.judgements).toMatchObject([
      { skipped: true, comment: 'unclear' },
      { verdict: 'a', comment: 'better' },
    ]);
    await opened.judge.getState().undo();
    await opened.judge.getState().undo();
    expect(waiting(opened.judge)?.prompt).toBe('one');
  });

  it('takes the last judgement back with its pair, and no other', async () => {
    const opened = await open();
    await startRound(opened, 'one\ntwo\nthree');
    await opened.judge.getState().judge('a');
    await opened.judge.getState().judge('b');
    await opened.judge.getState().judge('tie');
    await opened.judge.getState().undo();
    expect(pairs(opened).map(({ prompt }) => prompt)).toEqual(['one', 'two']);
    await opened.judge.getState().undo();
    expect(pairs(opened).map(({ prompt }) => prompt)).toEqual(['one']);
    expect(waiting(opened.judge)?.prompt).toBe('two');
    // Deleted under Data meanwhile.
    await opened.dataset.getState().removeAll();
    await opened.judge.getState().undo();
    await opened.judge.getState().undo();
    expect(waiting(opened.judge)?.prompt).toBe('one');
    expect(pairs(opened)).toEqual([]);
  });

  it('goes on after a reload in the middle where it stood: the same answers on the same sides', async () => {
    const opened = await open();
    await startRound(opened, 'one\ntwo\nthree\nfour');
    await opened.judge.getState().judge('a');
    await opened.judge.getState().judge('bad');
    const again = await open(null);
    expect(again.judge.getState().comparisons).toEqual(opened.judge.getState().comparisons);
    expect(waiting(again.judge)).toEqual(waiting(opened.judge));
    expect(again.judge.getState().form).toEqual(opened.judge.getState().form);
    expect(pairs(again)).toEqual(pairs(opened));
    await again.judge.getState().undo();
    await again.judge.getState().undo();
    expect(pairs(again)).toEqual([]);
  });

  it('is put away with its pairs kept, and back by an undo', async () => {
    const opened = await open();
    await startRound(opened, 'one');
    await opened.judge.getState().judge('a');
    await opened.judge.getState().close();
    expect(opened.judge.getState()).toMatchObject({ round: null, comparisons: [] });
    expect(pairs(opened)).toHaveLength(1);
    expect((await open()).judge.getState().round).toBeNull();
    expect(opened.messages()).toEqual(['The round was put away; its pairs stay under Data.']);
    opened.undo();
    await eventually(() =>
      expect(opened.judge.getState()).toMatchObject({ round: { judgements: [{ verdict: 'a' }] } }),
    );
    expect(opened.judge.getState().comparisons).toHaveLength(1);
    expect((await open()).judge.getState().round).toEqual(opened.judge.getState().round);
  });

  it('does not come back over a round that was begun since', async () => {
    const opened = await open();
    await startRound(opened, 'one');
    await opened.judge.getState().close();
    await startRound(opened, 'two');
    opened.undo();
    expect(waiting(opened.judge)?.prompt).toBe('two');
  });

  it('warns of a damaged round and works on', async () => {
    disk.set('judging', { version: 1, value: { form: {}, round: { name: 1 } } });
    const opened = await open();
    expect(opened.messages()).toEqual([]);
    expect([...disk.keys()].filter((key) => key.startsWith('set-aside/judging/'))).toHaveLength(1);
    expect(disk.has('judging')).toBe(false);
    await startRound(opened, 'one');
    expect(waiting(opened.judge)).not.toBeNull();
  });
});

describe('two tabs', () => {
  const answeredPrompts = ({ judge }: Opened) => judge.getState().round!.answered.map(({ prompt }) => prompt);

  it('answer a prompt once, whichever is first, and the other goes on after it', async () => {
    const [here, there] = [await open(), await open()];
    engine.before = async (call) => {
      if (call !== 3) return;
      await there.judge.getState().refresh();
      engine.before = (second) => second === 6 && there.judge.getState().stop();
      await there.judge.getState().answerRest();
      await here.judge.getState().refresh();
    };
    await startRound(here, 'one\ntwo\nthree\nfour');
    expect(answeredPrompts(here)).toEqual(['one', 'two', 'three', 'four']);
    // Both had begun with "two"; the one that was stopped at "three" left it to the other.
    expect(engine.inputs.map(({ prompt }) => prompt)).toEqual([
      ...['one', 'one', 'two', 'two', 'two', 'three', 'two', 'three', 'three', 'four', 'four'],
    ]);
    await there.judge.getState().refresh();
    expect(there.judge.getState().round).toEqual(here.judge.getState().round);
  });

  it('do not ask again what the other has answered', async () => {
    const [here, there] = [await open(), await open()];
    engine.before = async (call) => {
      if (call !== 1) return;
      await there.judge.getState().refresh();
      await there.judge.getState().answerRest();
      await here.judge.getState().refresh();
    };
    await startRound(here, 'one\ntwo\nthree');
    expect(answeredPrompts(here)).toEqual(['one', 'two', 'three']);
    expect(engine.inputs.filter(({ prompt }) => prompt !== 'one')).toHaveLength(4);
  });

  it('leave a round alone that the other has begun meanwhile', async () => {
    const [here, there] = [await open(), await open()];
    engine.before = async (call) => {
      if (call !== 3) return;
      await there.judge.getState().refresh();
      await there.judge.getState().close();
      await there.judge.getState().importRound({ name: 'k.jsonl', text: judgementLine });
      await here.judge.getState().refresh();
    };
    await startRound(here, 'one\ntwo\nthree');
    expect(answeredPrompts(here)).toEqual(['p']);
    expect(here.judge.getState().round).toEqual(there.judge.getState().round);
    expect(here.judge.getState().answering).toBeNull();
  });

  it('keep what is typed in one and judged in the other', async () => {
    const here = await open();
    await startRound(here, 'one\ntwo');
    const there = await open();
    await there.judge.getState().judge('a');
    here.judge.getState().setForm({ annotator: 'Lee' });
    await here.judge.getState().keepRound();
    await there.judge.getState().refresh();
    for (const { judge } of [here, there])
      expect(judge.getState()).toMatchObject({ form: { annotator: 'Lee' }, round: { judgements: [{ verdict: 'a' }] } });
    expect(here.messages()).toHaveLength(1);
  });
});

describe('two annotators', () => {
  it('judge the same answers by way of a file, and agree as far as they do', async () => {
    const opened = await open();
    await startRound(opened, 'one\ntwo\nthree\nfour');
    const chooseSeed = async (seed: (prompt: string) => number) => {
      for (let shown = waiting(opened.judge); shown !== null; shown = waiting(opened.judge)) {
        const wanted = String(seed(textOfPrompt(shown.prompt, {})));
        await opened.judge.getState().judge(shown.a.text.endsWith(wanted) ? 'a' : 'b');
      }
    };
    const seeds: Readonly<Record<string, number>> = { one: 0, two: 3, three: 4, four: 7 };
    await chooseSeed((prompt) => seeds[prompt]!);
    const kims = opened.judge.getState().exportRound()!;
    await opened.judge.getState().close();

    opened.judge.getState().setForm({ annotator: 'Lee' });
    await opened.judge.getState().importRound(kims);
    expect(opened.judge.getState().round).toMatchObject({
      annotator: 'Lee',
      fingerprint: null,
      modelName: 'tiny',
      judgements: [],
    });
    await chooseSeed((prompt) => (prompt === 'four' ? 6 : seeds[prompt]!));
    expect(pairs(opened)).toHaveLength(8);
    opened.judge.getState().compareFiles([kims]);
    expect(opened.judge.getState().report).toMatchObject({
      names: [kims.name, opened.judge.getState().round!.name],
      agreement: { items: 4, agreed: 3 },
    });
    opened.judge.getState().compareFiles([kims, kims]);
    expect(opened.judge.getState().report?.agreement).toMatchObject({ items: 4, agreed: 4 });
    await opened.judge.getState().importRound(kims);
    expect(opened.judge.getState().report).toBeNull();
    opened.judge.getState().compareFiles([kims, kims]);
    await opened.judge.getState().close();
    expect(opened.judge.getState().report).toBeNull();
  });

  it('are told what is wrong with a file', async () => {
    const { judge } = await open();
    const line = judgementLine;
    judge.getState().compareFiles([{ name: 'k.jsonl', text: line }]);
    expect(judge.getState().fileProblem).toBe('Choose two files, or one while a round of your own is open.');
    judge.getState().compareFiles([
      { name: 'k.jsonl', text: line },
      { name: 'l.jsonl', text: line.replace('"p"', '"q"') },
    ]);
    expect(judge.getState().fileProblem).toBe('k.jsonl and l.jsonl have no judged comparison in common.');
    const empty = { name: 'm.jsonl', text: 'nothing' };
    const needs = 'holds no judgement; it needs what "Export judgements" writes.';
    judge.getState().compareFiles([empty, { name: 'l.jsonl', text: line }]);
    expect(judge.getState().fileProblem).toBe(`m.jsonl ${needs}`);
    judge.getState().compareFiles([{ name: 'l.jsonl', text: line }, empty]);
    expect(judge.getState().fileProblem).toBe(`m.jsonl ${needs}`);
    await judge.getState().importRound({ name: 'k.jsonl', text: 'nothing' });
    expect(judge.getState()).toMatchObject({
      round: null,
      fileProblem: 'k.jsonl holds no judgement; it needs what "Export judgements" writes.',
    });
    await judge.getState().importRound({ name: 'k.jsonl', text: `${line}\n{}\n` });
    expect(judge.getState().fileProblem).toBe('1 line of k.jsonl is no judgement and left out; the first is line 2.');
    expect(waiting(judge)?.prompt).toBe('p');
  });
});
