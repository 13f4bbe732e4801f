/**
 * @file The calls that compare policies: answers side by side or in great number, and the log-probabilities of given
 * answers.
 */
import type { Answer } from '../../generation/answer';
import { answerPrompts } from '../../generation/answer';
import { scoreTokens } from '../../training/token-logps';
import type { Handlers } from '../bridge';
import type { EngineSession } from '../engine-session';
import { withPolicies } from '../policies';
import type { Generation } from '../protocol';

const generationOf = (label: string, { text, ids, finish, seconds }: Answer): Generation => ({
  label,
  text,
  tokens: ids.length,
  ids,
  finish,
  secondsPerToken: seconds / Math.max(1, ids.length),
});

export function answerHandlers(session: EngineSession): Pick<Handlers, 'generate' | 'answerAll' | 'scoreTokens'> {
  return {
    generate: ({ prompt, variants, options }, { signal, report }) =>
      session.withModel((opened) =>
        withPolicies(opened, variants, async (adapters) => {
          const requests = adapters.map((adapter) => ({ prompt, adapter, options }));
          const answers = await answerPrompts(opened, opened.decoding, requests, {
            signal,
            onText: (variant, text, tokens) => report({ kind: 'token', variant, text, tokens }),
          });
          return answers.map((answer, variant) => generationOf(variants[variant]?.label ?? '', answer));
        }),
      ),

    answerAll: ({ asked, variants }, { signal, report }) =>
      session.withModel((opened) =>
        withPolicies(opened, variants, async (adapters) => {
          const requests = asked.flatMap(({ prompt, options }) =>
            adapters.map((adapter) => ({ prompt, adapter, options })),
          );
          const written = asked.map(() => new Map<number, Generation>());
          await answerPrompts(opened, opened.decoding, requests, {
            signal,
            onAnswer: (request, answer) => {
              const [at, variant] = [Math.floor(request / variants.length), request % variants.length];
              const generations = written[at] as Map<number, Generation>;
              generations.set(variant, generationOf(variants[variant]?.label ?? '', answer));
              if (generations.size < variants.length) return;
              const inOrder = variants.map((_, i) => generations.get(i) as Generation);
              report({ kind: 'answers', asked: at, generations: inOrder });
            },
          });
          return null;
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
