/**
 * @file Every message that crosses between the page and the engine's worker: types only.
 * The page sends a Request of one `kind` and gets one Reply; a long call also emits Progress events.
 * Both sides import this file and nothing else of each other.
 */
import type { Precision } from '../core/dtype';
import type { JudgeQuestion } from '../data/judge-question';
import type { ChatMessage, PreferencePair, ScoredPair } from '../data/preference-pair';
import type { NoiseEstimate } from '../evaluation/label-doctor';
import type { PairToJudge, PairVerdict } from '../evaluation/judge';
import type { Message, Sayable } from '../messages/message';
import type { AdapterShape } from '../run/adapter-shape';
import type { CheckpointSummary, TemplateChoice } from '../run/base-model';
import type { ProductChoice } from '../runtime/product-choice';
import type { PairTensor, PairReport, ProbeReport, PairLogps, StartingPoint, ScoredToken } from '../run/reports';
import type { MemoryNeed, MemoryPlan, PlanSettings } from '../run/memory-plan';
import type { Method, RunConfig } from '../run/config';
import type { TrainingCheckpoint } from '../run/training-checkpoint';
import type { EvaluationSettings } from '../run/evaluation';
import type {
  CanaryReport,
  LeakReport,
  ExportFormat,
  Finding,
  FloatDtype,
  HandOverOrigin,
  Server,
} from '../run/hand-over';
import type { StepMetrics } from '../run/metrics';
import type { RunToRepeat } from '../run/trl';

export type { ProductChoice };

export type DeviceKind = 'webgpu' | 'wasm';

/** The device that runs the model, and why it was chosen. */
export interface DeviceReport {
  readonly device: DeviceKind;
  readonly reason: Sayable;
  /** The GPU's description, or the WASM thread count in words. */
  readonly description: Sayable;
  /** The GPU's name, under which the choice of products is kept; absent where there is nothing to choose. */
  readonly adapter?: string;
}

/** One file of a checkpoint directory; `path` is relative to the directory. */
export interface ModelFile {
  readonly path: string;
  readonly blob: Blob;
}

export interface ModelSummary extends CheckpointSummary {
  /** What was chosen in place of the model's own template: a built-in one, `none`, or a file's name; null: nothing. */
  readonly templateChoice: string | null;
  /** SHA-256 (hex) over config and weights; identifies the base model of runs and adapters. */
  readonly fingerprint: string;
  readonly warnings: readonly Sayable[];
}

/** What the headers of a checkpoint tell, and what training on it would need. */
export interface ModelInspection {
  readonly summary: CheckpointSummary;
  readonly plan: MemoryPlan;
}

/** A PEFT adapter directory: file name -> bytes (adapter_config.json, adapter_model.safetensors, README.md). */
export type AdapterFiles = Readonly<Record<string, Uint8Array>>;

/** An adapter as people call it. */
export interface NamedAdapter {
  readonly name: string;
  readonly files: AdapterFiles;
}

/** What an adapter's files say, once they fit the open model. */
export interface AdapterReport {
  readonly lora_r: number;
  readonly lora_alpha: number;
  readonly target_modules: readonly string[];
  /** Names of the adapters that it was continued from, oldest first. */
  readonly ancestors: readonly string[];
  /** How its base's weights were held in training; null where it does not say. */
  readonly basePrecision: Precision | null;
  /** Whether it names its base, which is then the open model. */
  readonly knowsBase: boolean;
  /** What its card says it was trained with; null where there is no card of Airlock's. */
  readonly method: Method | null;
}

export interface TrainResult {
  readonly adapter: AdapterFiles;
  readonly steps: number;
  readonly totalSteps: number;
  /** True when the user stopped the run; the adapter is the one reached so far. */
  readonly stopped: boolean;
  /** The step of the best evaluation, where the adapter is that one. */
  readonly bestStep: number | null;
  /** Early stopping ended the run. */
  readonly endedEarly: boolean;
  /** About rows left out and other things that the user should know. */
  readonly warnings: readonly Sayable[];
  readonly seconds: number;
}

export interface SamplingOptions {
  readonly maxNewTokens: number;
  /** 0 is greedy. */
  readonly temperature: number;
  /** 0 keeps all. */
  readonly topK: number;
  /** 1 keeps all. */
  readonly topP: number;
  readonly seed: number;
}

