/** @file What the server will say of what is written: each finding with what was seen, how to mend it, and a button. */
import { CircleAlert, CircleCheck, Info } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { Finding } from '../../../run/hand-over';
import { mended, mendsOf, type Mend } from '../../plain/hand-over/form';
import { useSaid } from '../../text/said';
import { useText } from '../../text/text';
import { FailureNote } from '../shell/failure-note';
import { useStudio, useStudioState } from '../use-studio';

function MendButton({ mend }: { readonly mend: Mend }) {
  const { handOver } = useStudio();
  const { mends } = useText().handOver;
  const form = useStudioState('handOver', (state) => state.form);
  return (
    <Button className="button button-small" onPress={() => handOver.getState().setForm(mended(form, mend))}>
      {mend.kind === 'rank' ? mends.rank(mend.rank) : mends[mend.kind]}
    </Button>
  );
}

function FindingNote({ finding, rank }: { readonly finding: Finding; readonly rank: number }) {
  const { handOver: text } = useText();
  const said = useSaid();
  const { rule, seen, remedy, forbids } = finding;
  const Icon = forbids ? CircleAlert : Info;
  return (
    <li className={forbids ? 'note note-error' : 'note note-info'} data-rule={rule}>
      <Icon aria-hidden="true" />
      <div className="note-body">
        <p>
          <span className="tag">{forbids ? text.forbids : text.advice}</span> {said(seen)}
        </p>
        <p>{said(remedy)}</p>
        <div className="dialog-actions">
          {mendsOf(finding, rank).map((mend) => (
            <MendButton key={mend.kind} mend={mend} />
          ))}
        </div>
      </div>
    </li>
  );
}

function Folded() {
  const { handOver } = useStudio();
  const { handOver: text } = useText();
  const form = useStudioState('handOver', (state) => state.form);
  if (!form.isFolded || form.format === 'merged') return null;
  return (
    <p className="note note-info">
      {text.folded}{' '}
      <Button className="button button-small" onPress={() => handOver.getState().setForm({ ...form, isFolded: false })}>
        {text.unfold}
      </Button>
    </p>
  );
}

export function ContractFindings() {
  const { handOver: text } = useText();
  const said = useSaid();
  const plan = useStudioState('handOver', (state) => state.plan);
  const failure = useStudioState('handOver', (state) => state.planFailure);
  const server = useStudioState('handOver', (state) => state.form.server);
  return (
    <section className="hand-over-part" aria-label={text.contract(server)}>
      <h3>{text.contract(server)}</h3>
      <Folded />
      {failure !== null && <FailureNote failure={failure} />}
      {plan === null && failure === null && <p className="quiet">{text.planning}</p>}
      {plan?.findings.length === 0 && (
        <p className="good" data-testid="no-findings">
          <CircleCheck aria-hidden="true" /> {text.nothing(server)}
        </p>
      )}
      {plan !== null && plan.findings.length > 0 && (
        <ul className="contract-findings" data-testid="findings">
          {plan.findings.map((finding) => (
            <FindingNote key={finding.rule} finding={finding} rank={plan.rank} />
          ))}
        </ul>
      )}
      {plan?.warnings.map((warning) => (
        <p key={said(warning)} className="note note-warning">
          {said(warning)}
        </p>
      ))}
    </section>
  );
}
