/** @file What lets an administrator prove what is served and by whom it was handed over: canaries and a signature. */
import { Checkbox, Button } from 'react-aria-components';
import type { Method } from '../../../run/config';
import { download } from '../../browser/download';
import { takesCanaries, type HandOverForm } from '../../plain/hand-over/form';
import { useText } from '../../text/text';
import { ChoiceInput } from '../shell/fields';
import { Term } from '../shell/term';
import { useStudio, useStudioState } from '../use-studio';

const canaryKinds = ['answers', 'pairs', 'none'] as const satisfies readonly HandOverForm['canaries'][];

function SignatureField() {
  const { handOver } = useStudio();
  const { handOver: text } = useText();
  const form = useStudioState('handOver', (state) => state.form);
  const key = useStudioState('handOver', (state) => state.key);
  if (key === null) return <p className="quiet">{text.noKey}</p>;
  return (
    <div className="field-wide signature-field">
      <Checkbox
        className="checkbox"
        isSelected={form.isSigned}
        onChange={(isSigned) => handOver.getState().setForm({ ...form, isSigned })}
      >
        <span className="checkbox-box" aria-hidden="true" />
        {text.sign}
      </Checkbox>
      {form.isSigned && (
        <>
          <p>
            {text.fingerprint}: <code className="hash">{key.fingerprint}</code>{' '}
            <Button
              className="button button-small"
              onPress={() => download('airlock.pub', key.publicKey, 'application/x-pem-file')}
            >
              {text.savePublicKey}
            </Button>
          </p>
          <p className="field-help">{text.signHelp}</p>
        </>
      )}
    </div>
  );
}

export function ProofFields({ method }: { readonly method: Method }) {
  const { handOver } = useStudio();
  const { handOver: text } = useText();
  const form = useStudioState('handOver', (state) => state.form);
  const hasCanaries = takesCanaries(form, method);
  return (
    <section className="hand-over-part" aria-label={text.proof}>
      <h3>
        {text.proof} {hasCanaries && <Term id="canary" />}
      </h3>
      <div className="field-grid">
        {hasCanaries && (
          <div className="field-wide">
            <ChoiceInput
              label={text.canaries}
              help={text.canaryHelp[form.canaries]}
              value={form.canaries}
              options={canaryKinds.map((id) => ({ id, label: text.canaryKinds[id] }))}
              onChange={(id) => handOver.getState().setForm({ ...form, canaries: id as HandOverForm['canaries'] })}
            />
          </div>
        )}
        {method === 'reward' && <p className="quiet field-wide">{text.scoresOnly}</p>}
        <SignatureField />
      </div>
    </section>
  );
}