/** What to ask the model at every evaluation. */
export interface SampleSettings {
  readonly prompts: readonly (string | readonly ChatMessage[])[];
  readonly maxNewTokens: number;
}

export interface SampledAnswer {
  readonly text: string;
  readonly tokens: number;
  readonly finish: 'eos' | 'length' | 'stopped';
  /** What judged it gave it, where it was judged; null where it could not be. */
  readonly reward?: number | null;
}

/** The base (adapter null), or the base with an adapter. */
export interface Policy {
  readonly adapter: AdapterFiles | null;
  /** Times the adapter's own scale; 1 where it is absent, and 0 is exactly the base. */
  readonly strength?: number;
}

/** One column of the comparison. */
export interface Variant extends Policy {
  readonly label: string;
  /** The reward model that gives each of its answers a score. */
  readonly scoredBy?: AdapterFiles;
  /** The judge that compares every two of its answers of one group, of which their scores follow. */
  readonly comparedBy?: Comparing;
}

/** A policy of the open model that says which of two answers is better, and what it is asked. */
export interface Comparing {
  readonly policy: Policy;
  readonly asked: JudgeQuestion;
}

/** A kept model of another base that judges what the open one answers, as it is loaded. */
export interface JudgeModel {
  readonly name: string;
  readonly files: readonly ModelFile[];
  readonly chatTemplate?: TemplateChoice;
  readonly precision: Precision;
}

/** One of many prompts, and how it is to be answered. */
export interface AskedPrompt {
  readonly prompt: string | readonly ChatMessage[];
  readonly options: SamplingOptions;
  /** The places of the variants that answer it; without, all do. */
  readonly of?: readonly number[];
  /** Answers of one group are compared with each other, where a judge compares them. Groups follow each other. */
  readonly group?: number;
}

export interface Generation {
  readonly label: string;
  readonly text: string;
  readonly tokens: number;
  /** The new tokens, a final stop token included. */
  readonly ids: readonly number[];
  readonly finish: 'eos' | 'length' | 'stopped';
  readonly secondsPerToken: number;
  /** What its variant's reward model or judge gave it; null where it was not scored, absent where there is none. */
  readonly reward?: number | null;
}

/** Bytes by kind, for the flatness test and the status bar. */
export interface MemoryReport {
  /** JS-held tensors (WASM) or GPU buffers (WebGPU), those that the executor keeps to use them again among them. */
  readonly deviceBytes: number;
  /** Size of the WebAssembly heap. */
  readonly wasmHeapBytes: number;
  /** V8's used heap of the worker where the browser tells, else 0. */
  readonly jsHeapBytes: number;
}

/** The run that a bundle repeats. */
export interface RepeatedRun extends RunToRepeat<AdapterFiles> {
  /** How the base's weights were held. */
  readonly precision: Precision;
}

/** What is handed over, of which adapter and for which server. */
export interface HandOverRequest {
  readonly adapter: AdapterFiles;
  readonly server: Server;
  /** What the server was or will be started with. */
  readonly maxLoraRank: number;
  readonly format: ExportFormat;
  /** null: float32 for an adapter, each weight's own dtype for a merged checkpoint. */
  readonly dtype: FloatDtype | null;
  /** Whether the adapter's scale is put into its matrices. */
  readonly isFolded: boolean;
  /** Texts that lie beside: how it is served, a grade label. */
  readonly texts: readonly { readonly path: string; readonly text: string }[];
  /** Of a bundle: the run that it repeats. */
  readonly repeated?: RepeatedRun;
  /** What the bill of materials says beside hashes. */
  readonly origin?: HandOverOrigin;
  /** Signs everything in model.sig; without one there is none. */
  readonly signingKey?: CryptoKeyPair | null;
}

/** A key that signs what is handed over; its private half cannot be read out. */
export interface SigningKey {
  readonly pair: CryptoKeyPair;
  /** In PEM, as the administrator gets it. */
  readonly publicKey: string;
  /** SHA-256 (hex) of the PEM file, which is read out and compared. */
  readonly fingerprint: string;
}

/** Of a bundle the files are known once it is made. */
export interface HandOverPlan {
  readonly files: readonly { readonly path: string; readonly sizeBytes: number }[];
  /** The adapter's own rank, for which a server has to be started. */
  readonly rank: number;
  /** What the server's contract has against it. */
  readonly findings: readonly Finding[];
  readonly warnings: readonly Sayable[];
}

