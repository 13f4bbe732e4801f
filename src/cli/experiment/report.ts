/**
 * @file What an experiment measured as files: all numbers (JSON), a table (Markdown) and charts (SVG), seeds pooled.
 */
import { UserError } from '../../core/errors';
import { bestOfCurve, optimumCurve, splitKl, type ReferenceRewards, type Spending } from '../../evaluation/frontier';
import type { MeanInterval } from '../../evaluation/intervals';
import type { WinRate } from '../../evaluation/win-rate';
import { wilsonInterval } from '../../evaluation/win-rate';
import type { Series } from './chart';
import { drawChart } from './chart';
import type { RewardPoint, Task, WinPoint } from './evaluate';

/** What one policy was found to be worth after some steps of one seed's run. */
export interface Row {
  readonly family: string;
  readonly setting: string;
  readonly seed: number;
  readonly step: number;
  readonly reward?: RewardPoint;
  readonly wins?: readonly WinPoint[];
  /** Of the reference: rewards of its answers, several to each prompt. */
  readonly samples?: ReferenceRewards;
}

export interface Results {
  readonly task: Task;
  readonly options: unknown;
  readonly rows: readonly Row[];
}

interface Estimate {
  readonly mean: number;
  /** Half of the 95 % interval. */
  readonly reach: number;
}

/** Mean of runs that differ by their seed; the error is that of sampling answers. */
function poolMeans(parts: readonly { readonly mean: number; readonly error: number }[]): Estimate {
  const count = parts.length;
  const mean = parts.reduce((sum, part) => sum + part.mean, 0) / count;
  return { mean, reach: (1.96 * Math.sqrt(parts.reduce((sum, { error }) => sum + error ** 2, 0))) / count };
}

/** Null where nothing was compared. */
function poolWins(parts: readonly WinRate[]): WinRate | null {
  if (parts.length === 0) return null;
  const total = (key: 'wins' | 'ties' | 'losses'): number => parts.reduce((sum, part) => sum + part[key], 0);
  const [wins, ties, losses] = [total('wins'), total('ties'), total('losses')];
  const count = wins + ties + losses;
  const successes = wins + ties / 2;
  return { wins, ties, losses, mean: successes / count, interval: wilsonInterval(successes, count) };
}

type Side = 'againstReference' | 'againstChosen';

interface Pooled {
  readonly family: string;
  readonly setting: string;
  readonly step: number;
  readonly seeds: number;
  readonly reward: Estimate | null;
  readonly kl: Estimate | null;
  /** What the divergence went into, where the reference's rewards are known. */
  readonly spending: Spending | null;
  readonly wins: readonly {
    readonly temperature: number;
    readonly againstReference: WinRate | null;
    readonly againstChosen: WinRate | null;
  }[];
}

/** The reference's rewards, of all seeds; the same prompt of two seeds counts as two. */
const samplesOf = (rows: readonly Row[]): ReferenceRewards => rows.flatMap(({ samples = [] }) => samples);

function spendingOf(known: readonly number[], group: readonly Row[]): Spending | null {
  const answers = group.flatMap(({ reward }) => reward?.answers ?? []);
  return known.length > 0 && answers.length > 1 ? splitKl(known, answers) : null;
}

const nameOf = ({ family, setting, seed, step }: Row): string =>
  [family, setting, `seed ${seed}`, `step ${step}`].filter((part) => part !== '').join(', ');

const measuredOf = ({ reward, wins }: Row): string => JSON.stringify([reward, wins]);

/**
 * Rows of several reports as those of one: what several of them measured, such as the reference, counts once.
 *
 * @throws UserError where they found different values for it, as reports of other settings or prompts do
 */
export function joinRows(parts: readonly (readonly Row[])[]): Row[] {
  const joined = new Map<string, Row>();
  for (const row of parts.flat()) {
    const name = nameOf(row);
    const before = joined.get(name);
    if (before && measuredOf(before) !== measuredOf(row)) throw new UserError('experimentDiffers', { name });
    joined.set(name, { ...before, ...row });
  }
  return [...joined.values()];
}

