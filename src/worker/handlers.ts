/**
 * @file What the worker does for each request: the engine's parts put together around one device and one open model.
 */
import { UserError } from '../core/errors';
import type { DeviceAdapter } from '../engine/device-adapter';
import { checkBase, uploadAdapter } from '../engine/device-adapter';
import { checkWeights, describeShape } from '../engine/loaded-model';
import type { OpenedModel } from '../engine/open-model';
import { noTemplateWarning, openModel, openTokenizer, summarizeCheckpoint, withTemplate } from '../engine/open-model';
import { fromPeft, scaleLora } from '../models/lora';
import { blobSource, bytesSource } from '../formats/byte-source';
import { openCheckpoint, withoutCommonFolder } from '../formats/checkpoint';
import type { LoraAdapter } from '../formats/peft';
import { readPeftAdapter } from '../formats/peft';
import { answer } from '../generation/answer';
import { DecodeEngine } from '../generation/decoder';
import type { DeviceSurroundings, OpenedDevice } from '../runtime/device';
import { openDevice } from '../runtime/device';
import { lookAtPair, specialTexts } from '../text/pair-tensor';
import { parseRunConfig } from '../run/config';
import { encodeDataset } from '../training/encode-dataset';
import { probeRun } from '../training/probe';
import { planMemory } from '../training/memory-plan';
import { pairLogps } from '../training/pair-logps';
import { runTraining } from '../training/run-training';
import { scoreTokens } from '../training/token-logps';
import type { Handlers } from './bridge';
import { sampleAnswers } from './sampler';
import type {
  AdapterFiles,
  Generation,
  MemoryReport,
  ModelFile,
  ModelSummary,
  Policy,
  TemplateChoice,
} from './protocol';

interface OpenSession extends OpenedModel {
  readonly decoding: DecodeEngine;
  readonly warnings: readonly string[];
  readonly templateChoice: TemplateChoice | null;
}

/** What is kept of an imported directory. */
const adapterFileNames = ['adapter_config.json', 'adapter_model.safetensors', 'README.md', 'chat_template.jinja'];

/** The card's tags stand within it. */
const cardHeadCharacters = 200;

function summarize({ summary, model, chatTemplate, templateChoice, warnings }: OpenSession): ModelSummary {
  return {
    ...summary,
    hasChatTemplate: chatTemplate !== null,
    templateChoice: typeof templateChoice === 'object' ? (templateChoice?.file ?? null) : templateChoice,
    fingerprint: model.fingerprint,
    warnings: templateChoice === null ? warnings : warnings.filter((warning) => warning !== noTemplateWarning),
  };
}

function readAdapter(files: AdapterFiles): Promise<LoraAdapter> {
  return readPeftAdapter(new Map(Object.entries(files).map(([name, bytes]) => [name, bytesSource(name, bytes)])));
}

function asDirectory(files: readonly ModelFile[]) {
  return withoutCommonFolder(
    new Map(files.map(({ path, blob }) => [path, blobSource(path.split('/').at(-1) ?? path, blob)])),
  );
}

/** V8 tells its heap in Chromium, under a name no standard has. */
function jsHeapBytes(): number {
  return (performance as Performance & { memory?: { usedJSHeapSize: number } }).memory?.usedJSHeapSize ?? 0;
}

/**
 * @param onLost called when the device is gone for good
 */
