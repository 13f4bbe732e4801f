/** @file Which adapter a run goes on from, and which one DPO compares with. */
import { ChoiceInput } from '../shell/fields';
import { startingRuns } from '../../plain/runs/answering-runs';
import { baseReference } from '../../plain/runs/run';
import { useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';
import { useHeldShape, type SettingsProps } from './setting-fields';

/** A run starts afresh or continues an adapter of this model; for DPO the adapter is then the reference too. */
export function StartFrom({ form, isDisabled }: Pick<SettingsProps, 'form' | 'isDisabled'>) {
  const { training } = useStudio();
  const { startFrom: text } = useText().train;
  const runs = useStudioState('library', (state) => state.runs);
  const fingerprint = useStudioState('model', (state) => state.summary?.fingerprint);
  const startFrom = useStudioState('training', (state) => state.startFrom);
  const candidates = startingRuns(runs, fingerprint);
  const reference = useStudioState('training', (state) => state.reference);
  const held = useHeldShape();
  if (form.method === 'both' || candidates.length === 0) return null;
  const hasReference = form.method !== 'sft' && form.method !== 'reward';
  const adapters = candidates.map(({ id, name }) => ({ id, label: text.adapter(name) }));
  const base = { id: baseReference, label: text.referenceBase };
  const references = [
    { id: 'start', label: text.referenceStart },
    ...(candidates.some(({ id }) => id === startFrom) ? [base] : []),
    ...adapters,
  ];
  const start = (
    <ChoiceInput
      label={text.label}
      value={candidates.some(({ id }) => id === startFrom) ? (startFrom ?? '') : 'fresh'}
      options={[{ id: 'fresh', label: text.fresh }, ...adapters]}
      help={hasReference ? text.helpDpo : text.help}
      isHelpFolded
      isDisabled={isDisabled}
      onChange={(id) => training.getState().setStartFrom(id === 'fresh' ? null : id)}
    />
  );
  const note = held !== null && (
    <p className="field-help field-wide" data-testid="held-shape">
      {text.keeps(candidates.find(({ id }) => id === held.runId)?.name ?? '', held.shape.lora_r, held.shape.lora_alpha)}
    </p>
  );
  if (!hasReference)
    return (
      <>
        {start}
        {note}
      </>
    );
  return (
    <>
      {start}
      <ChoiceInput
        label={text.reference}
        value={references.some(({ id }) => id === reference) ? (reference ?? '') : 'start'}
        options={references}
        help={text.helpReference}
        isHelpFolded
        isDisabled={isDisabled}
        onChange={(id) => training.getState().setReference(id === 'start' ? null : id)}
      />
      {note}
    </>
  );
}
