/**
 * @file The doctor on runs that were made bad on purpose, and its silence on healthy ones, TRL's golden runs among
 * them.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { UserError } from '../../../core/errors';
import { Random } from '../../../core/random';
import { buildRandomModel } from '../../../engine/random-model';
import { openWasmExecutor } from '../../../runtime/ort';
import { parseRunConfig, type RunConfig } from '../../../run/config';
import { learningRate } from '../../../training/schedule';
import { train } from '../../../training/trainer';
import type { StepMetrics } from '../../../run/metrics';
import { textIn } from '../../text/text';
import { diagnose, type Finding, type FindingKind, type Patient } from './doctor';
import { describeFinding } from '../../screens/train/doctor-notes';

interface Course {
  readonly config?: Partial<RunConfig>;
  readonly steps?: number;
  readonly totalSteps?: number;
  readonly lengths?: Patient['lengths'];
  /** What differs from a healthy step, by the run's progress from 0 to 1. */
  readonly at?: (progress: number, step: number) => Partial<StepMetrics>;
}

const bumps = new Random(7);

/** A healthy DPO run: the margin grows to 1.2, chosen up, rejected down, with the noise of small batches. */
function run({ config = {}, steps = 60, totalSteps = steps, lengths = null, at = () => ({}) }: Course): Patient {
  const full = parseRunConfig({ max_steps: totalSteps, learning_rate: 1e-4, ...config });
  const metrics = Array.from({ length: steps }, (_, i): StepMetrics => {
    const progress = i / (steps - 1);
    const noise = (bumps.uniform() - 0.5) * 0.3 * progress;
    const [chosen, rejected] = [0.4 * progress + noise, -0.8 * progress + noise];
    const margin = chosen - rejected;
    return {
      step: i + 1,
      epoch: i / 20,
      loss: Math.log1p(Math.exp(-margin)),
      grad_norm: 4 - 2 * progress + noise,
      learning_rate: learningRate(full, i, totalSteps),
      'rewards/chosen': chosen,
      'rewards/rejected': rejected,
      'rewards/margins': margin,
      'rewards/accuracies': i % 3 === 0 ? 0.75 : 1,
      'logps/chosen': -120 + chosen / 0.1,
      'logps/rejected': -110 + rejected / 0.1,
      ...at(progress, i + 1),
    };
  });
  return { config: full, metrics, totalSteps, error: null, lengths, hasEnded: false, keptStep: null };
}

const sft = (loss: (progress: number) => number, more: Course = {}): Patient => {
  const patient = run({
    config: { method: 'sft' },
    ...more,
    at: (progress, step) => ({ loss: loss(progress) + (step % 2) * 0.01, ...more.at?.(progress, step) }),
  });
  const rewards = /^rewards|rejected/;
  return {
    ...patient,
    metrics: patient.metrics.map(
      (step) =>
        Object.fromEntries(Object.entries(step).filter(([key]) => !rewards.test(key))) as unknown as StepMetrics,
    ),
  };
};

const unmeasured = { error: null, lengths: null, hasEnded: false, keptStep: null };

/** Losses of SFT on the model and the 800 reviews that ship with Airlock, with the starter's settings. */
const starterLosses = [
  1.169, 1.324, 1.441, 1.403, 1.406, 1.432, 1.385, 1.565, 1.459, 1.306, 1.444, 1.348, 1.242, 1.373, 1.497, 1.281, 1.328,
  1.295, 1.319, 1.24, 1.386, 1.469, 1.288, 1.397, 1.258, 1.342, 1.338, 1.461, 1.336, 1.399, 1.409, 1.433, 1.41, 1.627,
  1.423, 1.293, 1.349, 1.531, 1.28, 1.229, 1.467, 1.331, 1.421, 1.391, 1.449, 1.45, 1.342, 1.358, 1.323, 1.467, 1.396,
  1.456, 1.259, 1.304, 1.331, 1.445, 1.386, 1.517, 1.362, 1.475, 1.366, 1.44, 1.539, 1.422, 1.449, 1.361, 1.424, 1.326,
  1.396, 1.485, 1.407, 1.286, 1.294, 1.408, 1.428, 1.459, 1.302, 1.316, 1.364, 1.556, 1.185, 1.457, 1.158, 1.427, 1.449,
  1.215, 1.493, 1.473, 1.366, 1.272, 1.497, 1.451, 1.383, 1.434, 1.407, 1.494, 1.469, 1.222, 1.433, 1.338,
];

