/** @file The form, the script's edits, keys, playback, rewards, and why something cannot be computed. */
import { describe, expect, it } from 'vitest';
import { starterSampling } from '../../../run/starter-recipe';
import { exampleRun } from '../examples';
import { scoredPrompt, type StarterResult } from '../starter/result';
import { computingObstacle } from './computing';
import { initialDemonstrationForm, planDemonstration, scriptOf, type DemonstrationSources } from './demonstration-form';
import { canMoveUp, movedUp, withoutPrompt } from './edit-script';
import { exampleAnswer, exampleDemonstration as demonstration, exampleEvents } from './example';
import { demonstrationOfStarter, starterScriptLength } from './of-starter';
import { playbackSeconds, sizeOf, wordsOf, wordsPerSecond, writtenAfter } from './playback';
import { barShare, rewardLimit, rewardOf } from './rewards';
import { readShowKey } from './show-keys';

const { columns } = demonstration;
const sources: DemonstrationSources = {
  model: { name: 'own', hasChatTemplate: false },
  columns,
  sampling: { temperature: 0.5, maxNewTokens: 8, topK: 0, topP: 1, seed: 40 },
  rows: ['x', 'y', 'y'].map((prompt, row) => ({ pair: { prompt, chosen: 'c', rejected: 'r' }, file: 'f', row })),
  split: null,
  manifest: null,
  promptSet: { prompts: ['p', 'q'] },
};
const form = initialDemonstrationForm;

describe('the form', () => {
  it('takes prompts that are typed, of the data set, and of the prompt set', () => {
    const promptsOf = (source: 'typed' | 'dataset' | 'promptSet') =>
      planDemonstration({ ...form, source, prompts: ' a \n\nb' }, sources).plan?.prompts;
    expect(promptsOf('typed')).toEqual(['a', 'b']);
    expect([...(promptsOf('dataset') ?? [])].sort()).toEqual(['x', 'y']);
    expect(promptsOf('promptSet')).toEqual(['p', 'q']);
  });

  it('says what is in the way', () => {
    const obstacleOf = (change: Partial<typeof form>, more: Partial<DemonstrationSources> = {}) =>
      planDemonstration({ ...form, ...change }, { ...sources, ...more }).obstacle;
    expect(obstacleOf({})).toBeNull();
    expect(obstacleOf({ count: 'many' })).toBe('number');
    expect(obstacleOf({}, { sampling: null })).toBe('sampling');
    expect(obstacleOf({}, { columns: columns.slice(1, 2) })).toBe('oneColumn');
    expect(obstacleOf({}, { columns: [...columns, ...columns] })).toBe('manyColumns');
    expect(obstacleOf({}, { rows: [] })).toBe('noDatasetPrompts');
    expect(obstacleOf({ source: 'promptSet' }, { promptSet: null })).toBe('noPromptSet');
    const chat = { prompts: [[{ role: 'user', content: 'Hi' }]] };
    expect(obstacleOf({ source: 'promptSet' }, { promptSet: chat })).toBe('chatPromptSet');
    expect(obstacleOf({ source: 'starter' })).toBe('noStarter');
  });

  it('gives each prompt a seed of its own', () => {
    expect(scriptOf(['a', 'b'], 40)).toEqual([
      { prompt: 'a', seed: 40 },
      { prompt: 'b', seed: 41 },
    ]);
  });
});

describe('the script', () => {
  const names = ({ script }: typeof demonstration) => script.map(({ prompt }) => prompt);
  const first = ({ answered }: typeof demonstration) => answered.map((answers) => answers[2]?.text);

  it('loses a prompt with its answers, and never the last one', () => {
    const less = withoutPrompt(demonstration, 0);
    expect([names(less), first(less)]).toEqual([['two', 'three'], ['other']]);
    const one = withoutPrompt(less, 1);
    expect(withoutPrompt(one, 0)).toBe(one);
  });

  it('is reordered among answered prompts, and stays as it is once there are votes', () => {
    const moved = movedUp(demonstration, 1);
    expect([names(moved), first(moved)]).toEqual([
      ['two', 'one', 'three'],
      ['other', 'c'],
    ]);
    expect([0, 1, 2, 3].map((at) => canMoveUp(demonstration, at))).toEqual([false, true, false, false]);
    const unanswered = { ...demonstration, answered: [] };
    expect(names(movedUp(unanswered, 2))).toEqual(['one', 'three', 'two']);
    const voted = { ...demonstration, judgements: exampleEvents([[0, 1]]) };
    expect(movedUp(voted, 1)).toBe(voted);
    expect(withoutPrompt(voted, 1)).toBe(voted);
  });
});

