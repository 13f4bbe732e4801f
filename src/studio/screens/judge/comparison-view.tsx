/**
 * @file Two answers to one prompt, A and B: judged by keys or buttons, or one of them edited. Nothing here tells whose
 * they are.
 */
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { Pencil, Undo2 } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { JudgedAnswer, Verdict } from '../../../storage/judging-record';
import { usePreference } from '../../text/preferences';
import { TextInput } from '../shell/fields';
import { ProgressView } from '../shell/progress-view';
import { useKeptFocus } from '../shell/use-kept-focus';
import { useText } from '../../text/text';
import { textOfPrompt } from '../../plain/data/prompt-text';
import type { Comparison } from '../../plain/judge/comparisons';
import { judgeKeys } from '../../plain/judge/judge-keys';
import { useJudgeKeys } from './use-judge-keys';

type Side = 'a' | 'b';

const nameOf = (side: Side) => (side === 'a' ? 'A' : 'B');

interface AnswerEditorProps {
  readonly side: Side;
  readonly original: string;
  readonly onSave: (text: string) => void;
  readonly onCancel: () => void;
}

function AnswerEditor({ side, original, onSave, onCancel }: AnswerEditorProps) {
  const {
    common,
    judge: { compare: text },
  } = useText();
  const [draft, setDraft] = useState(original.trim());
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const field = box.current?.querySelector('textarea');
    field?.focus();
    // What is typed goes on from the answer.
    field?.setSelectionRange(field.value.length, field.value.length);
  }, []);
  const isChanged = draft.trim() !== '' && draft.trim() !== original.trim();

  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') onCancel();
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && isChanged) {
      event.preventDefault();
      onSave(draft);
    }
  }

  return (
    <div ref={box} className="judge-editor">
      <TextInput
        label={text.editLabel(nameOf(side))}
        rows={8}
        value={draft}
        onChange={setDraft}
        onKeyDown={onKeyDown}
      />
      <p className="field-help">{text.editHelp}</p>
      <div className="start-row">
        <Button className="button button-primary" isDisabled={!isChanged} onPress={() => onSave(draft)}>
          {text.saveEdit} <kbd>Ctrl + Enter</kbd>
        </Button>
        <Button className="button" onPress={onCancel}>
          {common.cancel} <kbd>Esc</kbd>
        </Button>
      </div>
    </div>
  );
}

interface AnswerCardProps {
  readonly side: Side;
  readonly answer: JudgedAnswer;
  readonly isEdited: boolean;
  /** Begins to edit the answer; null where answers may not be edited. */
  readonly onEdit: (() => void) | null;
  readonly onSave: (text: string) => void;
  readonly onCancel: () => void;
}

function AnswerCard({ side, answer, isEdited, onEdit, onSave, onCancel }: AnswerCardProps) {
  const { compare: text } = useText().judge;
  const label = text.answer(nameOf(side));
  return (
    <article className="answer judge-answer" aria-label={label}>
      <header>
        <h3>{label}</h3>
        {!isEdited && onEdit !== null && (
          <Button className="button button-small" onPress={onEdit}>
            <Pencil aria-hidden="true" /> {text.edit(nameOf(side))}{' '}
            <kbd>{side === 'a' ? judgeKeys.editA : judgeKeys.editB}</kbd>
          </Button>
        )}
      </header>
      {isEdited ? (
        <AnswerEditor side={side} original={answer.text} onSave={onSave} onCancel={onCancel} />
      ) : (
        <div className="answer-text" data-testid={`answer-${side}`}>
          {answer.text.trim() === '' ? <span className="quiet">{text.nothing}</span> : answer.text.trim()}
        </div>
      )}
      {answer.isCut && <p className="answer-figures">{text.isCut}</p>}
    </article>
  );
}

interface VerdictButtonsProps {
  readonly isDisabled: boolean;
  readonly canUndo: boolean;
  readonly onVerdict: (verdict: Verdict) => void;
  readonly onUndo: () => void;
}

