/** @file What narrows the table of pairs: a search and a filter by finding or side of the split. */
import { ChoiceInput, TextInput } from '../shell/fields';
import type { RowFilter } from '../../plain/data/row-filters';
import { findingIds, type Findings } from '../../stores/quality';
import { useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';

export function PairFilters({ findings }: { readonly findings: Findings }) {
  const { quality } = useStudio();
  const { quality: text } = useText();
  const search = useStudioState('quality', (state) => state.search);
  const filter = useStudioState('quality', (state) => state.filter);
  const hasSplit = useStudioState('dataset', (state) => state.split !== null);
  const options: { id: RowFilter; label: string }[] = [
    { id: 'all', label: text.allPairs },
    ...(hasSplit ? (['train', 'evaluation'] as const).map((id) => ({ id, label: text.sides[id] })) : []),
    ...findingIds
      .filter((id) => id === filter || (findings[id]?.length ?? 0) > 0)
      .map((id) => ({ id, label: text.checks[id].name })),
  ];
  return (
    <div className="table-tools">
      <TextInput
        label={text.search}
        isLabelHidden
        placeholder={text.search}
        value={search}
        onChange={(words) => quality.getState().setSearch(words)}
      />
      <ChoiceInput
        label={text.filter}
        isLabelHidden
        value={filter}
        options={options}
        onChange={(id) => quality.getState().setFilter(options.find((option) => option.id === id)?.id ?? 'all')}
      />
    </div>
  );
}
