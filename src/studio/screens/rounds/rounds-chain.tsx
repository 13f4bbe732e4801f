/** @file The rounds that a run is one of, in their order, with who won against whom as far as it was judged. */
import { Scale } from 'lucide-react';
import { Button } from 'react-aria-components';
import { lineageOf, type Lineage } from '../../plain/rounds/lineage';
import { ratesBetween } from '../../plain/rounds/rates';
import { rewardReferenceOf } from '../../plain/compare/columns';
import type { Run } from '../../plain/runs/run';
import { formatCount } from '../../text/format';
import { rewardIdSchema } from '../../plain/compare/best-of';
import { isTaskId } from '../../plain/starter/manifest';
import { useText, type Text } from '../../text/text';
import { ColumnHeads } from '../shell/column-heads';
import { addressOfRun, goTo } from '../shell/route';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';

/** What kind of judge it is, as its rates tell it (rates.ts). */
function judgeKind(judge: string): keyof Text['rounds']['chain']['judges'] {
  if (judge === 'analyst' || judge === 'scorer' || judge === 'rules') return judge;
  const reward = rewardIdSchema.safeParse(judge).data;
  if (reward === undefined) return 'other';
  return isTaskId(reward) ? 'scorer' : 'reward';
}

/** How often a run won against another, by each judge and temperature; or that it is not known. */
function RateCell({ of, against }: { readonly of: string; readonly against: string | null }) {
  const { chain: text } = useText().rounds;
  const rates = useStudioState('rounds', (state) => state.rates);
  const found = ratesBetween(rates, of, against);
  if (found.length === 0) return <td className="quiet">{text.unknown}</td>;
  return (
    <td>
      {found.map(({ judge, temperature, rate }) => {
        const { wins, ties, losses, mean, interval } = rate;
        const name = text.judges[judgeKind(judge)];
        return (
          <span key={`${judge} ${temperature}`} className="round-rate">
            <strong data-leaning={interval.low > 0.5 ? 'better' : interval.high < 0.5 ? 'worse' : 'open'}>
              {text.rate(mean, interval.low, interval.high)}
            </strong>
            <span className="quiet">{text.of(wins + ties + losses, name, temperature)}</span>
          </span>
        );
      })}
    </td>
  );
}

function CompareButton({ run }: { readonly run: Run }) {
  const { rounds } = useStudio();
  const { chain: text } = useText().rounds;
  const busy = useBusyReason();
  const compare = () =>
    rounds
      .getState()
      .prepareComparison(run)
      .then((isReady) => isReady && goTo('compare', 'prompt-set'));
  return (
    <Button
      className="button button-small"
      aria-label={text.compareOf(run.name)}
      isDisabled={busy !== null}
      onPress={() => void compare()}
    >
      <Scale aria-hidden="true" /> {text.compare}
    </Button>
  );
}

interface RowProps extends Lineage {
  readonly run: Run;
  readonly at: number;
  readonly isShown: boolean;
}

function Row({ run, at, isShown, start, isStartGone, rounds }: RowProps) {
  const words = useText().rounds;
  const before = rounds[at - 1];
  return (
    <tr aria-current={isShown || undefined} data-testid="round">
      <th scope="row">
        {words.round(at + 1)}:{' '}
        <a className="whole-name" href={addressOfRun(run.id)}>
          {run.name}
        </a>
      </th>
      <td>
        {formatCount(run.pairs)}
        {run.dataset !== undefined && <span className="quiet round-data">{run.dataset}</span>}
      </td>
      {before === undefined ? (
        <td className="quiet">{words.chain.same}</td>
      ) : (
        <RateCell of={run.id} against={before.id} />
      )}
      {isStartGone ? (
        <td className="quiet">{words.chain.unknown}</td>
      ) : (
        <RateCell of={run.id} against={start?.id ?? null} />
      )}
      <td>{run.adapterBytes > 0 && !isStartGone && <CompareButton run={run} />}</td>
    </tr>
  );
}

/** Nothing where the run is no round, and none went on from it. */
export function RoundsChain({ run }: { readonly run: Run }) {
  const { compare, rounds: words } = useText();
  const { chain: text } = words;
  const runs = useStudioState('library', (state) => state.runs);
  const rates = useStudioState('rounds', (state) => state.rates);
  const lineage = lineageOf(run, runs);
  const { start, isStartGone, rounds } = lineage;
  const [first] = rounds;
  if (first === undefined) return null;
  const isKnown = rounds.every(
    ({ id }, at) => ratesBetween(rates, id, at === 0 ? (start?.id ?? null) : (rounds[at - 1]?.id ?? null)).length > 0,
  );
  return (
    <section id="rounds" className="run-part" aria-label={text.title} tabIndex={-1} data-testid="rounds">
      <h3>{text.title}</h3>
      <p className="quiet">{text.lead}</p>
      <div className="table-scroll" role="region" aria-label={text.table} tabIndex={0}>
        <table className="numbers rounds-table">
          <thead>
            <tr>
              <ColumnHeads titles={[text.run, text.pairs, text.before, text.start, text.comparison]} />
            </tr>
          </thead>
          <tbody>
            {rounds.map((each, at) => (
              <Row key={each.id} run={each} at={at} isShown={each.id === run.id} {...lineage} />
            ))}
          </tbody>
        </table>
      </div>
      <p className="quiet">
        {isStartGone ? text.goneStart : text.isStart(start?.name ?? compare.columns.base)} ·{' '}
        {text.reference(rewardReferenceOf(first, runs).run?.name ?? compare.columns.base)}
      </p>
      {!isKnown && <p className="note note-info">{text.unknownHelp}</p>}
    </section>
  );
}
