import { expect, it } from 'vitest';
import type { PairReport } from '../../../run/reports';
import { withDefaults } from '../../../run/config';
import type { PreferencePair } from '../../../data/preference-pair';
import { initialForm, readForm } from './options';
import { partsOf, planRuns, promptsWanted, samplePrompts, stepsOver, suits } from './plan';

const pairs = Array.from({ length: 20 }, (_, i): PreferencePair => ({ prompt: `p${i}`, chosen: 'c', rejected: 'r' }));
const reports = pairs.map((_, index): PairReport => ({
  index,
  promptTokens: 10,
  chosenTokens: 20,
  rejectedTokens: 40,
  pieceTokens: 0,
  warnings: [],
  faults: [],
  problem: index === 3 ? 'It is too long.' : null,
}));
const form = { ...initialForm, per_device_train_batch_size: '4', num_train_epochs: '2' };
const jobsOf = (change: Partial<typeof form>) => readForm({ ...form, ...change }, []).jobs;

it('counts neither held-out pairs nor those that cannot be trained on', () => {
  const all = jobsOf({ evaluate: false });
  expect(planRuns(all, pairs, null, null)).toMatchObject([{ steps: 10, pairs: 20, held: 0, tokens: null }]);
  expect(planRuns(all, pairs, reports, null)).toMatchObject([{ steps: 10, pairs: 19, tokens: 2 * 19 * 80 }]);
  expect(planRuns(jobsOf({ eval_share: '0.5' }), pairs, null, null)).toMatchObject([{ pairs: 10, held: 10, steps: 6 }]);
  const split = { evaluationShare: 0.3, seed: 1 };
  expect(planRuns(all, pairs, null, split)).toMatchObject([{ pairs: 14, held: 6 }]);
});

it('counts each answer for KTO, those without a partner too', () => {
  const [job] = jobsOf({ method: 'kto', evaluate: false });
  expect(planRuns([job!], pairs, reports, null)).toMatchObject([{ pairs: 19, steps: 20 }]);
  const thumbsDown = { prompt: 'p', chosen: '', rejected: 'r' };
  const list = [...pairs, thumbsDown, thumbsDown];
  const more = [...reports, ...[20, 21].map((index) => ({ ...reports[0]!, index, chosenTokens: 0 }))];
  expect(planRuns([job!], list, more, null)).toMatchObject([{ pairs: 21, steps: 20 }]);
  expect(planRuns(jobsOf({ evaluate: false }), list, more, null)).toMatchObject([{ pairs: 19, steps: 10 }]);
  // A prompt is read once for each answer to it.
  const { promptTokens, rejectedTokens } = reports[0]!;
  const [down] = planRuns([job!], [thumbsDown], [{ ...reports[0]!, chosenTokens: 0 }], null);
  expect(down!.tokens).toBe(down!.steps * (promptTokens + rejectedTokens));
  expect((['dpo', 'sft', 'kto', 'rloo'] as const).map((method) => suits(thumbsDown, method))).toEqual([
    ...[false, false, true, true],
  ]);
});

it('evaluates as the form begins: on the data set’s own split, or else on a tenth of the prompts', () => {
  const [job] = readForm(initialForm, []).jobs;
  expect(job!.evaluation).toBeDefined();
  expect(partsOf(pairs, job!, null).evaluation).toHaveLength(2);
  expect(partsOf(pairs, job!, { evaluationShare: 0.2, seed: 1 }).evaluation).toHaveLength(4);
});

it('gives the SFT run of a twin the tokens of its DPO run', () => {
  const [sft, dpo] = planRuns(jobsOf({ method: 'both', evaluate: false }), pairs, reports, null);
  expect(dpo).toMatchObject({ job: { method: 'dpo' }, steps: 10 });
  expect(sft).toMatchObject({ steps: 27, job: { config: { max_steps: 27 } } });
  expect(Math.abs(sft!.tokens! / dpo!.tokens! - 1)).toBeLessThan(0.02);
  expect(
    planRuns(jobsOf({ method: 'both', budget: 'steps', evaluate: false }), pairs, reports, null).map(
      ({ steps }) => steps,
    ),
  ).toEqual([10, 10]);
});

it('asks what was typed, or else the first held-out prompts, as the pairs ask', () => {
  const held = ['a', 'b', 'a', 'c', 'd'].map((prompt): PreferencePair => ({ prompt, chosen: 'c', rejected: 'r' }));
  expect(samplePrompts([], { train: pairs, evaluation: held })).toEqual(['a', 'b', 'c']);
  expect(samplePrompts(['x'], { train: pairs, evaluation: held })).toEqual(['x']);
  const turn = [{ role: 'user', content: 'x' }];
  const chat = [{ prompt: turn, chosen: turn, rejected: turn }];
  expect(samplePrompts(['x'], { train: chat, evaluation: [] })).toEqual([turn]);
});

it('counts each different prompt of a run on answers of its own, which no pair’s fault leaves out', () => {
  const change = {
    method: 'rloo',
    reward: 'sentiment',
    per_device_train_batch_size: '8',
    num_generations: '2',
  } as const;
  const [job] = jobsOf(change);
  const twice = [...pairs, ...pairs];
  // 20 prompts, 4 a step, 2 epochs.
  expect(planRuns([job!], twice, null, null)).toMatchObject([{ pairs: 20, steps: 10, held: 0, tokens: null }]);
  expect(planRuns([job!], pairs, reports, null)).toMatchObject([{ pairs: 20, steps: 10, tokens: null }]);
  expect(stepsOver(withDefaults(job!.config), twice)).toBe(10);
  const full = reports.map((report) => (report.index < 2 ? { ...report, promptTokens: 512 } : report));
  expect(planRuns([job!], pairs, full, null)).toMatchObject([{ pairs: 18, steps: 8 }]);
  const [few, enough] = [planRuns([job!], pairs.slice(0, 3), null, null), planRuns([job!], pairs, null, null)];
  expect([promptsWanted(few[0]!), promptsWanted(enough[0]!)]).toEqual([4, null]);
});
