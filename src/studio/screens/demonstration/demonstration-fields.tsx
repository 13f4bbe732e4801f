/** @file The form that begins a demonstration: its prompts; columns and sampling are those of the screen. */
import { ListChecks } from 'lucide-react';
import { Button } from 'react-aria-components';
import { readSampling } from '../../plain/compare/sampling';
import { planDemonstration, type ReadDemonstrationForm } from '../../plain/demonstration/demonstration-form';
import { promptSetColumns } from '../../stores/prompt-set';
import { useText } from '../../text/text';
import { PromptSourceFields } from '../compare/prompt-source';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';
import { useNameOf } from './use-demonstration';

/** The form as read against the open model, the columns and the pairs; null without a model. */
function useReadForm(): ReadDemonstrationForm | null {
  const form = useStudioState('demonstration', (state) => state.form);
  const model = useStudioState('model', (state) => state.summary);
  const sampling = useStudioState('compare', (state) => state.sampling);
  const chosen = useStudioState('compare', (state) => state.columns);
  const runs = useStudioState('library', (state) => state.runs);
  const rows = useStudioState('dataset', (state) => state.rows);
  const split = useStudioState('dataset', (state) => state.split);
  const manifest = useStudioState('starter', (state) => state.manifest);
  const promptSet = useStudioState('promptSet', (state) => state.round);
  if (model === null) return null;
  const columns = promptSetColumns({ columns: chosen }, { runs }, model);
  const { options } = readSampling(sampling);
  return planDemonstration(form, { model, columns, sampling: options, rows, split, manifest, promptSet });
}

function PrepareRow({ read }: { readonly read: ReadDemonstrationForm | null }) {
  const { demonstration } = useStudio();
  const { common, demonstration: text } = useText();
  const nameOf = useNameOf();
  const busy = useBusyReason();
  const plan = read?.plan ?? null;
  const obstacle =
    read === null ? common.chooseModelFirst : read.obstacle !== null ? text.obstacles[read.obstacle] : busy;
  return (
    <div className="start-row">
      <Button
        className="button button-primary"
        isDisabled={obstacle !== null}
        onPress={() => void demonstration.getState().start()}
      >
        <ListChecks aria-hidden="true" /> {text.start}
      </Button>
      {obstacle !== null ? (
        <p className="obstacle">{obstacle}</p>
      ) : (
        plan !== null && <p className="quiet">{text.plan(plan.count, plan.columns.map(nameOf))}</p>
      )}
    </div>
  );
}

export function DemonstrationFields() {
  const { demonstration } = useStudio();
  const { demonstration: text } = useText();
  const form = useStudioState('demonstration', (state) => state.form);
  const read = useReadForm();
  return (
    <>
      <PromptSourceFields
        form={form}
        countProblem={read?.countProblem}
        more={[{ id: 'promptSet', label: text.ofPromptSet }]}
        onChange={demonstration.getState().setForm}
      />
      <p className="field-help">{text.columnsFrom}</p>
      <PrepareRow read={read} />
    </>
  );
}
