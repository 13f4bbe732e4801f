/** @file Form fields of the studio: text, numbers as text with a sentence when wrong, and a select. */
import { useRef, useState, type KeyboardEvent } from 'react';
import { ChevronDown } from 'lucide-react';
import {
  Button,
  FieldError,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
  Text,
  TextArea,
  TextField,
} from 'react-aria-components';
import type { TermId } from '../../text/en/glossary';
import type { NumberProblem } from '../../plain/numbers';
import { describeNumberProblem } from '../../text/describe-number-problem';
import { useText } from '../../text/text';
import { FieldQuestion } from './term';

/**
 * Of every field that text is typed into: Chrome keeps nothing of it among its own entries and sends none of it to a
 * spelling service. Fields are made in this file alone (eslint.config.js).
 */
const unrecorded = { autoComplete: 'off', autoCorrect: 'off', spellCheck: false } as const;

/**
 * Keeps text that an input method composes (say, a Hangul syllable) in the field until it is settled, and tells
 * `onChange` only then. The handlers go on the input or textarea.
 */
function useComposedText(value: string, onChange: (text: string) => void) {
  const [draft, setDraft] = useState<string | null>(null);
  const isComposing = useRef(false);
  return {
    value: draft ?? value,
    onChange: (text: string) => (isComposing.current ? setDraft(text) : onChange(text)),
    handlers: {
      onCompositionStart: () => {
        isComposing.current = true;
      },
      onCompositionEnd: ({ currentTarget }: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) => {
        isComposing.current = false;
        setDraft(null);
        onChange(currentTarget.value);
      },
    },
  };
}

export interface TextInputProps {
  readonly label: string;
  /** Hides the label from sight, where the place makes it plain; screen readers still read it. */
  readonly isLabelHidden?: boolean;
  /** Height in lines; more than one makes a text area. */
  readonly rows?: number;
  readonly placeholder?: string;
  readonly value: string;
  readonly maxLength?: number;
  /** Shows points in place of the text; the browser does not take it for a password of its own to keep. */
  readonly isMasked?: boolean;
  readonly isDisabled?: boolean;
  /** Whether the field takes the focus when it appears, with all its text selected. */
  readonly isSelectedAtFirst?: boolean;
  readonly onChange: (text: string) => void;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
}

export function TextInput(props: TextInputProps) {
  const {
    label,
    isLabelHidden = false,
    rows = 1,
    placeholder,
    maxLength,
    isMasked = false,
    isDisabled = false,
    isSelectedAtFirst = false,
    onKeyDown,
  } = props;
  const { value, onChange, handlers } = useComposedText(props.value, props.onChange);
  const common = {
    ...unrecorded,
    ...handlers,
    ...(placeholder !== undefined && { placeholder }),
    ...(onKeyDown && { onKeyDown }),
  };
  return (
    <TextField
      className={isMasked ? 'field field-masked' : 'field'}
      value={value}
      onChange={onChange}
      autoFocus={isSelectedAtFirst}
      isDisabled={isDisabled}
      {...(maxLength !== undefined && { maxLength })}
    >
      <Label className={isLabelHidden ? 'visually-hidden' : 'react-aria-Label'}>{label}</Label>
      {rows > 1 ? (
        <TextArea rows={rows} {...common} />
      ) : (
        <Input {...common} {...(isSelectedAtFirst && { onFocus: (event) => event.currentTarget.select() })} />
      )}
    </TextField>
  );
}

export interface NumberInputProps {
  readonly label: string;
  /** The option's name in TRL and PEFT, shown beside the label. */
  readonly code?: string;
  /** The word that the label has need of. */
  readonly term?: TermId | undefined;
  readonly unit?: string | undefined;
  readonly help: string;
  /** What stands in place of the help, which is then told where it is asked for; many fields are no page of prose. */
  readonly hint?: string | undefined;
  readonly value: string;
  /** What is wrong with the number, told in place of `help`; a sentence where a number's own words would not do. */
  readonly problem: NumberProblem | string | undefined;
  readonly isDisabled?: boolean;
  readonly onChange: (text: string) => void;
}

/** A text field for a number: the browser's number field would rewrite 1e-4 while it is typed. */
export function NumberInput(props: NumberInputProps) {
  const { label, code, term, unit, help, hint, problem, isDisabled = false } = props;
  const { shell } = useText();
  const text = useComposedText(props.value, props.onChange);
  const described = typeof problem === 'object' ? describeNumberProblem(label, problem, shell.number) : problem;
  return (
    <TextField
      className="field"
      value={text.value}
      onChange={text.onChange}
      isInvalid={described !== undefined}
      isDisabled={isDisabled}
    >
      <span className="field-head">
        <span className="field-label">
          <Label>{label}</Label>
          {hint !== undefined && <FieldQuestion label={label} help={help} term={term} />}
        </span>
        {code !== undefined && <code>{code}</code>}
      </span>
      <span className="field-box">
        <Input inputMode="decimal" {...unrecorded} {...text.handlers} />
        {unit !== undefined && <span className="field-unit">{unit}</span>}
      </span>
      {described === undefined && (hint ?? help) !== '' && (
        <Text slot="description" className="field-help">
          {hint ?? help}
        </Text>
      )}
      <FieldError className="field-problem">{described}</FieldError>
    </TextField>
  );
}

export interface ChoiceInputProps {
  readonly label: string;
  readonly code?: string;
  readonly term?: TermId;
  readonly help?: string;
  /** The help is told where it is asked for. */
  readonly isHelpFolded?: boolean;
  readonly value: string;
  readonly options: readonly { readonly id: string; readonly label: string }[];
  readonly isDisabled?: boolean;
  readonly onChange: (id: string) => void;
  /** Hides the label from sight, where the place makes it plain; screen readers still read it. */
  readonly isLabelHidden?: boolean;
}

export function ChoiceInput({
  label,
  code,
  term,
  help,
  isHelpFolded = false,
  value,
  options,
  isDisabled = false,
  onChange,
  isLabelHidden = false,
}: ChoiceInputProps) {
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
          <span className="field-label">
            <Label>{label}</Label>
            {isHelpFolded && help !== undefined && <FieldQuestion label={label} help={help} term={term} />}
          </span>
          {code !== undefined && <code>{code}</code>}
        </span>
      )}
      <Button className="select-button">
        <SelectValue />
        <ChevronDown aria-hidden="true" />
      </Button>
      {help !== undefined && !isHelpFolded && (
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
