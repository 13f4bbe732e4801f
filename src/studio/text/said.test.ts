/** @file Both languages of what the engine says: the types hold the entries and their values, this holds the words. */
import { describe, expect, it } from 'vitest';
import { english } from '../../messages/english';
import { message, type Message, type MessageCode } from '../../messages/message';
import { messages as korean } from './ko/messages';
import { sentenceIn } from './said';

/** The entry with each value written as {name}. */
function written(catalogue: typeof english, code: MessageCode): string {
  const entry = catalogue[code] as string | ((values: object) => string);
  return typeof entry === 'string' ? entry : entry(new Proxy({}, { get: (_, name) => `{${String(name)}}` }));
}

/** They put values and sentences together and have no words of their own. */
const wordless: readonly MessageCode[] = ['sentences', 'asSaid', 'inSettings'];
const codes = (Object.keys(english) as MessageCode[]).filter((code) => !wordless.includes(code));

describe('the Korean catalogue', () => {
  it.each(codes)('says %s in Korean, with values that the English says too', (code) => {
    const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const [inEnglish, inKorean] = [written(english, code), written(korean, code)];
    expect(inEnglish).not.toMatch(/[가-힣]|undefined/);
    expect(inKorean).toMatch(/[가-힣]/);
    expect(inKorean).not.toMatch(/undefined/);
    expect(names(inEnglish)).toEqual(expect.arrayContaining(names(inKorean)));
  });

  it('says messages inside messages', () => {
    const problem = message('lossTypesUndefined', { name: 'ipo', other: 'sft', rule: message('onlyAlone') });
    const said: Message = message('inSettings', { where: 'run.yaml', problem });
    expect(sentenceIn('ko', said)).toBe(
      'run.yaml: `loss_type`에 "ipo"과 "sft"가 함께 있는데 둘의 합은 정의된 바가 없습니다. "ipo"은 단독으로만 쓰십시오.',
    );
    const first = message('pairHas', { number: 1, problem: message('completionEmpty', { side: 'chosen' }) });
    expect(sentenceIn('ko', message('noneTrainable', { count: 2, first }))).toBe(
      '2쌍 중 학습할 수 있는 것이 없습니다. 1번 쌍: `chosen`가 비어 있습니다. 답변을 쓰십시오.',
    );
    expect(sentenceIn('en', said)).toMatch(/^run\.yaml: `loss_type` lists "ipo" with "sft"/);
  });
});
