/** @file Keeps the starter's result until another one is there or a person closes it. */
import { keptResultOf, resultOfKept } from '../plain/starter/kept-result';
import type { Storage } from '../plain/records';
import type { NoticeStore } from './notices';
import type { StarterStore } from './starter';

/**
 * Shows the result of an earlier visit and keeps those to come. To be called once it is known what was shipped.
 * @param isStarting whether the starter is under way: a result that makes room for the next one is not forgotten
 */
export async function keepStarterResult(
  starter: StarterStore,
  storage: Pick<Storage, 'readStarterResult' | 'writeStarterResult'>,
  notices: NoticeStore,
  isStarting: () => boolean,
): Promise<void> {
  const tell = (error: unknown) => notices.getState().tellFailure(error);
  starter.subscribe(({ result }, before) => {
    if (result === before.result) return;
    if (result === null && isStarting()) return;
    const kept = result === null ? null : keptResultOf(result);
    if (result === null || kept !== null) storage.writeStarterResult(kept).catch(tell);
  });
  try {
    const kept = await storage.readStarterResult();
    const { manifest, result, progress } = starter.getState();
    if (kept === null || result !== null || progress !== null) return;
    starter.setState({ result: resultOfKept(kept, manifest) });
  } catch (error) {
    tell(error);
  }
}
