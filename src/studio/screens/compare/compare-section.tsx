/** @file One prompt, answered by up to four columns side by side. */
import { useMemo, useState, type KeyboardEvent } from 'react';
import { Plus, SendHorizontal, Square } from 'lucide-react';
import { Button, Switch } from 'react-aria-components';
import { FailureNote } from '../shell/failure-note';
import { NumberInput, TextInput } from '../shell/fields';
import { Section } from '../shell/section';
import { StarterResultView } from '../starter/starter-result-view';
import { sayingOf } from '../../plain/compare/saying';
import type { Answer } from '../../plain/compare/answers';
import { isUnjudged } from '../../plain/compare/judged-best';
import { preferredColumn } from '../../plain/compare/policies';
import { ownModel } from '../../stores/open-model';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';
import { readSampling, samplingFields, type SamplingKey } from '../../plain/compare/sampling';
import { AnswerColumn, type AnswerShading } from './answer-column';
import { FirstAnswersView } from './first-answers-view';
import { maxColumns, type Column } from '../../plain/compare/columns';
import { ShadingControls, useAbleColumns } from './shading-controls';
import { heatLimit, heatOf } from '../../plain/compare/token-heat';
import { useColumnColours, useColumnName } from './use-column-name';

const samplingKeys = Object.keys(samplingFields) as SamplingKey[];

/** The settings folded away, their values in the line that opens them. They stay open while one needs correction. */
function SamplingFold() {
  const { compare: text } = useText();
  const sampling = useStudioState('compare', (state) => state.sampling);
  const [isOpen, setOpen] = useState(false);
  const { options } = readSampling(sampling);
  return (
    <details
      className="sampling-fold"
      open={isOpen || options === null}
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary>
        {text.samplingTitle}{' '}
        <span className="quiet">{options === null ? text.samplingWrong : text.samplingLine(options)}</span>
      </summary>
      <SamplingInputs />
    </details>
  );
}

function SamplingInputs() {
  const { compare } = useStudio();
  const { compare: text } = useText();
  const sampling = useStudioState('compare', (state) => state.sampling);
  const { problems } = readSampling(sampling);
  return (
    <fieldset className="sampling" aria-label={text.samplingTitle}>
      {samplingKeys.map((key) => {
        const { label, help } = text.sampling[key];
        return (
          <NumberInput
            key={key}
            label={label}
            help={help}
            value={sampling[key]}
            problem={problems[key]}
            onChange={(value) => compare.getState().setSampling({ [key]: value })}
          />
        );
      })}
    </fieldset>
  );
}

function MessageForm({ hasTemplate }: { readonly hasTemplate: boolean | null }) {
  const { compare } = useStudio();
  const { compare: text } = useText();
  const plainText = useStudioState('compare', (state) => state.plainText);
  if (hasTemplate === null) return null;
  if (!hasTemplate) return <p className="message-form quiet">{text.noTemplate}</p>;
  return (
    <div className="message-form">
      <p className="quiet">{plainText ? text.sentAsText : text.sentAsChat}</p>
      <Switch className="switch" isSelected={plainText} onChange={(on) => compare.getState().setPlainText(on)}>
        <span className="switch-track" aria-hidden="true" />
        {text.plainText}
      </Switch>
    </div>
  );
}