const kinds = (patient: Patient): FindingKind[] => diagnose(patient).map(({ kind }) => kind);
const sentence = (patient: Patient, kind: FindingKind): string => {
  const found = diagnose(patient).find((each) => each.kind === kind) as (Finding & { values: never }) | undefined;
  if (found === undefined) throw new Error(`There is no finding ${kind}.`);
  const { seen, advice } = describeFinding(found, textIn('en').doctor, patient.hasEnded);
  expect(
    Object.values(describeFinding(found, textIn('ko').doctor, patient.hasEnded)).every((text) => /[가-힣]/.test(text)),
  ).toBe(true);
  return `${seen} ${advice}`;
};

describe('healthy runs', () => {
  const golden = 'fixtures/golden';
  const runs = readdirSync(golden, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('metrics.jsonl'),
  );
  it('has the golden runs to look at', () => expect(runs.length).toBeGreaterThan(15));
  it.each(runs)('nothing is said of %s', (path) => {
    const directory = join(golden, path, '..');
    expect(existsSync(join(directory, 'config.yaml'))).toBe(true);
    const config = parseRunConfig(parse(readFileSync(join(directory, 'config.yaml'), 'utf8')));
    const metrics = readFileSync(join(golden, path), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as StepMetrics);
    for (let steps = 1; steps <= metrics.length; steps++) {
      expect(
        diagnose({
          ...unmeasured,
          config,
          metrics: metrics.slice(0, steps),
          totalSteps: metrics.length,
        }),
        `after ${steps} steps`,
      ).toEqual([]);
    }
  });

  it('nothing is said of SFT whose loss goes up and down about what it was, as the starter’s does', () => {
    const { config } = sft(() => 1, { config: { method: 'sft', warmup_steps: 0.1, learning_rate: 1e-3 } });
    const metrics = sft(() => 1, { steps: starterLosses.length }).metrics.map((step, i) => ({
      ...step,
      loss: starterLosses[i]!,
    }));
    for (let steps = 1; steps <= metrics.length; steps++)
      expect(diagnose({ ...unmeasured, config, metrics: metrics.slice(0, steps), totalSteps: metrics.length })).toEqual(
        [],
      );
  });

  it('nothing is said of a healthy run at any time of it', () => {
    const patients = [
      run({ lengths: { chosen: 40, rejected: 38 } }),
      run({ steps: 300 }),
      run({ config: { warmup_steps: 20 } }),
      run({ config: { warmup_steps: 0.1 } }),
      sft((progress) => 3 - progress),
      sft((progress) => 3 - 0.2 * progress),
    ];
    for (const patient of patients) {
      for (let steps = 0; steps <= patient.metrics.length; steps += 1)
        expect(diagnose({ ...patient, metrics: patient.metrics.slice(0, steps) })).toEqual([]);
    }
  });
});