export function createHandlers(surroundings: DeviceSurroundings, onLost: (sentence: string) => void): Handlers {
  let device: OpenedDevice | null = null;
  let session: OpenSession | null = null;
  /** Calls that use the open model; while there are any, it may not be replaced. */
  let users = 0;

  function requireDevice(): OpenedDevice {
    if (!device) throw new Error('openDevice must come first.');
    return device;
  }

  async function withModel<T>(work: (opened: OpenSession) => Promise<T>): Promise<T> {
    if (!session) throw new UserError('No model is open; choose a model directory first.');
    users++;
    try {
      return await work(session);
    } finally {
      users--;
    }
  }

  function refuseWhileInUse(what: string): void {
    if (users > 0)
      throw new UserError(`${what} has to wait: the open model is training or answering. Stop that first.`);
  }

  async function withPolicies<T>(
    { model }: OpenedModel,
    policies: readonly Policy[],
    work: (adapters: readonly (DeviceAdapter | null)[]) => Promise<T>,
  ): Promise<T> {
    const adapters: (DeviceAdapter | null)[] = [];
    try {
      for (const { adapter: files, strength = 1 } of policies) {
        // Strength 0 is the base: no rounding can tell the two apart.
        adapters.push(
          files && strength !== 0 ? uploadAdapter(model, scaleLora(await readAdapter(files), strength)) : null,
        );
      }
      return await work(adapters);
    } finally {
      for (const adapter of adapters) adapter?.dispose();
    }
  }

  const withPolicy = <T>(
    opened: OpenedModel,
    policy: Policy,
    work: (adapter: DeviceAdapter | null) => Promise<T>,
  ): Promise<T> => withPolicies(opened, [policy], ([adapter = null]) => work(adapter));

  return {
    async openDevice({ prefer }) {
      refuseWhileInUse('Another device');
      const opened = await openDevice(prefer, surroundings);
      await session?.decoding.dispose();
      session?.model.dispose();
      session = null;
      await device?.executor.close();
      device = opened;
      void opened.lost.then(onLost);
      return {
        device: opened.executor.device === 'webgpu' ? 'webgpu' : 'wasm',
        reason: opened.reason,
        description: opened.description,
      };
    },

    async inspectModel({ name, files, settings }) {
      const { executor, bindingBytes } = requireDevice();
      const checkpoint = await openCheckpoint(name, asDirectory(files));
      const shape = describeShape(checkpoint);
      checkWeights(checkpoint, shape);
      const grants = {
        device: executor.device === 'webgpu' ? 'webgpu' : 'wasm',
        memoryBytes: surroundings.memoryBytes ?? null,
        bindingBytes,
        takesFloat16: executor.takesFloat16,
      } as const;
      const plan = planMemory(shape, settings, grants);
      return { summary: summarizeCheckpoint(checkpoint, openTokenizer(checkpoint), plan.estimate.precision), plan };
    },

    async openModel({ name, files, chatTemplate, precision }, { report, signal }) {
      refuseWhileInUse('Another model');
      const { executor } = requireDevice();
      const opened = await openModel(name, asDirectory(files), executor, {
        signal,
        chatTemplate,
        precision,
        onProgress: (done, total) => report({ kind: 'loading', what: 'weights', done, total }),
      });
      await session?.decoding.dispose();
      session?.model.dispose();
      session = { ...opened, decoding: new DecodeEngine(opened.model), templateChoice: chatTemplate ?? null };
      return summarize(session);
    },

    async chooseTemplate({ chatTemplate }) {
      refuseWhileInUse('Another template');
      if (!session) throw new UserError('No model is open; choose a model directory first.');
      session = { ...withTemplate(session, chatTemplate), templateChoice: chatTemplate };
      return summarize(session);
    },

    inspectPair: ({ pair, maxLength }) =>
      withModel(async ({ tokenizer, chatTemplate, model }) =>
        lookAtPair(pair, { tokenizer, chatTemplate, maxLength: Math.min(maxLength, model.shape.config.contextLength) }),
      ),

    modelTokens: () =>
      withModel(async ({ tokenizer }) => ({ specialTokens: specialTexts(tokenizer), eosToken: tokenizer.eosToken })),

    checkPairs: ({ pairs, maxLength }, { signal, report }) =>
      withModel(async (opened) => {
        const onProgress = (done: number, total: number): void => report({ kind: 'encoding', done, total });
        return (await encodeDataset(opened, pairs, maxLength, { signal, onProgress })).reports;
      }),

    checkAdapter: ({ files }) =>
      withModel(async ({ model }) => {
        const directory = asDirectory(files);
        const adapter = await readPeftAdapter(directory);
        checkBase(model, adapter);
        const { layout } = fromPeft(model.shape.architecture, model.shape.config, adapter);
        const kept = await Promise.all(
          adapterFileNames.flatMap((name) => {
            const source = directory.get(name);
            return source === undefined
              ? []
              : [source.read(0, source.sizeBytes).then((bytes): [string, Uint8Array] => [name, bytes])];
          }),
        );
        const adapterFiles = Object.fromEntries(kept);
        const card = new TextDecoder().decode(adapterFiles['README.md'] ?? new Uint8Array());
        const [, method] = /^tags:\n- lora\n- (dpo|sft)$/m.exec(card.slice(0, cardHeadCharacters)) ?? [];
        return {
          report: {
            ...{ lora_r: adapter.r, lora_alpha: adapter.lora_alpha, target_modules: layout.config.target_modules },
            ancestors: adapter.lineage?.ancestors ?? [],
            basePrecision: adapter.lineage?.base_precision ?? null,
            knowsBase: adapter.lineage !== undefined,
            method: method === 'dpo' || method === 'sft' ? method : null,
          },
          files: adapterFiles,
        };
      }),

    async checkConfig({ config }) {
      parseRunConfig(config, 'These settings');
      return null;
    },

    probe: ({ config, pairs, initAdapter, refAdapter, evaluation }, { signal }) =>
      withModel(async (opened) =>
        probeRun(opened, {
          config: parseRunConfig(config),
          pairs,
          initAdapter: initAdapter && (await readAdapter(initAdapter.files)),
          refAdapter: refAdapter && (await readAdapter(refAdapter.files)),
          evaluation: evaluation ?? null,
          signal,
        }),
      ),

    train: ({ config, pairs, initAdapter, refAdapter, evaluation, samples, resume, save_steps }, { signal, report }) =>
      withModel(async (opened) => {
        const afterwards = samples
          ? (step: number, policy: DeviceAdapter) =>
              withPolicy(opened, { adapter: (refAdapter ?? initAdapter)?.files ?? null }, async (reference) => {
                const request = { ...samples, policy, reference, signal };
                const { answers, kl } = await sampleAnswers(opened, opened.decoding, request);
                report({ kind: 'samples', step, answers });
                return kl === null ? {} : { eval_kl: kl };
              })
          : undefined;
        const { files, metrics, ...rest } = await runTraining(opened, {
          config: parseRunConfig(config),
          pairs,
          initAdapter: initAdapter && (await readAdapter(initAdapter.files)),
          initName: initAdapter?.name,
          refAdapter: refAdapter && (await readAdapter(refAdapter.files)),
          refName: refAdapter?.name,
          evaluation: evaluation ? { ...evaluation, afterwards } : null,
          resume: resume ?? null,
          checkpoints:
            save_steps == null
              ? null
              : { save_steps, onCheckpoint: (checkpoint) => report({ kind: 'checkpoint', checkpoint }) },
          signal,
          onEvent: report,
        });
        return { adapter: files, steps: metrics.at(-1)?.step ?? resume?.step ?? 0, ...rest };
      }),

    generate: ({ prompt, variants, options }, { signal, report }) =>
      withModel((opened) =>
        withPolicies(opened, variants, async (adapters) => {
          // All columns at once: each token of each waits for its turn on the device.
          const answers = opened.decoding.together(adapters).map(async (adapter, variant): Promise<Generation> => {
            const { label } = variants[variant] as (typeof variants)[number];
            const onText = (text: string, tokens: number): void => report({ kind: 'token', variant, text, tokens });
            const { text, ids, finish, seconds } = await answer(opened, opened.decoding, adapter, prompt, {
              ...options,
              signal,
              onText,
            });
            return { label, text, tokens: ids.length, ids, finish, secondsPerToken: seconds / Math.max(1, ids.length) };
          });
          // Where one fails the others are still at work with their adapters, which are freed after this.
          await Promise.allSettled(answers);
          return Promise.all(answers);
        }),
      ),

    scoreTokens: ({ prompt, answers, policy, reference }, { signal }) =>
      withModel((opened) =>
        withPolicies(opened, [policy, reference], ([adapter = null, referenceAdapter = null]) =>
          scoreTokens(opened, { prompt, answers, policy: adapter, reference: referenceAdapter, signal }),
        ),
      ),

    logprobs: ({ pairs, adapter: files, maxLength }, { signal, report }) =>
      withModel((opened) =>
        withPolicy(opened, { adapter: files }, (adapter) =>
          pairLogps(opened, pairs, adapter, maxLength, {
            signal,
            onProgress: (done, total) => report({ kind: 'reference', done, total }),
          }),
        ),
      ),

    async memory(): Promise<MemoryReport> {
      const { deviceBytes, wasmHeapBytes } = requireDevice().executor.memory();
      return { deviceBytes, wasmHeapBytes, jsHeapBytes: jsHeapBytes() };
    },
  };
}
