/** @file One column of the comparison: which adapter answers, the answer as it streams, and its figures. */
import { formatMetric, plural } from '../format';
import { ChoiceInput } from '../shell/fields';
import { columnLabels, resolveChoice, type AdapterChoice, type Answer, type ColumnKey } from '../stores/compare';
import type { Run } from '../stores/library';
import { useStudio, useStudioState } from '../studio';

const finishes = { eos: 'ended by itself', length: 'reached the limit', stopped: 'stopped' } as const;

function AnswerFigures({ answer }: { readonly answer: Answer }) {
  const { tokens, finish, secondsPerToken } = answer;
  const speed = secondsPerToken !== null && secondsPerToken > 0 ? ` · ${formatMetric(1 / secondsPerToken)} tokens/s` : '';
  return (
    <p className="answer-figures">
      {plural(tokens, 'token')}
      {speed}
      {finish !== null && ` · ${finishes[finish]}`}
    </p>
  );
}

function AdapterSelect({ column, candidates }: { readonly column: 'sft' | 'dpo'; readonly candidates: readonly Run[] }) {
  const { compare } = useStudio();
  const choice = useStudioState('compare', (state) => state.choices[column]);
  const isGenerating = useStudioState('compare', (state) => state.generating);
  const newest = candidates[0];
  if (newest === undefined) return null;
  const chosen = resolveChoice(choice, candidates);
  return (
    <ChoiceInput
      label={`Adapter of the ${columnLabels[column]} column`}
      isLabelHidden
      value={choice === 'latest' || choice === 'none' ? choice : (chosen?.id ?? 'latest')}
      options={[
        { id: 'latest', label: `Latest: ${newest.name}` },
        ...candidates.map(({ id, name }) => ({ id, label: name })),
        { id: 'none', label: 'None' },
      ]}
      isDisabled={isGenerating}
      onChange={(id) => {
        const next: AdapterChoice = id === 'latest' || id === 'none' ? id : { runId: id };
        compare.getState().choose(column, next);
      }}
    />
  );
}

export function AnswerColumn({ column, candidates }: { readonly column: ColumnKey; readonly candidates: readonly Run[] }) {
  const answer = useStudioState('compare', (state) => state.answers[column]);
  const isGenerating = useStudioState('compare', (state) => state.generating);
  const label = columnLabels[column];
  return (
    <article className="answer" data-column={column} aria-label={`${label} answer`} aria-busy={answer?.finish === null && isGenerating}>
      <header>
        <h3>{label}</h3>
        {column === 'base' ? <span className="quiet">no adapter</span> : <AdapterSelect column={column} candidates={candidates} />}
      </header>
      {answer !== undefined ? (
        <>
          <div className="answer-text" data-testid={`answer-${column}`}>
            {answer.text}
            {answer.finish === null && <span className="caret" aria-hidden="true" />}
          </div>
          <AnswerFigures answer={answer} />
        </>
      ) : (
        <p className="answer-empty">
          {column !== 'base' && candidates.length === 0
            ? `No ${label} adapter of this model yet. Train one in step 3.`
            : 'The answer will stand here.'}
        </p>
      )}
    </article>
  );
}
