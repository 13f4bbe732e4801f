/**
 * @file The form that begins a round: which prompts, who answers, and how; and what to do next where something is
 * missing.
 */
import { Scale } from 'lucide-react';
import { Button, Checkbox, CheckboxGroup, Label } from 'react-aria-components';
import { NumberInput, TextInput } from '../shell/fields';
import { RadioRow } from '../shell/radio-row';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';
import { answeringRuns } from '../../plain/runs/answering-runs';
import {
  baseVoice,
  datasetPrompts,
  planRound,
  type JudgeNumberKey,
  type ReadJudgeForm,
} from '../../plain/judge/judge-form';

const answerKeys: readonly JudgeNumberKey[] = ['answersEach', 'temperature', 'maxNewTokens', 'seed'];

interface RoundNumbersProps {
  readonly keys: readonly JudgeNumberKey[];
  readonly problems: ReadJudgeForm['problems'];
}

function RoundNumbers({ keys, problems }: RoundNumbersProps) {
  const { judge } = useStudio();
  const { form: text } = useText().judge;
  const form = useStudioState('judge', (state) => state.form);
  return keys.map((key) => {
    const { label, help } = text.numbers[key];
    return (
      <NumberInput
        key={key}
        label={label}
        help={help}
        value={form[key]}
        problem={problems[key]}
        onChange={(value) => judge.getState().setForm({ [key]: value })}
      />
    );
  });
}

function RoundPrompts({ problems }: Pick<RoundNumbersProps, 'problems'>) {
  const { judge } = useStudio();
  const { form: text } = useText().judge;
  const { source, prompts } = useStudioState('judge', (state) => state.form);
  const rows = useStudioState('dataset', (state) => state.rows);
  const hasTemplate = useStudioState('model', (state) => state.summary?.hasChatTemplate ?? true);
  return (
    <div className="judge-prompts">
      <RadioRow
        label={text.source}
        value={source}
        options={(['typed', 'dataset'] as const).map((id) => ({ id, label: text[id] }))}
        onChange={(chosen) => judge.getState().setForm({ source: chosen })}
      />
      {source === 'typed' ? (
        <TextInput
          label={text.prompts}
          rows={6}
          placeholder={text.placeholder}
          value={prompts}
          onChange={(value) => judge.getState().setForm({ prompts: value })}
        />
      ) : (
        <div className="field-grid">
          <RoundNumbers keys={['count']} problems={problems} />
          <p className="quiet">{text.datasetPrompts(datasetPrompts(rows, hasTemplate).length)}</p>
        </div>
      )}
    </div>
  );
}

function Voices() {
  const { judge } = useStudio();
  const { form: text } = useText().judge;
  const chosen = useStudioState('judge', (state) => state.form.voices);
  const fingerprint = useStudioState('model', (state) => state.summary?.fingerprint);
  const allRuns = useStudioState('library', (state) => state.runs);
  const runs = answeringRuns(allRuns, fingerprint);
  const voices = [{ id: baseVoice, name: text.base }, ...runs];
  return (
    <div className="judge-voices">
      <CheckboxGroup
        className="inline-checkboxes"
        value={[...chosen]}
        onChange={(ids) => judge.getState().setForm({ voices: ids })}
      >
        <Label>{text.voices}</Label>
        {voices.map(({ id, name }) => (
          <Checkbox key={id} className="checkbox" value={id}>
            <span className="checkbox-box" aria-hidden="true" />
            {name}
          </Checkbox>
        ))}
      </CheckboxGroup>
      {runs.length === 0 && <p className="quiet">{text.noAdapters}</p>}
    </div>
  );
}

/** The form as read against the open model, its runs and the pairs; null without a model. */
function useReadRoundForm(): ReadJudgeForm | null {
  const form = useStudioState('judge', (state) => state.form);
  const model = useStudioState('model', (state) => state.summary);
  const runs = useStudioState('library', (state) => state.runs);
  const rows = useStudioState('dataset', (state) => state.rows);
  return model === null ? null : planRound(form, { model, runs, rows });
}

function FirstSteps() {
  const { empty: text } = useText().judge;
  const hasModel = useStudioState('model', (state) => state.summary !== null);
  return (
    <div className="note note-info">
      <Scale aria-hidden="true" />
      <div className="note-body">
        <p>
          <strong>{text.title}</strong>
        </p>
        <p>
          {hasModel ? text.steps : text.stepsFromModel} {text.orFile}
        </p>
      </div>
    </div>
  );
}

function GuidelineField() {
  const { judge } = useStudio();
  const { form: text } = useText().judge;
  const guideline = useStudioState('judge', (state) => state.form.guideline);
  return (
    <div className="judge-voices">
      <TextInput
        label={text.guideline}
        rows={2}
        maxLength={4000}
        value={guideline}
        onChange={(value) => judge.getState().setForm({ guideline: value })}
      />
      <p className="field-help">{text.guidelineHint}</p>
    </div>
  );
}

function AnnotatorField() {
  const { judge } = useStudio();
  const { form: text } = useText().judge;
  const annotator = useStudioState('judge', (state) => state.form.annotator);
  return (
    <div className="judge-annotator">
      <TextInput
        label={text.annotator}
        value={annotator}
        maxLength={60}
        onChange={(value) => judge.getState().setForm({ annotator: value })}
      />
      <p className="field-help">{text.annotatorHint}</p>
    </div>
  );
}

/** Begins the round, or says what it lacks; else how many answers and comparisons it will have. */
function StartRound({ read }: { readonly read: ReadJudgeForm | null }) {
  const { judge } = useStudio();
  const { common, judge: text } = useText();
  const busy = useBusyReason();
  const plan = read?.plan ?? null;
  const obstacle =
    read === null ? common.chooseModelFirst : read.obstacle !== null ? text.obstacles[read.obstacle] : busy;
  const perPrompt = plan === null ? 0 : plan.voices.length * plan.answersEach;
  return (
    <div className="start-row">
      <Button
        className="button button-primary button-large"
        isDisabled={obstacle !== null}
        onPress={() => void judge.getState().start()}
      >
        <Scale aria-hidden="true" /> {text.start}
      </Button>
      {obstacle !== null ? (
        <p className="obstacle">{obstacle}</p>
      ) : (
        plan !== null && (
          <p className="quiet">
            {text.form.plan(
              plan.prompts.length,
              plan.prompts.length * perPrompt,
              (plan.prompts.length * perPrompt * (perPrompt - 1)) / 2,
            )}
          </p>
        )
      )}
    </div>
  );
}

export function RoundForm() {
  const { form: text } = useText().judge;
  const read = useReadRoundForm();
  const problems = read?.problems ?? {};
  return (
    <>
      <FirstSteps />
      <RoundPrompts problems={problems} />
      <Voices />
      <fieldset className="sampling judge-sampling">
        <legend>{text.settings}</legend>
        <RoundNumbers keys={answerKeys} problems={problems} />
      </fieldset>
      <GuidelineField />
      <AnnotatorField />
      <StartRound read={read} />
    </>
  );
}
