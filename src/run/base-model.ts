/** @file What is told of the model that a run starts from. Types only. */
import type { Precision } from '../core/dtype';

/** Facts of a checkpoint that need no weight to be read. */
export interface CheckpointSummary {
  readonly name: string;
  readonly architecture: string;
  readonly parameters: number;
  readonly layers: number;
  readonly hiddenSize: number;
  readonly vocabularySize: number;
  readonly contextLength: number;
  /** The dtypes of the weights as stored, e.g. "BF16". */
  readonly dtype: string;
  readonly tiedEmbeddings: boolean;
  readonly hasChatTemplate: boolean;
  readonly eosToken: string | null;
  /** Linears that a LoRA may target, as PEFT spells them. */
  readonly linears: readonly string[];
  /** How the weights are held on the device. */
  readonly precision: Precision;
  /** Bytes of the weights as they are held on the device. */
  readonly weightBytes: number;
}

/** A template's source with the name of its file, or the name of a built-in one, or `none`. */
export type TemplateChoice = string | { readonly source: string; readonly file: string };
