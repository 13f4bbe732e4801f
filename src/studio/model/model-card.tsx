/** @file What is known of the loaded model. */
import type { ModelSummary } from '../../worker/protocol';
import { formatBytes, formatCount, formatParameters } from '../format';
import { Warnings } from '../shell/warnings';

export function ModelCard({ summary }: { readonly summary: ModelSummary }) {
  const facts: readonly (readonly [string, string])[] = [
    ['Architecture', summary.architecture],
    ['Parameters', formatParameters(summary.parameters)],
    ['Layers', `${summary.layers} × ${formatCount(summary.hiddenSize)} wide`],
    ['Vocabulary', `${formatCount(summary.vocabularySize)}${summary.tiedEmbeddings ? ', tied' : ''}`],
    ['Context', `${formatCount(summary.contextLength)} tokens`],
    ['Stored as', summary.dtype],
    ['Chat template', summary.hasChatTemplate ? 'yes' : 'no'],
    ['End of text', summary.eosToken ?? 'none'],
    ['Weights in use', formatBytes(summary.weightBytes)],
    ['Fingerprint', summary.fingerprint.slice(0, 12)],
  ];
  return (
    <div className="model-card" data-testid="model-card">
      <h3>{summary.name}</h3>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <Warnings warnings={summary.warnings} label="Warnings about the model" />
    </div>
  );
}
