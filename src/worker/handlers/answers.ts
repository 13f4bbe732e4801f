/** @file The calls that compare policies: answers side by side, and the log-probabilities of given answers. */
import { answerPrompt } from '../../generation/answer';
import { scoreTokens } from '../../training/token-logps';
import type { Handlers } from '../bridge';
import type { EngineSession } from '../engine-session';
import { withPolicies } from '../policies';
import type { Generation } from '../protocol';

export function answerHandlers(session: EngineSession): Pick<Handlers, 'generate' | 'scoreTokens'> {
  return {
    generate: ({ prompt, variants, options }, { signal, report }) =>
      session.withModel((opened) =>
        withPolicies(opened, variants, async (adapters) => {
          // All columns at once: each token of each waits for its turn on the device.
          const answers = opened.decoding.together(adapters).map(async (adapter, variant): Promise<Generation> => {
            const { label } = variants[variant] as (typeof variants)[number];
            const onText = (text: string, tokens: number): void => report({ kind: 'token', variant, text, tokens });
            const { text, ids, finish, seconds } = await answerPrompt(opened, opened.decoding, adapter, prompt, {
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
      session.withModel((opened) =>
        withPolicies(opened, [policy, reference], ([adapter = null, referenceAdapter = null]) =>
          scoreTokens(opened, { prompt, answers, policy: adapter, reference: referenceAdapter, signal }),
        ),
      ),
  };
}
