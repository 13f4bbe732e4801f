/** @file Which families of models are known to work, and how one comes to a PC without internet. */
import { useText } from '../../text/text';

export function ModelFamilies() {
  const { families: text } = useText().model;
  return (
    <details className="model-families">
      <summary>{text.title}</summary>
      <p className="quiet">{text.lead}</p>
      <ul>
        {Object.entries(text.list).map(([type, family]) => (
          <li key={type}>
            {family} <code>{type}</code>
          </li>
        ))}
      </ul>
      <p>{text.bring}</p>
      <ol>
        {text.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </details>
  );
}
