/** @file What the engine tells of pairs, tokens and runs, beside a step's metrics. Types only. */
import type { EncodingFault } from '../data/checks/token-checks';
import type { Message, Sayable } from '../messages/message';
import type { PairValues } from '../objectives/objective';

/** What encoding made of one pair; `problem` says why the pair will not be trained on. */
export interface PairReport {
  /** The pair's place in the list that was encoded, from 0. */
  readonly index: number;
  readonly promptTokens: number;
  readonly chosenTokens: number;
  readonly rejectedTokens: number;
  /** Tokens of both answers that are parts of a character, as of a script that the vocabulary lacks. */
  readonly pieceTokens: number;
  readonly warnings: readonly Message[];
  /** What the warnings are about, each kind once. */
  readonly faults: readonly EncodingFault[];
  readonly problem: Sayable | null;
}

export interface SeenToken {
  readonly id: number;
  readonly text: string;
  readonly isSpecial: boolean;
  /**
   * Characters that are cut into tokens: on the first of these the text that they are together, and how many they are.
   * The others follow it and have none.
   */
  readonly joined?: { readonly text: string; readonly tokens: number };
}

export interface PairTensor {
  /** The prompt's tokens, which are conditions and not targets: mask 0. Empty where the pair cannot be trained on. */
  readonly prompt: readonly SeenToken[];
  /** The chosen completion's tokens, which are targets: mask 1. */
  readonly chosen: readonly SeenToken[];
  readonly rejected: readonly SeenToken[];
  /** Tokens that `max_length` cuts off the end; they are not in the tensor. */
  readonly chosenCut: readonly SeenToken[];
  readonly rejectedCut: readonly SeenToken[];
  readonly eosTokenId: number | null;
  readonly warnings: readonly Sayable[];
  readonly problem: Sayable | null;
}

export interface ScoredToken {
  /** What the token adds to the answer; empty where it completes no character, the name of a special token. */
  readonly text: string;
  readonly isSpecial: boolean;
  /** log pi(y_t | x, y_<t), in nats. */
  readonly logp: number;
  /** log pi_ref(y_t | x, y_<t), in nats. */
  readonly reference: number;
}

/** Token counts (completions with their end token) and log-probabilities summed over completion tokens, in nats. */
export interface PairLogps {
  readonly prompt_tokens: number;
  readonly chosen_tokens: number;
  readonly rejected_tokens: number;
  readonly chosen_logps: number;
  readonly rejected_logps: number;
}

/** Means over the pairs of the first row, before any update. */
export interface StartingPoint {
  readonly loss: number;
  /** The loss that it must be, ln 2; null where the objective fixes another value or none. */
  readonly expectedLoss: number | null;
  /** Null where the objective implies none. */
  readonly rewards: PairValues | null;
}

export interface ProbeReport {
  readonly totalSteps: number;
  /** Seconds of a typical step, its programs compiled. */
  readonly secondsPerStep: number;
  /** Seconds of the whole run: compiling, the reference's log-probabilities, all steps and evaluations. */
  readonly seconds: number;
  /** Seconds of these that all evaluations take. */
  readonly evaluationSeconds: number;
  /** Most bytes of tensors on the device at one time, the model's weights among them. */
  readonly peakBytes: number;
  /** Bytes of the WebAssembly heap after the longest batch; it never shrinks. */
  readonly wasmHeapBytes: number;
  /** Tokens of the longest row, padding included. */
  readonly longestRow: number;
}
