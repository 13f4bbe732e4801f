/**
 * @file The calls that compare policies: answers side by side or in great number, and the log-probabilities of given
 * answers.
 */
import type { DeviceAdapter } from '../../engine/device-adapter';
import { judgePairs } from '../../evaluation/judge';
import type { Answer } from '../../generation/answer';
import { answerPrompts } from '../../generation/answer';
import { openLetters } from '../../generation/letters';
import { scoreThose } from '../../training/reward-scores';
import { scoreTokens } from '../../training/token-logps';
import type { Handlers } from '../bridge';
import type { EngineSession, SessionModel } from '../engine-session';
import type { CallContext } from '../bridge';
import { withPolicies, withPolicy, withRewardModels } from '../policies';
import type { Generation, Requests } from '../protocol';

const generationOf = (label: string, { text, ids, finish, seconds }: Answer): Generation => ({
  label,
  text,
  tokens: ids.length,
  ids,
  finish,
  secondsPerToken: seconds / Math.max(1, ids.length),
});

/** What the variants need on the device, by their places. */
interface Voices {
  readonly adapters: readonly (DeviceAdapter | null)[];
  readonly rewardModels: readonly (DeviceAdapter | null)[];
}

async function answerAll(
  opened: SessionModel,
  { asked, variants }: Requests['answerAll']['in'],
  { adapters, rewardModels }: Voices,
  { signal, report }: CallContext,
): Promise<void> {
  const everyone = variants.map((_, place) => place);
  const requests = asked.flatMap(({ prompt, options, of = everyone }, at) =>
    of.map((variant) => ({ at, variant, prompt, options, adapter: adapters[variant] ?? null })),
  );
  const written = asked.map(() => new Map<number, Generation>());
  await answerPrompts(opened, opened.decoding, requests, {
    signal,
    async onAnswer(request, answer) {
      const { at, variant, prompt } = requests[request] as (typeof requests)[number];
      const rewardModel = rewardModels[variant];
      const generation = generationOf(variants[variant]?.label ?? '', answer);
      const given = [{ prompt, text: answer.text }];
      const scored = rewardModel && (await scoreThose(opened, given, rewardModel, signal));
      const generations = written[at] as Map<number, Generation>;
      generations.set(variant, scored ? { ...generation, reward: scored.scores[0] ?? null } : generation);
      const { of = everyone } = asked[at] as (typeof asked)[number];
      if (generations.size < of.length) return;
      report({ kind: 'answers', asked: at, generations: of.map((place) => generations.get(place) as Generation) });
    },
  });
}

export function answerHandlers(
  session: EngineSession,
): Pick<Handlers, 'generate' | 'answerAll' | 'judgePairs' | 'scoreTokens'> {
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

    answerAll: (input, context) =>
      session.withModel((opened) =>
        withPolicies(opened, input.variants, (adapters) => {
          const scorers = input.variants.map(({ scoredBy = null }) => scoredBy);
          return withRewardModels(opened, scorers, async (rewardModels) => {
            await answerAll(opened, input, { adapters, rewardModels }, context);
            return null;
          });
        }),
      ),

    judgePairs: ({ policy, asked, pairs }, { signal, report }) =>
      session.withModel((opened) =>
        withPolicy(opened, policy, async (adapter) => {
          await judgePairs(openLetters(opened, opened.decoding, adapter), asked, pairs, {
            signal,
            onVerdict: (pair, verdict) => report({ kind: 'verdict', pair, verdict }),
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
