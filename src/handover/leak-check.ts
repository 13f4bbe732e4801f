/**
 * @file What an adapter gives away before it leaves: training answers that it recites once their beginning is given
 * (greedy, beside the base), and secrets and personal data in the pairs that it was trained on. A report, not a gate:
 * an adapter without a finding may still have learned what nobody looked for.
 */
import { breathe } from '../core/breathe';
import { throwIfAborted } from '../core/errors';
import { textOf } from '../data/checks/text-of';
import type { PreferencePair } from '../data/preference-pair';
import { uploadAdapter, type DeviceAdapter } from '../engine/device-adapter';
import type { OpenedModel } from '../engine/open-model';
import type { LoraAdapter } from '../formats/peft';
import type { DecodeEngine } from '../generation/decode-engine';
import { generateBatch } from '../generation/decoder';
import { leakKinds, type LeakFound, type LeakKind, type LeakReport } from '../run/hand-over';
import type { EncodedPair } from '../text/encode-pair';
import { encodeDataset } from '../training/encode-dataset';
import { findSecrets, maskSecret } from './leak-patterns';

/** Answers asked for where nobody says how many. */
export const defaultLeakAnswers = 64;

/** Tokens of an answer: those given, the fewest that must follow to mean anything, the most that are asked for. */
const tokens = { given: 8, least: 8, most: 48, context: 1024 } as const;

/** Of each kind, how many are shown. */
const shownExamples = 5;

const breathEvery = 200;

export interface LeakRequest {
  readonly adapter: LoraAdapter;
  /** The pairs that it was trained on. */
  readonly pairs: readonly PreferencePair[];
  /** How many of their answers are asked for; they lie evenly over the list. */
  readonly answers: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

interface Engines {
  readonly opened: OpenedModel;
  readonly decoding: DecodeEngine;
}

/** An answer cut in two: what is given, and what must follow to be word for word. */
interface CutAnswer {
  readonly index: number;
  /** The prompt and the answer's first `given` tokens. */
  readonly promptIds: readonly number[];
  readonly given: number;
  readonly following: readonly number[];
}

const parts = ['prompt', 'chosen', 'rejected'] as const;

interface FoundKind {
  readonly texts: Set<string>;
  readonly pairs: Set<number>;
  readonly examples: LeakFound['examples'][number][];
}

/** Searches all texts of the pairs. */
export async function searchPairs(
  pairs: readonly PreferencePair[],
  signal?: AbortSignal,
): Promise<{ readonly found: readonly LeakFound[]; readonly kindsOf: ReadonlyMap<number, readonly LeakKind[]> }> {
  const byKind = new Map<LeakKind, FoundKind>();
  const kindsOf = new Map<number, LeakKind[]>();
  for (const [index, pair] of pairs.entries()) {
    if (index % breathEvery === 0) await breathe();
    throwIfAborted(signal);
    const inChosen = new Set<LeakKind>();
    for (const part of parts) {
      for (const secret of findSecrets(textOf(pair[part]))) {
        const entry = byKind.get(secret.kind) ?? { texts: new Set(), pairs: new Set(), examples: [] };
        byKind.set(secret.kind, entry);
        if (!entry.texts.has(secret.text) && entry.examples.length < shownExamples)
          entry.examples.push({ index, part, masked: maskSecret(secret) });
        entry.texts.add(secret.text);
        entry.pairs.add(index);
        if (part === 'chosen') inChosen.add(secret.kind);
      }
    }
    if (inChosen.size > 0) kindsOf.set(index, [...inChosen]);
  }
  const found = leakKinds.flatMap((kind) => {
    const entry = byKind.get(kind);
    return entry ? [{ kind, count: entry.texts.size, pairs: entry.pairs.size, examples: entry.examples }] : [];
  });
  return { found, kindsOf };
}

/** Cuts an answer after its beginning; null where too little would follow. Its end token is nobody's words. */
function cutAnswer(index: number, { promptIds, chosenIds }: EncodedPair, stopIds: readonly number[]): CutAnswer | null {
  const words = chosenIds.filter((id) => !stopIds.includes(id));
  const given = Math.min(tokens.given, Math.floor(words.length / 2));
  const following = words.slice(given, given + tokens.most);
  if (given === 0 || following.length < tokens.least) return null;
  return { index, promptIds: [...promptIds, ...words.slice(0, given)], given, following };
}

/** Tells for each answer whether it is continued word for word. */
async function recites(
  { opened, decoding }: Engines,
  answers: readonly CutAnswer[],
  adapter: DeviceAdapter | null,
  { signal }: LeakRequest,
  onAnswer: () => void,
): Promise<boolean[]> {
  const written: number[][] = answers.map(() => []);
  const requests = answers.map(({ promptIds, following }) => ({
    ...{ promptIds, adapter, stopIds: opened.stopIds, maxNewTokens: following.length },
    ...{ temperature: 0, topK: 0, topP: 1, seed: 0 },
  }));
  for await (const { request, id, isLast } of generateBatch(decoding, requests, { signal })) {
    written[request]?.push(id);
    if (isLast) onAnswer();
  }
  throwIfAborted(signal);
  return answers.map(({ following }, i) => following.join() === written[i]?.join());
}

/**
 * Looks at what an adapter gives away.
 * @throws UserError where the adapter is of another base; AbortError when the signal says so
 */
export async function checkLeaks(engines: Engines, request: LeakRequest): Promise<LeakReport> {
  const { opened } = engines;
  const { pairs, signal } = request;
  const { found, kindsOf } = await searchPairs(pairs, signal);
  const step = Math.max(1, pairs.length / Math.max(1, request.answers));
  const places = Array.from({ length: Math.min(pairs.length, request.answers) }, (_, i) => Math.floor(i * step));
  const chosen = places.map((at) => pairs[at] as PreferencePair);
  const dataset = await encodeDataset(opened, chosen, tokens.context, { signal, mayLackRejected: true });
  const cut = dataset.pairs.map((pair, i) =>
    cutAnswer(places[dataset.indices[i] as number] as number, pair, opened.stopIds),
  );
  const { contextLength } = opened.model.shape.config;
  const answers = cut.filter(
    (answer): answer is CutAnswer =>
      answer !== null && answer.promptIds.length + answer.following.length <= contextLength,
  );
  let done = 0;
  const onAnswer = (): void => request.onProgress?.(++done, 2 * answers.length);
  const adapter = uploadAdapter(opened.model, request.adapter);
  try {
    const byAdapter = await recites(engines, answers, adapter, request, onAnswer);
    const byBase = await recites(engines, answers, null, request, onAnswer);
    const recited = answers.flatMap(({ index, given, following }, i) => {
      if (!byAdapter[i]) return [];
      const kinds = kindsOf.get(index) ?? [];
      return [{ index, beginningTokens: given, tokens: following.length, byBase: byBase[i] === true, kinds }];
    });
    return {
      ...{ asked: answers.length, tooShort: chosen.length - answers.length },
      ...{ adapter: recited.length, base: byBase.filter(Boolean).length, recited },
      ...{ searched: pairs.length, found },
    };
  } finally {
    adapter.dispose();
  }
}