/** Where an export is written: a new folder in `folder`, or a zip that is `file`. */
export type ExportTarget =
  | { readonly kind: 'folder'; readonly folder: FileSystemDirectoryHandle }
  | { readonly kind: 'zip'; readonly file: FileSystemFileHandle };

export interface HandedOver {
  /** The folder, in the zip too. */
  readonly name: string;
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
  readonly sizeBytes: number;
  /** SHA-256 (hex) of SHA256SUMS, which holds those of all files. */
  readonly sumsSha256: string;
  /** What the writing has shown. */
  readonly said: readonly Sayable[];
}

/** Every call: what goes in, what comes out. */
export interface Requests {
  /**
   * Chooses the device; must come first. 'auto' takes WebGPU where there is an adapter. `afterLoss`: a graphics device
   * was lost a moment ago, so that a missing adapter is said and not replaced.
   */
  openDevice: { in: { prefer: 'auto' | DeviceKind; afterLoss?: boolean }; out: DeviceReport };
  /** Checks a checkpoint without reading a weight; the open model stays. */
  inspectModel: { in: { name: string; files: readonly ModelFile[]; settings: PlanSettings }; out: ModelInspection };
  /**
   * Reads and validates a checkpoint; the model opened before stays in place if this fails. `chatTemplate` takes the
   * place of the model's own: `plain`, `chatml`, `none`, or a template's source with its file name. `precision` is how
   * the weights are held, float32 by default. `fingerprint` is what the model had when it was opened last: another
   * one is refused.
   */
  openModel: {
    in: {
      name: string;
      files: readonly ModelFile[];
      chatTemplate?: TemplateChoice;
      precision?: Precision;
      fingerprint?: string;
    };
    out: ModelSummary;
  };
  /**
   * Chooses how the GPU multiplies, by a trial of a second on products of the open model where nothing was kept for it;
   * null where there is no choice or the default stays.
   */
  tuneProducts: { in: { kept: ProductChoice | null }; out: ProductChoice | null };
  /** Uses the open model with this template from now on. */
  chooseTemplate: { in: { chatTemplate: TemplateChoice }; out: ModelSummary };
  /** Calls the open model otherwise, from the next call on. */
  renameModel: { in: { name: string }; out: ModelSummary };
  /** Checks an adapter, made here or by PEFT, against the open model. */
  checkAdapter: { in: { files: readonly ModelFile[] }; out: { report: AdapterReport; files: AdapterFiles } };
  /** Which matrices an adapter of the open model has, which a run that goes on from it keeps. */
  adapterShape: { in: { adapter: AdapterFiles }; out: AdapterShape };
  /** Every token of one pair as training will see it. */
  inspectPair: { in: { pair: PreferencePair; maxLength: number }; out: PairTensor };
  /** What the data had better not write out. */
  modelTokens: {
    in: Record<string, never>;
    out: { readonly specialTokens: readonly string[]; readonly eosToken: string | null };
  };
  /** How many tokens a text is as a whole answer, its end token included, as those are counted that a model gives. */
  countTokens: { in: { text: string }; out: number };
  /** Encodes pairs exactly as training will see them. */
  checkPairs: { in: { pairs: readonly PreferencePair[]; maxLength: number }; out: readonly PairReport[] };
  /**
   * Refuses settings and combinations that no run can have, in the sentence that `train` would; of others it says what
   * memory a run would need on the open model, null where none is open.
   */
  checkConfig: {
    in: {
      config: Partial<RunConfig>;
      /** Bytes of the reward model that the settings name, or of the adapter that compares. */
      judgeBytes?: number;
      /** The model that compares, where it is of another base; how it would be held is part of the answer. */
      judgeModel?: Pick<JudgeModel, 'name' | 'files'>;
    };
    out: MemoryNeed | null;
  };
  train: {
    in: {
      config: Partial<RunConfig>;
      pairs: readonly ScoredPair[];
      /** Training starts here; it is then also the reference, unless there is another. */
      initAdapter: NamedAdapter | null;
      /** `base`: the base, wherever training starts. */
      refAdapter: NamedAdapter | 'base' | null;
      /** The adapter that judges the answers that the run draws: a reward model, or one that compares. */
      rewardModel?: NamedAdapter | null;
      /** The model that compares, where it is of another base: it is open beside the policy while the run trains. */
      judgeModel?: JudgeModel | null;
      /** Pairs to score as training goes, and what follows from it. */
      evaluation?: { readonly settings: EvaluationSettings; readonly pairs: readonly ScoredPair[] } | null;
      /** Answered at every evaluation; the answers come as progress. */
      samples?: SampleSettings | null;
      /** Goes on from a checkpoint of a run with these pairs and start. */
      resume?: TrainingCheckpoint | null;
      /**
       * Steps between checkpoints, which come as progress; one more comes where training is stopped. Without, there are
       * none.
       */
      save_steps?: number | null;
    };
    out: TrainResult;
  };
  /** Three optimiser steps of such a run, of which nothing is kept but what they took. */
  probe: {
    in: Pick<Requests['train']['in'], 'config' | 'pairs' | 'initAdapter' | 'refAdapter' | 'evaluation'>;
    out: ProbeReport;
  };
  generate: {
    in: { prompt: string | readonly ChatMessage[]; variants: readonly Variant[]; options: SamplingOptions };
    out: readonly Generation[];
  };
  /**
   * Has every variant answer every prompt that is for it, as many at once as the device takes. The answers to a prompt
   * come as progress as soon as all its variants have theirs; where it is cancelled or fails, those that are there have
   * come.
   */
  answerAll: { in: { asked: readonly AskedPrompt[]; variants: readonly Variant[] }; out: null };
  /**
   * Asks a policy which of two answers is better, in both orders. Verdicts come as progress, one a pair, in order;
   * where it is cancelled or fails, those that are there have come.
   */
  judgePairs: { in: { policy: Policy; asked: JudgeQuestion; pairs: readonly PairToJudge[] }; out: null };
  /** Every token of answers to one prompt, scored by the forward pass of training under two policies. */
  scoreTokens: {
    in: {
      prompt: string | readonly ChatMessage[];
      answers: readonly (readonly number[])[];
      policy: Policy;
      reference: Policy;
    };
    out: readonly (readonly ScoredToken[])[];
  };
  logprobs: {
    in: { pairs: readonly PreferencePair[]; adapter: AdapterFiles | null; maxLength: number };
    out: readonly PairLogps[];
  };
  /**
   * How much a judge that has not learned a pair's label agrees with it: the words of the answers where `run` is null,
   * else runs of these settings on the open model, each trained on half of the prompts. Progress is of kind
   * `labelMargins`.
   */
  labelMargins: {
    in: {
      pairs: readonly ScoredPair[];
      run: { readonly config: Partial<RunConfig>; readonly initAdapter: NamedAdapter | null } | null;
    };
    out: { readonly margins: readonly number[]; readonly noise: NoiseEstimate };
  };
  /** The scores that a reward model gives the answers of pairs; pairs that are too long are left out. */
  scorePairs: {
    in: { pairs: readonly PreferencePair[]; rewardModel: AdapterFiles; maxLength: number };
    out: readonly { readonly chosen: number; readonly rejected: number }[];
  };
  /** The scores that a reward model gives answers; null for one without text, and for one that is too long. */
  scoreAnswers: {
    in: {
      answers: readonly { readonly prompt: PreferencePair['prompt']; readonly text: string }[];
      rewardModel: AdapterFiles;
    };
    out: readonly (number | null)[];
  };
  /** What a hand-over would consist of, and what its server would say; nothing is written. */
  planHandOver: { in: HandOverRequest; out: HandOverPlan };
  /**
   * Writes a hand-over piece by piece, `SHA256SUMS` last. Where it is cancelled or fails nothing is left of it, or it
   * is said what is.
   */
  handOver: { in: HandOverRequest & { readonly name: string; readonly target: ExportTarget }; out: HandedOver };
  /**
   * Makes the files by which a server is held against the studio (canaries.json, check_server.py), for any format of
   * export. With `pairs` null, the default, the sequences are the model's own answers to neutral prompts; pairs leave
   * as token ids, which whoever has the tokenizer can read. Progress is of kind `canaries`.
   */
  canaries: {
    in: { adapter: AdapterFiles; count: number; pairs: readonly PreferencePair[] | null };
    out: { readonly texts: HandOverRequest['texts']; readonly report: CanaryReport };
  };
  /**
   * Looks at what an adapter gives away: of the pairs that it was trained on, `answers` answers whose beginnings it is
   * asked to continue, and secrets and personal data in all of them, masked. Progress is of kind `leakCheck`.
   */
  leakCheck: {
    in: { adapter: AdapterFiles; pairs: readonly PreferencePair[]; answers: number };
    out: LeakReport;
  };
  /** What is shown of a key, or a new one where there is none. */
  signingKey: { in: { readonly pair: CryptoKeyPair | null }; out: SigningKey };
  memory: { in: Record<string, never>; out: MemoryReport };
}

