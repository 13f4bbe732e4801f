/** @file What a person writes beside a run: notes and tags, kept as they are typed. */
import { useEffect, useRef, useState } from 'react';
import { TextInput } from '../shell/fields';
import type { Run } from '../../plain/runs/run';
import { useStudio } from '../use-studio';
import { useText } from '../../text/text';

const settleMs = 400;

/**
 * Holds what is being typed until it is kept, which is after a pause in typing and when the field goes away; `value` is
 * that draft, or else the stored text.
 */
function useDraft(stored: string, keepText: (text: string) => void) {
  const [draft, setDraft] = useState<string | null>(null);
  const waiting = useRef<{ readonly text: string; readonly keepText: (text: string) => void } | null>(null);
  const flush = () => {
    waiting.current?.keepText(waiting.current.text);
    waiting.current = null;
  };
  useEffect(() => {
    if (draft === null) return;
    const timer = setTimeout(() => {
      flush();
      setDraft(null);
    }, settleMs);
    return () => clearTimeout(timer);
  }, [draft]);
  useEffect(() => flush, []);
  const onChange = (text: string) => {
    waiting.current = { text, keepText };
    setDraft(text);
  };
  return { value: draft ?? stored, onChange };
}

const readTags = (text: string): readonly string[] => [
  ...new Set(
    text
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
  ),
];

export function RunNotes({ run }: { readonly run: Run }) {
  const { library } = useStudio();
  const { notes: text } = useText().runs;
  const [tagText, setTagText] = useState<string | null>(null);
  const notes = useDraft(run.notes ?? '', (typed) => void library.getState().label(run.id, { notes: typed }));
  const stored = (run.tags ?? []).join(', ');
  const tags = useDraft(tagText ?? stored, (typed) => {
    // A trailing comma is on its way to the next tag.
    setTagText(readTags(typed).join(', ') === typed ? null : typed);
    void library.getState().label(run.id, { tags: readTags(typed) });
  });
  return (
    <div className="run-notes" role="group" aria-label={text.title}>
      <TextInput label={text.notes(run.name)} rows={2} maxLength={10_000} {...notes} />
      <TextInput label={text.tags(run.name)} maxLength={400} {...tags} />
    </div>
  );
}
