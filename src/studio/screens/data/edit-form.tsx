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
import { readScores, type TypedScores } from '../../plain/data/edited-scores';
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

/** A pair that is being edited, with its scores as typed. */
export interface PairDraft {
  readonly pair: PreferencePair;
  readonly scores: TypedScores;
}

/** The answers change places, and their scores with them; by how much the better one led falls away. */
const swapped = ({ pair, scores }: PairDraft): PairDraft => ({
  pair: { ...pair, chosen: pair.rejected, rejected: pair.chosen, margin: undefined } as PreferencePair,
  scores: { chosen: scores.rejected, rejected: scores.chosen },
});

/** What a file or a reward gave the two answers; both, or neither. */
function ScoreFields({
  typed,
  onChange,
}: {
  readonly typed: TypedScores;
  readonly onChange: (to: TypedScores) => void;
}) {
  const { common, quality: text } = useText();
  const { problems } = readScores(typed);
  return (
    <div className="field-grid">
      {(['chosen', 'rejected'] as const).map((side) => (
        <NumberInput
          key={side}
          label={text.scoreOf(common[side])}
          code={`${side}_score`}
          help={text.scoreHelp}
          value={typed[side]}
          problem={problems[side]}
          onChange={(value) => onChange({ ...typed, [side]: value })}
        />
      ))}
    </div>
  );
}

export interface EditFormProps {
  /** "Pair 3", as a sentence about it begins. */
  readonly name: string;
  readonly place: string;
  readonly pair: PreferencePair;
  readonly draft: PairDraft;
  /** Whether pairs of the data set have scores. */
  readonly hasScores: boolean;
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
  const { name, place, pair, draft, hasScores, isLocked, isGone, isLeaving, onChange, onDiscard, onCancel, onSave } =
    props;
  const { common, data, quality: text } = useText();
  const said = useSaid();
  const [problem, setProblem] = useState<Message | null>(null);
  const change = (changed: Partial<PreferencePair>) =>
    onChange({ ...draft, pair: { ...draft.pair, ...changed } as PreferencePair });

  function save(): void {
    const checked = checkEdit(pair, draft.pair, common);
    const { scores, problems } = readScores(draft.scores);
    if ('problem' in checked) setProblem(checked.problem);
    else if (Object.keys(problems).length === 0) {
      const { margin } = draft.pair;
      onSave(margin === undefined ? checked.pair : { ...checked.pair, margin }, scores);
    }
  }

  return (
    <>
      <p className="quiet">{place}</p>
      {parts.map((part) => (
        <PartFields key={part} part={part} value={draft.pair[part]} onChange={(value) => change({ [part]: value })} />
      ))}
      {hasScores && <ScoreFields typed={draft.scores} onChange={(scores) => onChange({ ...draft, scores })} />}
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
