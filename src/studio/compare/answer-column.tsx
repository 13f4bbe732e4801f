/** @file One column of the comparison: which adapter answers, the answer as it streams, and its figures. */
import { formatMetric } from '../format';
import { ChoiceInput } from '../shell/fields';
import { resolveChoice, type AdapterChoice, type Answer, type ColumnKey } from '../stores/compare';
import type { Run } from '../stores/library';
import { useStudio, useStudioState } from '../studio';
import { useText } from '../text/text';

function AnswerFigures({ answer }: { readonly answer: Answer }) {
  const { common, compare } = useText();
  const { tokens, finish, secondsPerToken } = answer;
  const speed = secondsPerToken !== null && secondsPerToken > 0 ? ` · ${compare.speed(formatMetric(1 / secondsPerToken))}` : '';
  return (
    <p className="answer-figures">
      {common.tokens(tokens)}
      {speed}
      {finish !== null && ` · ${compare.finishes[finish]}`}
    </p>
  );
}

function AdapterSelect({ column, candidates }: { readonly column: 'sft' | 'dpo'; readonly candidates: readonly Run[] }) {
  const { compare } = useStudio();
  const { compare: text } = useText();
  const choice = useStudioState('compare', (state) => state.choices[column]);
  const isGenerating = useStudioState('compare', (state) => state.generating);
  const newest = candidates[0];
  if (newest === undefined) return null;
  const chosen = resolveChoice(choice, candidates);
  return (
    <ChoiceInput
      label={text.adapterOf(text.columns[column])}
      isLabelHidden
      value={choice === 'latest' || choice === 'none' ? choice : (chosen?.id ?? 'latest')}
      options={[
        { id: 'latest', label: text.latest(newest.name) },
        ...candidates.map(({ id, name }) => ({ id, label: name })),
        { id: 'none', label: text.none },
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
  const { compare: text } = useText();
  const answer = useStudioState('compare', (state) => state.answers[column]);
  const isGenerating = useStudioState('compare', (state) => state.generating);
  const label = text.columns[column];
  return (
    <article className="answer" data-column={column} aria-label={text.answerOf(label)} aria-busy={answer?.finish === null && isGenerating}>
      <header>
        <h3>{label}</h3>
        {column === 'base' ? <span className="quiet">{text.noAdapter}</span> : <AdapterSelect column={column} candidates={candidates} />}
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
            ? text.noneYet(label)
            : text.empty}
        </p>
      )}
    </article>
  );
}