describe('the keys', () => {
  const press = (key: string, code: string, more = {}) => ({
    ...{ key, code, ctrlKey: false, metaKey: false, altKey: false, isComposing: false, repeat: false },
    ...more,
  });

  it('are arrows, a remote’s, digits and letters, under a Korean layout too', () => {
    expect(readShowKey(press('PageDown', 'PageDown'), true)).toBe('forward');
    expect(readShowKey(press('ArrowLeft', 'ArrowLeft'), true)).toBe('back');
    expect(readShowKey(press('3', 'Numpad3'), true)).toEqual({ vote: 2 });
    expect(readShowKey(press('ㅕ', 'KeyU'), true)).toBe('undo');
    expect(readShowKey(press('Escape', 'Escape'), true)).toBe('leave');
  });

  it('count once where they are held, and leave single keys to who switched them off', () => {
    expect(readShowKey(press('1', 'Digit1', { repeat: true }), true)).toBeNull();
    expect(readShowKey(press('1', 'Digit1', { ctrlKey: true }), true)).toBeNull();
    expect(readShowKey(press('1', 'Digit1'), false)).toBeNull();
    expect(readShowKey(press('ArrowRight', 'ArrowRight'), false)).toBe('forward');
  });
});

describe('playback', () => {
  it.each(['The pump is off.', '펌프가 멈췄습니다. 잠시 뒤…', ' — ', '', 'a\n\nb'])('loses nothing of %j', (text) => {
    expect(wordsOf(text).join('')).toBe(text);
  });

  it('writes all columns at one pace', () => {
    const [short, long] = [wordsOf('One two.'), wordsOf('One two three four.')];
    const seconds = 2 / wordsPerSecond;
    expect([writtenAfter(short, seconds), writtenAfter(long, seconds)]).toEqual(['One two.', 'One two ']);
    expect(writtenAfter(long, playbackSeconds([short, long]))).toBe('One two three four.');
    expect(playbackSeconds([])).toBe(0);
  });
});

it('writes short answers larger, all of one prompt alike', () => {
  expect(sizeOf([])).toBe('large');
  expect(sizeOf(['x', 'x'.repeat(161)])).toBe('medium');
  expect(sizeOf(['x'.repeat(421), 'x'])).toBe('small');
});

describe('the reward', () => {
  it('is beta times the log-ratio of the answer', () => {
    expect(rewardOf(exampleAnswer('x', 4), demonstration.scoring)).toEqual({ value: 2, isReward: true });
    const noBeta = { ...demonstration.scoring!, beta: null };
    expect(rewardOf(exampleAnswer('x', 4), noBeta)).toEqual({ value: 4, isReward: false });
    expect(rewardOf(exampleAnswer('x'), demonstration.scoring)).toBeNull();
  });

  it('fills its bar by the largest of all prompts', () => {
    expect(rewardLimit(demonstration)).toBe(4);
    expect(rewardLimit({ ...demonstration, answered: [] })).toBeGreaterThan(0);
    expect([barShare(2, 4), barShare(-9, 4)]).toEqual([0.5, -1]);
  });
});

it('computes where the model and all adapters are there, and says what is missing', () => {
  const run = (id: string) => ({ ...exampleRun, id });
  const both = [run('s'), run('d')];
  expect(computingObstacle(demonstration, both, 'print')).toBeNull();
  expect(computingObstacle(demonstration, both, undefined)).toBe('noModel');
  expect(computingObstacle(demonstration, both, 'another')).toBe('otherModel');
  expect(computingObstacle(demonstration, [run('s')], 'print')).toBe('adapterGone');
  expect(computingObstacle({ ...demonstration, fingerprint: null }, both, 'print')).toBe('unknownModel');
});

it('makes a demonstration of the starter’s result, of the first prompts in the file', () => {
  const prompts = Array.from({ length: 20 }, (_, i) => scoredPrompt('sentiment', `Film ${i}`, ['b', 's', 'd']));
  const result: StarterResult = {
    task: { id: 'sentiment', train: '', eval: '' },
    runs: { sft: 's', dpo: 'd' },
    prompts,
    kl: null,
    seconds: 1,
  };
  const made = demonstrationOfStarter(result, [
    { ...exampleRun, id: 's', name: 'sft-1' },
    { ...exampleRun, id: 'd', name: 'dpo-1' },
  ]);
  expect(made).toMatchObject({ fingerprint: 'print', sampling: starterSampling, scoring: null });
  expect(made.columns.map(({ role, runId, name }) => [role, runId, name])).toEqual([
    ['base', null, 'base'],
    ['sft', 's', 'sft-1'],
    ['dpo', 'd', 'dpo-1'],
  ]);
  expect(made.script.map(({ prompt }) => prompt)).toEqual(
    Array.from({ length: starterScriptLength }, (_, i) => `Film ${i}`),
  );
  expect(made.answered[0]?.map(({ text }) => text)).toEqual(['b', 's', 'd']);
  expect(demonstrationOfStarter(result, []).fingerprint).toBeNull();
});
