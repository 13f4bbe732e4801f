/** @file What is known of the loaded model. */
import type { ModelSummary } from '../../../worker/protocol';
import { formatBytes, formatParameters } from '../../text/format';
import type { TermId } from '../../text/en/glossary';
import { Term } from '../shell/term';
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
  const facts: readonly (readonly [name: string, value: string, term?: TermId])[] = [
    [card.facts.architecture, summary.architecture],
    [card.facts.parameters, formatParameters(summary.parameters)],
    [card.facts.layers, card.layers(summary.layers, summary.hiddenSize)],
    [card.facts.vocabulary, card.vocabulary(summary.vocabularySize, summary.tiedEmbeddings), 'tied'],
    [card.facts.context, card.context(summary.contextLength), 'token'],
    [card.facts.dtype, summary.dtype, 'tensor'],
    [card.facts.template, nameTemplate(summary, text), 'template'],
    [card.facts.eos, summary.eosToken ?? card.none, 'eos'],
    [card.facts.weights, formatBytes(summary.weightBytes)],
    [card.facts.precision, card.precision(summary.precision), 'quantisation'],
    [card.facts.fingerprint, summary.fingerprint.slice(0, 12), 'fingerprint'],
    ...(hash === null ? [] : [[card.facts.hash, hash.slice(0, 12)] as const]),
  ];
  // That there is no template is said where one is chosen.
  const warnings = summary.warnings.filter(
    (warning) => typeof warning === 'string' || warning.code !== 'noChatTemplate',
  );
  return (
    <div className="model-card" data-testid="model-card">
      <h3>{summary.name}</h3>
      <dl className="facts">
        {facts.map(([name, value, term]) => (
          <div key={name}>
            <dt>
              {name} {term !== undefined && <Term id={term} />}
            </dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <AdapterTable fingerprint={summary.fingerprint} />
      <Warnings warnings={warnings} label={card.warnings} />
    </div>
  );
}
