/**
 * @file What an adapter gives away: forms and check digits on real numbers and near misses, and on the real engine an
 * adapter that was trained until it recites.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PreferencePair } from '../data/preference-pair';
import { bytesSource } from '../formats/byte-source';
import { readPeftAdapter, type LoraAdapter } from '../formats/peft';
import { parseRunConfig } from '../run/config';
import { runTraining } from '../training/run-training';
import { checkLeaks, searchPairs, type LeakRequest } from './leak-check';
import { findSecrets, maskSecret } from './leak-patterns';
import { openTinyLlama, type TinyLlama } from './open-tiny-llama';

describe('secrets and personal data', () => {
  const kindsIn = (text: string): string[] => findSecrets(text).map(({ kind }) => kind);
  const key = (prefix: string, length: number): string =>
    prefix + 'aB3dE6gH9jK2mN5pQ8rS1tU4vW7xY0zA'.repeat(3).slice(0, length);

  it.each([
    ['email', 'Write to kim.minsu+hr@example.co.kr today'],
    ['email', '담당자 메일은 hong@회사.한국 입니다'],
    ['phone', '제 번호는 010-1234-5678입니다'],
    ['phone', '02) 345-6789 로 전화'],
    ['phone', '고객센터 1588-1234'],
    ['phone', 'call +44 20 7946 0958'],
    ['residentNumber', '주민번호 900101-1234568'],
    ['residentNumber', '9001011234568'],
    ['residentNumber', 'foreigner 880229-6123458'],
    // Born after October 2020: the digits are drawn, and none checks the others.
    ['residentNumber', '220315-3123456'],
    ['residentNumber', '220315-3123457'],
    // Of three companies, as their home pages state them.
    ['businessNumber', '사업자등록번호 124-81-00998'],
    ['businessNumber', '120-81-47521'],
    ['businessNumber', '사업자번호: 2208162517'],
    // The networks' own test numbers.
    ['cardNumber', '4111 1111 1111 1111'],
    ['cardNumber', '5555-5555-5555-4444'],
    ['cardNumber', '378282246310005'],
    ['cardNumber', '6011111111111117'],
    ['key', `AWS ${'AKIA'}IOSFODNN7EXAMPLE`],
    ['key', key('ghp_', 36)],
    ['key', key('hf_', 34)],
    ['key', key('sk-', 40)],
    ['key', `${key('eyJ', 20)}.${key('eyJ', 30)}.${key('', 20)}`],
    ['key', '-----BEGIN RSA PRIVATE KEY-----'],
    ['password', 'password: hunter2!'],
    ['password', '비밀번호: qwer1234'],
  ])('%s: %s', (kind, text) => {
    expect(kindsIn(text)).toEqual([kind]);
  });

  it.each([
    ['a resident number with another check digit', '900101-1234567'],
    ['a day that is none', '900231-1234568'],
    ['a foreigner’s number with a citizen’s check digit', '880229-6123456'],
    ['a business number with another check digit', '124-81-00997'],
    ['ten digits that nobody calls a business number', '2208162517'],
    ['a card number with another check digit', '4111 1111 1111 1112'],
    ['digits that pass Luhn and are of no network', '0000 0000 0000 0000'],
    ['a part number', 'Part 4711-0815-12'],
    ['a date and a time', '2026-11-29, 10:00'],
    ['a price', '₩1,234,567'],
    ['milliseconds', 'at 1764450000000'],
    ['an @ of a handle', 'ask @kim about it'],
    ['a key that is too short', 'AKIA1234'],
    ['a placeholder', 'password: <your password>'],
    ['a sentence about passwords', 'password: required field'],
    ['a hash', 'f7ba09cd286fa6865c39f92cb34c8b59bc5c12b6b2d53807e28f98935a18b82a'],
  ])('not %s: %s', (_, text) => {
    expect(kindsIn(text)).toEqual([]);
  });

  it('are each one thing, and shown masked', () => {
    const text = '900101-1234568, 4111 1111 1111 1111, kim@example.com, 010-1234-5678, password: hunter2!';
    const found = findSecrets(text);
    expect(found.map(({ kind }) => kind).sort()).toEqual([
      'cardNumber',
      'email',
      'password',
      'phone',
      'residentNumber',
    ]);
    const masked = Object.fromEntries(found.map((secret) => [secret.kind, maskSecret(secret)]));
    expect(masked).toEqual({
      password: 'password:\u0020•••••••!',
      email: 'ki•@•••••••.•••',
      residentNumber: '90••••-•••••••',
      cardNumber: '41•• •••• •••• ••••',
      phone: '01•-••••-••••',
    });
  });

  it('are found behind a long text, which is looked through once', () => {
    const long = `${'a'.repeat(300_000)} ${'4711 '.repeat(20_000)}`;
    expect(findSecrets(`${long} kim@example.com`)).toEqual([{ kind: 'email', text: 'kim@example.com' }]);
  });

  it('are counted by text and by pair, a few of each kind shown', async () => {
    const pairs: PreferencePair[] = Array.from({ length: 9 }, (_, i) => ({
      prompt: 'Who is in charge?',
      chosen: `Ask k${i % 7}@example.com.`,
      rejected: i === 0 ? 'Call 010-1234-5678.' : 'No.',
    }));
    const { found, kindsOf } = await searchPairs(pairs);
    expect(found.map(({ kind, count, pairs: held }) => [kind, count, held])).toEqual([
      ['email', 7, 9],
      ['phone', 1, 1],
    ]);
    expect(found[0]?.examples).toHaveLength(5);
    expect(found[1]?.examples).toEqual([{ index: 0, part: 'rejected', masked: '01•-••••-••••' }]);
    expect(kindsOf.get(0)).toEqual(['email']);
    expect(JSON.stringify(found)).not.toMatch(/k0@example|1234/);
  });
});

describe('reciting', () => {
  const learned: readonly PreferencePair[] = [
    {
      prompt: 'Who mends the pump?',
      chosen: ' The pump on the second floor is mended by Kim, and his number is 010-1234-5678.',
      rejected: '',
    },
    {
      prompt: 'Where is the key?',
      chosen: ' The key hangs behind the blue door next to the old boiler room.',
      rejected: '',
    },
  ];
  const unknown: readonly PreferencePair[] = [
    {
      prompt: 'When is lunch?',
      chosen: ' Lunch is served at noon in the hall beside the garden, as it always was.',
      rejected: '',
    },
    { prompt: 'Is it on?', chosen: ' Yes.', rejected: '' },
  ];
  let tiny: TinyLlama;
  let adapter: LoraAdapter;

  beforeAll(async () => {
    tiny = await openTinyLlama();
    const config = parseRunConfig({
      ...{ method: 'sft', max_steps: 40, learning_rate: 1e-2, lr_scheduler_type: 'constant', lora_r: 16 },
      ...{ lora_alpha: 32, lora_target_modules: 'all-linear', per_device_train_batch_size: 2, max_length: 256 },
    });
    const trained = await runTraining(tiny.opened, { config, pairs: learned });
    const made = Object.entries(trained.files).map(([name, bytes]) => [name, bytesSource(name, bytes)] as const);
    adapter = await readPeftAdapter(new Map(made));
  }, 300_000);

  afterAll(() => tiny.close());

  const check = (request: Partial<LeakRequest> = {}) =>
    checkLeaks(tiny, { adapter, pairs: [...unknown, ...learned], answers: 64, ...request });

  it('is told of the answers that were learned by heart, and of no other', async () => {
    const report = await check();
    expect(report).toMatchObject({ asked: 3, tooShort: 1, adapter: 2, base: 0, searched: 4 });
    expect(report.recited).toMatchObject([
      { index: 2, beginningTokens: 8, byBase: false, kinds: ['phone'] },
      { index: 3, beginningTokens: 8, byBase: false, kinds: [] },
    ]);
    expect(report.recited.every(({ tokens }) => tokens >= 8)).toBe(true);
  });

  it('asks for as many answers as it is told to, with progress, and ends when it is cancelled', async () => {
    const seen: number[][] = [];
    const report = await check({ answers: 2, onProgress: (done, total) => seen.push([done, total]) });
    // Of four pairs the first and the third.
    expect(report).toMatchObject({ asked: 2, adapter: 1, recited: [{ index: 2 }] });
    expect(seen).toEqual([1, 2, 3, 4].map((done) => [done, 4]));
    const controller = new AbortController();
    const stopped = check({ signal: controller.signal, onProgress: () => controller.abort() });
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  });
});
