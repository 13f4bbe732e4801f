/** @file The five steps and how far each has come; links into the page. */
import { plural } from '../format';
import { useStudioState } from '../studio';

export function StepRail() {
  const model = useStudioState('model', (state) => state.summary?.name ?? (state.loading ? 'loading' : null));
  const pairs = useStudioState('dataset', (state) => state.rows.length);
  const active = useStudioState('training', (state) => state.active);
  const isAnswering = useStudioState('starter', (state) => state.progress?.stage === 'answers');
  const isGenerating = useStudioState('compare', (state) => state.generating) || isAnswering;
  const hasResult = useStudioState('starter', (state) => state.result !== null);
  const hasAnswers = useStudioState('compare', (state) => Object.keys(state.answers).length > 0) || hasResult;
  const runs = useStudioState('library', (state) => state.runs.length);

  const step = active?.metrics.at(-1)?.step ?? 0;
  const trainState =
    active !== null
      ? step > 0 ? `step ${step} of ${active.totalSteps}` : 'starting'
      : model === null || pairs === 0 ? 'needs 1 and 2' : 'ready';
  const steps: readonly { id: string; title: string; state: string; done: boolean; busy?: boolean }[] = [
    { id: 'model', title: 'Model', state: model ?? 'none chosen', done: model !== null && model !== 'loading' },
    { id: 'data', title: 'Data', state: pairs === 0 ? 'no pairs' : plural(pairs, 'pair'), done: pairs > 0 },
    { id: 'train', title: 'Train', state: trainState, done: runs > 0 && active === null, busy: active !== null },
    {
      id: 'compare', title: 'Compare', done: hasAnswers && !isGenerating, busy: isGenerating,
      state: isGenerating ? 'answering' : model === null ? 'needs 1' : 'ready',
    },
    { id: 'runs', title: 'Runs & adapters', state: runs === 0 ? 'none yet' : plural(runs, 'run'), done: runs > 0 },
  ];
  return (
    <nav className="rail" aria-label="Sections">
      <ol>
        {steps.map(({ id, title, state, done, busy }, index) => (
          <li key={id} data-done={done || undefined} data-busy={busy || undefined}>
            <a href={`#${id}`}>
              <span className="rail-number" aria-hidden="true">
                {index + 1}
              </span>
              <span className="rail-title">{title}</span>
              <span className="rail-state">{state}</span>
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}
