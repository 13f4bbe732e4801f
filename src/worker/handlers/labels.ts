/** @file The call that judges labels: by the words of the answers, or by runs on the open model. */
import { AbortError } from '../../core/errors';
import { estimateNoise } from '../../evaluation/label-doctor';
import { wordMargins } from '../../evaluation/word-judge';
import { parseRunConfig } from '../../run/config';
import { crossFit, type CrossFitEvent } from '../../training/cross-fit';
import type { CallContext, Handlers } from '../bridge';
import type { EngineSession } from '../engine-session';
import { readAdapter } from '../files';
import type { Requests } from '../protocol';
import { refuseWhatCannotFit } from './training';

/** Of the time that a half takes, about what goes into training; the rest into judging the other half. */
const trainingShare = 0.9;
const total = 1000;

/** How much of both halves is done, from 0 to 1; null where an event does not tell. */
function shareOf(event: CrossFitEvent): number | null {
  const before = (event.half - 1) / 2;
  if (event.kind === 'judging') return before + (trainingShare + (1 - trainingShare) * event.share) / 2;
  if (event.event.kind !== 'step') return null;
  return before + (trainingShare * (event.event.metrics.step / event.event.totalSteps)) / 2;
}

/** The margins by two runs. @throws AbortError where it was cancelled */
async function byRuns(
  session: EngineSession,
  { config: settings, initAdapter }: NonNullable<Requests['labelMargins']['in']['run']>,
  pairs: Requests['labelMargins']['in']['pairs'],
  { signal, report }: CallContext,
): Promise<readonly number[]> {
  const config = parseRunConfig(settings);
  const adapter = initAdapter && (await readAdapter(initAdapter.files));
  const margins = await session.withModel((opened) =>
    crossFit(opened, {
      ...{ config, pairs, initAdapter: adapter, signal },
      checkLongest: refuseWhatCannotFit(session, opened),
      onEvent(event) {
        const share = shareOf(event);
        if (share !== null) report({ kind: 'labelMargins', done: Math.round(total * share), total });
      },
    }),
  );
  if (margins === null) throw new AbortError();
  return margins;
}

export function labelHandlers(session: EngineSession): Pick<Handlers, 'labelMargins'> {
  return {
    async labelMargins({ pairs, run }, context) {
      const { signal, report } = context;
      const onProgress = (share: number): void =>
        report({ kind: 'labelMargins', done: Math.round(total * share), total });
      const margins =
        run === null ? await wordMargins(pairs, { signal, onProgress }) : await byRuns(session, run, pairs, context);
      return { margins, noise: estimateNoise(margins) };
    },
  };
}
