/** @file What the loaded model's tokenizer makes of the pairs: lengths, warnings and rows that will be left out. */
import { CircleCheck } from 'lucide-react';
import { formatCount } from '../../text/format';
import { FailureNote } from '../shell/failure-note';
import { ProgressView } from '../shell/progress-view';
import type { PairCheck } from '../../stores/dataset';
import { useStudioState } from '../use-studio';
import { useSaid } from '../../text/said';
import { useText } from '../../text/text';
import { measureLengths } from '../../plain/data/pair-text';

const maxListed = 100;

interface CheckedPairsProps {
  readonly check: PairCheck;
}

/** Shows how long prompts, chosen and rejected answers are in tokens: median, 95th percentile and longest. */
function TokenLengths({ check }: CheckedPairsProps) {
  const { check: text } = useText().data;
  const modelName = useStudioState('model', (state) => state.summary?.name ?? '');
  return (
    <table className="numbers">
      <caption>{text.caption(modelName)}</caption>
      <thead>
        <tr>
          <th scope="col">{text.part}</th>
          <th scope="col">{text.median}</th>
          <th scope="col">{text.p95}</th>
          <th scope="col">{text.longest}</th>
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
  );
}

/** Lists each pair that training will leave out, and each warning, with the pair's place in its file. */
function PairFindings({ check }: CheckedPairsProps) {
  const { check: text } = useText().data;
  const said = useSaid();
  const rows = useStudioState('dataset', (state) => state.rows);
  const problems = check.reports.filter(({ problem }) => problem !== null).length;
  const findings = check.reports.flatMap(({ index, problem, warnings }) => {
    const row = rows[index];
    if (row === undefined) return [];
    return [...(problem === null ? [] : [problem]), ...warnings].map((sentence, nth) => ({
      key: `${index}.${nth}`,
      place: text.place(row.row, row.file),
      sentence,
      isProblem: nth === 0 && problem !== null,
    }));
  });
  if (findings.length === 0)
    return (
      <p className="good">
        <CircleCheck aria-hidden="true" /> {text.allGood(rows.length, check.maxLength)}
      </p>
    );
  return (
    <>
      <p>
        {text.leftOut(problems)} {findings.length > problems && text.warnings(findings.length - problems)}
      </p>
      <ul className="row-list" aria-label={text.findings} tabIndex={0}>
        {findings.slice(0, maxListed).map(({ key, place, sentence, isProblem }) => (
          <li key={key} data-tone={isProblem ? 'error' : 'warning'}>
            <span className="row-number">{place}</span> <span>{said(sentence)}</span>
          </li>
        ))}
        {findings.length > maxListed && <li>{text.moreFindings(findings.length - maxListed)}</li>}
      </ul>
    </>
  );
}

export function PairCheckView() {
  const { check: text } = useText().data;
  const check = useStudioState('dataset', (state) => state.check);
  const checking = useStudioState('dataset', (state) => state.checking);
  const failure = useStudioState('dataset', (state) => state.checkFailure);
  const hasRows = useStudioState('dataset', (state) => state.rows.length > 0);
  const hasModel = useStudioState('model', (state) => state.summary !== null);

  if (failure !== null) return <FailureNote failure={failure} />;
  if (checking !== null) return <ProgressView label={text.counting} done={checking.done} total={checking.total} />;
  if (check === null) return hasRows && !hasModel ? <p className="quiet">{text.needsModel}</p> : null;
  return (
    <div className="pair-check" data-testid="pair-check">
      <TokenLengths check={check} />
      <div className="pair-findings">
        <PairFindings check={check} />
      </div>
    </div>
  );
}