export type RequestKind = keyof Requests;

/** What a long call reports while it runs. */
export type Progress =
  | { readonly kind: 'loading'; readonly what: Sayable; readonly done: number; readonly total: number }
  | { readonly kind: 'encoding'; readonly done: number; readonly total: number }
  /** What training will see: mean tokens of the answers. */
  | { readonly kind: 'encoded'; readonly chosenTokens: number; readonly rejectedTokens: number }
  | { readonly kind: 'compiling'; readonly what: string }
  | { readonly kind: 'reference'; readonly done: number; readonly total: number }
  | { readonly kind: 'evaluating'; readonly done: number; readonly total: number }
  /** Of an export, in bytes. */
  | { readonly kind: 'writing'; readonly done: number; readonly total: number }
  /** Of a merge, in layers: how far it moves what the canaries measure. */
  | { readonly kind: 'mergeDistance'; readonly done: number; readonly total: number }
  | { readonly kind: 'checkpoint'; readonly checkpoint: TrainingCheckpoint }
  /** Answers to the prompts that the run was given, or to one prompt of a step that draws answers to learn from. */
  | {
      readonly kind: 'samples';
      readonly step: number;
      readonly prompt?: PreferencePair['prompt'];
      readonly answers: readonly SampledAnswer[];
    }
  /** Step 0, where the policy is its own reference. */
  | ({ readonly kind: 'start' } & StartingPoint)
  | {
      readonly kind: 'step';
      readonly metrics: StepMetrics;
      readonly totalSteps: number;
      readonly secondsPerStep: number;
      readonly secondsLeft: number;
      /** Of this step alone, evaluation and checkpoints not counted. */
      readonly tokensPerSecond?: number;
    }
  | { readonly kind: 'canaries'; readonly done: number; readonly total: number }
  | { readonly kind: 'leakCheck'; readonly done: number; readonly total: number }
  /** In thousandths of the work. */
  | { readonly kind: 'labelMargins'; readonly done: number; readonly total: number }
  /** The answers of all variants to one of many prompts. */
  | { readonly kind: 'answers'; readonly asked: number; readonly generations: readonly Generation[] }
  /** Answers to be compared that are there and not yet told of, and how many of the comparisons are made. */
  | { readonly kind: 'drawn'; readonly answers: number }
  | { readonly kind: 'compared'; readonly done: number; readonly total: number }
  /** A judge's verdict on one of many pairs; null where their answers are too long for it. */
  | { readonly kind: 'verdict'; readonly pair: number; readonly verdict: PairVerdict | null }
  /** `text` is the whole answer so far: a later token may change how an earlier one decodes. */
  | { readonly kind: 'token'; readonly variant: number; readonly text: string; readonly tokens: number };

