/** @file What is known of the loaded model. */
import type { ModelSummary } from '../../../worker/protocol';
import { formatBytes, formatParameters } from '../../text/format';
import { Warnings } from '../shell/warnings';
import { useText, type Text } from '../../text/text';
import { AdapterTable } from './model-adapters';
import { isBuiltIn } from './template-field';

export interface ModelCardProps {
  readonly summary: ModelSummary;
  /** SHA-256 of the model's files; null where the browser did not keep them. */
  readonly hash: string | null;
}

/** Names the chat template in use: the chosen one, the model's own, or none. */
function nameTemplate({ templateChoice, hasChatTemplate }: ModelSummary, { template, card }: Text['model']): string {
  if (templateChoice === null) return hasChatTemplate ? card.ownTemplate : card.noTemplate;
  return isBuiltIn(templateChoice) ? template.choices[templateChoice].name : templateChoice;
}

export function ModelCard({ summary, hash }: ModelCardProps) {
  const text = useText().model;
  const { card } = text;
  const facts: readonly (readonly [string, string])[] = [
    [card.facts.architecture, summary.architecture],
    [card.facts.parameters, formatParameters(summary.parameters)],
    [card.facts.layers, card.layers(summary.layers, summary.hiddenSize)],
    [card.facts.vocabulary, card.vocabulary(summary.vocabularySize, summary.tiedEmbeddings)],
    [card.facts.context, card.context(summary.contextLength)],
    [card.facts.dtype, summary.dtype],
    [card.facts.template, nameTemplate(summary, text)],
    [card.facts.eos, summary.eosToken ?? card.none],
    [card.facts.weights, formatBytes(summary.weightBytes)],
    [card.facts.precision, card.precision(summary.precision)],
    [card.facts.fingerprint, summary.fingerprint.slice(0, 12)],
    ...(hash === null ? [] : [[card.facts.hash, hash.slice(0, 12)] as const]),
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
      <AdapterTable fingerprint={summary.fingerprint} />
      <Warnings warnings={summary.warnings} label={card.warnings} />
    </div>
  );
}
