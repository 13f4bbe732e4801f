/** @file Which version this page is, and whether it opens without its server: a part of the device panel. */
import { useText } from '../../text/text';
import { useStudioState } from '../use-studio';

export const shownOfId = 12;

/** Set by the build (vite.config.ts). */
const version = (import.meta.env as { AIRLOCK_VERSION?: string }).AIRLOCK_VERSION ?? '';

function Kept() {
  const { build: text } = useText();
  const served = useStudioState('build', (state) => state.served);
  const isKept = useStudioState('build', (state) => state.isKept);
  const refusal = useStudioState('build', (state) => state.refusal);
  if (served === null) return null;
  if (isKept) return <p className="quiet">{text.kept(served.files)}</p>;
  if (refusal === null) return <p className="quiet">{text.notKept}</p>;
  return <p className="obstacle">{text.refused[refusal.why](refusal.path, refusal.seen)}</p>;
}

export function ThisPage() {
  const { build: text } = useText();
  const served = useStudioState('build', (state) => state.served);
  return (
    <section className="panel-part" aria-label={text.title} data-testid="this-page">
      <p>
        <strong>{text.version(version)}</strong>
        {served !== null && (
          <span className="quiet">
            {' '}
            {text.id} <code title={`${served.id} (${text.idMeans})`}>{served.id.slice(0, shownOfId)}</code>
          </span>
        )}
      </p>
      <p className="quiet">{served === null ? text.development : served.isSigned ? text.signed : text.unsigned}</p>
      <Kept />
      {served !== null && (
        <p className="links">
          <a href="licenses.txt" target="_blank" rel="noreferrer">
            {text.licenses}
          </a>{' '}
          <a href="sbom.cdx.json" target="_blank" rel="noreferrer">
            {text.parts}
          </a>
        </p>
      )}
    </section>
  );
}
