/** @file The form that begins a demonstration: its prompts; columns and sampling are those of the screen. */
import { planDemonstration, type ReadDemonstrationForm } from '../../plain/demonstration/demonstration-form';
import { useText } from '../../text/text';
import { PromptSourceFields } from '../compare/prompt-source';
import { StartAnswering, useSources } from '../compare/start-answering';
import { useStudio, useStudioState } from '../use-studio';
import { useNameOf } from './use-demonstration';

function PrepareRow({ read }: { readonly read: ReadDemonstrationForm | null }) {
  const { demonstration } = useStudio();
  const { compare, demonstration: text } = useText();
  const nameOf = useNameOf();
  return (
    <StartAnswering
      label={text.start}
      lacks={read?.obstacle ? text.obstacles[read.obstacle] : null}
      plan={read?.plan ? text.plan(read.plan.count, read.plan.columns.map(nameOf)) : null}
      noteOfBest={compare.best.notInSets}
      onStart={() => void demonstration.getState().start()}
    />
  );
}

export function DemonstrationFields() {
  const { demonstration } = useStudio();
  const { demonstration: text } = useText();
  const form = useStudioState('demonstration', (state) => state.form);
  const sources = useSources();
  const promptSet = useStudioState('promptSet', (state) => state.round);
  const read = sources && planDemonstration(form, { ...sources, promptSet });
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
