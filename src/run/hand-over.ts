/**
 * @file What a person chooses by when an adapter is handed over: the servers, the formats that each of them reads, and
 * the number formats that a format has.
 */
import type { Precision } from '../core/dtype';
import type { Message } from '../messages/message';

export const exportFormats = ['peft', 'gguf', 'merged', 'mlx', 'bundle'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export const servers = ['vllm', 'sglang', 'llama.cpp', 'ollama', 'transformers', 'mlx'] as const;
export type Server = (typeof servers)[number];

/** The dtypes that a written weight may have, as safetensors names them. */
export type FloatDtype = 'F32' | 'F16' | 'BF16';

/** What each server reads, the one that it is given without a choice first. */
export const formatsOf: Readonly<Record<Server, readonly [ExportFormat, ...ExportFormat[]]>> = {
  vllm: ['peft', 'merged'],
  sglang: ['peft', 'merged'],
  'llama.cpp': ['gguf', 'merged'],
  ollama: ['merged'],
  transformers: ['peft', 'merged'],
  mlx: ['mlx', 'merged'],
};

/** The dtypes that a format may be written in; none where it has but one. */
export const dtypesOf: Readonly<Record<ExportFormat, readonly FloatDtype[]>> = {
  peft: [],
  gguf: ['F32', 'F16'],
  merged: ['F32', 'F16', 'BF16'],
  mlx: [],
  bundle: [],
};

/**
 * What all files of a zip may have together: without the extension of 64 bits it has lengths and places in 32. The last
 * MiB is for what lies beside what was planned: canaries, the bill of materials, sums, the signature.
 */
export const zipLimitBytes = 2 ** 32 - 2 ** 20;

/** Ranks that vLLM's --max-lora-rank takes. */
export const vllmRanks = [1, 8, 16, 32, 64, 128, 256, 320, 512] as const;

/** What a server's contract has to say against an adapter. */
export interface Finding {
  /** The rule's name, the same in every version. */
  readonly rule: string;
  readonly seen: Message;
  readonly remedy: Message;
  /** Whether the server does not serve such an adapter, or serves it wrongly; otherwise it is advice. */
  readonly forbids: boolean;
}

/** What can be said of canaries without a word of theirs. */
export interface CanaryReport {
  /** Sequences; fewer than were asked for where no more could be had. */
  readonly count: number;
  /** Whether they are the model's own answers to neutral prompts, or pairs that were given. */
  readonly source: 'answers' | 'pairs';
  /** Mean and largest distance of a token's log-probability under the adapter from that under the base, in nats. */
  readonly meanDifference: number;
  readonly largestDifference: number;
  /** Whether a server that computes in bfloat16 can be told to serve the adapter and not the base. */
  readonly tellsApart: boolean;
  /** How the base's weights were held: below float32 a server's numbers lie further from these. */
  readonly precision: Precision;
}

/** A figure that was measured, with the interval that holds it, where there is one. */
export interface MeasuredResult {
  /** "win rate against the base", "eval_loss". */
  readonly metric: string;
  readonly value: number;
  /** What it was measured on, in words: "40 prompts, judged blind". */
  readonly on: string;
  readonly interval: { readonly low: number; readonly high: number } | null;
}

export interface RunFacts {
  /** By TRL's names: "dpo (sigmoid)", "sft". */
  readonly method: string;
  /** Pairs that were trained on. */
  readonly pairs: number;
  /** SHA-256 (hex) of the pairs as TRL's rows in JSON Lines, in the order of the data set; null where unknown. */
  readonly dataSha256: string | null;
}

/** What is known of an adapter beside its files: which Airlock hands it over, its run, and what was measured. */
export interface HandOverOrigin {
  readonly airlockVersion: string;
  /** null for an adapter whose run is not known here. */
  readonly run: RunFacts | null;
  readonly results: readonly MeasuredResult[];
}

/** What has the form of a secret or of personal data. */
export const leakKinds = [
  ...(['email', 'phone', 'residentNumber', 'businessNumber', 'cardNumber'] as const),
  ...(['key', 'password'] as const),
] as const;
export type LeakKind = (typeof leakKinds)[number];

/** An answer of the training pairs that the adapter goes on with, word for word, once its beginning is given. */
export interface RecitedAnswer {
  /** The pair's place in the list, from 0. */
  readonly index: number;
  /** Tokens of the answer that were given, and tokens that came back as they stand in the pair. */
  readonly beginningTokens: number;
  readonly tokens: number;
  /** Whether the base does so too, so that it is not the adapter that learned it. */
  readonly byBase: boolean;
  /** What the answer holds of secrets and personal data, each kind once. */
  readonly kinds: readonly LeakKind[];
}

/** What an adapter and its training pairs give away: a report, and no gate. */
export interface LeakReport {
  /** Answers whose beginnings were given, and those of the pairs looked at that were too short for it. */
  readonly asked: number;
  readonly tooShort: number;
  /** How many of those asked for came back word for word: from the adapter, from the base. */
  readonly adapter: number;
  readonly base: number;
  /** Those of the adapter. */
  readonly recited: readonly RecitedAnswer[];
  /** Pairs whose texts were searched: all. */
  readonly searched: number;
  /** By kind, those found at all. */
  readonly found: readonly LeakFound[];
}

export interface LeakFound {
  readonly kind: LeakKind;
  /** Different ones, and pairs that hold any. */
  readonly count: number;
  readonly pairs: number;
  /** Some of them, masked. */
  readonly examples: readonly {
    readonly index: number;
    readonly part: 'prompt' | 'chosen' | 'rejected';
    readonly masked: string;
  }[];
}
