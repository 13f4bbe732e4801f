/** @file How strongly an adapter acts, in per cent of its own scale; a mark stands where it was trained. */
import { Label, Slider, SliderOutput, SliderThumb, SliderTrack } from 'react-aria-components';
import { strengthRange } from '../../plain/compare/columns';

export interface StrengthSliderProps {
  readonly label: string;
  /** Per cent. */
  readonly value: number;
  readonly isDisabled: boolean;
  readonly onChange: (percent: number) => void;
  /** Is called when it is let go. */
  readonly onChangeEnd: () => void;
}

export function StrengthSlider({ label, value, isDisabled, onChange, onChangeEnd }: StrengthSliderProps) {
  return (
    <Slider
      className="strength"
      value={value}
      minValue={strengthRange.min}
      maxValue={strengthRange.max}
      step={strengthRange.step}
      formatOptions={{ style: 'unit', unit: 'percent' }}
      isDisabled={isDisabled}
      onChange={onChange}
      onChangeEnd={onChangeEnd}
    >
      <Label>{label}</Label>
      <SliderOutput />
      <SliderTrack className="strength-track">
        <span className="strength-whole" aria-hidden="true" />
        <SliderThumb className="strength-thumb" />
      </SliderTrack>
    </Slider>
  );
}
