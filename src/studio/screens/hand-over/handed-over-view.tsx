/** @file What was handed over: its name, what the writing has shown, and what is done with it. */
import { CircleCheck } from 'lucide-react';
import { Button } from 'react-aria-components';
import { commandOf } from '../../plain/hand-over/command';
import type { Run } from '../../plain/runs/run';
import type { HandOverState } from '../../stores/hand-over';
import { useSaid } from '../../text/said';
import { useText } from '../../text/text';
import { useStudio, useStudioState } from '../use-studio';
import { CommandBox } from './command-box';

interface HandedOverViewProps {
  readonly run: Run;
  readonly written: NonNullable<HandOverState['written']>;
}

export function HandedOverView({ run, written }: HandedOverViewProps) {
  const { handOver } = useStudio();
  const { common, handOver: text } = useText();
  const said = useSaid();
  const form = useStudioState('handOver', (state) => state.form);
  const isSigned = useStudioState('handOver', (state) => state.key !== null);
  const { name, files, sizeBytes, sumsSha256, isZip } = written;
  return (
    <>
      <p className="good" role="status" data-testid="handed-over">
        <CircleCheck aria-hidden="true" /> {isZip ? text.doneZip(form.name) : text.done(name)}
      </p>
      <p>{text.doneFiles(files.length, sizeBytes)}</p>
      {written.said.map((message) => (
        <p key={said(message)} className="note note-info">
          {said(message)}
        </p>
      ))}
      <p>
        {text.sums} <code className="hash">{sumsSha256}</code>
      </p>
      <section className="hand-over-part" aria-label={text.next}>
        <h3>{text.next}</h3>
        <CommandBox label={text.check} command="sha256sum -c SHA256SUMS" />
        {form.isSigned && isSigned && (
          <CommandBox
            label={text.verify}
            command={`model_signing verify key ${name} --signature ${name}/model.sig --public_key airlock.pub`}
          />
        )}
        <CommandBox label={text.command} command={commandOf({ ...form, name }, run.modelName, run.method)} />
        {files.some(({ path }) => path === 'check_server.py') && (
          <CommandBox label={text.checkServer} command={`python3 ${name}/check_server.py http://localhost:8000`} />
        )}
      </section>
      <div className="dialog-actions">
        <Button className="button button-primary" onPress={() => handOver.getState().close()}>
          {common.close}
        </Button>
        <Button className="button" onPress={() => handOver.getState().setForm(form)}>
          {text.another}
        </Button>
      </div>
    </>
  );
}
