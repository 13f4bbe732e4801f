/** @file Buttons that fill the settings in for a kind of data, each with an undo. */
import { Button } from 'react-aria-components';
import { useStudio } from '../use-studio';
import { useText } from '../../text/text';
import { presetIds, presets } from '../../plain/train/presets';

/** The settings do not remember the preset that filled them in, so no button stays pressed. */
export function PresetButtons({ isDisabled }: { readonly isDisabled: boolean }) {
  const { training, notices } = useStudio();
  const { train } = useText();
  return (
    <div className="presets" role="group" aria-label={train.preset.label}>
      <span className="presets-label">{train.preset.label}</span>
      {presetIds.map((id) => (
        <Button
          key={id}
          className="preset"
          isDisabled={isDisabled}
          onPress={() => {
            const { form } = training.getState();
            const before = form;
            training.getState().setForm(presets[id]);
            notices
              .getState()
              .tellDone(train.preset.applied(train.presets[id].name), () => training.getState().setForm(before));
          }}
        >
          <span className="method-name">{train.presets[id].name}</span>
          <span className="method-help">{train.presets[id].help}</span>
        </Button>
      ))}
    </div>
  );
}