describe('bad runs', () => {
  const still = {
    loss: 0.6931,
    'rewards/chosen': 0.0001,
    'rewards/rejected': -0.0001,
    'rewards/margins': 0.0002,
    'rewards/accuracies': 0.5,
  };

  it('the loss stuck at ln 2, by what the learning rate is', () => {
    const slow = run({ config: { learning_rate: 1e-6 }, at: () => still });
    expect(kinds(slow)).toEqual(['stuck']);
    expect(sentence(slow, 'stuck')).toMatch(
      /^After 60 steps the loss is still 0\.6931 .*1e-6.*Raise the learning rate: 1e-6 is small for LoRA, try 1e-4\.$/,
    );
    expect(sentence(run({ at: () => still }), 'stuck')).toContain('whether chosen and rejected really differ');
  });

  it('no gradient at all', () => {
    expect(kinds(run({ at: () => ({ ...still, grad_norm: 0 }) }))).toEqual(['noGradient']);
  });

  it('a learning rate of 0, and a warm-up as long as the run', () => {
    const constant = run({ at: () => ({ ...still, learning_rate: 0 }) });
    expect(kinds(constant)).toEqual(['rateZero']);
    const warming = run({ config: { warmup_steps: 60 } });
    expect(kinds(warming)).toEqual(['warmupTooLong']);
    expect(sentence(warming, 'warmupTooLong')).toContain('Warm up over a tenth of the run, 6 steps');
  });

  it('chosen log-probs falling: a hint while the gap grows, a warning when much is lost', () => {
    const falling = (slope: number) =>
      run({
        at: (p) => ({
          'rewards/chosen': -slope * p,
          'rewards/rejected': -slope * p - 1.2 * p,
          'rewards/margins': 1.2 * p,
          'logps/chosen': -120 - 10 * slope * p,
          'logps/rejected': -110 - 10 * (slope + 1.2) * p,
        }),
      });
    expect(diagnose(falling(0.6))).toMatchObject([{ kind: 'chosenFalls', severity: 'hint' }]);
    expect(sentence(falling(0.6), 'chosenFalls')).toMatch(/by 5\.\d+ nats each \(\d% of their log-probability\)/);
    expect(diagnose(falling(4))).toMatchObject([{ kind: 'chosenFalls', severity: 'warning' }]);
  });

  it('accuracy 1 with a growing margin', () => {
    const grown = run({
      at: (p) => ({
        loss: Math.log1p(Math.exp(-8 * p)),
        'rewards/accuracies': p > 0.3 ? 1 : 0.5,
        'rewards/margins': 8 * p,
        'rewards/chosen': 2 * p,
        'rewards/rejected': -6 * p,
        'logps/chosen': -120 + 20 * p,
        'logps/rejected': -110 - 60 * p,
      }),
    });
    expect(kinds(grown)).toEqual(['saturated']);
    expect(kinds({ ...grown, config: { ...grown.config!, loss_type: ['ipo'] } })).toEqual([]);
  });

  it('far from the reference', () => {
    const far = run({
      at: (p) => ({
        'rewards/chosen': 1 * p,
        'rewards/rejected': -20 * p,
        'rewards/margins': 2,
        'logps/chosen': -120 + 10 * p,
        'logps/rejected': -110 - 200 * p,
      }),
    });
    expect(kinds(far)).toEqual(['drift']);
    expect(sentence(far, 'drift')).toContain('Raise beta, to 0.3000 say');
  });

  it('chosen answers that are longer', () => {
    const lengths = { chosen: 90, rejected: 40 };
    expect(kinds(run({ lengths }))).toEqual(['longerChosen']);
    expect(sentence(run({ lengths }), 'longerChosen')).toContain('125% longer');
    expect(sentence(run({ lengths }), 'longerChosen')).toContain('ld_alpha');
    const [judge, thumbs] = (['reward', 'kto'] as const).map((method) =>
      sentence(
        run({ lengths, config: { method, loss_type: method === 'kto' ? ['kto'] : ['sigmoid'] } }),
        'longerChosen',
      ),
    );
    // Settings that the method refuses are no advice, and a judge writes nothing.
    expect(`${judge} ${thumbs}`).not.toMatch(/ld_alpha|simpo/);
    expect(judge).not.toContain('write longer');
    expect(kinds(run({ lengths, config: { ld_alpha: 0.5 } }))).toEqual([]);
    expect(kinds(run({ lengths, config: { loss_type: ['sigmoid_norm'] } }))).toEqual([]);
  });

  it('the gradient exploding, the loss rising', () => {
    expect(kinds(run({ at: (p) => ({ grad_norm: 2 * Math.exp(5 * p) }) }))).toEqual(['exploding']);
    expect(kinds(sft((p) => 3 + 4 * p))).toEqual(['diverging']);
  });

  it('SFT that does not learn', () => {
    expect(kinds(sft(() => 3))).toEqual(['notFalling']);
  });

  it('chosen and rejected the wrong way round', () => {
    expect(
      kinds(
        run({
          at: (p) => ({
            'rewards/accuracies': 0.2,
            'rewards/margins': -0.4 * p,
            'rewards/chosen': -0.1 * p,
            'rewards/rejected': 0.3 * p,
          }),
        }),
      ),
    ).toEqual(['wrongWay']);
  });

  it('evaluation turning up while training falls', () => {
    const turned = run({ at: (_, step) => (step % 10 === 0 ? { eval_loss: 0.6 + (step - 30) ** 2 / 5000 } : {}) });
    expect(kinds(turned)).toEqual(['evaluationTurned']);
    expect(sentence(turned, 'evaluationTurned')).toMatch(/best 0\.6000 at step 30, 0\.7800 at step 60/);
    expect(kinds(run({ at: (p, step) => (step % 10 === 0 ? { eval_loss: 0.7 - 0.1 * p } : {}) }))).toEqual([]);
  });

  it('answers of its own that are all worth the same, never end, or leave the reference', () => {
    const drawing = (at: Course['at'], more: object = {}) => {
      const config = { method: 'rloo' as const, beta: 0.05, max_completion_length: 32, num_generations: 4, ...more };
      const well = { reward: 0.5, kl: 0.01, frac_reward_zero_std: 0.3, 'completions/mean_length': 20 };
      const patient = run({
        config: { ...config, reward: { scorer: 'sentiment' } },
        at: (p, step) => ({ ...well, 'completions/clipped_ratio': 0.2, loss: 0.1 * (step % 2) + p, ...at?.(p, step) }),
      });
      return { ...patient, config: { ...patient.config!, per_device_train_batch_size: 16 } };
    };
    // Its loss rises and its gradient grows, which of answers drawn by chance says nothing.
    expect(kinds(drawing((p) => ({ grad_norm: 0.01 + p })))).toEqual([]);
    const same = drawing(() => ({ frac_reward_zero_std: 0.95 }));
    expect(kinds(same)).toEqual(['noSpread']);
    expect(sentence(same, 'noSpread')).toContain('the 4 answers to a prompt were worth the same for 95%');
    const cut = drawing(() => ({ 'completions/clipped_ratio': 0.97 }));
    expect(kinds(cut)).toEqual(['cutOff']);
    expect(sentence(cut, 'cutOff')).toContain('97% of the answers were cut off at 32 tokens');
    const left = drawing((p) => ({ kl: 2 * p }));
    expect(kinds(left)).toEqual(['leaving']);
    expect(sentence(left, 'leaving')).toMatch(/3\d\.\d+ nats an answer now.*raise beta, to 0\.1500/);
    // Far, but at rest; and near, though it doubled.
    expect(kinds(drawing(() => ({ kl: 2 })))).toEqual([]);
    expect(kinds(drawing((p) => ({ kl: 0.1 * p })))).toEqual([]);
  });

  it('a run that kept the adapter of its best evaluation has only a hint for the next', () => {
    const turned = run({ at: (_, step) => (step % 10 === 0 ? { eval_loss: 0.6 + (step - 30) ** 2 / 5000 } : {}) });
    const ended = { ...turned, hasEnded: true };
    expect(diagnose(ended)).toMatchObject([{ kind: 'evaluationTurned', severity: 'warning' }]);
    expect(sentence(ended, 'evaluationTurned')).toContain('Train again and end with the adapter of the best');
    const kept = { ...ended, keptStep: 30 };
    expect(diagnose(kept)).toMatchObject([{ kind: 'evaluationTurned', severity: 'hint' }]);
    expect(sentence(kept, 'evaluationTurned')).toContain('Nothing need be done: the adapter of step 30');
  });

  it('nothing is advised to a run that has ended but what concerns the next one', () => {
    const bad = [
      run({ at: (p) => ({ loss: 0.69 + 2 * p }) }),
      run({ at: (p) => ({ grad_norm: 1 + 500 * p ** 3 }) }),
      sft(() => 3),
      run({ at: () => ({ learning_rate: 0 }) }),
    ];
    for (const patient of bad) {
      const found = diagnose({ ...patient, hasEnded: true });
      expect(found.length).toBeGreaterThan(0);
      for (const { kind } of found) {
        expect(sentence(patient, kind)).toMatch(/\b(now|so far|Stop)\b/);
        expect(sentence({ ...patient, hasEnded: true }, kind)).not.toMatch(/\b(now|so far|Stop)\b|중지한 뒤|현재|지금/);
      }
    }
  });

  it('the trainer stopped at what is no number, by the message that it really sends', async () => {
    const executor = await openWasmExecutor({ threads: 1, assets: null });
    const model = await buildRandomModel('tiny', executor);
    const pairs = [{ promptIds: [1, 2, 3], chosenIds: [4, 5, 6], rejectedIds: [7, 8], warnings: [], faults: [] }];
    const metrics: StepMetrics[] = [];
    const config = parseRunConfig({
      learning_rate: 1e38,
      lr_scheduler_type: 'constant',
      max_steps: 5,
      max_grad_norm: 0,
    });
    const failure = await train(model, {
      config,
      pairs,
      onEvent: (event) => event.kind === 'step' && metrics.push(event.metrics),
    }).catch((error: unknown) => error);
    await executor.close();
    const patient = { ...unmeasured, config, metrics, totalSteps: 5, error: (failure as UserError).said };
    expect(kinds(patient)[0]).toBe('notFinite');
    expect(sentence(patient, 'notFinite')).toMatch(
      /became NaN at step \d, and training stopped\. Lower the learning rate \(it was 1e38\)/,
    );
  });
});
