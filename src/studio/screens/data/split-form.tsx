/** @file The share of prompts kept for evaluation, and the seed that chooses them. */
import { useState } from 'react';
import { splitOrNone, splitPairs } from '../../../data/split';
import { NumberInput } from '../shell/fields';
import { useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';
import { readSplit } from '../../plain/data/read-split';

export function SplitForm({ isLocked }: { readonly isLocked: boolean }) {
  const { dataset } = useStudio();
  const {
    quality: { splitting: text },
  } = useText();
  const split = useStudioState('dataset', (state) => state.split);
  const rows = useStudioState('dataset', (state) => state.rows);
  const [draft, setDraft] = useState<{ percent: string; seed: string } | null>(null);
  const shown = draft ?? {
    percent: String(split === null ? 0 : Math.round(split.evaluationShare * 1000) / 10),
    seed: String(split?.seed ?? 1),
  };
  const { problem } = readSplit(shown);
  const change = (part: Partial<typeof shown>) => {
    const next = { ...shown, ...part };
    setDraft(next);
    const read = readSplit(next);
    if (read.problem !== null) return;
    const { evaluationShare = 0, seed = Number(next.seed) } = read.split ?? {};
    void dataset.getState().setSplit(splitOrNone(evaluationShare, seed, split?.moved));
  };
  const { train, evaluation } = splitPairs(rows, split);
  return (
    <div className="split">
      <NumberInput
        label={text.share}
        unit="%"
        help={text.help}
        value={shown.percent}
        isDisabled={isLocked}
        problem={problem === 'share' ? text.wrongShare : undefined}
        onChange={(percent) => change({ percent })}
      />
      <NumberInput
        label={text.seed}
        help={text.seedHelp}
        value={shown.seed}
        isDisabled={isLocked}
        problem={problem === 'seed' ? text.wrongSeed : undefined}
        onChange={(seed) => change({ seed })}
      />
      <p className="quiet" role="status" data-testid="split-counts">
        {text.counts(train.length, evaluation.length)}
      </p>
    </div>
  );
}
