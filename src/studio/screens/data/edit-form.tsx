/**
 * @file One pair in full, to read and to change: a field a text, or one a message. What is no pair is said, not saved.
 */
import type { Message } from '../../../messages/message';
import { useState } from 'react';
import { ArrowLeftRight } from 'lucide-react';
import { Button } from 'react-aria-components';
import { checkCandidate, checkOneAnswer, type Checked, type PartNames } from '../../../data/import/check-record';
import { hasAnswer, type ChatMessage, type PairScores, type PreferencePair } from '../../../data/preference-pair';
import { NumberInput, TextInput } from '../shell/fields';
import { readMargin, readScores, withMargin, type TypedScores } from '../../plain/data/edited-scores';
import { nameOfRole } from '../../plain/data/prompt-text';
import { useSaid } from '../../text/said';
import { useText } from '../../text/text';

const parts = ['prompt', 'chosen', 'rejected'] as const;
type Part = (typeof parts)[number];
/** Lines that a field shows for a text, estimated at 90 characters a line. */
const rowsOf = (text: string) => Math.min(10, Math.max(2, Math.ceil(text.length / 90)));

interface PartFieldsProps {
  readonly part: Part;
  readonly value: PreferencePair[Part];
  readonly onChange: (value: string | readonly ChatMessage[]) => void;
}

/** One part of the pair as fields: a single one for a text, one for each message of a conversation. */
function PartFields({ part, value, onChange }: PartFieldsProps) {
  const { common } = useText();
  if (typeof value === 'string')
    return <TextInput label={common[part]} rows={rowsOf(value)} value={value} onChange={onChange} />;
  return (
    <fieldset className="messages">
      <legend>{common[part]}</legend>
      {value.map(({ role, content }, i) => (
        <TextInput
          key={i}
          label={nameOfRole(role, common.roles)}
          rows={rowsOf(content)}
          value={content}
          onChange={(words) => onChange(value.with(i, { role, content: words }))}
        />
      ))}
    </fieldset>
  );
}

/**
 * What is wrong with an edit. A pair that never had one of its answers may go on without it.
 * @param names what the page calls the parts
 */
function checkEdit(before: PreferencePair, draft: PreferencePair, names: PartNames): Checked {
  const isNew = !hasAnswer(before, 'chosen') && !hasAnswer(before, 'rejected');
  const absent = (['chosen', 'rejected'] as const).find((side) => !hasAnswer(before, side) && !hasAnswer(draft, side));
  if (isNew || absent === undefined) return checkCandidate(draft, names);
  const side = absent === 'chosen' ? 'rejected' : 'chosen';
  return checkOneAnswer(
    { prompt: draft.prompt, answer: draft[side] },
    { prompt: names.prompt, answer: names[side] },
    side === 'chosen',
  );
}

/** A pair that is being edited, with its scores and its margin as typed. */
export interface PairDraft {
  readonly pair: PreferencePair;
  readonly scores: TypedScores;
  readonly margin: string;
}

/** What numbers pairs of a data set have, for which there are fields. */
export interface PairNumbers {
  readonly hasScores: boolean;
  readonly hasMargins: boolean;
}

/** The answers change places, and their scores with them; by how much the better one led falls away. */
const swapped = ({ pair, scores }: Omit<PairDraft, 'margin'>): PairDraft => ({
  pair: { ...pair, chosen: pair.rejected, rejected: pair.chosen } as PreferencePair,
  scores: { chosen: scores.rejected, rejected: scores.chosen },
  margin: '',
});

