/** @file What the loaded model's tokenizer makes of the pairs: warnings, and rows that will be left out. */
import { CircleCheck } from 'lucide-react';
import { Button } from 'react-aria-components';
import { FailureNote } from '../shell/failure-note';
import { ProgressView } from '../shell/progress-view';
import { goTo } from '../shell/route';
import type { PairCheck } from '../../stores/dataset';
import { useStudioState } from '../use-studio';
import { useSaid } from '../../text/said';
import { useText } from '../../text/text';
import { useFindings } from './use-findings';

const maxListed = 100;

/** Lists each pair that training will leave out, and each warning, with the pair's place in its file. */
function PairFindings({ check }: { readonly check: PairCheck }) {
  const { check: text } = useText().data;
  const said = useSaid();
  const rows = useStudioState('dataset', (state) => state.rows);
  const isUnwritable = (useFindings().unwritable ?? []).length > 0;
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
  // A language that the model cannot write is told above; it is no good news that it can be trained on.
  if (findings.length === 0)
    return isUnwritable ? (
      <p className="quiet">{text.leftOut(0)}</p>
    ) : (
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

/** Without a model there are no tokens: says so, and where one is opened. */
function NeedsModel() {
  const { check: text } = useText().data;
  return (
    <div className="note note-info">
      <div className="note-body">
        <p>{text.needsModel}</p>
        <Button className="button button-small" onPress={() => goTo('models')}>
          {text.toModels}
        </Button>
      </div>
    </div>
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
  if (check === null) return hasRows && !hasModel ? <NeedsModel /> : null;
  return (
    <div className="pair-findings" data-testid="pair-check">
      <PairFindings check={check} />
    </div>
  );
}
