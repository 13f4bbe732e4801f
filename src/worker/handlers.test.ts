/**
 * @file The worker's handlers on the real engine in Node: the whole job, cancelling, and bad input of every kind.
 */
import { sumOf } from '../core/statistics';
import { sentenceOf } from '../messages/message';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { parsePairs } from '../data/parse-pairs';
import { directoryOf } from '../formats/checkpoint';
import { readValueHead, valueHeadFile, writeValueHead } from '../training/value-head';
import type { Handlers } from './bridge';
import { createBridge } from './bridge';
import { createHandlers } from './handlers';
import type { AdapterFiles, FromWorker, Generation, ModelFile, ModelSummary, Progress, Requests } from './protocol';

const modelPath = 'fixtures/tiny-llama';
const { pairs } = parsePairs(readFileSync('fixtures/pairs.jsonl', 'utf8'), 'pairs.jsonl');

function readModel(): Map<string, Uint8Array<ArrayBuffer>> {
  return new Map(readdirSync(modelPath).map((name) => [name, Uint8Array.from(readFileSync(join(modelPath, name)))]));
}

const asFiles = (files: Map<string, Uint8Array<ArrayBuffer>>): ModelFile[] =>
  [...files].map(([path, bytes]) => ({ path: `tiny-llama/${path}`, blob: new Blob([bytes]) }));

const editJson = (
  files: Map<string, Uint8Array<ArrayBuffer>>,
  name: string,
  edit: (value: Record<string, unknown>) => void,
): void => {
  const value = JSON.parse(new TextDecoder().decode(files.get(name))) as Record<string, unknown>;
  edit(value);
  files.set(name, new TextEncoder().encode(JSON.stringify(value)));
};

