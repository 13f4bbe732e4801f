/**
 * @file The answers of a sweep, block by block: a policy answers some prompts at temperature 1, nothing cut off from
 * its distribution, and each answer gets its reward and its log-ratio to the reference.
 */
import { UserError } from '../../core/errors';
import { sumOf } from '../../core/statistics';
import type { Sweep, SweepAnswer } from '../../storage/sweep-record';
import type { RewardChoice } from '../../run/reward-choice';
import type { Generation, Policy } from '../../worker/protocol';
import type { Engine, EngineSignal } from '../browser/engine-client';
import { judgeAnswer } from '../plain/compare/best-of';
import {
  answersEach,
  blockAt,
  blocksAtHand,
  countAnswers,
  referenceRun,
  rewardOfChoice,
  seedOf,
  type Block,
} from '../plain/frontier/sweep';
import { answerAll } from './answer-all';
import type { ChosenReward } from './choose-reward';
import type { LibraryStore } from './library';
import { withAnswered, type Answering } from './round';
import { variantOf } from './variants';

/** What measuring has taken so far, of which the pace follows. */
export interface BlockSeconds {
  readonly answers: number;
  readonly answering: number;
  /** Null of the reference, whose log-ratios are 0. */
  readonly scoring: number | null;
}

interface MeasureParts {
  readonly engine: Engine;
  readonly library: LibraryStore;
  /** Milliseconds. */
  readonly now: () => number;
  readonly onBlock: (seconds: BlockSeconds) => void;
}

type Measured = Pick<Sweep, 'prompts' | 'betas' | 'sampling' | 'rightAnswers'>;

interface BlockToMeasure {
  readonly sweep: Measured;
  readonly block: Block;
  readonly chosen: ChosenReward;
  readonly policy: Policy;
  readonly reference: Policy;
}

/** The run whose adapter a policy is; null for the base. */
const runOf = (sweep: Sweep, policy: number): string | null =>
  policy === 0 ? referenceRun(sweep) : (sweep.runs[policy - 1] ?? null);

/** @throws UserError for what no tab can open, and where the reward model is gone */
export async function openReward(choice: RewardChoice, library: LibraryStore): Promise<ChosenReward> {
  if ('model' in choice)
    return { reward: null, scoring: { scoredBy: await library.getState().adapterOf(choice.model) } };
  const reward = rewardOfChoice(choice);
  if (reward === null) throw new UserError('sweepLacksReward');
  return { reward, scoring: {} };
}

async function answerBlock(
  { sweep, block, policy, chosen }: BlockToMeasure,
  engine: Engine,
  signal: EngineSignal,
  showDone: (answers: number) => void,
): Promise<readonly (readonly Generation[])[]> {
  const each = answersEach(sweep, block.policy);
  const { maxNewTokens } = sweep.sampling;
  const options = { maxNewTokens, temperature: 1, topK: 0, topP: 1 };
  const asked = block.prompts.flatMap((prompt, at) =>
    Array.from({ length: each }, (_, answer) => ({
      prompt,
      options: { ...options, seed: seedOf(block, at, answer, sweep) },
    })),
  );
  const answers: Generation[][] = block.prompts.map(() => []);
  await answerAll(
    engine,
    { asked, variants: [{ label: '0', ...policy, ...chosen.scoring }] },
    {
      signal,
      showDone,
      onAnswers(index, generations) {
        answers[Math.floor(index / each)]?.push(...generations);
      },
    },
  );
  return answers;
}

/** log pi(y|x) - log pi_ref(y|x) of answers to one prompt; an answer without tokens moved nowhere. */
async function logRatiosOf(
  prompt: Block['prompts'][number],
  generations: readonly Generation[],
  { policy, reference }: BlockToMeasure,
  engine: Engine,
  signal: EngineSignal,
): Promise<readonly number[]> {
  const answers = generations.flatMap(({ ids }) => (ids.length > 0 ? [ids] : []));
  const scored =
    answers.length === 0 ? [] : await engine.call('scoreTokens', { prompt, answers, policy, reference }, { signal });
  const ratios = scored.map((tokens) => sumOf(tokens.map(({ logp, reference: other }) => logp - other)));
  let next = 0;
  return generations.map(({ ids }) => (ids.length > 0 ? (ratios[next++] ?? NaN) : 0));
}

/** @returns the answers by prompt; null where it was stopped before all were there */
export async function measureBlock(
  measured: BlockToMeasure,
  { engine, now, onBlock }: Omit<MeasureParts, 'library'>,
  signal: EngineSignal,
  showDone: (answers: number) => void,
): Promise<readonly (readonly SweepAnswer[])[] | null> {
  const { sweep, block, chosen } = measured;
  const started = now();
  const generations = await answerBlock(measured, engine, signal, showDone);
  if (signal.aborted) return null;
  const answered = now();
  const answers: SweepAnswer[][] = [];
  for (const [at, prompt] of block.prompts.entries()) {
    const own = generations[at] ?? [];
    const ratios = block.policy === 0 ? own.map(() => 0) : await logRatiosOf(prompt, own, measured, engine, signal);
    if (signal.aborted) return null;
    const right = sweep.rightAnswers[block.first + at] ?? null;
    answers.push(
      own.map((generation, index) => ({
        text: generation.text,
        isCut: generation.finish === 'length',
        reward: judgeAnswer(chosen.reward, prompt, right, generation, index).reward,
        logRatio: ratios[index] ?? NaN,
      })),
    );
  }
  onBlock({
    answers: generations.flat().length,
    answering: (answered - started) / 1000,
    scoring: block.policy === 0 ? null : (now() - answered) / 1000,
  });
  return answers;
}

/** Measures the blocks whose runs have ended. */
export async function prepareMeasuring(sweep: Sweep, parts: MeasureParts): Promise<Answering<Sweep>> {
  const { library } = parts;
  const policyOf = async (policy: number): Promise<Policy> =>
    variantOf({ runId: runOf(sweep, policy) }, String(policy), library);
  const items = blocksAtHand(sweep, library.getState().runs);
  const chosen = await openReward(sweep.reward, library);
  const reference = await policyOf(0);
  let [known, policy] = [0, reference];
  return {
    items,
    answersOf: (blocks) => countAnswers(blocks, sweep),
    async answerFrom(first, signal, { showDone, keep }) {
      for (let index = first; index < items && !signal.aborted; index++) {
        const block = blockAt(index, sweep);
        if (block.policy !== known) [known, policy] = [block.policy, await policyOf(block.policy)];
        const measured = { sweep, block, chosen, policy, reference };
        const before = countAnswers(index, sweep) - countAnswers(first, sweep);
        const answered = await measureBlock(measured, parts, signal, (answers) => showDone(before + answers));
        if (answered === null) return;
        await keep(index, withAnswered(answered));
      }
    },
  };
}
