/** @file What is chosen of a hand-over: the server, and for it the format, the numbers, the rank and the name. */
import { Label, Radio, RadioGroup } from 'react-aria-components';
import { dtypesOf, type FloatDtype } from '../../../run/hand-over';
import {
  asksForRank,
  destinationsFor,
  formatsFor,
  isNameGood,
  narrowedBy,
  rankChoices,
  withFormat,
  withServer,
  type Destination,
} from '../../plain/hand-over/form';
import type { Run } from '../../plain/runs/run';
import { useText } from '../../text/text';
import { ChoiceInput, TextInput } from '../shell/fields';
import { RadioRow } from '../shell/radio-row';
import { Term } from '../shell/term';
import { useStudio, useStudioState } from '../use-studio';

export function ServerChoice({ run }: { readonly run: Run }) {
  const { handOver } = useStudio();
  const { handOver: text } = useText();
  const form = useStudioState('handOver', (state) => state.form);
  const narrowed = narrowedBy(run.method);
  const helpOf = (server: Destination) =>
    server === 'unknown' && narrowed !== null ? text.unknownAsIs : text.serverHelp[server];
  return (
    <RadioGroup
      className="server-choice"
      value={form.server}
      onChange={(server) => handOver.getState().setForm(withServer(form, server as Destination, run.method))}
    >
      <Label>{text.server}</Label>
      {destinationsFor(run.method).map((server) => (
        <Radio key={server} className="method-card" value={server}>
          <span className="method-name">{text.serverName(server)}</span>
          <span className="method-help">{helpOf(server)}</span>
        </Radio>
      ))}
      {narrowed !== null && <p className="field-help">{text.narrowed[narrowed]}</p>}
    </RadioGroup>
  );
}

const own = 'own';

function DtypeChoice() {
  const { handOver } = useStudio();
  const { handOver: text } = useText();
  const form = useStudioState('handOver', (state) => state.form);
  const isMerged = form.format === 'merged';
  const dtypes = dtypesOf[form.format].filter((dtype) => isMerged || dtype !== 'F32');
  if (dtypes.length === 0) return null;
  return (
    <ChoiceInput
      label={text.dtype}
      value={form.dtype ?? own}
      options={[
        { id: own, label: isMerged ? text.dtypeOwn.merged : text.dtypeOwn.adapter },
        ...dtypes.map((id) => ({ id, label: text.dtypes[id] })),
      ]}
      onChange={(id) => handOver.getState().setForm({ ...form, dtype: id === own ? null : (id as FloatDtype) })}
    />
  );
}

function RankChoice() {
  const { handOver } = useStudio();
  const { handOver: text } = useText();
  const form = useStudioState('handOver', (state) => state.form);
  const rank = useStudioState('handOver', (state) => state.plan?.rank);
  if (!asksForRank(form)) return null;
  return (
    <ChoiceInput
      label={text.rank}
      code="--max-lora-rank"
      value={String(form.maxLoraRank)}
      options={rankChoices.map((choice) => ({ id: String(choice), label: String(choice) }))}
      {...(rank !== undefined && { help: text.rankOf(rank) })}
      onChange={(id) => handOver.getState().setForm({ ...form, maxLoraRank: Number(id) })}
    />
  );
}

function NameField() {
  const { handOver } = useStudio();
  const { handOver: text } = useText();
  const form = useStudioState('handOver', (state) => state.form);
  return (
    <div className="field-wide name-field">
      <TextInput
        label={text.name}
        value={form.name}
        onChange={(name) => handOver.getState().setForm({ ...form, name })}
      />
      <p className={isNameGood(form.name) ? 'field-help' : 'field-problem'} role="status">
        {isNameGood(form.name) ? text.nameHelp : text.nameProblem}
      </p>
    </div>
  );
}

export function HandOverFields({ run }: { readonly run: Run }) {
  const { handOver } = useStudio();
  const { handOver: text } = useText();
  const form = useStudioState('handOver', (state) => state.form);
  const formats = formatsFor(form.server, run.method);
  return (
    <div className="field-grid">
      {formats.length > 1 && (
        <div className="field-wide format-row">
          <RadioRow
            label={text.format}
            value={form.format}
            options={formats.map((id) => ({ id, label: text.formats[id] }))}
            onChange={(format) => handOver.getState().setForm(withFormat(form, format))}
          />
          <Term id={form.format === 'merged' ? 'merged' : 'adapter'} />
        </div>
      )}
      <DtypeChoice />
      <RankChoice />
      <NameField />
    </div>
  );
}
