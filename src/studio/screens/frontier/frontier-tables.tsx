/** @file The frontier in numbers: what every run gained and what became of its distance, and what could be had. */
import { Button } from 'react-aria-components';
import type { MeanInterval } from '../../../evaluation/intervals';
import type { Sweep } from '../../../storage/sweep-record';
import { fewPrompts, isMeasurable, referenceRun, type Frontier, type FrontierPoint } from '../../plain/frontier/sweep';
import type { Run } from '../../plain/runs/run';
import { formatShare } from '../../text/format';
import { useText } from '../../text/text';
import { addressOfRun } from '../shell/route';
import { useStudioState } from '../use-studio';
import { ColumnHeads } from '../shell/column-heads';

/** Two places: more would be noise. What rounds to 0 has no sign. */
export const inTwo = (value: number): string =>
  value
    .toFixed(2)
    .replace(/^-(?!0\.00$)/, '−')
    .replace('-', '');

/** As `inTwo`, with the sign of what is more. */
export function signedInTwo(value: number): string {
  const written = inTwo(value);
  return written.startsWith('−') || written === '0.00' ? written : `+${written}`;
}

/** An interval in words, as "0.61 (0.52 to 0.70)". */
export function useInterval(): (interval: MeanInterval, format?: (value: number) => string) => string {
  const { frontier: text } = useText();
  return ({ mean, low, high }, format = inTwo) => text.interval(format(mean), format(low), format(high));
}

function RunLink({ id, run }: { readonly id: string | null; readonly run: Run | undefined }) {
  const { frontier: text } = useText();
  if (id === null) return null;
  return run === undefined ? (
    <span className="quiet">{text.table.gone}</span>
  ) : (
    <a href={addressOfRun(id)}>{run.name}</a>
  );
}

/** What stands in place of numbers while there are none. */
function useStateWords(): (run: Run | undefined) => string {
  const { frontier: text } = useText();
  const active = useStudioState('training', (state) => state.active?.id);
  return (run) => {
    if (run === undefined) return text.table.waiting;
    if (run.id === active) return text.table.trains;
    return isMeasurable(run) ? text.table.trained : text.table.waiting;
  };
}

function PointCells({ point }: { readonly point: FrontierPoint }) {
  const { frontier: text } = useText();
  const written = useInterval();
  const { reward, gain, kl, spending } = point;
  return (
    <>
      <td>{written(reward)}</td>
      <td>{gain && written(gain, signedInTwo)}</td>
      <td>{kl === null ? text.table.broken : point.policy > 0 ? written(kl) : '0'}</td>
      <td>{spending && written(spending.bought)}</td>
      <td>{spending && written(spending.wasted)}</td>
    </>
  );
}

interface PolicyRowProps {
  readonly sweep: Sweep;
  readonly policy: number;
  readonly point: FrontierPoint | undefined;
  readonly name: string;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function PolicyRow({ sweep, policy, point, name, isChosen, onChoose }: PolicyRowProps) {
  const { frontier: text } = useText();
  const id = policy === 0 ? referenceRun(sweep) : (sweep.runs[policy - 1] ?? null);
  const run = useStudioState('library', ({ runs }) => runs.find((each) => each.id === id));
  const stateOf = useStateWords();
  return (
    <tr data-policy={policy}>
      <th scope="row">{name}</th>
      <td className="words">
        <RunLink id={id} run={run} />
      </td>
      {point === undefined ? (
        <td className="words quiet" colSpan={5}>
          {policy === 0 ? text.table.waiting : stateOf(run)}
        </td>
      ) : (
        <PointCells point={point} />
      )}
      <td>
        {point !== undefined && (
          <Button
            className="link-button"
            aria-label={text.table.show(name)}
            aria-expanded={isChosen}
            onPress={onChoose}
          >
            {isChosen ? text.detail.close : text.table.showShort}
          </Button>
        )}
      </td>
    </tr>
  );
}

interface RunsTableProps {
  readonly sweep: Sweep;
  readonly frontier: Frontier;
  readonly chosen: number | null;
  readonly nameOf: (policy: number) => string;
  readonly onChoose: (policy: number) => void;
}

export function RunsTable({ sweep, frontier, chosen, nameOf, onChoose }: RunsTableProps) {
  const { table } = useText().frontier;
  const policies = Array.from({ length: sweep.betas.length + 1 }, (_, policy) => policy);
  const heads = [table.reward, table.gain, table.kl, table.bought, table.wasted, table.answers];
  return (
    <>
      <div className="table-scroll" role="region" aria-label={table.caption} tabIndex={0}>
        <table className="numbers frontier-table" data-testid="frontier-table">
          <caption>{table.caption}</caption>
          <thead>
            <tr>
              <td />
              <th scope="col" className="words">
                {table.run}
              </th>
              <ColumnHeads titles={heads} />
            </tr>
          </thead>
          <tbody>
            {policies.map((policy) => (
              <PolicyRow
                key={policy}
                {...{ sweep, policy }}
                point={frontier.points.find((point) => point.policy === policy)}
                name={nameOf(policy)}
                isChosen={policy === chosen}
                onChoose={() => onChoose(policy)}
              />
            ))}
          </tbody>
        </table>
      </div>
      <p className="field-help">{table.note}</p>
    </>
  );
}

export function LimitsTable({ limits }: { readonly limits: NonNullable<Frontier['limits']> }) {
  const { frontier: text } = useText();
  const written = useInterval();
  const rows = [
    ...limits.bestOf.map(({ count, reward, bound, kl }) => ({
      what: text.limits.bestOf(count),
      ...{ reward, kl: text.limits.measured(inTwo(kl), inTwo(bound)) },
    })),
    ...limits.optimum.map(({ beta, reward, kl }) => ({
      what: text.limits.optimum(String(beta)),
      ...{ reward, kl: written(kl) },
    })),
  ];
  return (
    <details className="frontier-limits">
      <summary>{text.limits.title}</summary>
      <div className="table-scroll" role="region" aria-label={text.limits.caption} tabIndex={0}>
        <table className="numbers">
          <caption>{text.limits.caption}</caption>
          <thead>
            <tr>
              <th scope="col">{text.limits.what}</th>
              <th scope="col">{text.table.reward}</th>
              <th scope="col">{text.limits.kl}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ what, reward, kl }) => (
              <tr key={what}>
                <th scope="row">{what}</th>
                <td>{written(reward)}</td>
                <td>{kl}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p className="field-help">
        {text.limits.note} {text.chart.horizon(inTwo(limits.horizon))}
      </p>
    </details>
  );
}

/** What a reader of the numbers must know of them. */
export function Cautions({
  sweep,
  frontier: { points, limits },
  nameOf,
}: Pick<RunsTableProps, 'sweep' | 'frontier' | 'nameOf'>) {
  const { frontier: text } = useText();
  const unscored = points.reduce((sum, point) => sum + point.unscored, 0);
  const cut = points.filter(({ cutShare }) => cutShare > 0.1);
  const notes = [
    ...(sweep.prompts.length < fewPrompts ? [text.fewPrompts(sweep.prompts.length)] : []),
    ...(unscored > 0 ? [text.unscored(unscored)] : []),
    ...(cut.length > 0
      ? [text.cut(cut.map(({ policy, cutShare }) => text.cutOf(formatShare(cutShare), nameOf(policy))).join(', '))]
      : []),
    ...(points.length > 0 && limits === null ? [text.noLimits] : []),
  ];
  return notes.map((note) => (
    <p key={note} className="note note-info">
      {note}
    </p>
  ));
}
