/** @file What the options of a reward mean together, and what is refused. */
import { expect, it } from 'vitest';
import { openJudge, rewardChoice } from './open-reward';

const judge = 'fixtures/tiny-llama';

it('asks a model that compares the question that is named, as the adapter that is named', () => {
  expect(rewardChoice({})).toBeNull();
  expect(rewardChoice({ reward: judge })).toEqual({ judge, question: 'dialogue' });
  expect(rewardChoice({ reward: judge, judgePrompt: 'summarization', judgeAdapter: 'dir' })).toEqual({
    ...{ judge, question: 'summarization', adapter: 'dir' },
  });
  expect(rewardChoice({ reward: 'sentiment' })).toEqual({ scorer: 'sentiment' });
});

it('leaves nothing unread that is said of a judge', () => {
  expect(() => rewardChoice({ reward: 'sentiment', judgePrompt: 'dialogue', judgeAdapter: 'dir' })).toThrow(
    '`--judge-prompt`, `--judge-adapter` is for a model that compares answers, and the reward sentiment is none',
  );
  expect(() => rewardChoice({ judgeAdapter: 'dir' })).toThrow(/^`--judge-adapter` says how a model that compares/);
});

it('refuses more answers than a judge compares before any model is opened', async () => {
  await expect(openJudge({ judge: 'nowhere', question: 'dialogue' }, 64)).rejects.toThrow(
    /64 answers would be 2016 comparisons, 4032 questions/,
  );
  await expect(openJudge({ judge, question: 'politeness' }, 2)).rejects.toThrow(
    /^The question politeness is neither a file/,
  );
});
