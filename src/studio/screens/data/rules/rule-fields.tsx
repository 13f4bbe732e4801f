/** @file What a rule of each kind asks for: a text, a pattern, bounds, a language, a list. */
import { Checkbox } from 'react-aria-components';
import type { RuleKind } from '../../../../data/rules';
import {
  lengthUnits,
  ruleLanguages,
  ruleMatches,
  type ReadRule,
  type RuleForm,
  type RuleNumber,
} from '../../../plain/data/rule-form';
import { useText } from '../../../text/text';
import { ChoiceInput, NumberInput, TextInput } from '../../shell/fields';

export interface RuleFieldsProps {
  readonly form: RuleForm;
  readonly read: ReadRule;
  readonly onChange: (change: Partial<Omit<RuleForm, 'id'>>) => void;
}

export function RuleNumberField({
  form,
  read,
  field,
  help,
  unit,
  onChange,
}: RuleFieldsProps & { readonly field: RuleNumber; readonly help: string; readonly unit?: string }) {
  const { rules: text } = useText();
  return (
    <NumberInput
      label={text.numbers[field]}
      help={help}
      unit={unit}
      value={form[field]}
      problem={read.numbers[field]}
      onChange={(value) => onChange({ [field]: value })}
    />
  );
}

function TextFields({ form, onChange }: RuleFieldsProps) {
  const { rules: text } = useText();
  return (
    <>
      <TextInput label={text.text} value={form.text} onChange={(value) => onChange({ text: value })} />
      <Checkbox
        className="checkbox rule-case"
        isSelected={form.ignoreCase}
        onChange={(ignoreCase) => onChange({ ignoreCase })}
      >
        <span className="checkbox-box" aria-hidden="true" />
        {text.ignoreCase}
      </Checkbox>
    </>
  );
}

function PatternField({ form, onChange }: RuleFieldsProps) {
  const { rules: text } = useText();
  return <TextInput label={text.pattern} value={form.text} onChange={(value) => onChange({ text: value })} />;
}

function ListField({ form, onChange }: RuleFieldsProps) {
  const { rules: text } = useText();
  return <TextInput label={text.values} rows={3} value={form.text} onChange={(value) => onChange({ text: value })} />;
}

function LengthFields(props: RuleFieldsProps) {
  const { rules: text } = useText();
  const { form, onChange } = props;
  return (
    <>
      <RuleNumberField {...props} field="min" help="" />
      <RuleNumberField {...props} field="max" help={text.noLimit} />
      <ChoiceInput
        label={text.unit}
        value={form.unit}
        options={lengthUnits.map((id) => ({ id, label: text.units[id] }))}
        {...(form.unit === 'tokens' && { help: text.tokensNote })}
        onChange={(unit) => onChange({ unit: unit as RuleForm['unit'] })}
      />
    </>
  );
}

function LanguageFields(props: RuleFieldsProps) {
  const { rules: text } = useText();
  const { form, onChange } = props;
  return (
    <>
      <ChoiceInput
        label={text.language}
        value={form.language}
        options={ruleLanguages.map((id) => ({ id, label: text.languages[id] }))}
        onChange={(language) => onChange({ language: language as RuleForm['language'] })}
      />
      <RuleNumberField {...props} field="share" help="" unit="%" />
    </>
  );
}

function ReferenceFields({ form, onChange }: RuleFieldsProps) {
  const { rules: text } = useText();
  return (
    <ChoiceInput
      label={text.match}
      value={form.match}
      options={ruleMatches.map((id) => ({ id, label: text.matches[id] }))}
      help={text.referenceNote}
      onChange={(match) => onChange({ match: match as RuleForm['match'] })}
    />
  );
}

/** The fields of each kind; one without asks for nothing more. */
export const fieldsOfKind: Readonly<Record<RuleKind, ((props: RuleFieldsProps) => React.ReactNode) | null>> = {
  contains: TextFields,
  not_contains: TextFields,
  pattern: PatternField,
  length: LengthFields,
  language: LanguageFields,
  ends_properly: null,
  json: null,
  one_of: ListField,
  reference: ReferenceFields,
};
