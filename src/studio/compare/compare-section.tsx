/** @file Step 4: one prompt, answered by base, SFT and DPO side by side. */
import type { KeyboardEvent } from 'react';
import { SendHorizontal, Square } from 'lucide-react';
import { Button, Label, Switch, TextArea, TextField } from 'react-aria-components';
import { FailureNote } from '../shell/failure-note';
import { NumberInput } from '../shell/fields';
import { Section } from '../shell/section';
import { StarterResult } from '../starter/starter-result';
import { adaptersFor, columnKeys, readSampling, samplingFields, type SamplingKey } from '../stores/compare';
import { useBusyReason, useStudio, useStudioState } from '../studio';
import { AnswerColumn } from './answer-column';

const samplingKeys = Object.keys(samplingFields) as SamplingKey[];

function SamplingInputs() {
  const { compare } = useStudio();
  const sampling = useStudioState('compare', (state) => state.sampling);
  const { problems } = readSampling(sampling);
  return (
    <fieldset className="sampling">
      <legend>Sampling</legend>
      {samplingKeys.map((key) => (
        <NumberInput
          key={key}
          label={samplingFields[key].label}
          help={samplingFields[key].help}
          value={sampling[key]}
          problem={problems[key]}
          onChange={(text) => compare.getState().setSampling({ [key]: text })}
        />
      ))}
    </fieldset>
  );
}

function MessageForm({ hasTemplate }: { readonly hasTemplate: boolean | null }) {
  const { compare } = useStudio();
  const plainText = useStudioState('compare', (state) => state.plainText);
  if (hasTemplate === null) return null;
  if (!hasTemplate) return <p className="message-form quiet">This model has no chat template: it continues the text as it stands.</p>;
  return (
    <div className="message-form">
      <p className="quiet">
        {plainText ? 'The text is sent as it stands, for the model to continue.' : 'The text is sent as a user’s message, in the model’s chat template.'}
      </p>
      <Switch className="switch" isSelected={plainText} onChange={(on) => compare.getState().setPlainText(on)}>
        <span className="switch-track" aria-hidden="true" />
        Plain text
      </Switch>
    </div>
  );
}

export function CompareSection() {
  const { compare } = useStudio();
  const prompt = useStudioState('compare', (state) => state.prompt);
  const sampling = useStudioState('compare', (state) => state.sampling);
  const generating = useStudioState('compare', (state) => state.generating);
  const stopping = useStudioState('compare', (state) => state.stopping);
  const failure = useStudioState('compare', (state) => state.failure);
  const isFinished = useStudioState('compare', (state) => !state.generating && Object.keys(state.answers).length > 0);
  const summary = useStudioState('model', (state) => state.summary);
  const runs = useStudioState('library', (state) => state.runs);
  const busy = useBusyReason();

  const obstacle =
    summary === null ? 'Choose a model first (step 1).'
    : readSampling(sampling).options === null ? 'A sampling setting needs correction.'
    : prompt.trim() === '' ? 'Write a prompt.'
    : busy;

  function sendOnCtrlEnter(event: KeyboardEvent): void {
    // While an input method composes, Enter belongs to it.
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (obstacle === null) void compare.getState().generate();
  }

  return (
    <Section id="compare" number={4} title="Compare" lead="What the adapters changed, on a prompt of your own.">
      <StarterResult />
      <TextField className="field prompt-field" value={prompt} onChange={(text) => compare.getState().setPrompt(text)}>
        <Label>Prompt</Label>
        <TextArea rows={4} placeholder="Ask what the pairs were about" onKeyDown={sendOnCtrlEnter} />
      </TextField>
      <SamplingInputs />
      <div className="start-row">
        {generating ? (
          <Button className="button button-stop" isDisabled={stopping} onPress={() => compare.getState().stop()}>
            <Square aria-hidden="true" /> {stopping ? 'Stopping…' : 'Stop'}
          </Button>
        ) : (
          <Button className="button button-primary" isDisabled={obstacle !== null} onPress={() => void compare.getState().generate()}>
            <SendHorizontal aria-hidden="true" /> Generate
          </Button>
        )}
        {!generating && <p className={obstacle === null ? 'quiet' : 'obstacle'}>{obstacle ?? 'or Ctrl+Enter'}</p>}
        <MessageForm hasTemplate={summary?.hasChatTemplate ?? null} />
      </div>
      {failure !== null && <FailureNote failure={failure} />}
      <div className="answers">
        {columnKeys.map((column) => (
          <AnswerColumn
            key={column}
            column={column}
            candidates={column === 'base' ? [] : adaptersFor(runs, summary?.fingerprint, column)}
          />
        ))}
      </div>
      <span className="visually-hidden" role="status">
        {generating ? 'Generating answers.' : isFinished ? 'Answers finished.' : ''}
      </span>
    </Section>
  );
}
