/** @file The audit log: who it is, whether the log is whole, what happened, and the log as a file. */
import { useState } from 'react';
import { Download } from 'lucide-react';
import { Button } from 'react-aria-components';
import { auditActions, writeAuditLines, writeAuditTable, type KeptEntry } from '../../../storage/audit/audit-log';
import { filterEntries } from '../../plain/audit/filter-entries';
import { download } from '../../browser/download';
import { formatDate } from '../../text/format';
import { useText } from '../../text/text';
import { ChoiceInput, TextInput } from '../shell/fields';
import { Section } from '../shell/section';
import { useStudio, useStudioState } from '../use-studio';

/** Rows of the table; the files hold all. */
const shownEntries = 200;

function AuditTable({ entries }: { readonly entries: readonly KeptEntry[] }) {
  const { audit: text } = useText().records;
  const { columns } = text;
  return (
    <div className="audit-table" tabIndex={0} role="group" aria-label={text.title}>
      <table className="numbers">
        <thead>
          <tr>
            {Object.entries(columns).map(([id, name]) => (
              <th key={id} scope="col" className="words">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {entries.map(({ entry: { n, at, who, action, what, sha256, reason, approver } }) => (
            <tr key={n}>
              <th scope="row">{n}</th>
              <td className="words">{formatDate(at)}</td>
              <td className="words">{who === '' ? text.nobody : who}</td>
              <td className="words">{text.actions[action]}</td>
              <td className="words">{what}</td>
              <td className="words">
                <code title={sha256 ?? ''}>{sha256?.slice(0, 12)}</code>
              </td>
              <td className="words">{[reason, approver].filter((each) => each !== null).join(' · ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Demands() {
  const { audit: text } = useText().records;
  const { exports, label, isBroken } = useStudioState('audit', (state) => state.office);
  if (isBroken) return <p className="note note-warning">{text.brokenOffice}</p>;
  const demanded = [
    ...(exports.reason ? [text.demandsReason] : []),
    ...(exports.approver ? [text.demandsApprover] : []),
    ...(label === null ? [] : [text.demandsLabel(label)]),
  ];
  return demanded.length === 0 ? null : <p className="quiet">{demanded.join(' ')}</p>;
}

function AuditEntries({ entries }: { readonly entries: readonly KeptEntry[] }) {
  const { audit: text } = useText().records;
  const [search, setSearch] = useState('');
  const [action, setAction] = useState('all');
  const found = filterEntries(entries, search, action);
  const options = [{ id: 'all', label: text.all }, ...auditActions.map((id) => ({ id, label: text.actions[id] }))];
  return (
    <>
      <div className="field-row">
        <TextInput label={text.search} value={search} onChange={setSearch} />
        <ChoiceInput label={text.show} value={action} options={options} onChange={setAction} />
      </div>
      <p className="quiet" role="status">
        {text.found(found.length, entries.length, Math.min(found.length, shownEntries))}
      </p>
      {found.length > 0 && <AuditTable entries={found.slice(0, shownEntries)} />}
      <div className="start-row">
        <Button
          className="button"
          onPress={() => download('airlock-audit.jsonl', writeAuditLines(entries), 'application/x-ndjson')}
        >
          <Download aria-hidden="true" /> {text.lines}
        </Button>
        <Button
          className="button"
          onPress={() => download('airlock-audit.csv', writeAuditTable(entries), 'text/x-audit')}
        >
          <Download aria-hidden="true" /> {text.table}
        </Button>
      </div>
    </>
  );
}

export function AuditSection() {
  const { audit } = useStudio();
  const { audit: text } = useText().records;
  const reading = useStudioState('audit', (state) => state.reading);
  const who = useStudioState('audit', (state) => state.who);
  return (
    <Section id="audit" title={text.title} lead={text.lead}>
      <div className="field-row">
        <TextInput label={text.who} value={who} maxLength={80} onChange={(name) => audit.getState().setWho(name)} />
      </div>
      <Demands />
      {reading !== null && reading.firstUnfit !== null && (
        <p className="note note-error" role="alert">
          {text.unfit(reading.firstUnfit)}
        </p>
      )}
      {reading !== null && reading.entries.length === 0 && <p className="quiet">{text.empty}</p>}
      {reading !== null && reading.entries.length > 0 && (
        <>
          {reading.firstUnfit === null && <p className="quiet">{text.whole}</p>}
          <AuditEntries entries={reading.entries} />
        </>
      )}
    </Section>
  );
}
