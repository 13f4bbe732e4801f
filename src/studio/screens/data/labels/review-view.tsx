/** @file The doubtful labels as lists, and the one that is looked at: its texts, how sure the judge is, what to do. */
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { Undo2 } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { LabelFinding } from '../../../../evaluation/label-doctor';
import type { JudgedLabels } from '../../../../storage/label-review-record';
import type { DatasetRow } from '../../../../storage/records';
import { differencesFrom } from '../../../plain/compare/differences';
import {
  labelFindings,
  listDoubtful,
  listOpen,
  type DoubtedRow,
  type ReviewList,
} from '../../../plain/data/label-review';
import { textsOf } from '../../../plain/data/pair-text';
import { textOfPrompt } from '../../../plain/data/prompt-text';
import { readReviewKey, reviewKeys, type ReviewAction } from '../../../plain/data/review-keys';
import { formatShare } from '../../../text/format';
import { useText } from '../../../text/text';
import { RadioRow } from '../../shell/radio-row';
import { useKeptFocus } from '../../shell/use-kept-focus';
import { useStudio, useStudioState } from '../../use-studio';
import { useIsLocked } from '../use-is-locked';

/** Labels that a list shows at once. */
const mostListed = 100;
/** Characters of a prompt that stand in the list. */
const listedCharacters = 120;

const optionId = ({ label, index }: DoubtedRow) => `label-${label.slice(0, -1)}-${index}`;

/** No judge is quite sure. */
const sureness = ({ probability }: DoubtedRow) => formatShare(Math.min(probability, 0.99));

interface LabelListProps {
  readonly list: RefObject<HTMLDivElement | null>;
  readonly name: string;
  readonly open: readonly DoubtedRow[];
  readonly rows: readonly DatasetRow[];
  readonly place: number;
  readonly onPlace: (place: number) => void;
  readonly onKey: (action: ReviewAction) => void;
}

/** One stop of the Tab key; the arrows choose within. */
function LabelList({ list, name, open, rows, place, onPlace, onKey }: LabelListProps) {
  const { common, labels: text } = useText();
  const chosen = open[place];
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [list, place]);
  function onKeyDown(event: KeyboardEvent): void {
    const action = readReviewKey(event.nativeEvent);
    if (action === null) return;
    event.preventDefault();
    onKey(action);
  }
  const first = Math.max(0, Math.min(place - Math.floor(mostListed / 2), open.length - mostListed));
  const listed = open.slice(first, first + mostListed);
  return (
    <div
      ref={list}
      className="labels-list"
      role="listbox"
      tabIndex={0}
      aria-label={text.list(name)}
      aria-activedescendant={chosen && optionId(chosen)}
      onKeyDown={onKeyDown}
    >
      {listed.map((one, at) => {
        const row = rows[one.index];
        return (
          <div
            key={`${one.label} ${one.index}`}
            id={optionId(one)}
            className="labels-option"
            role="option"
            aria-selected={one === chosen}
            aria-setsize={open.length}
            aria-posinset={first + at + 1}
            onClick={() => onPlace(first + at)}
          >
            <span className="labels-share">{one.finding === 'tie' ? '–' : sureness(one)}</span>
            <span className="labels-prompt">
              {row && textOfPrompt(row.pair.prompt, common.roles).slice(0, listedCharacters)}
            </span>
          </div>
        );
      })}
    </div>
  );
}

interface AnswerProps {
  readonly side: 'chosen' | 'rejected';
  readonly text: string;
  readonly other: string;
}

/** An answer with what the other one has not; the judge's doubt is about which of them is which. */
function LabelledAnswer({ side, text: words, other }: AnswerProps) {
  const { common } = useText();
  const { pieces } = useMemo(() => differencesFrom(other, words), [other, words]);
  return (
    <article className="answer labels-answer" aria-label={common[side]}>
      <header>
        <h4>
          <span className="swatch" data-series={side} /> {common[side]}
        </h4>
      </header>
      <div className="answer-text">
        {pieces.map(({ text, isNew }, index) =>
          isNew ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>,
        )}
      </div>
    </article>
  );
}

/** Takes back the last decision of this visit. */
function UndoDecision({ isLocked, onPress }: { readonly isLocked: boolean; readonly onPress: () => void }) {
  const { labels: text } = useText();
  const canUndo = useStudioState('labelReview', (state) => state.decisions.length > 0);
  return (
    <Button className="button labels-undo" isDisabled={isLocked || !canUndo} onPress={onPress}>
      <Undo2 aria-hidden="true" /> {text.undo} <kbd>{reviewKeys.undo}</kbd>
    </Button>
  );
}

/** A list in which nothing is left to decide; the last decision can still be taken back. */
function EmptyList({ isLocked, onUndo }: { readonly isLocked: boolean; readonly onUndo: () => void }) {
  const { labels: text } = useText();
  const hasDecided = useStudioState('labelReview', (state) => state.decisions.length > 0);
  const root = useKeptFocus<HTMLDivElement>();
  return (
    <div className="start-row" ref={root} tabIndex={-1}>
      <p className="good" role="status">
        {text.none}
      </p>
      {hasDecided && <UndoDecision isLocked={isLocked} onPress={onUndo} />}
    </div>
  );
}

interface DecisionsProps {
  readonly isLocked: boolean;
  readonly onPress: (action: ReviewAction) => void;
}

function Decisions({ isLocked, onPress }: DecisionsProps) {
  const { labels: text } = useText();
  return (
    <div className="labels-decisions" role="group" aria-label={text.decide}>
      {(['keep', 'flip', 'drop'] as const).map((decision) => (
        <Button
          key={decision}
          className="button"
          isDisabled={isLocked && decision !== 'keep'}
          onPress={() => onPress(decision)}
        >
          {text[decision]} <kbd>{reviewKeys[decision]}</kbd>
        </Button>
      ))}
      <UndoDecision isLocked={isLocked} onPress={() => onPress('undo')} />
    </div>
  );
}

