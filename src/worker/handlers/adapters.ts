/** @file The call about an adapter that was made elsewhere: whether it fits the open model, and what is kept of it. */
import { methods } from '../../run/config';
import { checkBase } from '../../engine/device-adapter';
import type { Directory } from '../../formats/checkpoint';
import type { LoraAdapter } from '../../formats/peft';
import { readPeftAdapter } from '../../formats/peft';
import { fromPeft } from '../../models/lora';
import { readValueHead, requireWidth, valueHeadFile } from '../../training/value-head';
import type { Handlers } from '../bridge';
import type { EngineSession } from '../engine-session';
import { shapeOfAdapter } from '../../training/continued-shape';
import { asDirectory, readAdapter } from '../files';
import type { AdapterFiles, AdapterReport } from '../protocol';

/** What is kept of an imported adapter's directory. */
const adapterFileNames = [
  ...['adapter_config.json', 'adapter_model.safetensors', 'README.md', 'chat_template.jinja', valueHeadFile],
];

/** The card's tags stand within it, whatever the base is called. */
const cardHeadCharacters = 2000;

/** The method by which an adapter was trained stands among its card's tags; null where none does, or several do. */
function methodOfCard(card: Uint8Array | undefined): AdapterReport['method'] {
  const head = new TextDecoder().decode(card ?? new Uint8Array()).slice(0, cardHeadCharacters);
  const [, list = ''] = /^tags:\n((?:- .*\n)+)/m.exec(head) ?? [];
  const [method = null, ...more] = methods.filter((each) => list.split('\n').includes(`- ${each}`));
  return more.length > 0 ? null : method;
}

async function readAdapterFiles(directory: Directory): Promise<AdapterFiles> {
  const kept = adapterFileNames.flatMap((name) => {
    const source = directory.get(name);
    return source === undefined ? [] : [{ name, source }];
  });
  const entries = kept.map(async ({ name, source }) => [name, await source.read(0, source.sizeBytes)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** A score head makes a reward model of it, whatever its card says; without one it is none. */
function methodOf({ score }: LoraAdapter, files: AdapterFiles): AdapterReport['method'] {
  const told = methodOfCard(files['README.md']);
  return score ? 'reward' : told === 'reward' ? null : told;
}

function reportAdapter(adapter: LoraAdapter, targets: readonly string[], files: AdapterFiles): AdapterReport {
  const { r, lora_alpha, lineage } = adapter;
  return {
    ...{ lora_r: r, lora_alpha, target_modules: targets },
    ancestors: lineage?.ancestors ?? [],
    basePrecision: lineage?.base_precision ?? null,
    knowsBase: lineage !== undefined,
    method: methodOf(adapter, files),
  };
}

export function adapterHandlers(session: EngineSession): Pick<Handlers, 'checkAdapter' | 'adapterShape'> {
  return {
    adapterShape: ({ adapter }) =>
      session.withModel(async ({ model }) => shapeOfAdapter(model, await readAdapter(adapter))),

    checkAdapter: ({ files: chosen }) =>
      session.withModel(async ({ model }) => {
        const directory = asDirectory(chosen);
        const adapter = await readPeftAdapter(directory);
        checkBase(model, adapter);
        const { layout } = fromPeft(model.shape.architecture, model.shape.config, adapter);
        const head = await readValueHead(directory);
        if (head) requireWidth(head, model);
        const files = await readAdapterFiles(directory);
        return { report: reportAdapter(adapter, layout.config.target_modules, files), files };
      }),
  };
}
