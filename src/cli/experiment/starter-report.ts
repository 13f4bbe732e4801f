/** @file What the starter's recipe gives, as a table: a row for each seed, and one for all seeds together. */
import { meanOf } from '../../core/statistics';
import type { StarterTaskId } from '../../data/starter-task';
import type { MeanInterval } from '../../evaluation/intervals';
import { meanInterval, pairedDifference, standingOf } from '../../evaluation/intervals';
import type { KlEstimate } from '../../evaluation/kl';

/** What one of base, SFT and DPO answered to the prompts. */
export interface StarterColumn {
  readonly texts: readonly string[];
  readonly scores: readonly number[];
  /** Share of answers without broken words or repetition. */
  readonly fluent: number;
}

export interface StarterRun {
  readonly task: StarterTaskId;
  readonly seed: number;
  readonly prompts: readonly string[];
  readonly columns: Readonly<Record<'base' | 'sft' | 'dpo', StarterColumn>>;
  /** From the SFT model, in nats an answer. */
  readonly kl: KlEstimate;
  readonly seconds: number;
}

const show = (value: number): string => value.toFixed(2);
const showInterval = ({ mean, low, high }: MeanInterval): string => `${show(mean)} (${show(low)} to ${show(high)})`;
const showDifference = (difference: MeanInterval): string =>
  `${showInterval(difference)}${standingOf(difference) === 'above' ? '' : ' !'}`;

/**
 * A markdown table; a difference whose interval is not above 0 has an exclamation mark. The last row takes each
 * prompt's mean over the seeds.
 */
export function tableOfStarter(runs: readonly StarterRun[], shown = 0): string {
  const overSeeds = (column: 'base' | 'sft' | 'dpo'): number[] =>
    (runs[0]?.prompts ?? []).map((_, i) => meanOf(runs.map(({ columns }) => columns[column].scores[i] as number)));
  const rowOf = (name: string, scores: (column: 'base' | 'sft' | 'dpo') => readonly number[], rest: string): string => {
    const [base, sft, dpo] = [scores('base'), scores('sft'), scores('dpo')];
    const cells = [base, sft, dpo].map((values) => showInterval(meanInterval(values)));
    const above = [sft, base].map((values) => showDifference(pairedDifference(dpo, values)));
    return `| ${[name, ...cells, ...above, rest].join(' | ')} |`;
  };
  const fluency = (run: StarterRun): string =>
    [run.columns.base, run.columns.sft, run.columns.dpo].map(({ fluent }) => show(fluent)).join(' / ');
  return [
    '| seed | base | SFT | DPO | DPO above SFT | DPO above base | fluent: base / SFT / DPO | KL from SFT, nats | s |',
    '|---|---|---|---|---|---|---|---|---|',
    ...runs.map((run) =>
      rowOf(
        String(run.seed),
        (column) => run.columns[column].scores,
        `${fluency(run)} | ${show(run.kl.mean)} ± ${show(run.kl.standardError ?? 0)} | ${run.seconds}`,
      ),
    ),
    ...(runs.length > 1 ? [rowOf('all', overSeeds, ' | | ')] : []),
    ...runs.flatMap(({ prompts, columns }) =>
      prompts
        .slice(0, shown)
        .map((prompt, i) =>
          [prompt, ...Object.values(columns).map(({ texts, scores }) => `${show(scores[i] ?? 0)}${texts[i]}`)].join(
            '\n  ',
          ),
        ),
    ),
  ].join('\n');
}
