/**
 * @file What is handed over, by format: the files of a PEFT adapter, of a GGUF adapter for llama.cpp, of an adapter for
 * mlx-lm, or of a whole checkpoint with the adapter merged into it. The files are planned here and written elsewhere.
 */
import { UserError } from '../core/errors';
import { readText } from '../formats/byte-source';
import { withoutCommonFolder, type Directory, type ModelCheckpoint } from '../formats/checkpoint';
import { writePeftAdapter, type LoraAdapter } from '../formats/peft';
import { message, type Message } from '../messages/message';
import { fromPeft } from '../models/lora';
import type { ModelShape } from '../models/stages';
import type { ExportFormat, FloatDtype } from '../run/hand-over';
import { readValueHead, valueHeadFile, writeValueHead } from '../training/value-head';
import { completeCard } from './card';
import type { Provenance } from './provenance';
import { canariesName, checkServerName } from './canaries';
import { ggufWarnings, writeGgufAdapter } from './gguf-adapter';
import { mergeCheckpoint } from './merged-checkpoint';
import { writeMlxAdapter } from './mlx-adapter';
import { bomFile } from './ml-bom';
import { signatureFile } from './model-signature';
import { bytesFile, sumsFile, textFile, type StreamedFile } from './streamed-file';

export interface ExportRequest {
  /** The base's own files and what they hold. */
  readonly model: { readonly directory: Directory; readonly checkpoint: ModelCheckpoint; readonly shape: ModelShape };
  readonly adapter: LoraAdapter;
  /** The adapter's own files, for its card and template. */
  readonly adapterFiles: Directory;
  /** A bundle repeats a run, for which bundle.ts wants more. */
  readonly format: Exclude<ExportFormat, 'bundle'>;
  /** null: float32 for an adapter, each weight's own dtype for a merged checkpoint. */
  readonly dtype: FloatDtype | null;
  /** What the card says beside what it said already. */
  readonly provenance: Provenance;
  readonly signal?: AbortSignal | undefined;
}

export interface PlannedExport {
  readonly files: readonly StreamedFile[];
  readonly warnings: readonly Message[];
  /** What the writing has shown; asked once all files are written. */
  findings(): readonly Message[];
}

const cardFile = 'README.md';
const templateFile = 'chat_template.jinja';

/** The files of the adapter that are text and travel as they are. */
async function textOf(files: Directory, path: string): Promise<string | null> {
  const source = withoutCommonFolder(files).get(path);
  return source ? readText(source) : null;
}

async function peftFiles({ adapter, adapterFiles, provenance }: ExportRequest): Promise<StreamedFile[]> {
  const card = completeCard(await textOf(adapterFiles, cardFile), provenance);
  const template = await textOf(adapterFiles, templateFile);
  const head = await readValueHead(withoutCommonFolder(adapterFiles));
  return [
    ...Object.entries(writePeftAdapter(adapter, card)).map(([path, bytes]) => bytesFile(path, bytes)),
    ...(template === null ? [] : [textFile(templateFile, template)]),
    ...(head === null ? [] : [bytesFile(valueHeadFile, writeValueHead(head))]),
  ];
}

/** Model types that Ollama makes a model of from a checkpoint's own files. */
const ollamaTypes = ['llama', 'mistral', 'gemma2', 'gemma3_text', 'phi3', 'qwen2'];

/** What an export puts beside its files: of a base that was itself exported (a chain) it would tell of another one. */
const besideAnExport = [sumsFile, bomFile, signatureFile, canariesName, checkServerName, 'Modelfile'];

async function planMerged(request: ExportRequest): Promise<PlannedExport> {
  const { model, adapter, dtype, signal } = request;
  const { files, counts } = await mergeCheckpoint(model.directory, { ...model, adapter, dtype, signal });
  const template = await textOf(request.adapterFiles, templateFile);
  const replaced = [...besideAnExport, ...(template === null ? [] : [templateFile])];
  const kept = files.filter(({ path }) => !replaced.includes(path));
  return {
    files: [
      ...kept,
      ...(template === null ? [] : [textFile(templateFile, template)]),
      ...(ollamaTypes.includes(model.shape.config.modelType) ? [textFile('Modelfile', 'FROM .\n')] : []),
    ],
    warnings: [],
    findings: () => {
      const share = counts.adapted === 0 ? 0 : counts.unchanged / counts.adapted;
      return [message('mergeRounded', { percent: (100 * share).toFixed(1), count: counts.adapted })];
    },
  };
}

function ggufDtype(dtype: FloatDtype | null): 'float32' | 'float16' {
  if (dtype === 'BF16') throw new UserError('ggufDtypeOther');
  return dtype === 'F16' ? 'float16' : 'float32';
}

/**
 * Plans an export; weights of the base are read as its files are written.
 * @throws UserError for an adapter that does not fit the model, and for a format that its architecture does not have
 */
export async function planExport(request: ExportRequest): Promise<PlannedExport> {
  const { model, adapter, format, dtype } = request;
  // Refuses modules and shapes that are not this model's, whatever is written.
  fromPeft(model.shape.architecture, model.shape.config, adapter);
  if (adapter.score && format !== 'peft') throw new UserError('rewardOnlyPeft', { format });
  if (format === 'merged') return planMerged(request);
  if (format === 'gguf') {
    const bytes = writeGgufAdapter(adapter, model.shape.config, ggufDtype(dtype));
    return {
      files: [bytesFile('adapter.gguf', bytes)],
      warnings: ggufWarnings(model.shape.config),
      findings: () => [],
    };
  }
  if (dtype !== null && dtype !== 'F32') throw new UserError('adapterDtypeFixed', { format });
  const files =
    format === 'mlx'
      ? Object.entries(writeMlxAdapter(adapter, model.shape.config)).map(([path, bytes]) => bytesFile(path, bytes))
      : await peftFiles(request);
  const hasHead = files.some(({ path }) => path === valueHeadFile);
  const warnings = hasHead ? [message('valueHeadBeside', { file: valueHeadFile })] : [];
  return { files, warnings, findings: () => [] };
}
