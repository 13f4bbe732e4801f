/** @file What the policies of a sweep are called. */
import type { Sweep } from '../../../storage/sweep-record';
import { referenceRun } from '../../plain/frontier/sweep';
import { useText } from '../../text/text';
import { useStudioState } from '../use-studio';

/** Names policies: the start by its run, if it has one, and each run by its beta. */
export function usePolicyNames(sweep: Pick<Sweep, 'betas' | 'reference' | 'startFrom'>): (policy: number) => string {
  const { frontier: text } = useText();
  const id = referenceRun(sweep);
  const name = useStudioState('library', ({ runs }) => runs.find((run) => run.id === id)?.name);
  return (policy) => {
    if (policy > 0) return text.beta(String(sweep.betas[policy - 1]));
    return name === undefined ? text.startOfBase : text.startNamed(name);
  };
}