describe('the worker', () => {
  let handlers: Handlers;
  let summary: ModelSummary;
  const context = (signal = new AbortController().signal) => {
    const events: Progress[] = [];
    return { events, signal, report: (event: Progress) => void events.push(event) };
  };
  const run = (config: Requests['train']['in']['config'], signal?: AbortSignal) => {
    const call = context(signal);
    return {
      ...call,
      result: handlers.train(
        {
          config: { per_device_train_batch_size: 4, learning_rate: 1e-3, ...config },
          pairs,
          initAdapter: null,
          refAdapter: null,
        },
        call,
      ),
    };
  };

  beforeAll(async () => {
    handlers = createHandlers({ assets: null, threads: 1 }, () => {});
    const report = await handlers.openDevice({ prefer: 'auto' }, context());
    expect(report).toMatchObject({ device: 'wasm', description: { code: 'oneThread' } });
    expect(report.reason).toMatchObject({ code: 'webgpuUnavailable' });
    summary = await handlers.openModel({ name: 'tiny-llama', files: asFiles(readModel()) }, context());
    expect(report.adapter).toBeUndefined();
  });

  it('has nothing to choose about products on WASM', async () => {
    expect(await handlers.tuneProducts({ kept: null }, context())).toBeNull();
  });

  it('describes the model', () => {
    expect(summary).toMatchObject({
      name: 'tiny-llama',
      architecture: 'llama',
      layers: 2,
      vocabularySize: 384,
      hasChatTemplate: true,
      eosToken: '<|im_end|>',
    });
    expect(summary.fingerprint).toMatch(/^[0-9a-f]{64}$/);
  });

  it('does not start a run whose longest pair cannot fit, and says what to change', async () => {
    const own = createHandlers({ assets: null, threads: 1, memoryBytes: 2 ** 20 }, () => {});
    await own.openDevice({ prefer: 'wasm' }, context());
    await own.openModel({ name: 'tiny-llama', files: asFiles(readModel()) }, context());
    const events: string[] = [];
    const long = { prompt: 'a', chosen: 'b c '.repeat(60), rejected: 'd' };
    const trained = own.train(
      {
        config: { max_steps: 1 },
        pairs: [{ prompt: 'a', chosen: 'b', rejected: 'c' }, long],
        initAdapter: null,
        refAdapter: null,
      },
      { signal: new AbortController().signal, report: ({ kind }) => events.push(kind) },
    );
    await expect(trained).rejects.toMatchObject({ code: 'runDoesNotFit', values: { granted: '0.0 GB' } });
    expect(events).not.toContain('step');
    expect(events).not.toContain('compiling');
  });

  it('says what memory a run would need, with the answers that are drawn and who judges them, and what lacks', async () => {
    const config = { method: 'rloo', reward: { model: 'run' }, max_length: 128, max_completion_length: 16 } as const;
    const own = createHandlers({ assets: null, threads: 1, memoryBytes: 2 ** 20 }, () => {});
    await own.openDevice({ prefer: 'wasm' }, context());
    expect(await own.checkConfig({ config }, context())).toBeNull();
    await own.openModel({ name: 'tiny-llama', files: asFiles(readModel()) }, context());
    const need = await own.checkConfig({ config, judgeBytes: 1000 }, context());
    expect(need).toMatchObject({ estimate: { answers_at_once: 8, judge: 1000 }, shortages: [{ kind: 'memory' }] });
    const alone = await handlers.checkConfig({ config }, context());
    expect(alone?.shortages).toEqual([]);
    expect((need?.estimate.total ?? 0) - (alone?.estimate.total ?? 0)).toBe(1000);
    await expect(own.checkConfig({ config: { ...config, top_k: -1 } }, context())).rejects.toThrow(/top_k/);
  });

  it('refuses a model that has another fingerprint than when it was opened last; the one before stays', async () => {
    const files = asFiles(readModel());
    const wanted = 'ab'.repeat(32);
    await expect(
      handlers.openModel({ name: 'tiny-llama', files, fingerprint: wanted }, context()),
    ).rejects.toMatchObject({ code: 'modelAltered', values: { wanted: wanted.slice(0, 12) } });
    expect(await handlers.modelTokens({}, context())).toMatchObject({ eosToken: '<|im_end|>' });
    // As the generated answer is counted, with its end token.
    const inspected = await handlers.inspectPair(
      { pair: { prompt: 'x', chosen: ' The pump is loud.', rejected: ' b' }, maxLength: 64 },
      context(),
    );
    expect(await handlers.countTokens({ text: ' The pump is loud.' }, context())).toBe(inspected.chosen.length);
    const again = await handlers.openModel({ name: 'tiny-llama', files, fingerprint: summary.fingerprint }, context());
    expect(again.fingerprint).toBe(summary.fingerprint);
  });

  it('takes the chat template that is chosen for a model without one, and refuses a broken one', async () => {
    const files = new Map([...readModel()].filter(([name]) => name !== 'chat_template.jinja'));
    editJson(files, 'tokenizer_config.json', (config) => delete config['chat_template']);
    const own = createHandlers({ assets: null, threads: 1 }, () => {});
    await own.openDevice({ prefer: 'wasm' }, context());
    const base = await own.openModel({ name: 'base', files: asFiles(files) }, context());
    expect(base).toMatchObject({
      hasChatTemplate: false,
      templateChoice: null,
      warnings: [{ code: 'noChatTemplate', values: {} }],
    });
    const chat = [
      {
        prompt: [{ role: 'user', content: 'Hi' }],
        chosen: [{ role: 'assistant', content: 'Yes' }],
        rejected: [{ role: 'assistant', content: 'No' }],
      },
    ] as const;
    const problems = async () =>
      (await own.checkPairs({ pairs: chat, maxLength: 64 }, context())).map(({ problem }) => problem);
    expect(await problems()).toEqual([{ code: 'chatWithoutTemplate', values: {} }]);
    await expect(
      own.chooseTemplate({ chatTemplate: { source: '{% for %}', file: 'mine.jinja' } }, context()),
    ).rejects.toThrow(/could not be read/);
    expect(await own.chooseTemplate({ chatTemplate: 'plain' }, context())).toMatchObject({
      hasChatTemplate: true,
      templateChoice: 'plain',
      warnings: [],
    });
    expect(await problems()).toEqual([null]);
    const given = { source: '{% for m in messages %}{{ m.content }}{% endfor %}', file: 'mine.jinja' };
    expect(await own.chooseTemplate({ chatTemplate: given }, context())).toMatchObject({
      hasChatTemplate: true,
      templateChoice: 'mine.jinja',
    });
    expect(await own.renameModel({ name: 'second' }, context())).toMatchObject({ name: 'second', warnings: [] });
    expect(await own.chooseTemplate({ chatTemplate: 'none' }, context())).toMatchObject({
      name: 'second',
      hasChatTemplate: false,
      templateChoice: 'none',
      warnings: [],
    });
    expect(await problems()).toEqual([{ code: 'chatWithoutTemplate', values: {} }]);
  });

  it('says what a model will need before it is loaded, and what is wrong with one', async () => {
    const settings = {
      method: 'dpo',
      max_length: 512,
      per_device_train_batch_size: 2,
      gradient_checkpointing: null,
      lora_r: 8,
      lora_target_modules: 'all-linear',
    } as const;
    const { summary: seen, plan } = await handlers.inspectModel(
      { name: 'tiny-llama', files: asFiles(readModel()), settings },
      context(),
    );
    expect(seen.parameters).toBe(summary.parameters);
    expect(plan).toMatchObject({
      shortages: [],
      proposal: null,
      estimate: { weights: summary.weightBytes, max_length: 512 },
    });
    const broken = readModel();
    editJson(broken, 'config.json', (config) => (config['intermediate_size'] = 128));
    await expect(handlers.inspectModel({ name: 'x', files: asFiles(broken), settings }, context())).rejects.toThrow(
      /by config\.json/,
    );
  });

  it('trains DPO and SFT, compares the answers with the base, and scores the pairs with the adapter it made', async () => {
    const dpo = run({ method: 'dpo', max_steps: 6 });
    const dpoResult = await dpo.result;
    const losses = dpo.events.flatMap((event) => (event.kind === 'step' ? [event.metrics.loss] : []));
    expect(losses.length).toBe(6);
    expect(losses[0]).toBeCloseTo(Math.LN2, 12);
    expect(losses[5]).toBeLessThan(losses[0] as number);
    expect(dpo.events.map(({ kind }) => kind)).toContain('reference');
    const sftResult = await run({ method: 'sft', max_steps: 3 }).result;
    expect(Object.keys(sftResult.adapter).sort()).toEqual([
      'README.md',
      'adapter_config.json',
      'adapter_model.safetensors',
    ]);

    const call = context();
    const options = { maxNewTokens: 8, temperature: 0, topK: 0, topP: 1, seed: 1 };
    const variants = [
      { label: 'base', adapter: null },
      { label: 'sft', adapter: sftResult.adapter },
      { label: 'dpo', adapter: dpoResult.adapter },
    ];
    const answers = await handlers.generate({ prompt: 'The pump is', variants, options }, call);
    expect(answers.map(({ label }) => label)).toEqual(['base', 'sft', 'dpo']);
    for (const [variant, { text, tokens }] of answers.entries()) {
      const streamed = call.events.flatMap((event) =>
        event.kind === 'token' && event.variant === variant ? [event] : [],
      );
      expect(streamed.length).toBe(tokens);
      expect(streamed.at(-1)?.text).toBe(text);
    }

    const base = await handlers.logprobs({ pairs, adapter: null, maxLength: 512 }, context());
    const tuned = await handlers.logprobs({ pairs, adapter: dpoResult.adapter, maxLength: 512 }, context());
    const margin = (rows: typeof base): number =>
      rows.reduce((sum, row) => sum + row.chosen_logps - row.rejected_logps, 0);
    expect(margin(tuned)).toBeGreaterThan(margin(base) + 1);

    const making = context();
    const { texts, report } = await handlers.canaries({ adapter: dpoResult.adapter, count: 2, pairs: null }, making);
    expect(report).toMatchObject({ count: 2, source: 'answers', precision: 'float32' });
    expect(JSON.parse(texts.find(({ path }) => path === 'canaries.json')?.text ?? '')).toMatchObject({
      base: { fingerprint: summary.fingerprint },
      canaries: { length: 2 },
    });
    const made = making.events.flatMap((event) => (event.kind === 'canaries' ? [event] : []));
    expect(made.at(-1)?.done).toBe(made.at(-1)?.total);
  });

  it('answers at any strength of an adapter: 0 is the base, 1 the adapter, and between them lora_alpha is scaled', async () => {
    const { adapter } = await run({ method: 'dpo', max_steps: 6, learning_rate: 5e-3 }).result;
    const prompt = 'The pump is';
    const options = { maxNewTokens: 8, temperature: 0, topK: 0, topP: 1, seed: 1 };
    const variants = [
      { label: 'base', adapter: null },
      { label: '0', adapter, strength: 0 },
      { label: '1', adapter, strength: 1 },
      { label: 'whole', adapter },
      { label: '1.5', adapter, strength: 1.5 },
    ];
    const [base, none, full, whole] = await handlers.generate({ prompt, variants, options }, context());
    expect(none?.ids).toEqual(base?.ids);
    expect(full?.ids).toEqual(whole?.ids);

    const answers = [base?.ids ?? []];
    const score = async (policy: Requests['scoreTokens']['in']['policy']) =>
      (await handlers.scoreTokens({ prompt, answers, policy, reference: { adapter: null } }, context()))[0] ?? [];
    const logps = async (policy: Requests['scoreTokens']['in']['policy']) =>
      (await score(policy)).map(({ logp }) => logp);
    expect(await logps({ adapter, strength: 0 })).toEqual(await logps({ adapter: null }));
    expect(await logps({ adapter, strength: 1 })).toEqual(await logps({ adapter }));
    const doubled = new Map(Object.entries(adapter).map(([name, bytes]) => [name, Uint8Array.from(bytes)]));
    editJson(
      doubled,
      'adapter_config.json',
      (config) => (config['lora_alpha'] = 1.5 * (config['lora_alpha'] as number)),
    );
    const [scaled, byAlpha] = [
      await logps({ adapter, strength: 1.5 }),
      await logps({ adapter: Object.fromEntries(doubled) }),
    ];
    scaled.forEach((logp, t) => expect(logp).toBeCloseTo(byAlpha[t] as number, 4));
    expect(scaled).not.toEqual(await logps({ adapter }));
  });

  it('answers many prompts by several policies as one by one, those to a prompt together, and keeps them at a stop', async () => {
    const { adapter } = await run({ method: 'dpo', max_steps: 4 }).result;
    const variants = [
      { label: 'base', adapter: null },
      { label: 'dpo', adapter },
      { label: 'half', adapter, strength: 0.5 },
    ];
    const asked = Array.from({ length: 14 }, (_, i) => ({
      prompt: i % 2 === 0 ? 'The pump is' : `Valve ${i} of the old station was`,
      options: { maxNewTokens: 2 + (i % 5), temperature: i % 3 === 0 ? 0 : 1, topK: 0, topP: 1, seed: i },
    }));
    const alone = [];
    for (const one of asked) {
      const answers = await handlers.generate({ ...one, variants }, context());
      alone.push(answers.map(({ text, ids, finish }) => ({ text, ids, finish })));
    }
    const all = context();
    expect(await handlers.answerAll({ asked, variants }, all)).toBeNull();
    const together = all.events.flatMap((event) => (event.kind === 'answers' ? [event] : []));
    expect(together.map(({ asked: at }) => at).sort((a, b) => a - b)).toEqual([...asked.keys()]);
    for (const { asked: at, generations } of together) {
      expect(generations.map(({ label }) => label)).toEqual(['base', 'dpo', 'half']);
      expect(generations.map(({ text, ids, finish }) => ({ text, ids, finish }))).toEqual(alone[at]);
    }

    const stop = new AbortController();
    const stopped = context(stop.signal);
    const report = (event: Progress): void => {
      stopped.report(event);
      stop.abort();
    };
    await handlers.answerAll({ asked, variants }, { signal: stop.signal, report });
    expect(stopped.events.length).toBeGreaterThan(0);
    expect(stopped.events.length).toBeLessThan(asked.length);
    for (const event of stopped.events) {
      if (event.kind !== 'answers') throw new Error(`A '${event.kind}' was reported.`);
      expect(event.generations.map(({ ids }) => ids)).toEqual(alone[event.asked]?.map(({ ids }) => ids));
    }
  });

  it('judges pairs by a policy, verdicts as they come, and keeps those at a stop', async () => {
    const { adapter } = await run({ method: 'dpo', max_steps: 4 }).result;
    const asked = { rubric: 'Which is better?' };
    const given = ['fern', 'valve', 'oil'].map((a) => ({ prompt: 'What?', a, b: 'the press' }));
    const verdictsOf = async (policy: Requests['judgePairs']['in']['policy']) => {
      const call = context();
      expect(await handlers.judgePairs({ policy, asked, pairs: given }, call)).toBeNull();
      return call.events.flatMap((event) => (event.kind === 'verdict' ? [event] : []));
    };
    const [byBase, byAdapter] = [await verdictsOf({ adapter: null }), await verdictsOf({ adapter })];
    expect(byBase.map(({ pair }) => pair)).toEqual([0, 1, 2]);
    expect(byAdapter.map(({ verdict }) => verdict?.preference)).not.toEqual(
      byBase.map(({ verdict }) => verdict?.preference),
    );
    const long = { prompt: 'What?', a: 'oil '.repeat(400), b: 'fern' };
    const behind = context();
    await handlers.judgePairs({ policy: { adapter: null }, asked, pairs: [long, ...given] }, behind);
    expect(behind.events.map((event) => (event.kind === 'verdict' ? event.verdict : 'none'))).toEqual([
      ...[null, ...byBase.map(({ verdict }) => verdict)],
    ]);

    const stop = new AbortController();
    const stopped = context(stop.signal);
    const report = (event: Progress): void => {
      stopped.report(event);
      stop.abort();
    };
    const call = handlers.judgePairs(
      { policy: { adapter: null }, asked, pairs: given },
      { signal: stop.signal, report },
    );
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
    expect(stopped.events).toEqual(byBase.slice(0, 1));
  });

  it('a column that fails lets the others end, whose adapters are freed after that', async () => {
    const { adapter } = await run({ method: 'dpo', max_steps: 4 }).result;
    const files = new Map(Object.entries(adapter).map(([name, bytes]) => [name, Uint8Array.from(bytes)]));
    // The largest number, which at ten times the strength is none any more.
    const weights = files.get('adapter_model.safetensors') as Uint8Array;
    new DataView(weights.buffer).setFloat32(weights.length - 4, 3e38, true);
    const options = { temperature: 0, topK: 0, topP: 1, seed: 1, maxNewTokens: 8 };
    const generate = async (variants: Requests['generate']['in']['variants']) => {
      const call = context();
      const result = await handlers
        .generate({ prompt: 'The pump is', variants, options }, call)
        .catch((error: unknown) => error as Error);
      return {
        result,
        tokens: call.events.flatMap((event) =>
          event.kind === 'token' && event.variant === variants.length - 1 ? [event.tokens] : [],
        ),
      };
    };
    const alone = await generate([{ label: 'sound', adapter }]);
    const beside = await generate([
      { label: 'broken', adapter: Object.fromEntries(files), strength: 10 },
      { label: 'sound', adapter },
    ]);
    expect(beside.result).toMatchObject({ message: expect.stringMatching(/a logit that is not a number/) as string });
    expect(beside.tokens).toEqual(alone.tokens);
    expect(alone.tokens.length).toBeGreaterThan(1);
  });

  it('scores every token as training does: the sums are those of the pair, and the texts make up the answer', async () => {
    const { adapter } = await run({ method: 'dpo', max_steps: 4 }).result;
    const pair = { prompt: 'The pump is', chosen: ' running äö한 well.', rejected: ' off.' };
    const tensor = await handlers.inspectPair({ pair, maxLength: 512 }, context());
    const answers = [tensor.chosen, tensor.rejected].map((tokens) => tokens.map(({ id }) => id));
    const scored = await handlers.scoreTokens(
      { prompt: pair.prompt, answers, policy: { adapter }, reference: { adapter: null } },
      context(),
    );
    const sum = (tokens: (typeof scored)[number] | undefined, key: 'logp' | 'reference') =>
      (tokens ?? []).reduce((total, token) => total + token[key], 0);
    const [tuned] = await handlers.logprobs({ pairs: [pair], adapter, maxLength: 512 }, context());
    const [base] = await handlers.logprobs({ pairs: [pair], adapter: null, maxLength: 512 }, context());
    expect(sum(scored[0], 'logp')).toBeCloseTo(tuned?.chosen_logps ?? NaN, 4);
    expect(sum(scored[1], 'logp')).toBeCloseTo(tuned?.rejected_logps ?? NaN, 4);
    expect(sum(scored[0], 'reference')).toBeCloseTo(base?.chosen_logps ?? NaN, 4);
    expect(scored[0]?.at(-1)).toMatchObject({ isSpecial: true, text: '<|im_end|>' });
    expect(
      scored[0]
        ?.filter(({ isSpecial }) => !isSpecial)
        .map(({ text }) => text)
        .join(''),
    ).toBe(pair.chosen);
    const same = await handlers.scoreTokens(
      { prompt: pair.prompt, answers, policy: { adapter }, reference: { adapter } },
      context(),
    );
    expect(same.flat().every(({ logp, reference }) => logp === reference)).toBe(true);
    await expect(
      handlers.scoreTokens(
        {
          prompt: pair.prompt,
          answers: [Array.from({ length: 5000 }, () => 5)],
          policy: { adapter },
          reference: { adapter },
        },
        context(),
      ),
    ).rejects.toThrow(/context holds/);
  });

  it('continues an adapter: step 0 is ln 2 with no rewards, and the adapter states the chain and its base', async () => {
    const config = { per_device_train_batch_size: 4, learning_rate: 1e-3, max_steps: 2 };
    const sft = { name: 'tone', files: (await run({ method: 'sft', max_steps: 3 }).result).adapter };
    const train = async (refAdapter: typeof sft | 'base' | null, initAdapter: typeof sft | null = sft) => {
      const call = context();
      const { adapter } = await handlers.train(
        { config: { ...config, method: 'dpo' }, pairs, initAdapter, refAdapter },
        call,
      );
      return { files: adapter, start: call.events.find((event) => event.kind === 'start') };
    };
    const plain = await train(null);
    expect(plain.start?.expectedLoss).toBe(Math.LN2);
    expect(plain.start?.loss).toBeCloseTo(Math.LN2, 6);
    expect(plain.start?.rewards?.chosen).toBeCloseTo(0, 5);
    expect(plain.start?.rewards?.rejected).toBeCloseTo(0, 5);
    expect(new TextDecoder().decode(plain.files['README.md'])).toContain(
      '- Chain: tiny-llama -> tone -> this adapter\n- Started from: the adapter tone\n- Reference: that adapter as it was',
    );

    // The same adapter named as the reference is the same run; another reference proves nothing at step 0.
    const named = await train(sft);
    expect(named.start).toEqual(plain.start);
    expect(named.files['adapter_model.safetensors']).toEqual(plain.files['adapter_model.safetensors']);
    expect((await train({ name: 'other', files: plain.files })).start).toBeUndefined();
    expect((await train(sft, null)).start).toBeUndefined();

    // Against the base: the same run as against an adapter that changes nothing (B = 0).
    const nothing = { name: 'nothing', files: (await run({ learning_rate: 1e-30, max_steps: 1 }).result).adapter };
    const [base, same] = [await train('base'), await train(nothing)];
    expect(base.start).toBeUndefined();
    expect(base.files['adapter_model.safetensors']).toEqual(same.files['adapter_model.safetensors']);
    expect(base.files['adapter_model.safetensors']).not.toEqual(plain.files['adapter_model.safetensors']);
    expect(new TextDecoder().decode(base.files['README.md'])).toContain('- Reference: the base model');
    expect((await train('base', null)).start?.expectedLoss).toBe(Math.LN2);

    const filesOf = (files: Requests['checkAdapter']['out']['files']): ModelFile[] =>
      Object.entries(files).map(([path, bytes]) => ({
        path: `mine/${path}`,
        blob: new Blob([Uint8Array.from(bytes)]),
      }));
    const { report, files } = await handlers.checkAdapter({ files: filesOf(plain.files) }, context());
    expect(report).toMatchObject({ ancestors: ['tone'], knowsBase: true, method: 'dpo', lora_r: 16 });
    expect(files).toEqual(plain.files);
    const again = await handlers.train(
      { config, pairs, initAdapter: { name: 'second', files }, refAdapter: null },
      context(),
    );
    expect((await handlers.checkAdapter({ files: filesOf(again.adapter) }, context())).report.ancestors).toEqual([
      'tone',
      'second',
    ]);

    const weights = new TextDecoder('latin1').decode(plain.files['adapter_model.safetensors']);
    const other = Uint8Array.from(
      weights.replace(summary.fingerprint, summary.fingerprint.replace(/^.{8}/, '00000000')),
      (character) => character.charCodeAt(0),
    );
    const foreign = filesOf({ ...plain.files, 'adapter_model.safetensors': other });
    await expect(handlers.checkAdapter({ files: foreign }, context())).rejects.toThrow(
      /was trained on the base model with the fingerprint 00000000.*Open the model that it was trained on/,
    );
  });

  it('takes an adapter that PEFT wrote, which does not say its base', async () => {
    const path = 'fixtures/golden/tiny-llama/init-adapter';
    const files = readdirSync(path).map((name): ModelFile => ({
      path: name,
      blob: new Blob([Uint8Array.from(readFileSync(join(path, name)))]),
    }));
    const { report, files: kept } = await handlers.checkAdapter({ files }, context());
    expect(report).toMatchObject({ knowsBase: false, ancestors: [], method: null });
    const call = context();
    await handlers.train(
      { config: { max_steps: 1, method: 'dpo' }, pairs, initAdapter: { name: 'peft', files: kept }, refAdapter: null },
      call,
    );
    expect(call.events.find((event) => event.kind === 'start')?.loss).toBeCloseTo(Math.LN2, 6);
    await expect(handlers.checkAdapter({ files: files.slice(0, 1) }, context())).rejects.toThrow(/The adapter/);
  });

  it('stops at the next step and keeps what it has', async () => {
    const controller = new AbortController();
    const call = context(controller.signal);
    const stopAtTwo = {
      ...call,
      report: (event: Progress) => void (event.kind === 'step' && event.metrics.step === 2 && controller.abort()),
    };
    const result = await handlers.train(
      { config: { max_steps: 50, per_device_train_batch_size: 2 }, pairs, initAdapter: null, refAdapter: null },
      stopAtTwo,
    );
    expect(result).toMatchObject({ steps: 2, totalSteps: 50, stopped: true });
    expect(result.adapter['adapter_model.safetensors']?.length).toBeGreaterThan(1000);
  });

  it('refuses another model while one is training', async () => {
    const training = run({ max_steps: 2 });
    await expect(handlers.openModel({ name: 'x', files: [] }, context())).rejects.toThrow(
      /has to wait: the open model is training/,
    );
    await training.result;
  });

  describe('bad models end in one sentence and leave the open one in place', () => {
    const bad: Record<string, [(files: Map<string, Uint8Array<ArrayBuffer>>) => void, RegExp]> = {
      'truncated safetensors': [
        (f) => f.set('model.safetensors', (f.get('model.safetensors') as Uint8Array<ArrayBuffer>).slice(0, 50_000)),
        /model\.safetensors/,
      ],
      'oversized header': [
        (f) =>
          new DataView((f.get('model.safetensors') as Uint8Array<ArrayBuffer>).buffer).setBigUint64(0, 1n << 40n, true),
        /header/,
      ],
      'overlapping tensors': [
        (f) => {
          const bytes = f.get('model.safetensors') as Uint8Array<ArrayBuffer>;
          const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
          const header = new TextDecoder().decode(bytes.subarray(8, 8 + length));
          const offsets = [...header.matchAll(/"data_offsets":\[(\d+),(\d+)\]/g)];
          const [first, second] = offsets as [RegExpMatchArray, RegExpMatchArray];
          const moved = header.replace(second[0], first[0].padEnd(second[0].length));
          bytes.set(new TextEncoder().encode(moved.padEnd(length).slice(0, length)), 8);
        },
        /model\.safetensors/,
      ],
      'config that disagrees with the weights': [
        (f) => editJson(f, 'config.json', (c) => (c['intermediate_size'] = 128)),
        /\[112, 48\] in the weights and \[128, 48\] by config\.json/,
      ],
      'config with a layer too many': [
        (f) => editJson(f, 'config.json', (c) => (c['num_hidden_layers'] = 3)),
        /the weights lack 'model\.layers\.2\./,
      ],
      'missing tokenizer': [(f) => f.delete('tokenizer.json'), /no tokenizer\.json/],
      'missing config': [(f) => f.delete('config.json'), /no config\.json/],
      'missing weights': [(f) => f.delete('model.safetensors'), /safetensors/],
      'unknown architecture': [
        (f) => editJson(f, 'config.json', (c) => (c['model_type'] = 'mamba')),
        /`model_type` "mamba", which is not supported; supported are llama, mistral/,
      ],
      'unsupported activation': [
        (f) => editJson(f, 'config.json', (c) => (c['hidden_act'] = 'relu')),
        /`hidden_act` is "relu"; it must be "silu" or "gelu"/,
      ],
      'unsupported rope': [
        (f) => editJson(f, 'config.json', (c) => (c['rope_parameters'] = { rope_type: 'proportional' })),
        /rope type "proportional"/,
      ],
      'broken config': [
        (f) => f.set('config.json', new TextEncoder().encode('{"model_type": "llama",')),
        /config\.json/,
      ],
    };
    for (const [name, [spoil, message]] of Object.entries(bad)) {
      it(name, async () => {
        const before = await handlers.memory({}, context());
        const files = readModel();
        spoil(files);
        const failure = await handlers
          .openModel({ name: 'spoilt', files: asFiles(files) }, context())
          .catch((error: Error) => error);
        expect(failure).toMatchObject({ name: 'UserError' });
        expect((failure as Error).message).toMatch(message);
        expect((failure as Error).message).not.toContain('\n');
        expect((await handlers.memory({}, context())).deviceBytes).toBe(before.deviceBytes);
        const [row] = await handlers.logprobs({ pairs: pairs.slice(0, 1), adapter: null, maxLength: 512 }, context());
        expect(row?.chosen_logps).toBeLessThan(0);
      });
    }
  });

  it('says per pair what is wrong: an empty completion, a prompt longer than max_length', async () => {
    const list = [
      pairs[0],
      { prompt: 'Why?', chosen: '', rejected: '' },
      { prompt: 'word '.repeat(50), chosen: 'a', rejected: 'b' },
    ] as typeof pairs;
    const reports = await handlers.checkPairs({ pairs: list, maxLength: 100 }, context());
    expect(reports.map(({ problem }) => problem !== null)).toEqual([false, true, true]);
    expect(sentenceOf(reports[1]?.problem ?? '')).toMatch(/`chosen` is empty/);
    expect(sentenceOf(reports[2]?.problem ?? '')).toMatch(/100/);
    // KTO learns from a bad answer alone.
    const [down] = await handlers.checkPairs(
      { pairs: [{ prompt: 'Why?', chosen: '', rejected: 'No.' }], maxLength: 100 },
      context(),
    );
    expect(down).toMatchObject({ problem: null, chosenTokens: 0 });
    expect(down?.rejectedTokens).toBeGreaterThan(1);
    const training = handlers.train(
      { config: { max_length: 100 }, pairs: list.slice(1), initAdapter: null, refAdapter: null },
      context(),
    );
    await expect(training).rejects.toThrow(/None of the 2 pairs can be trained on/);
  });

  it('trains on judged answers by KTO, pairs taken apart, and tells the method of the adapter', async () => {
    const input = {
      config: { method: 'kto', max_steps: 2, per_device_train_batch_size: 3, lora_r: 2 },
      pairs: [...pairs.slice(0, 2), { prompt: 'Why?', chosen: '', rejected: 'No.' }],
      initAdapter: null,
      refAdapter: null,
    } as const;
    const call = context();
    const { adapter } = await handlers.train(input, call);
    const metrics = call.events.flatMap((event) => (event.kind === 'step' ? [event.metrics] : []));
    const tokens = await handlers.checkPairs({ pairs: input.pairs, maxLength: 100 }, context());
    const [encoded] = call.events.filter(({ kind }) => kind === 'encoded');
    // The mean of the two good answers that there are, and not of three.
    expect(encoded).toMatchObject({ chosenTokens: (tokens[0]!.chosenTokens + tokens[1]!.chosenTokens) / 2 });
    // Five answers: a step has three of them, then two.
    expect(metrics.map(({ epoch }) => epoch)).toEqual([0.5, 1]);
    expect(metrics.every(({ kl }) => kl !== undefined && kl >= 0)).toBe(true);
    expect(metrics[0]?.loss).toBeCloseTo(0.5, 5);
    const { report } = await handlers.checkAdapter(
      {
        files: Object.entries(adapter).map(([path, bytes]) => ({ path, blob: new Blob([Uint8Array.from(bytes)]) })),
      },
      context(),
    );
    expect(report.method).toBe('kto');
  });

  it('trains a reward model, evaluated, which is known by its head and answers no prompt', async () => {
    const call = context();
    const input = {
      config: { method: 'reward', max_steps: 2, per_device_train_batch_size: 2, lora_r: 2 },
      ...{ pairs: pairs.slice(0, 4), initAdapter: null, refAdapter: null },
      evaluation: {
        settings: {
          ...{
            eval_steps: 2,
            metric_for_best_model: 'eval_rewards/accuracies' as const,
            early_stopping_patience: null,
          },
          load_best_model_at_end: true,
        },
        pairs: pairs.slice(4, 6),
      },
    } as const;
    const { adapter } = await handlers.train(input, call);
    const metrics = call.events.flatMap((event) => (event.kind === 'step' ? [event.metrics] : []));
    expect(metrics.map(({ margin, mean_reward }) => [margin, mean_reward].every(Number.isFinite))).toEqual([
      true,
      true,
    ]);
    expect(metrics.at(-1)?.['eval_rewards/accuracies']).toBeGreaterThanOrEqual(0);
    // Without its card the head still tells what it is.
    const files = Object.entries(adapter)
      .filter(([path]) => path !== 'README.md')
      .map(([path, bytes]) => ({ path, blob: new Blob([Uint8Array.from(bytes)]) }));
    expect((await handlers.checkAdapter({ files }, context())).report.method).toBe('reward');
    const scored = handlers.logprobs({ pairs: pairs.slice(0, 1), adapter, maxLength: 64 }, context());
    await expect(scored).rejects.toThrow(/is a reward model: it gives answers scores and writes none/);
  });

  describe('a run on answers of its own', () => {
    const rules = { version: 1 as const, rules: [{ kind: 'pattern' as const, pattern: 'a', weight: 1 }] };
    const config: Requests['train']['in']['config'] = {
      ...{ method: 'rloo', max_steps: 4, per_device_train_batch_size: 4, num_generations: 2 },
      ...{ max_completion_length: 6, learning_rate: 5e-3, lora_r: 2, reward: { rules } },
    };
    const input = { config, pairs, initAdapter: null, refAdapter: null, save_steps: 2 } as const;

    it.each([
      ['rloo', 2],
      ['ppo', 1],
    ] as const)(
      'of %s draws them, judges them by its rules, and shows some of each step',
      async (method, shownOfEach) => {
        const call = context();
        const asked = { ...input, config: { ...config, method } };
        const { adapter, steps } = await handlers.train(asked, call);
        expect(steps).toBe(4);
        const shown = call.events.flatMap((event) => (event.kind === 'samples' ? [event] : []));
        expect(shown.map(({ step }) => step)).toEqual([1, 2, 3, 4]);
        for (const { prompt, answers } of shown) {
          expect(pairs.map((pair) => pair.prompt)).toContain(prompt);
          expect(answers).toHaveLength(shownOfEach);
          for (const { text, reward, tokens } of answers) {
            expect(reward).toBe(text.includes('a') ? 1 : 0);
            expect(tokens).toBeLessThanOrEqual(6);
          }
        }
        const metrics = call.events.flatMap((event) => (event.kind === 'step' ? [event.metrics] : []));
        expect(metrics.every(({ reward = -1, kl }) => reward >= 0 && kl !== undefined)).toBe(true);

        const kept = call.events.flatMap((event) => (event.kind === 'checkpoint' ? [event.checkpoint] : []));
        const resume = kept.find(({ step }) => step === 2) ?? null;
        expect(resume?.step).toBe(2);
        const resumed = await handlers.train({ ...asked, resume }, context());
        expect(resumed.adapter['adapter_model.safetensors']).toEqual(adapter['adapter_model.safetensors']);
      },
    );

    it('of ppo keeps the value head with its adapter, for a run that goes on, an import, and PEFT’s files', async () => {
      const ppo = { ...config, method: 'ppo' as const, max_steps: 2 };
      const headOf = (files: AdapterFiles) => readValueHead(directoryOf(files));
      const { adapter } = await handlers.train({ ...input, config: ppo, save_steps: null }, context());
      const head = (await headOf(adapter)) as Float32Array;
      expect(Math.max(...head.map(Math.abs))).toBeGreaterThan(1e-3);
      // With next to no rate what it starts with is what it ends with.
      const still = { ...ppo, max_steps: 1, learning_rate: 1e-12 };
      const next = { ...input, config: still, save_steps: null, initAdapter: { name: 'ppo-1', files: adapter } };
      const went = await handlers.train(next, context());
      const moved = ((await headOf(went.adapter)) as Float32Array).map((value, i) =>
        Math.abs(value - (head[i] as number)),
      );
      expect(Math.max(...moved)).toBeLessThan(1e-6);
      // Methods without one leave it behind.
      const rloo = { ...next, config: { ...still, method: 'rloo' as const } };
      expect(Object.keys((await handlers.train(rloo, context())).adapter)).not.toContain(valueHeadFile);

      const chosen = Object.entries(adapter).map(([path, bytes]) => ({
        path,
        blob: new Blob([Uint8Array.from(bytes)]),
      }));
      const { files } = await handlers.checkAdapter({ files: chosen }, context());
      expect(files[valueHeadFile]).toEqual(adapter[valueHeadFile]);
      const other = chosen.map((file) =>
        file.path === valueHeadFile
          ? { ...file, blob: new Blob([Uint8Array.from(writeValueHead(new Float32Array(9)))]) }
          : file,
      );
      await expect(handlers.checkAdapter({ files: other }, context())).rejects.toMatchObject({
        code: 'valueHeadOther',
        values: { width: 8 },
      });
      const asked = {
        server: 'transformers',
        maxLoraRank: 16,
        format: 'peft',
        dtype: null,
        isFolded: false,
        texts: [],
      };
      const planned = await handlers.planHandOver({ ...asked, adapter } as never, context());
      expect(planned.files.map(({ path }) => path)).toContain(valueHeadFile);
      expect(planned.warnings).toMatchObject([{ code: 'valueHeadBeside' }]);
    });

    it('is judged by the model itself or an adapter of it, which compare the answers of a comparison too', async () => {
      const trained = {
        config: { method: 'dpo' as const, max_steps: 4, learning_rate: 5e-2 },
        pairs: pairs.slice(0, 4),
      };
      const { adapter: files } = await handlers.train({ ...trained, initAdapter: null, refAdapter: null }, context());
      const reward = { judge: summary.fingerprint, question: 'dialogue', adapter: 'id' };
      const judged = { ...input, config: { ...config, max_steps: 1, reward }, save_steps: null };
      const call = context();
      await handlers.train({ ...judged, rewardModel: { name: 'dpo-1', files } }, call);
      const rewards = call.events.flatMap((event) =>
        event.kind === 'samples' ? event.answers.map(({ reward: one }) => one ?? NaN) : [],
      );
      expect(rewards.length).toBeGreaterThan(1);
      // Of two answers to a prompt.
      expect((rewards[0] ?? NaN) + (rewards[1] ?? NaN)).toBeCloseTo(1, 6);
      await expect(handlers.train(judged, context())).rejects.toThrow(/The reward of these settings is at "id"/);
      const other = { ...judged, config: { ...judged.config, reward: { judge: 'dir', question: 'dialogue' } } };
      await expect(handlers.train(other, context())).rejects.toThrow(/is at "dir"/);

      const options = { maxNewTokens: 5, temperature: 1, topK: 0, topP: 1, seed: 3 };
      const asked = [0, 1, 2, 3, 4, 5].map((n) => ({
        ...{ prompt: n < 3 ? 'The pump' : 'A valve', group: n < 3 ? 7 : 9, options: { ...options, seed: n } },
        ...(n === 3 && { of: [1] }),
      }));
      const by = (adapter: Requests['judgePairs']['in']['policy']['adapter']) => ({
        ...{ policy: { adapter }, asked: 'dialogue' as const },
      });
      const variants = [
        { label: 'base', adapter: null, comparedBy: by(null) },
        { label: 'adapted', adapter: files, comparedBy: by(files) },
      ];
      const comparing = context();
      await handlers.answerAll({ asked, variants }, comparing);
      const kinds = comparing.events.map(({ kind }) => kind);
      // All answers first, so that the judge comes when nobody answers.
      expect(kinds.lastIndexOf('drawn')).toBeLessThan(kinds.indexOf('compared'));
      expect(comparing.events.filter(({ kind }) => kind === 'compared').at(-1)).toMatchObject({ done: 10, total: 10 });
      const answers = comparing.events.flatMap((event) => (event.kind === 'answers' ? [event] : []));
      expect(answers.map(({ asked: at }) => at)).toEqual([0, 1, 2, 3, 4, 5]);
      const given = (label: string, places: readonly number[]) =>
        places.flatMap((at) => answers[at]?.generations.filter((one) => one.label === label) ?? []);
      for (const [label, places, count] of [
        ['base', [0, 1, 2], 3],
        ['base', [3, 4, 5], 2],
        ['adapted', [3, 4, 5], 3],
      ] as const) {
        const own = given(label, places).map(({ reward: one }) => one ?? NaN);
        expect(own).toHaveLength(count);
        expect(sumOf(own)).toBeCloseTo(count / 2, 5);
      }
      // The verdict on two answers by themselves.
      const [first, second] = given('base', [4, 5]) as [Generation, Generation];
      const alone = context();
      const pair = { prompt: 'A valve', a: first.text, b: second.text };
      await handlers.judgePairs({ ...by(null), pairs: [pair] }, alone);
      const [verdict] = alone.events.flatMap((event) => (event.kind === 'verdict' ? [event.verdict] : []));
      expect(first.reward).toBeCloseTo(verdict?.preference ?? NaN, 5);

      const stop = new AbortController();
      const stopped = context(stop.signal);
      const report = (event: Progress): void => {
        stopped.report(event);
        if (event.kind === 'compared') stop.abort();
      };
      expect(await handlers.answerAll({ asked, variants }, { signal: stop.signal, report })).toBeNull();
      expect(stopped.events.filter(({ kind }) => kind === 'answers')).toEqual([]);
    });

    it('is judged by a reward model, which scores the answers of a comparison too', async () => {
      const settings = { method: 'reward' as const, max_steps: 2, per_device_train_batch_size: 2, lora_r: 2 };
      const trained = { config: settings, pairs: pairs.slice(0, 4), initAdapter: null, refAdapter: null };
      const { adapter: files } = await handlers.train(trained, context());
      const judged = { ...input, config: { ...config, max_steps: 2, reward: { model: 'id' } }, save_steps: null };
      const call = context();
      await handlers.train({ ...judged, rewardModel: { name: 'reward-1', files } }, call);
      const rewards = call.events.flatMap((event) =>
        event.kind === 'samples' ? event.answers.map(({ reward }) => reward) : [],
      );
      expect(rewards).toHaveLength(4);
      expect(new Set(rewards.filter((reward) => Number.isFinite(reward))).size).toBeGreaterThan(1);

      const options = { maxNewTokens: 5, temperature: 1, topK: 0, topP: 1, seed: 3 };
      const asked = [
        { prompt: 'one', options },
        { prompt: 'one', options, of: [1] },
        { prompt: 'one', options: { ...options, seed: 4 }, of: [1] },
      ];
      const variants = [
        { label: 'plain', adapter: null },
        { label: 'scored', adapter: null, scoredBy: files },
      ];
      const comparing = context();
      await handlers.answerAll({ asked, variants }, comparing);
      const answered = comparing.events
        .flatMap((event) => (event.kind === 'answers' ? [event] : []))
        .toSorted((a, b) => a.asked - b.asked);
      expect(answered.map(({ generations }) => generations.map(({ label }) => label))).toEqual([
        ['plain', 'scored'],
        ['scored'],
        ['scored'],
      ]);
      const [plain, first, again, other] = answered.flatMap(({ generations }) => generations) as unknown as [
        Generation,
        Generation,
        Generation,
        Generation,
      ];
      expect(plain.text).toBe(first.text);
      expect('reward' in plain).toBe(false);
      expect(again.reward).toBe(first.reward);
      expect(Number.isFinite(first.reward)).toBe(true);
      expect(other.reward).not.toBe(first.reward);

      const long = { prompt: 'x '.repeat(400), chosen: 'a', rejected: 'b' };
      const scoring = { pairs: [pairs[0]!, long, pairs[1]!], rewardModel: files, maxLength: 128 };
      const scores = await handlers.scorePairs(scoring, context());
      expect(scores).toHaveLength(2);
      const second = await handlers.scorePairs({ ...scoring, pairs: [pairs[1]!] }, context());
      expect(scores[1]!.chosen - second[0]!.chosen).toBeCloseTo(0, 5);
      expect(second[0]!.chosen).not.toBeCloseTo(second[0]!.rejected, 5);

      const answers = [...pairs.slice(0, 1), long, ...pairs.slice(1, 2)].map(({ prompt, chosen: text }) => ({
        prompt,
        text: String(text),
      }));
      const given = await handlers.scoreAnswers(
        { answers: [...answers, { prompt: 'x', text: '' }], rewardModel: files },
        context(),
      );
      expect(given).toEqual([expect.closeTo(scores[0]!.chosen, 5), null, expect.closeTo(scores[1]!.chosen, 5), null]);

      const wrong = { name: 'dpo-1', files: (await run({ max_steps: 1 }).result).adapter };
      await expect(handlers.train({ ...judged, rewardModel: wrong }, context())).rejects.toThrow(/has no score head/);
    });

    it('says what it cannot be judged by', async () => {
      const train = (more: object) => handlers.train({ ...input, config: { ...config, ...more } }, context());
      await expect(train({ reward: { rules: 'own.json' } })).rejects.toThrow(/is at "own.json", and a page/);
      await expect(train({ reward: { model: 'judge' } })).rejects.toThrow(/is at "judge", and a page/);
      await expect(train({ reward: null })).rejects.toThrow(/learns from a reward, and none was named/);
      const broken = { ...rules, rules: [{ ...rules.rules[0], pattern: '(' }] };
      await expect(train({ reward: { rules: broken } })).rejects.toThrow(/Rule 1/);
    });
  });

  describe('judging labels', () => {
    const labelled = Array.from({ length: 32 }, (_, i) => ({
      prompt: `p${i}`,
      chosen: `it was good and ${i % 7}`,
      rejected: `it was bad and ${i % 5}`,
    }));
    const config = { method: 'dpo' as const, max_steps: 2, per_device_train_batch_size: 4, learning_rate: 1e-3 };

    it('goes by words without a model, and says how far it is', async () => {
      const own = createHandlers({ assets: null, threads: 1 }, () => {});
      const call = context();
      const { margins, noise } = await own.labelMargins({ pairs: labelled, run: null }, call);
      expect(margins).toHaveLength(32);
      expect(margins.every((margin) => margin > 0)).toBe(true);
      expect(noise).toMatchObject({ share: 0, low: 0 });
      const shares = call.events.map((event) => (event.kind === 'labelMargins' ? event.done : NaN));
      expect(shares).toEqual(shares.toSorted((a, b) => a - b));
      expect(shares.at(-1)).toBeLessThanOrEqual(1000);
      await expect(
        own.labelMargins({ pairs: labelled.slice(9), run: null }, context(AbortSignal.abort())),
      ).rejects.toMatchObject({ name: 'AbortError' });
    });

    it('goes by two runs, the second from where the first half ended; stopped, it judges nothing', async () => {
      const call = context();
      const { margins } = await handlers.labelMargins({ pairs: labelled, run: { config, initAdapter: null } }, call);
      expect(margins.every(Number.isFinite)).toBe(true);
      const shares = call.events.map((event) => (event.kind === 'labelMargins' ? event.done : NaN));
      expect(shares).toEqual(shares.toSorted((a, b) => a - b));
      expect(shares[0]).toBe(225);
      expect(shares).toContain(725);
      expect(shares.at(-1)).toBe(1000);

      const stop = new AbortController();
      const stopped = { signal: stop.signal, report: () => stop.abort() };
      const halves = handlers.labelMargins({ pairs: labelled, run: { config, initAdapter: null } }, stopped);
      await expect(halves).rejects.toMatchObject({ name: 'AbortError' });
      const sft = { config: { ...config, method: 'sft' as const }, initAdapter: null };
      await expect(handlers.labelMargins({ pairs: labelled, run: sft }, context())).rejects.toMatchObject({
        code: 'crossFitNoReward',
      });
    });
  });

  it('says when a setting is impossible', async () => {
    await expect(run({ lora_target_modules: ['c_attn'] }).result).rejects.toThrow(
      /"c_attn"; this model's blocks have q_proj/,
    );
    await expect(run({ loss_type: ['nonsense'] }).result).rejects.toThrow(/"nonsense" is not supported/);
    await expect(run({ learning_rate: 1e38, max_steps: 20 }).result).rejects.toThrow(/at step \d+; training stopped/);
  });
});

