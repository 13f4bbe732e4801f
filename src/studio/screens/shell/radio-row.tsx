/** @file A choice between a few things whose names are short: radio buttons in a row. */
import { Label, Radio, RadioGroup } from 'react-aria-components';

export interface RadioRowProps<Id extends string> {
  readonly label: string;
  readonly value: Id;
  readonly options: readonly { readonly id: Id; readonly label: string; readonly isDisabled?: boolean }[];
  readonly onChange: (id: Id) => void;
}

export function RadioRow<Id extends string>({ label, value, options, onChange }: RadioRowProps<Id>) {
  return (
    <RadioGroup className="inline-radios" orientation="horizontal" value={value} onChange={(id) => onChange(id as Id)}>
      <Label>{label}</Label>
      {options.map(({ id, label: name, isDisabled = false }) => (
        <Radio key={id} className="radio" value={id} isDisabled={isDisabled}>
          {name}
        </Radio>
      ))}
    </RadioGroup>
  );
}