function AnswerColumns() {
  const { compare } = useStudio();
  const { compare: text } = useText();
  const columns = useStudioState('compare', (state) => state.columns);
  const answers = useStudioState('compare', (state) => state.answers);
  const shading = useStudioState('compare', (state) => state.shading);
  const wantedFrom = useStudioState('compare', (state) => state.differencesFrom);
  const scores = useStudioState('compare', (state) => state.scores);
  const generating = useStudioState('compare', (state) => state.generating);
  const nameOf = useColumnName();
  const colours = useColumnColours();
  const { answering } = useAbleColumns();
  const limit = useMemo(() => heatLimit(Object.values(scores?.answers ?? {}).map(heatOf)), [scores]);
  const chosen = preferredColumn(
    wantedFrom,
    answering.map(({ id }) => id),
  );
  const from = answering.find(({ id }) => id === chosen);
  const known = from === undefined ? undefined : answers[from.id];

  function shadingOf({ id }: Column): AnswerShading {
    if (shading === 'tokens') return scores === null ? null : { kind: 'tokens', scores, limit };
    if (shading === 'none' || from === undefined || from.id === id || known === undefined) return null;
    // Half an answer differs from a whole one in what is still to come, and none stands where a judge has to choose.
    const isOpen = (answer: Answer | undefined) => answer?.finish === null || isUnjudged(answer);
    return isOpen(known) || isOpen(answers[id]) ? null : { kind: 'differences', from: nameOf(from), text: known.text };
  }

  return (
    <>
      <div className="shading-head">
        <ShadingControls scores={scores} limit={limit} />
        <Button
          className="button"
          isDisabled={columns.length >= maxColumns || generating}
          onPress={() => compare.getState().addColumn()}
        >
          <Plus aria-hidden="true" /> {text.addColumn}
        </Button>
      </div>
      <div className="answers compare-answers">
        {columns.map((column, index) => (
          <AnswerColumn key={column.id} column={column} colour={colours[index] ?? 'base'} shading={shadingOf(column)} />
        ))}
      </div>
    </>
  );
}

/** Why nothing can be generated now; null when it can. */
function useCompareObstacle(): string | null {
  const { common, compare: text } = useText();
  const isWritten = useStudioState('compare', (state) => state.prompt.trim() !== '');
  const sampling = useStudioState('compare', (state) => state.sampling);
  const hasModel = useStudioState('model', ownModel) !== null;
  const busy = useBusyReason();
  if (!hasModel) return common.chooseModelFirst;
  if (readSampling(sampling).options === null) return text.samplingWrong;
  return isWritten ? busy : text.writePrompt;
}

function GenerateRow({ obstacle }: { readonly obstacle: string | null }) {
  const { compare } = useStudio();
  const { common, compare: text } = useText();
  const generating = useStudioState('compare', (state) => state.generating);
  const stopping = useStudioState('compare', (state) => state.stopping);
  const hasTemplate = useStudioState('model', ownModel)?.hasChatTemplate ?? null;
  return (
    <div className="start-row">
      {generating ? (
        <Button className="button button-stop" isDisabled={stopping} onPress={() => compare.getState().stop()}>
          <Square aria-hidden="true" /> {stopping ? common.stopping : common.stop}
        </Button>
      ) : (
        <Button
          className="button button-primary"
          isDisabled={obstacle !== null}
          onPress={() => void compare.getState().generate()}
        >
          <SendHorizontal aria-hidden="true" /> {text.generate}
        </Button>
      )}
      {!generating && <p className={obstacle === null ? 'quiet' : 'obstacle'}>{obstacle ?? text.orCtrlEnter}</p>}
      <MessageForm hasTemplate={hasTemplate} />
    </div>
  );
}

export function CompareSection() {
  const { compare } = useStudio();
  const { common, compare: text } = useText();
  const prompt = useStudioState('compare', (state) => state.prompt);
  const failure = useStudioState('compare', (state) => state.failure);
  const saying = useStudioState('compare', (state) =>
    sayingOf({
      generating: state.generating,
      hasAsked: state.asked !== null,
      isExample: state.shownExample !== null,
      hasFailed: state.failure !== null,
      answers: state.answers,
    }),
  );
  const obstacle = useCompareObstacle();

  function sendOnCtrlEnter(event: KeyboardEvent): void {
    // While an input method composes, Enter belongs to it.
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (obstacle === null) void compare.getState().generate();
  }

  return (
    <Section id="compare" title={text.title} lead={text.lead}>
      <StarterResultView />
      <TextInput
        label={common.prompt}
        rows={4}
        placeholder={text.placeholder}
        value={prompt}
        onChange={(value) => compare.getState().setPrompt(value)}
        onKeyDown={sendOnCtrlEnter}
      />
      <SamplingFold />
      <GenerateRow obstacle={obstacle} />
      {failure !== null && <FailureNote failure={failure} />}
      <FirstAnswersView />
      <AnswerColumns />
      <span className="visually-hidden" role="status">
        {saying === null ? '' : text[saying]}
      </span>
    </Section>
  );
}
