/** @file The data set that is open, as the page names it. */
import { describeDatasetName } from '../../text/describe-dataset';
import { useText } from '../../text/text';
import { useStudioState } from '../use-studio';

/** Its id, its name in the page's language, and its number of pairs. */
export function useOpenDataset(): { readonly id: string; readonly name: string; readonly pairs: number } {
  const text = useText();
  const id = useStudioState('dataset', (state) => state.openId);
  const label = useStudioState('dataset', (state) => state.sets.find((entry) => entry.id === id)?.label);
  const pairs = useStudioState('dataset', (state) => state.rows.length);
  return { id, name: describeDatasetName(label ?? { name: null, madeAt: '' }, text), pairs };
}
