/**
 * @file Two answers to one prompt, A and B: judged by keys or buttons, or one of them edited. Nothing here tells whose
 * they are.
 */
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { Pencil, SkipForward, Undo2 } from 'lucide-react';
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

interface AnswerCardsProps {
  readonly comparison: Comparison;
  readonly edited: Side | null;
  readonly onEdit: ((side: Side) => void) | null;
  readonly onSave: (side: Side, text: string) => void;
  readonly onCancel: () => void;
}

function AnswerCards({ comparison, edited, onEdit, onSave, onCancel }: AnswerCardsProps) {
  return (
    <div className="answers judge-answers">
      {(['a', 'b'] as const).map((side) => (
        <AnswerCard
          key={side}
          side={side}
          answer={comparison[side]}
          isEdited={edited === side}
          onEdit={onEdit && (() => onEdit(side))}
          onSave={(words) => onSave(side, words)}
          onCancel={onCancel}
        />
      ))}
    </div>
  );
}

interface VerdictButtonsProps {
  readonly isDisabled: boolean;
  readonly canUndo: boolean;
  readonly onVerdict: (verdict: Verdict) => void;
  /** Absent where nothing may be skipped. */
  readonly onSkip?: (() => void) | undefined;
  readonly onUndo: () => void;
}

function VerdictButtons({ isDisabled, canUndo, onVerdict, onSkip, onUndo }: VerdictButtonsProps) {
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
      {onSkip !== undefined && (
        <Button className="button judge-undo" isDisabled={isDisabled} onPress={onSkip}>
          <SkipForward aria-hidden="true" /> {text.skip} <kbd>{judgeKeys.skip}</kbd>
        </Button>
      )}
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
  /** Null while answers are still being written: how many comparisons they make is not known before. */
  readonly total: number | null;
  /** How long the rest takes, in words; null where that cannot be said. */
  readonly timeLeft?: string | null;
  /** What makes an answer good; empty where nobody wrote it. */
  readonly guideline?: string;
  /** The verdict on the comparison before this one, which screen readers are told; null at the first. */
  readonly last: Verdict | null;
  /** Whether the person who judges may write a better text in place of an answer. */
  readonly canEdit: boolean;
  /** Takes the verdict, the better text where one was written, and the comment where there is one. */
  readonly onVerdict: (verdict: Verdict, edited?: string, comment?: string) => void;
  /** Leaves it undecided, with the comment; absent where nothing may be skipped, and then there are no comments. */
  readonly onSkip?: (comment: string) => void;
  readonly onUndo: () => void;
}

function AskedPrompt({ prompt }: Pick<Comparison, 'prompt'>) {
  const { common } = useText();
  return (
    <div className="judge-prompt">
      <h3>{common.prompt}</h3>
      <p className="answer-text">{textOfPrompt(prompt, common.roles)}</p>
    </div>
  );
}

/** A comment on the comparison of this number; the next one begins without. */
function useComment(number: number): readonly [comment: string, setComment: (text: string) => void] {
  const [written, setWritten] = useState({ number, text: '' });
  return [written.number === number ? written.text : '', (text) => setWritten({ number, text })];
}

/** What makes an answer good; nothing where nobody wrote it. */
function Guideline({ text }: { readonly text: string }) {
  const { compare } = useText().judge;
  if (text.trim() === '') return null;
  return (
    <details className="judge-guideline" open>
      <summary>{compare.guideline}</summary>
      <p className="answer-text">{text.trim()}</p>
    </details>
  );
}

export function ComparisonView(props: ComparisonViewProps) {
  const { comparison, number, total, last, canEdit, onVerdict, onSkip, onUndo, timeLeft = null } = props;
  const { compare: text, progress } = useText().judge;
  const areSingleKeysOn = usePreference('shortcuts');
  const root = useKeptFocus<HTMLDivElement>();
  const [editing, setEditing] = useState<{ readonly side: Side; readonly number: number } | null>(null);
  // An edit belongs to the comparison at which it was begun.
  const edited = editing?.number === number ? editing.side : null;

  const [comment, setComment] = useComment(number);

  function closeEditor(): void {
    setEditing(null);
    root.current?.focus({ preventScroll: true });
  }

  function decide(verdict: Verdict, edit?: string): void {
    if (edit !== undefined) closeEditor();
    onVerdict(verdict, edit, comment);
  }

  useJudgeKeys((action) => {
    if (edited !== null) return;
    if (action === 'undo') onUndo();
    else if (action === 'skip') onSkip?.(comment);
    else if ('edit' in action) {
      if (canEdit) setEditing({ side: action.edit, number });
    } else decide(action.verdict);
  });

  return (
    <div ref={root} className="judge-comparison" tabIndex={-1} data-testid="comparison">
      <ProgressView
        label={progress.judged}
        done={number - 1}
        total={total ?? 0}
        valueText={
          total === null ? progress.judgedSoFar(number - 1) : progress.judgedValue(number - 1, total, timeLeft)
        }
      />
      <Guideline text={props.guideline ?? ''} />
      <AskedPrompt prompt={comparison.prompt} />
      <AnswerCards
        comparison={comparison}
        edited={edited}
        onEdit={canEdit ? (side) => setEditing({ side, number }) : null}
        onSave={decide}
        onCancel={closeEditor}
      />
      {onSkip !== undefined && (
        <TextInput label={text.comment} value={comment} maxLength={1000} onChange={setComment} />
      )}
      <VerdictButtons
        isDisabled={edited !== null}
        canUndo={number > 1}
        onVerdict={decide}
        onSkip={onSkip && (() => onSkip(comment))}
        onUndo={onUndo}
      />
      {!areSingleKeysOn && <p className="quiet">{text.keysOff}</p>}
      <span className="visually-hidden" role="status">
        {last !== null && text.said[last]} {text.heading(number)}
      </span>
    </div>
  );
}
