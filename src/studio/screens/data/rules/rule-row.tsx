/** @file One rule of the list: its kind and fields, its weight, its place, and what it says of the tried answer. */
import { ArrowDown, ArrowUp, CircleCheck, CircleMinus, CircleX, Trash2 } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { RuleKind } from '../../../../data/rules';
import type { RuleResult } from '../../../../evaluation/rules';
import { readRule, ruleKinds, type RuleForm } from '../../../plain/data/rule-form';
import { describeRuleProblem, describeRuleResult, nameOfRule } from '../../../text/describe-rule';
import { useText } from '../../../text/text';
import { ChoiceInput } from '../../shell/fields';
import { useStudio } from '../../use-studio';
import { fieldsOfKind, RuleNumberField } from './rule-fields';

export interface RuleOutcomeProps {
  readonly result: RuleResult;
  /** Whether it says which rule it is: away from the form. */
  readonly isNamed?: boolean;
}

/** What became of a rule, with its reason. */
export function RuleOutcome({ result, isNamed = false }: RuleOutcomeProps) {
  const { rules: text } = useText();
  const { isKept } = result;
  const Icon = isKept === null ? CircleMinus : isKept ? CircleCheck : CircleX;
  const word = isKept === null ? text.unseen : isKept ? text.kept : text.broken;
  return (
    <p className="rule-outcome" data-kept={isKept ?? 'unseen'}>
      <Icon aria-hidden="true" />{' '}
      <span>
        <strong>{word}.</strong> {isNamed && `${nameOfRule(result.rule, text)}. `}
        {describeRuleResult(result, text)}
      </span>
    </p>
  );
}

interface RulePlaceProps {
  readonly id: string;
  readonly name: string;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly onMove: (id: string, by: -1 | 1) => void;
  readonly onRemove: (id: string) => void;
}

function RulePlace({ id, name, isFirst, isLast, onMove, onRemove }: RulePlaceProps) {
  const { rules: text } = useText();
  return (
    <div className="rule-place">
      <Button
        className="button button-icon"
        aria-label={text.up(name)}
        data-move="-1"
        isDisabled={isFirst}
        onPress={() => onMove(id, -1)}
      >
        <ArrowUp aria-hidden="true" />
      </Button>
      <Button
        className="button button-icon"
        aria-label={text.down(name)}
        data-move="1"
        isDisabled={isLast}
        onPress={() => onMove(id, 1)}
      >
        <ArrowDown aria-hidden="true" />
      </Button>
      <Button className="button button-icon" aria-label={text.remove(name)} onPress={() => onRemove(id)}>
        <Trash2 aria-hidden="true" />
      </Button>
    </div>
  );
}

export interface RuleRowProps extends Omit<RulePlaceProps, 'id' | 'name'> {
  readonly form: RuleForm;
  readonly number: number;
  /** Of the answer that is tried; undefined where none is, or the rule is not right yet. */
  readonly result: RuleResult | undefined;
}

export function RuleRow({ form, number, result, ...place }: RuleRowProps) {
  const { rules } = useStudio();
  const { rules: text } = useText();
  const read = readRule(form);
  const name = text.rule(number);
  const Fields = fieldsOfKind[form.kind];
  const props = {
    ...{ form, read },
    onChange: (change: Partial<Omit<RuleForm, 'id'>>) => rules.getState().change(form.id, change),
  };
  return (
    <li className="rule" data-rule={form.id} data-testid="rule">
      <header className="rule-head">
        <h3>{name}</h3>
        <div className="rule-weight">
          <RuleNumberField {...props} field="weight" help="" />
        </div>
        <RulePlace id={form.id} name={name} {...place} />
      </header>
      <div className="rule-fields" role="group" aria-label={name}>
        <ChoiceInput
          label={text.kind}
          value={form.kind}
          options={ruleKinds.map((id) => ({ id, label: text.kinds[id] }))}
          onChange={(kind) => props.onChange({ kind: kind as RuleKind })}
        />
        {Fields !== null && <Fields {...props} />}
      </div>
      {read.problem !== null && (
        <p className={read.problem.kind.startsWith('no') ? 'obstacle' : 'field-problem'}>
          {describeRuleProblem(read.problem, text)}
        </p>
      )}
      {result !== undefined && <RuleOutcome result={result} />}
    </li>
  );
}
