/** @file The calls about the device and the model: opening, checking, describing. */
import { checkWeights, describeShape } from '../../engine/stored-weights';
import { openTokenizer, summarizeCheckpoint, withTemplate } from '../../engine/open-model';
import { openCheckpoint } from '../../formats/checkpoint';
import { productStage, trialForms, trialPasses } from '../../models/product-forms';
import type { Tensors } from '../../runtime/executor';
import { specialTexts } from '../../text/pair-tensor';
import { planMemory } from '../../training/memory-plan';
import type { Handlers } from '../bridge';
import type { EngineSession, SessionModel } from '../engine-session';
import { asDirectory } from '../files';
import { openKnownModel } from '../open-known-model';
import type { ModelSummary } from '../protocol';

function summarizeModel({ summary, model, chatTemplate, templateChoice, warnings }: SessionModel): ModelSummary {
  return {
    ...summary,
    name: model.name,
    hasChatTemplate: chatTemplate !== null,
    templateChoice: typeof templateChoice === 'object' ? (templateChoice?.file ?? null) : templateChoice,
    fingerprint: model.fingerprint,
    warnings: templateChoice === null ? warnings : warnings.filter(({ code }) => code !== 'noChatTemplate'),
  };
}

/** V8 tells its heap in Chromium, under a name no standard has. */
function jsHeapBytes(): number {
  return (performance as Performance & { memory?: { usedJSHeapSize: number } }).memory?.usedJSHeapSize ?? 0;
}

export function modelHandlers(
  session: EngineSession,
): Pick<
  Handlers,
  | 'openDevice'
  | 'memory'
  | 'inspectModel'
  | 'openModel'
  | 'tuneProducts'
  | 'chooseTemplate'
  | 'renameModel'
  | 'modelTokens'
  | 'countTokens'
> {
  return {
    async openDevice({ prefer, afterLoss = false }) {
      session.refuseWhileInUse('deviceHasToWait');
      const { executor, reason, description, products } = await session.replaceDevice(prefer, afterLoss);
      const device = executor.device === 'webgpu' ? 'webgpu' : 'wasm';
      return { device, reason, description, ...(products && { adapter: products.adapter }) };
    },

    async memory() {
      const { deviceBytes, idleBytes, wasmHeapBytes } = session.device.executor.memory();
      return { deviceBytes: deviceBytes + idleBytes, wasmHeapBytes, jsHeapBytes: jsHeapBytes() };
    },

    async inspectModel({ name, files, settings }) {
      const checkpoint = await openCheckpoint(name, asDirectory(files));
      const shape = await describeShape(checkpoint);
      checkWeights(checkpoint, shape);
      const plan = await planMemory(shape, settings, session.grants);
      return {
        summary: summarizeCheckpoint(checkpoint, shape, openTokenizer(checkpoint), plan.estimate.precision),
        plan,
      };
    },

    async openModel({ name, files, chatTemplate, precision, fingerprint }, context) {
      session.refuseWhileInUse('modelHasToWait');
      const directory = asDirectory(files);
      const how = { chatTemplate, precision, fingerprint };
      const opened = await openKnownModel(name, directory, session.device.executor, how, context);
      return summarizeModel(await session.replaceModel({ ...opened, directory }, chatTemplate ?? null));
    },

    tuneProducts: ({ kept }) =>
      session.withModel(async ({ model }) => {
        const { products } = session.device;
        if (products === null) return null;
        const passes = trialPasses(model.shape);
        const block = passes && { passes, weights: model.blocks[0] as Tensors };
        return products.choose(trialForms(model.shape).map(productStage), kept, block);
      }),

    async chooseTemplate({ chatTemplate }) {
      session.refuseWhileInUse('templateHasToWait');
      return summarizeModel(
        session.changeModel((opened) => ({ ...withTemplate(opened, chatTemplate), templateChoice: chatTemplate })),
      );
    },

    async renameModel({ name }) {
      return summarizeModel(session.changeModel((opened) => ({ ...opened, model: { ...opened.model, name } })));
    },

    modelTokens: () =>
      session.withModel(async ({ tokenizer }) => ({
        specialTokens: specialTexts(tokenizer),
        eosToken: tokenizer.eosToken,
      })),

    countTokens: ({ text }) =>
      session.withModel(async ({ tokenizer }) => tokenizer.encode(text, { addSpecialTokens: false }).length + 1),
  };
}
