/**
 * @file The calls that compare policies: answers side by side or in great number, and the log-probabilities of given
 * answers.
 */
import { AbortError } from '../../core/errors';
import { sumOf } from '../../core/statistics';
import { questionsAbout } from '../../data/judge-question';
import { wordsOf } from '../../data/preference-pair';
import type { DeviceAdapter } from '../../engine/device-adapter';
import { judgePairs } from '../../evaluation/judge';
import type { Answer, AnswerRequest } from '../../generation/answer';
import { answerPrompts } from '../../generation/answer';
import { openLetters } from '../../generation/letters';
import { scoreThose } from '../../training/reward-scores';
import { scoreTokens } from '../../training/token-logps';
import type { Handlers } from '../bridge';
import { compareBy } from '../comparing';
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

type AnswerAll = Requests['answerAll']['in'];

/** One answer that is asked for: of a prompt, by a variant. */
interface Request extends AnswerRequest {
  readonly at: number;
  readonly variant: number;
}

/** What was written so far, by the places of what was asked and of the variants. */
type Sheet = ReadonlyMap<number, Map<number, Generation>>;

const isCompared = ({ variants }: AnswerAll): boolean => variants.some(({ comparedBy }) => comparedBy !== undefined);

/** Answers and scores; of those to be compared the scores are still missing. */
async function answerRequests(
  opened: SessionModel,
  { variants }: AnswerAll,
  { rewardModels }: Voices,
  requests: readonly Request[],
  { signal, onAnswer }: { readonly signal: AbortSignal; readonly onAnswer: (at: number, sheet: Sheet) => void },
): Promise<Sheet> {
  const sheet = new Map(requests.map(({ at }) => [at, new Map<number, Generation>()]));
  await answerPrompts(opened, opened.decoding, requests, {
    signal,
    async onAnswer(request, answer) {
      const { at, variant, prompt } = requests[request] as Request;
      const rewardModel = rewardModels[variant];
      const generation = generationOf(variants[variant]?.label ?? '', answer);
      const given = [{ prompt, text: answer.text }];
      const scored = rewardModel && (await scoreThose(opened, given, rewardModel, signal));
      sheet.get(at)?.set(variant, scored ? { ...generation, reward: scored.scores[0] ?? null } : generation);
      onAnswer(at, sheet);
    },
  });
  return sheet;
}

/** Places of what was asked, by the groups whose answers are compared. */
function groupsOf(asked: AnswerAll['asked'], places: readonly number[]): readonly (readonly number[])[] {
  const groups = new Map<number, number[]>();
  for (const at of places) {
    const group = asked[at]?.group ?? 0;
    const known = groups.get(group);
    if (known) known.push(at);
    else groups.set(group, [at]);
  }
  return [...groups.values()];
}

/** Has the judges of the variants compare the answers of each group, and writes the scores into the sheet. */
async function compareGroups(
  opened: SessionModel,
  { asked, variants }: AnswerAll,
  sheet: Sheet,
  { signal, report }: CallContext,
): Promise<void> {
  const groups = groupsOf(asked, [...sheet.keys()]).flatMap((places) =>
    variants.flatMap(({ comparedBy }, variant) => {
      const own = places.filter((at) => sheet.get(at)?.has(variant));
      return comparedBy === undefined || own.length === 0 ? [] : [{ comparedBy, variant, own }];
    }),
  );
  const total = sumOf(groups.map(({ own }) => questionsAbout(own.length).comparisons));
  let before = 0;
  for (const { comparedBy, variant, own } of groups) {
    const written = (at: number) => sheet.get(at)?.get(variant) as Generation;
    const given = own.map((at) => {
      const { prompt } = asked[at] as AnswerAll['asked'][number];
      return { prompt: wordsOf(prompt), text: written(at).text, reference: null };
    });
    const rewards = await compareBy(opened, comparedBy, given, {
      signal,
      onCompared: (done) => report({ kind: 'compared', done: before + done, total }),
    });
    for (const [place, at] of own.entries())
      sheet.get(at)?.set(variant, { ...written(at), reward: rewards[place] ?? null });
    before += questionsAbout(own.length).comparisons;
    report({ kind: 'compared', done: before, total });
  }
}

/** So many answers, and those of their last prompt, are written before a judge compares them. */
const comparedAtOnce = 64;

/**
 * What was asked in portions of whole groups.
 * @param requestsOf the answers that are asked for at a place
 */
function portionsOf(asked: AnswerAll['asked'], requestsOf: (at: number) => readonly Request[]) {
  const portions: { readonly places: number[]; readonly requests: Request[] }[] = [];
  let portion = portions[0];
  for (const group of groupsOf(asked, [...asked.keys()])) {
    if (portion === undefined || portion.requests.length >= comparedAtOnce)
      portions.push((portion = { places: [], requests: [] }));
    portion.places.push(...group);
    portion.requests.push(...group.flatMap(requestsOf));
  }
  return portions;
}

async function answerAll(opened: SessionModel, input: AnswerAll, voices: Voices, context: CallContext): Promise<void> {
  const { asked, variants } = input;
  const { signal, report } = context;
  const everyone = variants.map((_, place) => place);
  const voicesOf = (at: number): readonly number[] => asked[at]?.of ?? everyone;
  const requestsOf = (at: number): readonly Request[] => {
    const { prompt, options } = asked[at] as AnswerAll['asked'][number];
    return voicesOf(at).map((variant) => {
      return { at, variant, prompt, options, adapter: voices.adapters[variant] ?? null };
    });
  };
  const tell = (at: number, sheet: Sheet): void => {
    const written = sheet.get(at);
    if (written === undefined || written.size < voicesOf(at).length) return;
    report({ kind: 'answers', asked: at, generations: voicesOf(at).map((place) => written.get(place) as Generation) });
  };
  if (!isCompared(input)) {
    await answerRequests(opened, input, voices, [...asked.keys()].flatMap(requestsOf), { signal, onAnswer: tell });
    return;
  }
  // The judge comes when nobody answers: on WASM two layouts of adapters at once would have the weights twice.
  for (const { places, requests } of portionsOf(asked, requestsOf)) {
    let answers = 0;
    const onAnswer = (): void => report({ kind: 'drawn', answers: ++answers });
    const sheet = await answerRequests(opened, input, voices, requests, { signal, onAnswer });
    if (signal.aborted) return;
    try {
      await compareGroups(opened, input, sheet, context);
    } catch (error) {
      if (error instanceof AbortError) return;
      throw error;
    }
    for (const at of places) tell(at, sheet);
  }
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
            onTooLong: (pair) => report({ kind: 'verdict', pair, verdict: null }),
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