function VerdictButtons({ isDisabled, canUndo, onVerdict, onUndo }: VerdictButtonsProps) {
  const { compare: text } = useText().judge;
  const button = (verdict: Verdict, keys: readonly string[]) => (
    <Button
      className="button judge-verdict"
      data-verdict={verdict}
      isDisabled={isDisabled}
      onPress={() => onVerdict(verdict)}
    >
      {text.verdicts[verdict]}
      <span className="judge-keys">
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </span>
    </Button>
  );
  return (
    <div className="judge-verdicts" role="group" aria-label={text.verdict}>
      {button('a', [judgeKeys.a, '←'])}
      {button('tie', [judgeKeys.tie])}
      {button('bad', [judgeKeys.bad])}
      {button('b', [judgeKeys.b, '→'])}
      <Button className="button judge-undo" isDisabled={isDisabled || !canUndo} onPress={onUndo}>
        <Undo2 aria-hidden="true" /> {text.undo} <kbd>{judgeKeys.undo}</kbd>
      </Button>
    </div>
  );
}

export interface ComparisonViewProps {
  readonly comparison: Comparison;
  /** Place of the comparison in its round, where 1 is the first. */
  readonly number: number;
  readonly total: number;
  /** The verdict on the comparison before this one, which screen readers are told; null at the first. */
  readonly last: Verdict | null;
  /** Whether the person who judges may write a better text in place of an answer. */
  readonly canEdit: boolean;
  /** Takes the verdict, and the better text where one was written. */
  readonly onVerdict: (verdict: Verdict, edited?: string) => void;
  readonly onUndo: () => void;
}

export function ComparisonView({ comparison, number, total, last, canEdit, onVerdict, onUndo }: ComparisonViewProps) {
  const {
    common,
    judge: { compare: text, progress },
  } = useText();
  const areSingleKeysOn = usePreference('shortcuts');
  const root = useKeptFocus<HTMLDivElement>();
  const [editing, setEditing] = useState<{ readonly side: Side; readonly number: number } | null>(null);
  // An edit belongs to the comparison at which it was begun.
  const edited = editing?.number === number ? editing.side : null;

  function closeEditor(): void {
    setEditing(null);
    root.current?.focus({ preventScroll: true });
  }

  function decide(verdict: Verdict, edit?: string): void {
    if (edit !== undefined) closeEditor();
    onVerdict(verdict, edit);
  }

  useJudgeKeys((action) => {
    if (edited !== null) return;
    if (action === 'undo') onUndo();
    else if ('edit' in action) {
      if (canEdit) setEditing({ side: action.edit, number });
    } else decide(action.verdict);
  });

  return (
    <div ref={root} className="judge-comparison" tabIndex={-1} data-testid="comparison">
      <ProgressView
        label={progress.judged}
        done={number - 1}
        total={total}
        valueText={progress.judgedValue(number - 1, total)}
      />
      <div className="judge-prompt">
        <h3>{common.prompt}</h3>
        <p className="answer-text">{textOfPrompt(comparison.prompt)}</p>
      </div>
      <div className="answers judge-answers">
        {(['a', 'b'] as const).map((side) => (
          <AnswerCard
            key={side}
            side={side}
            answer={comparison[side]}
            isEdited={edited === side}
            onEdit={canEdit ? () => setEditing({ side, number }) : null}
            onSave={(words) => decide(side, words)}
            onCancel={closeEditor}
          />
        ))}
      </div>
      <VerdictButtons isDisabled={edited !== null} canUndo={number > 1} onVerdict={decide} onUndo={onUndo} />
      {!areSingleKeysOn && <p className="quiet">{text.keysOff}</p>}
      <span className="visually-hidden" role="status">
        {last !== null && text.said[last]} {text.heading(number)}
      </span>
    </div>
  );
}
