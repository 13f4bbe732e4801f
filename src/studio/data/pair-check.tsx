/** @file What the loaded model's tokenizer makes of the pairs: lengths, warnings and rows that will be left out. */
import { useMemo } from 'react';
import { CircleCheck } from 'lucide-react';
import { computeStatistics } from '../../data/statistics';
import { formatCount, plural } from '../format';
import { FailureNote } from '../shell/failure-note';
import { Progress } from '../shell/progress';
import { Warnings } from '../shell/warnings';
import { useStudioState } from '../studio';
import { measureLengths, warnOfStatistics } from './pair-text';

const maxListed = 100;

/** What can be said without a model: duplicates, and answers told apart by their length. */
export function PairStatistics() {
  const rows = useStudioState('dataset', (state) => state.rows);
  const warnings = useMemo(() => warnOfStatistics(computeStatistics(rows.map(({ pair }) => pair))), [rows]);
  return <Warnings warnings={warnings} label="Warnings about the pairs" />;
}

export function PairCheck() {
  const check = useStudioState('dataset', (state) => state.check);
  const checking = useStudioState('dataset', (state) => state.checking);
  const failure = useStudioState('dataset', (state) => state.checkFailure);
  const rows = useStudioState('dataset', (state) => state.rows);
  const modelName = useStudioState('model', (state) => state.summary?.name ?? null);

  if (failure !== null) return <FailureNote failure={failure} />;
  if (checking !== null) return <Progress label="Counting tokens" done={checking.done} total={checking.total} />;
  if (check === null) {
    if (rows.length === 0 || modelName !== null) return null;
    return <p className="quiet">Token lengths and checks appear here when a model is loaded.</p>;
  }

  const problems = check.reports.filter(({ problem }) => problem !== null).length;
  const findings = check.reports.flatMap(({ index, problem, warnings }) => {
    const row = rows[index];
    if (row === undefined) return [];
    return [...(problem === null ? [] : [problem]), ...warnings].map((text, nth) => ({
      key: `${index}.${nth}`, place: `Row ${row.row} of ${row.file}`, text, isProblem: nth === 0 && problem !== null,
    }));
  });
  return (
    <div className="pair-check" data-testid="pair-check">
      <table className="numbers">
        <caption>Tokens by {modelName}</caption>
        <thead>
          <tr>
            <th scope="col">Part</th>
            <th scope="col">Median</th>
            <th scope="col">95%</th>
            <th scope="col">Longest</th>
          </tr>
        </thead>
        <tbody>
          {measureLengths(check.reports).map(({ part, median, p95, max }) => (
            <tr key={part}>
              <th scope="row">{part}</th>
              <td>{formatCount(median)}</td>
              <td>{formatCount(p95)}</td>
              <td>{formatCount(max)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="pair-findings">
        {findings.length === 0 ? (
          <p className="good">
            <CircleCheck aria-hidden="true" /> All {plural(rows.length, 'pair')} can be trained on, within{' '}
            {formatCount(check.maxLength)} tokens.
          </p>
        ) : (
          <>
            <p>
              {problems > 0 ? `${plural(problems, 'pair')} will be left out. ` : 'No pair will be left out. '}
              {findings.length > problems && `${plural(findings.length - problems, 'warning')}.`}
            </p>
            <ul className="row-list" aria-label="Findings by row" tabIndex={0}>
              {findings.slice(0, maxListed).map(({ key, place, text, isProblem }) => (
                <li key={key} data-tone={isProblem ? 'error' : 'warning'}>
                  <span className="row-number">{place}</span> <span>{text}</span>
                </li>
              ))}
              {findings.length > maxListed && <li>and {plural(findings.length - maxListed, 'more finding')}.</li>}
            </ul>
          </>
        )}
      </div>
    </div>
  );
}