/** What a file or a reward gave the two answers, both or neither, and by how much the better one is to lead. */
function NumbersOfPair({
  draft,
  hasScores,
  hasMargins,
  onChange,
}: PairNumbers & { readonly draft: PairDraft; readonly onChange: (draft: PairDraft) => void }) {
  const { common, quality: text } = useText();
  const { scores } = draft;
  const { problems } = readScores(scores);
  if (!hasScores && !hasMargins) return null;
  return (
    <div className="field-grid">
      {hasScores &&
        (['chosen', 'rejected'] as const).map((side) => (
          <NumberInput
            key={side}
            label={text.scoreOf(common[side])}
            code={`${side}_score`}
            help={text.scoreHelp}
            value={scores[side]}
            problem={problems[side]}
            onChange={(value) => onChange({ ...draft, scores: { ...scores, [side]: value } })}
          />
        ))}
      {hasMargins && (
        <NumberInput
          label={text.margin}
          code="margin"
          help={text.marginHelp}
          value={draft.margin}
          problem={readMargin(draft.margin).problem}
          onChange={(margin) => onChange({ ...draft, margin })}
        />
      )}
    </div>
  );
}

export interface EditFormProps extends PairNumbers {
  /** "Pair 3", as a sentence about it begins. */
  readonly name: string;
  readonly place: string;
  readonly pair: PreferencePair;
  readonly draft: PairDraft;
  readonly isLocked: boolean;
  /** Whether another tab changed or deleted the pair meanwhile. */
  readonly isGone: boolean;
  /** Whether the form is about to be left with what is not saved. */
  readonly isLeaving: boolean;
  readonly onChange: (draft: PairDraft) => void;
  readonly onDiscard: () => void;
  readonly onCancel: () => void;
  readonly onSave: (pair: PreferencePair, scores: PairScores | null) => void;
}

function Unsaved({ isLocked, onSave, onDiscard }: { isLocked: boolean; onSave: () => void; onDiscard: () => void }) {
  const { quality: text } = useText();
  return (
    <div className="note note-warning" role="alert">
      <p className="note-body">{text.unsaved}</p>
      <Button className="button button-small" autoFocus onPress={onDiscard}>
        {text.discard}
      </Button>
      <Button className="button button-small" isDisabled={isLocked} onPress={onSave}>
        {text.saveIt}
      </Button>
    </div>
  );
}

export function EditForm(props: EditFormProps) {
  const { name, place, pair, draft, isLocked, isGone, isLeaving, onChange, onDiscard, onCancel, onSave } = props;
  const { common, data, quality: text } = useText();
  const said = useSaid();
  const [problem, setProblem] = useState<Message | null>(null);
  const change = (changed: Partial<PreferencePair>) =>
    onChange({ ...draft, pair: { ...draft.pair, ...changed } as PreferencePair });

  function save(): void {
    const checked = checkEdit(pair, draft.pair, common);
    const { scores, problems } = readScores(draft.scores);
    const { margin, problem: ofMargin } = readMargin(draft.margin);
    if ('problem' in checked) setProblem(checked.problem);
    else if (Object.keys(problems).length === 0 && ofMargin === undefined)
      onSave(withMargin(checked.pair, margin), scores);
  }

  return (
    <>
      <p className="quiet">{place}</p>
      {parts.map((part) => (
        <PartFields key={part} part={part} value={draft.pair[part]} onChange={(value) => change({ [part]: value })} />
      ))}
      <NumbersOfPair {...props} />
      {problem !== null && (
        <p className="note note-error" role="alert">
          {name} {said(problem)}
        </p>
      )}
      {isGone && (
        <p className="note note-error" role="alert">
          {text.gone}
        </p>
      )}
      {isLeaving && <Unsaved isLocked={isLocked || isGone} onSave={save} onDiscard={onDiscard} />}
      {isLocked && <p className="quiet">{data.locked}</p>}
      <div className="dialog-actions">
        <Button className="button button-primary" isDisabled={isLocked || isGone} onPress={save}>
          {text.save}
        </Button>
        <Button className="button" onPress={onCancel}>
          {common.cancel}
        </Button>
        <Button className="button edit-swap" onPress={() => onChange(swapped(draft))}>
          <ArrowLeftRight aria-hidden="true" /> {text.swap}
        </Button>
      </div>
    </>
  );
}
