/**
 * @file What the runtime, the browser's memory and the GPU say when they fail, as sentences that say what to change.
 * Their own words, with paths of somebody's build and names of operators, stay behind as details.
 */
import { UserError } from '../core/errors';

/** As V8, Emscripten, the C++ library, onnxruntime and Dawn put it. */
const memoryWords =
  /out of memory|bad_alloc|Aborted\(OOM|[Aa]llocation failed|[Ff]ailed to allocate|cannot enlarge memory|memory access out of bounds|Invalid typed array length|Maximum BigInt|ERROR_OUT_OF_(HOST|DEVICE)_MEMORY/;

/** As Emscripten and V8 put it that a WASM module has ended: whatever is asked of it next fails, or gives nonsense. */
const endWords =
  /\bAborted\(|memory access out of bounds|\bunreachable\b|table index is out of bounds|null function or/;

const wordsOf = (error: unknown): string =>
  error instanceof Error ? error.message || error.name : `The runtime gave the number ${String(error)} for an error.`;

const withDetails = (said: UserError, details: string): UserError => Object.assign(said, { details });

/** A failed allocation, whoever made it; null for any other error, and for one that is a sentence already. */
export function sayOutOfMemory(error: unknown): UserError | null {
  if (error instanceof UserError || !memoryWords.test(wordsOf(error))) return null;
  return withDetails(new UserError('outOfMemory'), wordsOf(error));
}

/** Whether an error, or what a sentence has behind it, is the end of the runtime; its own words then, else null. */
export function endOfRuntime(error: unknown): string | null {
  const words = error instanceof UserError ? (error.details ?? '') : wordsOf(error);
  return endWords.test(words) ? words : null;
}

/** What the runtime threw when it compiled or ran a stage. */
export function sayRuntimeError(
  error: unknown,
  doing: 'compile' | 'run',
  stage: string,
  device: 'wasm' | 'webgpu',
): Error {
  if (error instanceof UserError) return error;
  const code = doing === 'compile' ? 'stageNotCompiled' : 'stageFailed';
  const values = { stage, device: device === 'wasm' ? 'WASM' : 'WebGPU' };
  return sayOutOfMemory(error) ?? withDetails(new UserError(code, values), wordsOf(error));
}

/** An error that the GPU reported outside of all calls. */
export function sayGpuError(words: string): UserError {
  return sayOutOfMemory(new Error(words)) ?? withDetails(new UserError('gpuError'), words);
}
