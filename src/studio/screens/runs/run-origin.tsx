/** @file Where a run's adapter comes from: the chain behind it, its reference, and the proof at step 0. */
import { Fragment } from 'react';
import { Button } from 'react-aria-components';
import { formatMetric } from '../../text/format';
import { baseReference, type Run } from '../../plain/runs/run';
import { goTo } from '../shell/route';
import { useStudioState } from '../use-studio';
import { useText } from '../../text/text';
import { chainOf } from '../../plain/runs/chain';
import { rewardModelOf } from '../../plain/runs/reward-model-of';

const arrow = ' → ';

/** What judged the answers that the run drew, where that is an adapter or a model of another base. */
function JudgedBy({ run: { config, judge } }: { readonly run: Run }) {
  const { runs: text, model: modelText } = useText();
  const runs = useStudioState('library', (state) => state.runs);
  const adapter = rewardModelOf(config);
  const name = runs.find(({ id }) => id === adapter)?.name ?? text.settings.deletedRun;
  return (
    <>
      {adapter !== null && <p className="quiet">{text.origin.judged(name)}</p>}
      {judge !== undefined && (
        <p className="quiet">{text.origin.judgeModel(judge.name, modelText.plan.precision.names[judge.precision])}</p>
      )}
    </>
  );
}

export function RunOrigin({ run }: { readonly run: Run }) {
  const text = useText().runs;
  const runs = useStudioState('library', (state) => state.runs);
  const { start, imported } = run;
  const beta = useStudioState('sweep', ({ round }) => {
    const at = round?.runs.indexOf(run.id) ?? -1;
    return at < 0 ? null : (round?.betas[at] ?? null);
  });
  const nameOf = (id: string) => runs.find((other) => other.id === id)?.name ?? text.settings.deletedRun;
  const reference =
    run.reference === baseReference
      ? text.origin.referenceBase(run.modelName)
      : run.reference !== undefined
        ? text.origin.referenceAdapter(nameOf(run.reference))
        : run.startedFrom !== null
          ? text.origin.referenceStart(nameOf(run.startedFrom))
          : text.origin.referenceBase(run.modelName);
  return (
    <div className="run-origin" data-testid="run-origin">
      <p>
        {text.origin.chain}:{' '}
        {chainOf(run, runs, text.settings.deletedRun).map((name, at) => (
          <Fragment key={at}>
            {at > 0 && arrow}
            <span className="whole-name">{name}</span>
          </Fragment>
        ))}
      </p>
      {imported !== undefined && (
        <p className="quiet">{imported.knowsBase ? text.origin.importedHere : text.origin.importedElsewhere}</p>
      )}
      {run.method !== 'sft' && run.method !== 'reward' && imported === undefined && (
        <p className="quiet">{reference}</p>
      )}
      <JudgedBy run={run} />
      {beta !== null && (
        <p className="quiet">
          {text.origin.frontier(String(beta))}{' '}
          <Button className="link-button" onPress={() => goTo('compare', 'frontier')}>
            {text.origin.toFrontier}
          </Button>
        </p>
      )}
      {start !== undefined && (
        <p className="quiet" data-testid="step-zero">
          {text.origin.start(
            formatMetric(start.loss),
            start.expectedLoss !== null,
            start.rewards && [formatMetric(start.rewards.chosen), formatMetric(start.rewards.rejected)],
          )}
        </p>
      )}
    </div>
  );
}
