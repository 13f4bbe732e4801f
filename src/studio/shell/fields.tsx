/** @file Form fields of the studio: numbers as text with a sentence when wrong, and a select. */
import type { ReactNode } from 'react';
import { ChevronDown } from 'lucide-react';
import {
  Button, FieldError, Input, Label, ListBox, ListBoxItem, Popover, Select, SelectValue, Text, TextField,
} from 'react-aria-components';

export interface NumberInputProps {
  readonly label: string;
  /** The option's name in TRL and PEFT. */
  readonly code?: string;
  readonly unit?: string | undefined;
  readonly help: string;
  readonly value: string;
  readonly problem: string | undefined;
  readonly isDisabled?: boolean;
  readonly onChange: (text: string) => void;
}

/** A text field, because a number field would rewrite 1e-4 while it is typed. */
export function NumberInput({ label, code, unit, help, value, problem, isDisabled = false, onChange }: NumberInputProps) {
  return (
    <TextField className="field" value={value} onChange={onChange} isInvalid={problem !== undefined} isDisabled={isDisabled}>
      <span className="field-head">
        <Label>{label}</Label>
        {code !== undefined && <code>{code}</code>}
      </span>
      <span className="field-box">
        <Input inputMode="decimal" autoComplete="off" spellCheck={false} />
        {unit !== undefined && <span className="field-unit">{unit}</span>}
      </span>
      {problem === undefined && (
        <Text slot="description" className="field-help">
          {help}
        </Text>
      )}
      <FieldError className="field-problem">{problem}</FieldError>
    </TextField>
  );
}

export interface ChoiceInputProps {
  readonly label: string;
  readonly code?: string;
  readonly help?: string;
  readonly value: string;
  readonly options: readonly { readonly id: string; readonly label: string }[];
  readonly isDisabled?: boolean;
  readonly onChange: (id: string) => void;
  /** Hides the label visually, where the place says it. */
  readonly isLabelHidden?: boolean;
  readonly children?: ReactNode;
}

export function ChoiceInput({ label, code, help, value, options, isDisabled = false, onChange, isLabelHidden = false }: ChoiceInputProps) {
  return (
    <Select
      className="field"
      value={value}
      onChange={(key) => key !== null && onChange(String(key))}
      isDisabled={isDisabled}
      {...(isLabelHidden ? { 'aria-label': label } : {})}
    >
      {!isLabelHidden && (
        <span className="field-head">
          <Label>{label}</Label>
          {code !== undefined && <code>{code}</code>}
        </span>
      )}
      <Button className="select-button">
        <SelectValue />
        <ChevronDown aria-hidden="true" />
      </Button>
      {help !== undefined && (
        <Text slot="description" className="field-help">
          {help}
        </Text>
      )}
      <Popover className="popover select-popover">
        <ListBox className="listbox" items={options}>
          {(option) => <ListBoxItem className="listbox-item">{option.label}</ListBoxItem>}
        </ListBox>
      </Popover>
    </Select>
  );
}