/** Joins the rows that differ by their seed alone. */
export function poolSeeds(rows: readonly Row[]): Pooled[] {
  const groups = new Map<string, Row[]>();
  const known = samplesOf(rows).flat();
  for (const row of rows) {
    const key = `${row.family}|${row.setting}|${row.step}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].map((group) => {
    const [{ family, setting, step, reward, wins = [] }] = group as [Row, ...Row[]];
    const pooledAt = (i: number, side: Side) => poolWins(group.flatMap((row) => row.wins?.[i]?.[side] ?? []));
    return {
      family,
      setting,
      step,
      seeds: group.length,
      reward: reward
        ? poolMeans(
            group.flatMap((row) => (row.reward ? [{ mean: row.reward.reward, error: row.reward.rewardError }] : [])),
          )
        : null,
      kl: reward
        ? poolMeans(
            group.flatMap((row) =>
              row.reward ? [{ mean: row.reward.kl.mean, error: row.reward.kl.standardError ?? 0 }] : [],
            ),
          )
        : null,
      spending: spendingOf(known, group),
      wins: wins.map(({ temperature }, i) => ({
        temperature,
        againstReference: pooledAt(i, 'againstReference'),
        againstChosen: pooledAt(i, 'againstChosen'),
      })),
    };
  });
}

const estimate = ({ mean, reach }: Estimate, digits: number): string =>
  `${mean.toFixed(digits)} ± ${reach.toFixed(digits)}`;

const within = ({ mean, low, high }: MeanInterval, digits: number): string =>
  `${mean.toFixed(digits)} (${low.toFixed(digits)} to ${high.toFixed(digits)})`;

const rate = ({ mean, interval }: WinRate): string =>
  `${mean.toFixed(2)} (${interval.low.toFixed(2)} to ${interval.high.toFixed(2)})`;

function table(heads: readonly string[], lines: readonly (readonly (string | number)[])[]): string {
  return [
    `| ${heads.join(' | ')} |`,
    `|${'---|'.repeat(heads.length)}`,
    ...lines.map((cells) => `| ${cells.join(' | ')} |`),
  ].join('\n');
}

const opponents = [
  { side: 'againstReference', name: 'the reference', file: 'reference' },
  { side: 'againstChosen', name: 'the chosen answers', file: 'chosen' },
] as const;

const isMeasured = (pooled: readonly Pooled[], side: Side): boolean =>
  pooled.every(({ wins }) => wins.every((point) => point[side] !== null));

/** @param side is measured */
function winTable(pooled: readonly Pooled[], side: Side): string {
  const temperatures = pooled[0]?.wins.map(({ temperature }) => `T ${temperature}`) ?? [];
  return table(
    ['method', 'setting', 'seeds', ...temperatures],
    pooled.map(({ family, setting, seeds, wins }) => [
      family,
      setting,
      seeds,
      ...wins.map((point) => rate(point[side] as WinRate)),
    ]),
  );
}

const counts = [2, 4, 8, 16, 32, 64];
const betas = [1, 0.5, 0.3, 0.2, 0.1, 0.05];

/** What could be had of the reference: the best of N of its answers, and the optimum of the objective. */
function limitTables(samples: ReferenceRewards): string[] {
  if (samples.length < 2) return [];
  const best = bestOfCurve(samples, counts).map(({ count, reward, bound, kl }) => [
    ...[`Best of ${count}`, within(reward, 3), `at most ${bound.toFixed(2)}`, `${kl.toFixed(2)} among these answers`],
  ]);
  const optimum = optimumCurve(samples, betas).map(({ beta, reward, kl, effective }) => [
    ...[`Optimum, beta ${beta}`, within(reward, 3), within(kl, 2), `${effective.toFixed(1)} answers carry it`],
  ]);
  return [table(['what the reference could give', 'reward', 'KL, nats', ''], [...best, ...optimum])];
}

/** Writes the results as Markdown tables, seeds pooled, with 95 % intervals. */
export function tableOf({ task, rows }: Results): string {
  const pooled = poolSeeds(rows);
  if (task === 'sentiment') {
    const knows = pooled.some(({ spending }) => spending !== null);
    const lines = pooled.map(({ family, setting, step, seeds, reward, kl, spending }) => [
      ...[family, setting, step, seeds, reward ? estimate(reward, 3) : '', kl ? estimate(kl, 2) : ''],
      ...(knows ? [spending?.bought, spending?.wasted].map((part) => (part ? within(part, 2) : '')) : []),
    ]);
    const heads = ['method', 'setting', 'step', 'seeds', 'reward', 'KL, nats', ...(knows ? ['bought', 'wasted'] : [])];
    return [table(heads, lines), ...limitTables(samplesOf(rows))].join('\n\n');
  }
  return opponents
    .filter(({ side }) => isMeasured(pooled, side))
    .flatMap(({ side, name }) => [`Win rate against ${name}:`, winTable(pooled, side)])
    .join('\n\n');
}

function winChart(task: Task, pooled: readonly Pooled[], side: Side, opponent: string): string {
  const series = pooled.map(({ family, setting, wins }): Series => ({
    name: family === 'SFT' || family === 'Preferred-FT' ? family : `${family} ${setting}`.trim(),
    joined: true,
    points: wins.map((point) => {
      const { mean, interval } = point[side] as WinRate;
      return { x: point.temperature, y: mean, ...interval };
    }),
  }));
  return drawChart(
    { title: `${task}: win rate against ${opponent}`, x: 'sampling temperature', y: 'win rate (bars: 95 %)' },
    series,
    [0, 1],
  );
}

function limitSeries(samples: ReferenceRewards): Series[] {
  if (samples.length < 2) return [];
  const point = (x: number, { mean, low, high }: MeanInterval, note: string) => ({ x, y: mean, low, high, note });
  return [
    {
      ...{ name: 'Best of N (KL at most)', joined: true },
      points: bestOfCurve(samples, counts).map(({ count, reward, bound }) => point(bound, reward, `${count}`)),
    },
    {
      ...{ name: 'Optimum', joined: true },
      points: optimumCurve(samples, betas).map(({ beta, reward, kl }) => point(kl.mean, reward, `${beta}`)),
    },
  ];
}

/** Draws the results as SVG charts, by file name. */
export function chartsOf({ task, rows }: Results): Record<string, string> {
  const pooled = poolSeeds(rows);
  if (task !== 'sentiment') {
    return Object.fromEntries(
      opponents
        .filter(({ side }) => isMeasured(pooled, side))
        .map(({ side, name, file }) => [`${task}-${file}.svg`, winChart(task, pooled, side, name)]),
    );
  }
  const series = [...new Set(pooled.map(({ family }) => family))].map((name): Series => ({
    name,
    joined: false,
    points: pooled.flatMap(({ family, setting, step, reward, kl }) =>
      family === name && reward && kl
        ? [
            {
              x: kl.mean,
              y: reward.mean,
              low: reward.mean - reward.reach,
              high: reward.mean + reward.reach,
              note: step > 0 ? `${setting.match(/[\d.]+/)?.[0] ?? ''} at ${step}`.trim() : '',
            },
          ]
        : [],
    ),
  }));
  const limits = limitSeries(samplesOf(rows));
  return {
    'sentiment.svg': drawChart(
      {
        title: 'Controlled sentiment: reward against KL to the reference',
        x: 'sequence-level KL, nats; beside a point: beta or alpha, and the step',
        y: 'mean reward (bars: 95 %)',
        logUnit: 0.2,
      },
      [...series, ...limits],
      [0.4, 1],
    ),
  };
}

export function filesOf(results: Results): Record<string, string> {
  return {
    [`${results.task}.json`]: `${JSON.stringify(results, null, 1)}\n`,
    [`${results.task}.md`]: `${tableOf(results)}\n`,
    ...chartsOf(results),
  };
}