export type ToWorker =
  | { [K in RequestKind]: { readonly id: number; readonly kind: K; readonly in: Requests[K]['in'] } }[RequestKind]
  | { readonly id: number; readonly kind: 'cancel' }
  /** Asks for a sign of life. */
  | { readonly id: -1; readonly kind: 'ping' };

export interface ErrorReport {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  /** What a UserError or an AbortError says, as data. */
  readonly said?: Message;
  /** What another program said, beside a UserError's sentence. */
  readonly details?: string;
}

export type FromWorker =
  | { readonly id: number; readonly kind: 'progress'; readonly event: Progress }
  | { readonly id: number; readonly kind: 'result'; readonly out: Requests[RequestKind]['out'] }
  | { readonly id: number; readonly kind: 'error'; readonly error: ErrorReport }
  /** Not an answer to a call: the device is gone and every later call will fail until the page restarts the worker. */
  | { readonly id: -1; readonly kind: 'deviceLost'; readonly error: ErrorReport }
  /** Something failed outside of all calls, so that nobody knows what still works. */
  | { readonly id: -1; readonly kind: 'fault'; readonly error: ErrorReport }
  /** The worker holds this Web Lock, and does as long as it lives. */
  | { readonly id: -1; readonly kind: 'alive'; readonly lock: string }
  | { readonly id: -1; readonly kind: 'pong' };
