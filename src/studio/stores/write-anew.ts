/** @file What the page holds, written again into a storage that the browser cleared while the page was open. */
import { currentText } from '../text/text';
import type { Studio } from './studio-stores';

/**
 * Says what happened, writes pairs, rounds, rules, reviews, answers and runs as they are in the page, and says when it
 * is done; of what could not be written the store of pending writes says so.
 */
export async function writeAllAnew({
  dataset,
  judge,
  promptSet,
  demonstration,
  sweep,
  rules,
  labelReview,
  makePairs,
  library,
  notices,
  pending,
}: Studio): Promise<void> {
  notices.getState().warn(currentText().faults.storageCleared);
  await dataset.getState().writeAnew();
  for (const round of [judge, promptSet, demonstration, sweep]) await round.getState().writeAnew();
  await rules.getState().writeAnew();
  await labelReview.getState().writeAnew();
  await makePairs.getState().writeAnew();
  await library.getState().writeAnew();
  if (pending.getState().unwritten === 0) notices.getState().tellDone(currentText().faults.writtenAnew);
}
