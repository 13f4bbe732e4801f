/** @file "My frontier" on the Compare screen: the form of a sweep, or the sweep: verdict, chart, numbers, answers. */
import { useMemo, useState } from 'react';
import { RotateCcw } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { Sweep } from '../../../storage/sweep-record';
import { answersLeft, frontierOf, verdictOf, type Frontier } from '../../plain/frontier/sweep';
import { isTaskId } from '../../plain/starter/manifest';
import { useText } from '../../text/text';
import { FailureNote } from '../shell/failure-note';
import { Section } from '../shell/section';
import { useStudio, useStudioState } from '../use-studio';
import { FrontierChart } from './frontier-chart';
import { Cautions, LimitsTable, RunsTable, inTwo, signedInTwo, useInterval } from './frontier-tables';
import { usePolicyNames } from './names';
import { PolicyAnswers } from './policy-answers';
import { SweepFields } from './sweep-fields';
import { SweepProgress } from './sweep-progress';

const words = ['beta', 'kl', 'nat', 'reference', 'reward', 'heldOut', 'interval'] as const;

/** By what the answers were scored. */
function useRewardName({ reward }: Sweep): string {
  const { compare, frontier: text, starter } = useText();
  const runs = useStudioState('library', (state) => state.runs);
  if ('scorer' in reward && isTaskId(reward.scorer)) return compare.best.starter(starter.tasks[reward.scorer].title);
  if ('model' in reward) return runs.find(({ id }) => id === reward.model)?.name ?? text.ownModel;
  return text.ownRules;
}

/** Which beta to take, before all numbers. */
function VerdictView({ sweep, frontier }: { readonly sweep: Sweep; readonly frontier: Frontier }) {
  const { verdict: text } = useText().frontier;
  const written = useInterval();
  const verdict = verdictOf(sweep, frontier);
  if (verdict === null) return null;
  const { nearest, standing } = verdict;
  const beta = String(nearest.beta);
  const gain = nearest.gain === null ? '' : written(nearest.gain, signedInTwo);
  const said =
    standing === 'above'
      ? text.above(beta, written(nearest.reward), gain, inTwo(nearest.kl?.mean ?? NaN))
      : text[standing](beta, gain);
  return (
    <p className="frontier-verdict" role="status" data-testid="frontier-verdict">
      {said} {answersLeft(sweep).count > 0 && text.part}
    </p>
  );
}

function SweepView({ sweep }: { readonly sweep: Sweep }) {
  const { frontier: text } = useText();
  const nameOf = usePolicyNames(sweep);
  const reward = useRewardName(sweep);
  const [chosen, setChosen] = useState<number | null>(null);
  const frontier = useMemo(() => frontierOf(sweep), [sweep]);
  const choose = (policy: number) => setChosen(policy === chosen ? null : policy);
  const { betas, prompts, sampling, dataset } = sweep;
  return (
    <>
      <p className="quiet">
        {text.what(betas.length, prompts.length, sampling.answers, dataset ?? text.unnamed)} {text.scoredBy(reward)}
      </p>
      <SweepProgress sweep={sweep} />
      <VerdictView sweep={sweep} frontier={frontier} />
      {frontier.points.length > 0 && <FrontierChart {...{ frontier, chosen, nameOf, onChoose: choose }} />}
      <RunsTable {...{ sweep, frontier, chosen, nameOf, onChoose: choose }} />
      <Cautions {...{ sweep, frontier, nameOf }} />
      {chosen !== null && <PolicyAnswers key={chosen} sweep={sweep} policy={chosen} name={nameOf(chosen)} />}
      {frontier.limits !== null && <LimitsTable limits={frontier.limits} />}
    </>
  );
}

export function FrontierSection() {
  const store = useStudio().sweep;
  const { frontier: text } = useText();
  const sweep = useStudioState('sweep', (state) => state.round);
  const failure = useStudioState('sweep', (state) => state.failure);
  return (
    <Section
      id="frontier"
      title={text.title}
      lead={text.lead}
      terms={words}
      actions={
        sweep !== null && (
          <Button className="button" onPress={() => void store.getState().close()}>
            <RotateCcw aria-hidden="true" /> {text.close}
          </Button>
        )
      }
    >
      {failure !== null && <FailureNote failure={failure} />}
      {sweep === null ? <SweepFields /> : <SweepView key={sweep.at} sweep={sweep} />}
    </Section>
  );
}
