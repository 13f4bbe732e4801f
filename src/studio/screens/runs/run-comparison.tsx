/**
 * @file The runs that were chosen in the list, side by side: their charts over each other, and where their settings
 * differ.
 */
import { useEffect, useMemo } from 'react';
import { Trash2, X } from 'lucide-react';
import { Button } from 'react-aria-components';
import { isMethodKnown, roleOfRun, type Run } from '../../plain/runs/run';
import { useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';
import { ConfirmButton } from '../shell/confirm-button';
import { OverlayCharts } from '../train/overlay-charts';
import { withRewardName } from '../../plain/runs/reward-model-of';
import { compareSettings, type SettingRow } from '../../plain/runs/settings-difference';

function SettingsTable({
  runs,
  rows,
  caption,
}: {
  readonly runs: readonly Run[];
  readonly rows: readonly SettingRow[];
  readonly caption: string;
}) {
  const { common, runs: text } = useText();
  return (
    <div className="table-scroll" tabIndex={0} role="region" aria-label={caption}>
      <table className="numbers settings-table">
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{text.comparison.setting}</th>
            {runs.map(({ id, name }) => (
              <th key={id} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, values, differs }) => (
            <tr key={key} data-differs={differs || undefined}>
              <th scope="row">
                <code>{key}</code>
              </th>
              {values.map((value, index) => (
                <td key={runs[index]?.id}>{value ?? common.unknown}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SideBySide({ runs }: { readonly runs: readonly Run[] }) {
  const { library } = useStudio();
  const { runs: text } = useText();
  const metrics = useStudioState('library', (state) => state.metrics);
  useEffect(() => {
    for (const { id } of runs) void library.getState().loadMetrics(id);
  }, [runs, library]);
  const overlaid = useMemo(
    () => runs.map((run) => ({ name: run.name, role: roleOfRun(run), metrics: metrics[run.id] ?? [] })),
    [runs, metrics],
  );
  const all = useStudioState('library', (state) => state.runs);
  const named = runs.map((run) => withRewardName(run, all, text.settings.deletedRun));
  const rows = compareSettings(named, [
    ['method', (run) => (isMethodKnown(run) ? run.method : undefined)],
    [text.settings.pairs, ({ pairs }) => pairs],
    [text.comparison.evaluation, ({ evaluation }) => evaluation?.pairs],
    ['model', ({ modelName }) => modelName],
  ]);
  const differing = rows.filter(({ differs }) => differs);
  const same = rows.filter(({ differs }) => !differs);
  return (
    <>
      <OverlayCharts runs={overlaid} />
      <p>{text.comparison.differences(differing.length)}</p>
      {differing.length > 0 && <SettingsTable runs={runs} rows={differing} caption={text.comparison.table} />}
      {same.length > 0 && (
        <details>
          <summary>{text.comparison.same(same.length)}</summary>
          <SettingsTable runs={runs} rows={same} caption={text.comparison.tableSame} />
        </details>
      )}
    </>
  );
}

/** Curves of more runs can no longer be told apart. */
const mostOverlaid = 8;

function DeleteChosenButton({ chosen }: { readonly chosen: readonly Run[] }) {
  const { library } = useStudio();
  const { comparison: text } = useText().runs;
  return (
    <ConfirmButton
      className="button button-small"
      isDisabled={chosen.some(({ status }) => status === 'running')}
      title={text.deleteQuestion(chosen.length)}
      body={text.deleteBody(chosen.map(({ name }) => name).join(', '))}
      confirm={text.delete(chosen.length)}
      cancel={text.keep}
      onConfirm={() => void library.getState().remove(...chosen.map(({ id }) => id))}
    >
      <Trash2 aria-hidden="true" /> {text.delete(chosen.length)}
    </ConfirmButton>
  );
}

export function RunComparison() {
  const { library } = useStudio();
  const { runs: text } = useText();
  const compared = useStudioState('library', (state) => state.compared);
  const runs = useStudioState('library', (state) => state.runs);
  const chosen = useMemo(() => compared.flatMap((id) => runs.filter((run) => run.id === id)), [compared, runs]);
  if (chosen.length === 0) return null;
  return (
    <section className="run-comparison" aria-label={text.comparison.title} data-testid="run-comparison">
      <div className="run-comparison-head">
        <h3>{text.comparison.title}</h3>
        <span className="quiet">{text.comparison.chosen(chosen.length)}</span>
        <span className="bar-space" />
        <DeleteChosenButton chosen={chosen} />
        <Button className="button button-small" onPress={() => library.getState().setCompared([])}>
          <X aria-hidden="true" /> {text.comparison.clear}
        </Button>
      </div>
      {chosen.length === 1 ? (
        <p className="quiet">{text.comparison.another}</p>
      ) : chosen.length > mostOverlaid ? (
        <p className="quiet">{text.comparison.tooMany(mostOverlaid)}</p>
      ) : (
        <SideBySide runs={chosen} />
      )}
    </section>
  );
}
