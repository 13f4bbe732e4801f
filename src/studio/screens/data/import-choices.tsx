/** @file The import dialog's choices beside the columns: shape, form, encoding, and what some shapes ask for. */
import { bestMeanings } from '../../../data/import/best-of-list';
import { encodings } from '../../../data/import/encoding';
import { importShapes, verdictMeanings, type Pairing } from '../../../data/import/plan';
import { planOfShape } from '../../../data/import/plan-of-shape';
import type { ImportPreview } from '../../stores/dataset';
import { ChoiceInput } from '../shell/fields';
import { useStudio } from '../use-studio';
import { useText } from '../../text/text';

const forms = ['text', 'chat'] as const;
const pairings = ['all', 'ends'] as const satisfies readonly Pairing[];

/** How several answers are paired, or what a verdict's values mean. */
function ShapeChoices({ plan }: Pick<ImportPreview, 'plan'>) {
  const { dataset } = useStudio();
  const { preview: text } = useText().data;
  const { planImport } = dataset.getState();
  if (plan.shape === 'ranked' && plan.best != null)
    return (
      <ChoiceInput
        label={text.meaning}
        value={plan.meaning ?? ''}
        options={bestMeanings.map((id) => ({ id, label: text.bestMeanings[id] }))}
        onChange={(id) => planImport({ ...plan, meaning: bestMeanings.find((one) => one === id) ?? null })}
      />
    );
  if (plan.shape === 'ranked' || plan.shape === 'ratings')
    return (
      <ChoiceInput
        label={text.pairing}
        value={plan.pairing}
        options={pairings.map((id) => ({ id, label: text.pairings[id] }))}
        onChange={(pairing) => planImport({ ...plan, pairing: pairing === 'ends' ? 'ends' : 'all' })}
      />
    );
  if (plan.shape !== 'compared' || !plan.better) return null;
  return (
    <ChoiceInput
      label={text.meaning}
      value={plan.meaning ?? ''}
      options={verdictMeanings.map((id) => ({ id, label: text.meanings[id] }))}
      onChange={(id) => planImport({ ...plan, meaning: verdictMeanings.find((one) => one === id) ?? null })}
    />
  );
}

export function ImportChoices({ preview: { plan, table } }: { readonly preview: ImportPreview }) {
  const { dataset } = useStudio();
  const { preview: text } = useText().data;
  const { planImport, chooseImportForm, decodeImport } = dataset.getState();
  return (
    <div className="import-fields">
      <ChoiceInput
        label={text.shape}
        value={plan.shape}
        options={importShapes.map((id) => ({ id, label: text.shapes[id] }))}
        onChange={(id) => {
          const shape = importShapes.find((candidate) => candidate === id);
          if (shape !== undefined) planImport(planOfShape(shape, table, plan));
        }}
      />
      <ChoiceInput
        label={text.as}
        value={plan.as ?? 'text'}
        options={forms.map((id) => ({ id, label: text.forms[id] }))}
        onChange={(as) => chooseImportForm(as === 'chat' ? 'chat' : 'text')}
      />
      {table.decoded !== null && (
        <ChoiceInput
          label={text.encoding}
          value={table.decoded.encoding}
          options={encodings.map((id) => ({ id, label: id }))}
          onChange={(id) => {
            const encoding = encodings.find((candidate) => candidate === id);
            if (encoding !== undefined) void decodeImport(encoding);
          }}
        />
      )}
      <ShapeChoices plan={plan} />
    </div>
  );
}
