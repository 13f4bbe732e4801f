import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { message } from '../../../messages/message';
import { servers, type Finding } from '../../../run/hand-over';
import { commandOf } from './command';
import {
  destinations,
  destinationsFor,
  firstForm,
  formatsFor,
  isNameGood,
  mended,
  mendsOf,
  narrowedBy,
  takesCanaries,
  withFormat,
  withServer,
} from './form';
import { secondsLeft } from './time-left';

const of = (name: string) => ({ name, method: 'dpo' as const });
const form = firstForm(of('상담 dpo-1'), 'vllm', new Date('2026-11-29T12:00:00Z'));

describe('the form of a hand-over', () => {
  it('has a name that a server takes, with the day', () => {
    expect(form.name).toBe('dpo-1-20261129');
    expect(firstForm(of('상담'), 'vllm', new Date('2026-01-02')).name).toBe('adapter-20260102');
    expect(servers.every((server) => isNameGood(firstForm(of('a b/c'), server, new Date()).name))).toBe(true);
    expect(['', '-a', '../a', 'a b', "a'b", '가'].map(isNameGood)).toEqual(Array(6).fill(false));
  });

  it('forgets what was chosen for another server', () => {
    const changed = { ...form, maxLoraRank: 64, isFolded: true, format: 'merged', dtype: 'F16' } as const;
    expect(withServer(changed, 'llama.cpp', 'dpo')).toMatchObject({ format: 'gguf', dtype: null, isFolded: false });
    expect(withFormat(changed, 'peft')).toMatchObject({ dtype: null, maxLoraRank: 64 });
  });
});

describe('what is offered of a method', () => {
  it('is PEFT for transformers of a reward model, and everything of DPO', () => {
    expect(destinationsFor('dpo')).toEqual(destinations);
    expect(destinationsFor('reward')).toEqual(['transformers', 'unknown']);
    expect(destinationsFor('reward').flatMap((server) => formatsFor(server, 'reward'))).toEqual(['peft', 'peft']);
    const judge = { name: 'reward-1', method: 'reward' as const };
    expect(firstForm(judge, 'vllm', new Date())).toMatchObject({ server: 'transformers', format: 'peft' });
    expect(firstForm(judge, 'unknown', new Date())).toMatchObject({ server: 'unknown', format: 'peft' });
    expect([takesCanaries(form, 'reward'), takesCanaries(form, 'dpo')]).toEqual([false, true]);
  });

  it('is no bundle of what TRL does not repeat', () => {
    expect(formatsFor('unknown', 'rloo')).toEqual(['peft', 'merged']);
    expect(destinationsFor('rloo')).toEqual(destinations.filter((each) => each !== 'cluster'));
    expect(withServer(form, 'unknown', 'rloo').format).toBe('peft');
    expect((['dpo', 'kto', 'reward', 'rloo'] as const).map(narrowedBy)).toEqual([null, null, 'scoreHead', 'noBundle']);
  });
});

describe('what Airlock can mend', () => {
  const finding = (rule: string, remedy: Finding['remedy']): Finding => {
    return { rule, remedy, seen: message('contractNotFinite'), forbids: true };
  };

  it('is the rank that the server is started with, or merging', () => {
    const mends = mendsOf(finding('max_lora_rank', message('contractRaiseRank', { rank: 24 })), 24);
    expect(mends).toEqual([{ kind: 'rank', rank: 32 }, { kind: 'merge' }]);
    expect(mends.map((mend) => mended(form, mend))).toMatchObject([{ maxLoraRank: 32 }, { format: 'merged' }]);
    expect(mendsOf(finding('max_lora_rank', message('contractMerge')), 600)).toEqual([{ kind: 'merge' }]);
  });

  it('is a scale that is no whole number, and a family without LoRA', () => {
    const [fold] = mendsOf(finding('lora_alpha', message('contractAlphaWhole')), 8);
    expect(fold && mended(form, fold)).toMatchObject({ isFolded: true });
    expect(mendsOf(finding('architecture', message('contractMerge')), 8)).toEqual([{ kind: 'merge' }]);
    expect(mendsOf(finding('values', message('contractTrainAgain')), 8)).toEqual([]);
  });
});

describe('the command', () => {
  const all = destinations.flatMap((server) =>
    formatsFor(server, 'dpo').map((format) => ({ ...form, server, format })),
  );

  it('is one that a shell splits as it is meant, whatever the base is called', () => {
    const base = "우리 모델's; rm -rf $HOME";
    const inPython = (each: (typeof all)[number]) => commandOf(each, base, 'dpo').startsWith('from ');
    const asked = all.filter((each) => !inPython(each)).map((each) => commandOf(each, base, 'dpo'));
    for (const command of asked)
      for (const line of command.split(/\n| && /)) {
        const words = execFileSync('sh', ['-c', `printf '%s\\n' ${line}`], { encoding: 'utf8' }).split('\n');
        expect(words.join('\n')).not.toMatch(new RegExp(process.env['HOME'] ?? 'no home'));
      }
    const vllm = commandOf(form, base, 'dpo');
    const printed = execFileSync('sh', ['-c', `printf '%s\\n' ${vllm}`], { encoding: 'utf8' })
      .trimEnd()
      .split('\n');
    expect(printed.slice(0, 3)).toEqual(['vllm', 'serve', base]);
    expect(JSON.parse(printed.at(-1) ?? '')).toEqual({
      name: form.name,
      path: `./${form.name}`,
      base_model_name: base,
    });
  });

  it('names the folder for every server and format, and the rank where the server asks for it', () => {
    for (const each of all)
      expect(commandOf(each, 'org/base', 'dpo'), `${each.server} ${each.format}`).toContain(form.name);
    expect(commandOf({ ...form, maxLoraRank: 64 }, 'org/base', 'dpo')).toContain('--max-lora-rank 64 ');
    expect(commandOf({ ...form, format: 'merged' }, 'org/base', 'dpo')).not.toContain('lora');
  });
});

it('tells the time left once there is a speed', () => {
  expect([secondsLeft(0, 100, 9), secondsLeft(10, 100, 0.5)]).toEqual([null, null]);
  expect(secondsLeft(25, 100, 5)).toBe(15);
});
