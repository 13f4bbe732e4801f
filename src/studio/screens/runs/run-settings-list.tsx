/** @file The settings of a run, by TRL's names, as they were sent to the engine. */
import { precisionOfRun, type Run } from '../../plain/runs/run';
import { settingText } from '../../plain/runs/settings-difference';
import { withRewardName } from '../../plain/runs/reward-model-of';
import { useStudioState } from '../use-studio';
import { useText } from '../../text/text';

export function RunSettingsList({ run }: { readonly run: Run }) {
  const { common, runs } = useText();
  const text = runs.settings;
  const all = useStudioState('library', (state) => state.runs);
  const startedFrom = useStudioState('library', (state) =>
    run.startedFrom === null ? null : (state.runs.find(({ id }) => id === run.startedFrom)?.name ?? text.deletedRun),
  );
  return (
    <details className="run-settings">
      <summary>{text.title}</summary>
      <dl className="facts facts-code">
        <div>
          <dt>{text.pairs}</dt>
          <dd>{run.pairs}</dd>
        </div>
        <div>
          <dt>{text.weights}</dt>
          <dd>{run.imported && run.precision === undefined ? common.none : precisionOfRun(run)}</dd>
        </div>
        <div>
          <dt>{text.start}</dt>
          <dd>{startedFrom === null ? text.fresh : text.adapterOf(startedFrom)}</dd>
        </div>
        {Object.entries(withRewardName(run, all, text.deletedRun).config).map(([key, value]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{settingText(value) ?? common.none}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
