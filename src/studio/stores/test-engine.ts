/**
 * @file An engine of a test, whose device opens and whose model has no special tokens; the test says what becomes of
 * everything else that it is asked.
 */
import type { RequestKind, Requests } from '../../worker/protocol';
import type { CallOptions, Engine } from '../browser/engine-client';

type AnswerCall = (kind: RequestKind, input: Requests[RequestKind]['in'], options: CallOptions) => Promise<unknown>;

/** @param more what else the engine does; `requireUp` throws where it is gone */
export function testEngine(
  answerCall: AnswerCall,
  { requireUp, ...more }: Partial<Pick<Engine, 'onDown' | 'restart'>> & { readonly requireUp?: () => void } = {},
): Engine {
  async function answer(...[kind, input, options]: Parameters<AnswerCall>): Promise<unknown> {
    requireUp?.();
    if (kind === 'openDevice') return { device: 'wasm', reason: '', description: '' };
    if (kind === 'modelTokens') return { specialTokens: [], eosToken: null };
    return answerCall(kind, input, options);
  }
  return {
    call: async <K extends RequestKind>(kind: K, input: Requests[K]['in'], options: CallOptions = {}) =>
      (await answer(kind, input, options)) as Requests[K]['out'],
    onDown: () => () => {},
    onSilence: () => () => {},
    restart: () => {},
    ...more,
  };
}
