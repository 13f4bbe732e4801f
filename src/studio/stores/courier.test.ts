/** @file A round goes out in a courier, is judged in another browser, and comes back with agreement and pairs. */
import { sentenceOf } from '../../messages/message';
import { describe, expect, it } from 'vitest';
import type { JudgingRound } from '../../storage/judging-record';
import { mapKeyValue } from '../../storage/key-value';
import { joinBytes } from '../../storage/backup/encoded-value';
import type { Engine } from '../browser/engine-client';
import { initialJudgeForm } from '../plain/judge/judge-form';
import { createStorage } from '../plain/records';
import { openTestStudio } from './open-test-studio';
import type { Studio } from './studio-stores';

/** Never answers: no model is needed to judge what a courier brings. */
const engine: Engine = {
  call: () => new Promise(() => {}),
  onDown: () => () => {},
  onSilence: () => () => {},
  restart: () => {},
};

const answer = (voice: number, text: string) => ({ voice, text, isCut: false });
const round: JudgingRound = {
  ...{ name: 'judged-Kim', annotator: 'Kim', modelName: 'm', fingerprint: 'f', orderSeed: 5, answersEach: 1 },
  voices: ['base', 'dpo-1'].map((name) => ({ runId: null, name })),
  sampling: { temperature: 1, seed: 0, maxNewTokens: 8 },
  prompts: ['one', 'two'],
  answered: ['one', 'two'].map((prompt) => ({ prompt, answers: [answer(0, `${prompt} x`), answer(1, `${prompt} y`)] })),
  judgements: [{ verdict: 'tie', edited: null, at: '2026-01-01' }],
};

interface Browser {
  readonly studio: Studio;
  /** The file that was written last. */
  readonly file: () => File;
}

async function browserWith(kept: JudgingRound | null): Promise<Browser> {
  const storage = createStorage(mapKeyValue(new Map()));
  const form = { ...initialJudgeForm, annotator: 'Lee' };
  await storage.writeJudging({ form, round: kept }, undefined);
  let file = new File([], '');
  const studio = await openTestStudio({
    ...{ engine, storage },
    openSaveTarget: async (name) => {
      const parts: Uint8Array<ArrayBuffer>[] = [];
      const done = async () => void (file = new File([joinBytes(parts)], name));
      return { write: async (bytes) => void parts.push(bytes.slice()), done, discard: async () => {} };
    },
  });
  return { studio, file: () => file };
}

describe('a courier', () => {
  it('takes a round to an annotator and the judged answers back', async () => {
    const [office, away] = [await browserWith(round), await browserWith(null)];
    await office.studio.courier.getState().write('참깨');
    expect(office.studio.courier.getState().failure).toBeNull();
    await away.studio.courier.getState().open(office.file());
    await away.studio.courier.getState().unlock('참개');
    const { failure } = away.studio.courier.getState();
    expect(failure && sentenceOf(failure.sentence)).toContain('The passphrase does not open this file');
    expect(away.studio.judge.getState().round).toBeNull();
    await away.studio.courier.getState().unlock('참깨');
    expect(away.studio.judge.getState().comparisons).toHaveLength(2);
    await away.studio.judge.getState().judge('a');
    await away.studio.judge.getState().judge('b');

    await away.studio.courier.getState().write('');
    await office.studio.courier.getState().open(away.file());
    const { judged, rowsToAdd } = office.studio.courier.getState();
    if (judged === null) throw new Error('Nothing came back.');
    expect(office.studio.judge.getState().report?.agreement).toMatchObject({ items: 1, agreed: 0 });
    expect([rowsToAdd(judged, false).length, rowsToAdd(judged, true).length]).toEqual([2, 1]);
    await office.studio.courier.getState().add(true);
    expect(office.studio.dataset.getState().rows.map(({ file, pair }) => [file, pair.prompt])).toEqual([
      [away.studio.judge.getState().round?.name, 'two'],
    ]);
    await office.studio.courier.getState().open(away.file());
    const again = office.studio.courier.getState().judged;
    expect(again && office.studio.courier.getState().rowsToAdd(again, true)).toEqual([]);
    const actions = office.studio.audit.getState().reading?.entries.map(({ entry }) => entry.action);
    expect(actions).toEqual(expect.arrayContaining(['export', 'import']));
  });

  it('is refused where another round is open, and where it is none', async () => {
    const office = await browserWith(round);
    await office.studio.courier.getState().write('');
    await office.studio.courier.getState().open(office.file());
    const sentence = () => sentenceOf(office.studio.courier.getState().failure?.sentence ?? '');
    expect(sentence()).toContain('another round is open');
    await office.studio.courier.getState().open(new File(['no'], 'x.airlock'));
    expect(sentence()).toContain('x.airlock is no backup and no courier');
    expect(office.studio.judge.getState().round).toEqual(round);
  });
});
