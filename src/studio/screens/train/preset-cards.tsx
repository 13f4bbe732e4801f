/** @file Cards that fill the settings in for a kind of data, with an undo; the one that the data asks for is marked. */
import { Label, Radio, RadioGroup } from 'react-aria-components';
import { useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';
import { presetIds, presetOf, presets, recommendedPreset, type PresetId } from '../../plain/train/presets';

/** The one that the settings stand at is chosen; none where something of it was changed. */
export function PresetCards() {
  const { training, notices } = useStudio();
  const { train } = useText();
  const form = useStudioState('training', (state) => state.form);
  const pairs = useStudioState('dataset', (state) => state.rows.length);
  const reports = useStudioState('dataset', (state) => state.check?.reports ?? null);
  const recommended = pairs === 0 ? null : recommendedPreset(pairs, reports);

  function apply(id: PresetId): void {
    training.getState().setForm(presets[id]);
    notices.getState().tellDone(train.preset.applied(train.presets[id].name), () => training.getState().setForm(form));
  }

  return (
    <RadioGroup className="method-choice" value={presetOf(form)} onChange={(id) => apply(id as PresetId)}>
      <Label>{train.preset.label}</Label>
      <div className="method-cards preset-cards">
        {presetIds.map((id) => (
          <Radio key={id} className="method-card" value={id}>
            <span className="method-name">
              {train.presets[id].name}
              {id === recommended && <span className="tag">{train.preset.recommended}</span>}
            </span>
            <span className="method-help">{train.presets[id].help}</span>
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}
