/** @file The rules by which answers of this data set are judged: a list without code, each tried at once on a text. */
import { useEffect, useMemo, useRef, useState } from 'react';
import { Download, Plus, Upload } from 'lucide-react';
import { Button, FileTrigger } from 'react-aria-components';
import { applyRules, type RuleResult } from '../../../../evaluation/rules';
import { download } from '../../../browser/download';
import { readRule, readRuleForms, ruleLimits, writeRules, type RuleForm } from '../../../plain/data/rule-form';
import { useText } from '../../../text/text';
import { Section } from '../../shell/section';
import { useStudio, useStudioState } from '../../use-studio';
import { RuleRow } from './rule-row';
import { RuleTrial, type Trial } from './rule-trial';

/** What became of each rule that is right, by its id, and the score of all. */
function tryRules(forms: readonly RuleForm[], { answer, reference }: Trial, tokens: number | null) {
  const results = new Map<string, RuleResult>();
  const right = forms.flatMap((form) => {
    const { rule } = readRule(form);
    return rule === null ? [] : [{ id: form.id, rule }];
  });
  if (answer.trim() === '' || right.length === 0) return { results, score: null };
  const rules = { version: 1 as const, rules: right.map(({ rule }) => rule) };
  const wanted = reference.trim() === '' ? null : reference;
  const scored = applyRules(rules, { text: answer, tokens, reference: wanted, isEnded: null });
  for (const [index, result] of scored.results.entries()) results.set(right[index]?.id ?? '', result);
  return { results, score: scored.score };
}

/** Tokens of an answer under the open model; null while nobody has counted them, and where no rule asks. */
function useTokenCount(text: string, isAsked: boolean): number | null {
  const { dataset } = useStudio();
  const fingerprint = useStudioState('model', (state) => state.summary?.fingerprint);
  const [counted, setCounted] = useState<{ readonly of: string; readonly tokens: number } | null>(null);
  const of = `${fingerprint} ${text}`;
  useEffect(() => {
    if (!isAsked || fingerprint === undefined || text.trim() === '') return;
    const asked = new AbortController();
    dataset
      .getState()
      .countTokens(text)
      .then(
        (tokens) => !asked.signal.aborted && setCounted({ of, tokens }),
        // The engine has just closed or opened a model; the next one counts anew.
        () => {},
      );
    return () => asked.abort();
  }, [dataset, fingerprint, isAsked, of, text]);
  return counted?.of === of ? counted.tokens : null;
}

/** Moves and removes rules. The focus stays on the button, or on one near it where that is gone. */
function useMoving() {
  const { rules } = useStudio();
  const list = useRef<HTMLOListElement>(null);
  const moved = useRef<{ readonly id: string; readonly by: -1 | 1 } | null>(null);
  const shown = useStudioState('rules', (state) => state.rules);
  useEffect(() => {
    if (moved.current === null) return;
    const { id, by } = moved.current;
    moved.current = null;
    const buttons = [...(list.current?.querySelectorAll<HTMLButtonElement>(`[data-rule="${id}"] [data-move]`) ?? [])];
    const usable = buttons.filter((button) => !button.disabled);
    (usable.find((button) => button.dataset['move'] === String(by)) ?? usable[0])?.focus();
  }, [shown]);
  return {
    list,
    move(id: string, by: -1 | 1) {
      moved.current = { id, by };
      void rules.getState().move(id, by);
    },
    /** The rule after it has the focus then, or the one before. */
    remove(id: string) {
      const at = shown.findIndex((rule) => rule.id === id);
      const next = shown[at + 1] ?? shown[at - 1];
      moved.current = next === undefined ? null : { id: next.id, by: 1 };
      void rules.getState().remove(id);
    },
  };
}

function RuleActions() {
  const { rules } = useStudio();
  const { rules: text } = useText();
  const forms = useStudioState('rules', (state) => state.rules);
  const { rules: whole } = useMemo(() => readRuleForms(forms), [forms]);
  return (
    <>
      <FileTrigger
        acceptedFileTypes={['.json']}
        onSelect={(list) => {
          const file = list?.[0];
          if (file !== undefined) void rules.getState().importFile(file.name, file);
        }}
      >
        <Button className="button">
          <Upload aria-hidden="true" /> {text.import}
        </Button>
      </FileTrigger>
      {forms.length > 0 && (
        <Button
          className="button"
          isDisabled={whole === null}
          onPress={() => whole !== null && void download(text.fileName, writeRules(whole), 'application/json')}
        >
          <Download aria-hidden="true" /> {text.export}
        </Button>
      )}
    </>
  );
}

function AddRule({ count }: { readonly count: number }) {
  const { rules } = useStudio();
  const { rules: text } = useText();
  const isFull = count >= ruleLimits.rules;
  return (
    <div className="start-row">
      <Button
        className={count === 0 ? 'button button-primary' : 'button'}
        isDisabled={isFull}
        onPress={() => void rules.getState().add('contains')}
      >
        <Plus aria-hidden="true" /> {text.add}
      </Button>
      {isFull && <p className="obstacle">{text.full}</p>}
    </div>
  );
}

function RuleList({ forms }: { readonly forms: readonly RuleForm[] }) {
  const { rules: text } = useText();
  const { list, move, remove } = useMoving();
  const [trial, setTrial] = useState<Trial>({ answer: '', reference: '' });
  const isCounted = forms.some(({ kind, unit }) => kind === 'length' && unit === 'tokens');
  const tokens = useTokenCount(trial.answer, isCounted);
  const { results, score } = useMemo(() => tryRules(forms, trial, tokens), [forms, trial, tokens]);
  const { wrong } = useMemo(() => readRuleForms(forms), [forms]);
  return (
    <div className="rules-work">
      <div className="rules-column">
        <ol className="rule-list" ref={list} aria-label={text.list}>
          {forms.map((form, index) => (
            <RuleRow
              key={form.id}
              form={form}
              number={index + 1}
              isFirst={index === 0}
              isLast={index === forms.length - 1}
              result={results.get(form.id)}
              onMove={move}
              onRemove={remove}
            />
          ))}
        </ol>
        <AddRule count={forms.length} />
      </div>
      <RuleTrial
        trial={trial}
        wantsReference={forms.some(({ kind }) => kind === 'reference')}
        score={score}
        wrong={wrong}
        onChange={setTrial}
      />
    </div>
  );
}

export function RulesSection() {
  const { rules: text } = useText();
  const openId = useStudioState('dataset', (state) => state.openId);
  const datasetId = useStudioState('rules', (state) => state.datasetId);
  const forms = useStudioState('rules', (state) => state.rules);
  return (
    <Section id="rules" title={text.title} lead={text.lead} actions={<RuleActions />}>
      {datasetId !== openId ? null : forms.length === 0 ? (
        <>
          <p className="quiet">{text.empty}</p>
          <AddRule count={0} />
        </>
      ) : (
        <RuleList forms={forms} />
      )}
    </Section>
  );
}
