/** @file The dialogs about a pair: it is edited, looked at token by token, or written anew. */
import { useState } from 'react';
import { isChatPair, type PairScores, type PreferencePair } from '../../../data/preference-pair';
import { useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';
import { typedMargin, typedScores } from '../../plain/data/edited-scores';
import { EditForm, type PairDraft } from './edit-form';
import { PairModal } from './pair-modal';
import { placeOfPair, type OpenedPair } from './pair-row';
import { TokenView } from './token-view';
import { useSideOf } from './use-side-of';

interface PairDialogProps {
  readonly opened: OpenedPair;
  /** Indices of the rows that the table shows, in its order. */
  readonly shown: readonly number[];
  readonly isLocked: boolean;
  readonly onOpen: (opened: OpenedPair) => void;
  readonly onClose: () => void;
}

/** The pairs before and after the opened one in the table, and its place there. */
function useNeighbours({ opened: { row, number, what }, shown, onOpen }: PairDialogProps) {
  const { common } = useText();
  const rows = useStudioState('dataset', (state) => state.rows);
  const at = shown.indexOf(rows.includes(row) ? rows.indexOf(row) : number - 1);
  const stepTo = (position: number) => {
    const index = at < 0 ? undefined : shown[position];
    const other = index === undefined ? undefined : rows[index];
    return index === undefined || other === undefined ? null : () => onOpen({ row: other, number: index + 1, what });
  };
  return {
    previous: stepTo(at - 1),
    next: stepTo(at + 1),
    ...(at >= 0 && { place: common.ofTotal(at + 1, shown.length) }),
  };
}

/** The draft of a pair, which another pair's does not follow, and the question before it is left. */
function useDraft(pair: PreferencePair, scores?: PairScores) {
  const [kept, setKept] = useState<{ readonly of: PreferencePair; readonly draft: PairDraft } | null>(null);
  const [leaving, setLeaving] = useState<(() => void) | null>(null);
  const asItWas: PairDraft = { pair, scores: typedScores(scores), margin: typedMargin(pair) };
  const draft = kept?.of === pair ? kept.draft : asItWas;
  const isChanged = JSON.stringify(draft) !== JSON.stringify(asItWas);
  return {
    draft,
    setDraft: (changed: PairDraft) => setKept({ of: pair, draft: changed }),
    leaving,
    /** Goes, once what is unsaved is saved or given up. */
    leave: (go: () => void) => (isChanged ? setLeaving(() => go) : go()),
    leaveNow: (go: () => void) => {
      setLeaving(null);
      setKept(null);
      go();
    },
  };
}

export function PairDialog(props: PairDialogProps) {
  const { opened, isLocked, onClose } = props;
  const { row, number, what } = opened;
  const { dataset } = useStudio();
  const text = useText();
  const sideOf = useSideOf();
  const isGone = useStudioState('dataset', (state) => !state.rows.includes(row));
  const { previous, next, ...place } = useNeighbours(props);
  const { draft, setDraft, leaving, leave, leaveNow } = useDraft(row.pair, row.scores);
  const hasScores = useStudioState('dataset', (state) => state.rows.some(({ scores }) => scores !== undefined));
  const hasMargins = useStudioState('dataset', (state) => state.rows.some(({ pair }) => pair.margin !== undefined));
  if (what === 'tokens')
    return (
      <PairModal
        title={text.microscope.title(number)}
        testId="token-dialog"
        className="modal-tokens"
        {...place}
        previous={previous}
        next={next}
        onClose={onClose}
      >
        <TokenView pair={row.pair} />
      </PairModal>
    );
  return (
    <PairModal
      title={text.quality.pairTitle(number)}
      testId="edit-dialog"
      className="modal-wide"
      {...place}
      previous={previous && (() => leave(previous))}
      next={next && (() => leave(next))}
      onClose={() => leave(onClose)}
    >
      <EditForm
        key={number}
        name={text.quality.thisPair(number)}
        place={placeOfPair(row, sideOf(row.pair), text)}
        pair={row.pair}
        draft={draft}
        isLocked={isLocked}
        isGone={isGone}
        isLeaving={leaving !== null}
        hasScores={hasScores}
        hasMargins={hasMargins}
        onChange={setDraft}
        onDiscard={() => leaveNow(leaving ?? onClose)}
        onCancel={onClose}
        onSave={(pair, scores) => {
          leaveNow(leaving ?? onClose);
          void dataset.getState().edit(row, pair, scores);
        }}
      />
    </PairModal>
  );
}

const emptyText: PreferencePair = { prompt: '', chosen: '', rejected: '' };
const emptyChat: PreferencePair = {
  prompt: [{ role: 'user', content: '' }],
  chosen: [{ role: 'assistant', content: '' }],
  rejected: [{ role: 'assistant', content: '' }],
};

/** A pair that is written by hand, in the form of those that are there, or as the open model asks. */
export function NewPairDialog({ onClose }: { readonly onClose: () => void }) {
  const { dataset } = useStudio();
  const { data, quality } = useText();
  const hasTemplate = useStudioState('model', (state) => state.summary?.hasChatTemplate ?? false);
  const isChat = useStudioState('dataset', ({ rows: [first] }) => (first ? isChatPair(first.pair) : hasTemplate));
  const [empty] = useState(isChat ? emptyChat : emptyText);
  const { draft, setDraft, leaving, leave } = useDraft(empty);
  return (
    <PairModal title={data.table.add} testId="edit-dialog" className="modal-wide" onClose={() => leave(onClose)}>
      <EditForm
        name={quality.newPair}
        place={isChat ? quality.newAsChat : quality.newAsText}
        pair={empty}
        draft={draft}
        isLocked={false}
        isGone={false}
        isLeaving={leaving !== null}
        hasScores={false}
        hasMargins={false}
        onChange={setDraft}
        onDiscard={onClose}
        onCancel={onClose}
        onSave={(pair) => {
          onClose();
          void dataset.getState().write(pair);
        }}
      />
    </PairModal>
  );
}