interface ReviewedPairProps extends DecisionsProps {
  readonly doubted: DoubtedRow;
  readonly row: DatasetRow;
  readonly place: string;
}

function ReviewedPair({ doubted, row, place, ...decisions }: ReviewedPairProps) {
  const { common, labels: text } = useText();
  const answers = textsOf(row.pair, common.roles);
  const [chosen, rejected] = [answers.chosen.trim(), answers.rejected.trim()];
  return (
    <div className="labels-pair" data-testid="labels-pair">
      <header>
        <h3>{text.pair(doubted.index + 1)}</h3>
        <p className="labels-sure">{doubted.finding === 'tie' ? text.tie : text.sure(sureness(doubted))}</p>
        <span className="quiet">{place}</span>
      </header>
      <p className="quiet">{text.explained[doubted.finding]}</p>
      <div className="judge-prompt">
        <h4>{common.prompt}</h4>
        <p className="answer-text">{textOfPrompt(row.pair.prompt, common.roles)}</p>
      </div>
      <div className="answers labels-answers">
        <LabelledAnswer side="chosen" text={chosen} other={rejected} />
        <LabelledAnswer side="rejected" text={rejected} other={chosen} />
      </div>
      <Decisions {...decisions} />
    </div>
  );
}

/** What was found of the rows, and which of it is still to be decided. */
function useReviewList(judged: JudgedLabels) {
  const rows = useStudioState('dataset', (state) => state.rows);
  const confirmed = useStudioState('labelReview', (state) => state.confirmed);
  const found = useMemo(() => listDoubtful(rows, judged), [rows, judged]);
  return { rows, ...useMemo(() => listOpen(found, confirmed), [found, confirmed]) };
}

/** The list that is shown and the place in it; where a label was decided, the next one takes its place. */
function usePlace(open: Readonly<Record<LabelFinding, readonly DoubtedRow[]>>) {
  const [chosen, setChosen] = useState<LabelFinding | null>(null);
  const [kept, setPlace] = useState(0);
  const finding = chosen ?? labelFindings.find((each) => open[each].length > 0) ?? 'wrong';
  const place = Math.max(0, Math.min(kept, open[finding].length - 1));
  return {
    ...{ finding, place },
    setFinding: (next: LabelFinding) => (setChosen(next), setPlace(0)),
    setPlace: (next: number) => setPlace(Math.max(0, Math.min(next, open[finding].length - 1))),
  };
}

/** The label that is looked at, and what becomes of it by button or key. */
function useReview(judged: JudgedLabels) {
  const { labelReview } = useStudio();
  const isLocked = useIsLocked();
  const { rows, open, ...counts } = useReviewList(judged);
  const { finding, place, setFinding, setPlace } = usePlace(open);
  const doubted = open[finding][place];
  const row = doubted && rows[doubted.index];
  const { decide, undo } = labelReview.getState();

  function act(action: ReviewAction): void {
    if (typeof action === 'object') setPlace(place + action.step);
    else if (action === 'undo') void (isLocked || undo());
    else if (row !== undefined && (action === 'keep' || !isLocked)) void decide(row, action);
  }
  const shown = doubted === undefined || row === undefined ? null : { doubted, row };
  return { rows, open, counts, finding, setFinding, place, setPlace, shown, isLocked, act };
}

/** What is not in the lists: what changed since the labels were judged, and what a person let stand. */
function Counts({ confirmed, unjudged, gone }: Pick<ReviewList, 'confirmed' | 'unjudged' | 'gone'>) {
  const { labels: text } = useText();
  const said = [text.changed(unjudged, gone), confirmed > 0 ? text.confirmed(confirmed) : ''].filter(Boolean);
  return said.length === 0 ? null : <p className="quiet">{said.join(' · ')}</p>;
}

/** The list of one kind, and beside it the pair that is looked at. */
function ReviewWork({ review }: { readonly review: ReturnType<typeof useReview> }) {
  const { labels: text } = useText();
  const { rows, open, finding, place, setPlace, shown, isLocked, act } = review;
  const list = useRef<HTMLDivElement>(null);
  /** The keys go on where the button was pressed. */
  function press(action: ReviewAction): void {
    act(action);
    list.current?.focus({ preventScroll: true });
  }
  if (shown === null) return <EmptyList isLocked={isLocked} onUndo={() => act('undo')} />;
  return (
    <div className="labels-work">
      <div className="labels-column">
        <LabelList
          {...{ list, rows, place, open: open[finding], onPlace: setPlace, onKey: act }}
          name={text.lists[finding]}
        />
        <p className="quiet">{text.keys}</p>
      </div>
      <ReviewedPair
        {...shown}
        isLocked={isLocked}
        place={text.place(place + 1, open[finding].length)}
        onPress={press}
      />
    </div>
  );
}

export function ReviewView({ judged }: { readonly judged: JudgedLabels }) {
  const { labels: text } = useText();
  const review = useReview(judged);
  const last = useStudioState('labelReview', (state) => state.decisions.at(-1));
  return (
    <div className="labels-review">
      <RadioRow
        label={text.listsLabel}
        value={review.finding}
        options={labelFindings.map((id) => ({ id, label: text.tab(text.lists[id], review.open[id].length) }))}
        onChange={review.setFinding}
      />
      <Counts {...review.counts} />
      <ReviewWork review={review} />
      <span className="visually-hidden" role="status">
        {last !== undefined && text.decided[last]}
      </span>
    </div>
  );
}