describe('the bridge', () => {
  it('answers under the id of the request, with name, message and stack of an error', async () => {
    const posted: FromWorker[] = [];
    const receive = createBridge(
      { memory: () => Promise.reject(new TypeError('no memory')) } as unknown as Handlers,
      (message) => void posted.push(message),
    );
    await receive({ id: 7, kind: 'memory', in: {} });
    expect(posted).toEqual([
      {
        id: 7,
        kind: 'error',
        error: { name: 'TypeError', message: 'no memory', stack: expect.stringContaining('no memory') as string },
      },
    ]);
  });

  it('aborts the call that a cancel names, and ignores others', async () => {
    let seen: AbortSignal | null = null;
    const memory = (_: unknown, { signal }: { signal: AbortSignal }) =>
      new Promise((resolve) => ((seen = signal), signal.addEventListener('abort', () => resolve(null))));
    const posted: FromWorker[] = [];
    const receive = createBridge({ memory } as unknown as Handlers, (message) => void posted.push(message));
    const call = receive({ id: 1, kind: 'memory', in: {} });
    await receive({ id: 2, kind: 'cancel' });
    expect((seen as unknown as AbortSignal).aborted).toBe(false);
    await receive({ id: 1, kind: 'cancel' });
    await call;
    expect(posted).toEqual([{ id: 1, kind: 'result', out: null }]);
  });
});
