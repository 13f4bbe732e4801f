/** @file Pairs of a model's own answers: the form, the answering, and what the answers come to. */
import { useState } from 'react';
import { FilePlus2, Gavel, RotateCcw } from 'lucide-react';
import { Button } from 'react-aria-components';
import { bestCounts, rewardOfJudge, type RewardId } from '../../plain/compare/best-of';
import {
  pairings,
  readPairsForm,
  type MadePairs,
  type PairsForm,
  type PairsSources,
} from '../../plain/compare/pairs-of-answers';
import { judgeName, judgeOf } from '../../plain/compare/rewards';
import { readSampling } from '../../plain/compare/sampling';
import type { WaitingAnswers } from '../../plain/compare/waiting-answers';
import { textsOf } from '../../plain/data/pair-text';
import { textOfPrompt } from '../../plain/data/prompt-text';
import { readRuleForms } from '../../plain/data/rule-form';
import { answeringRuns } from '../../plain/runs/answering-runs';
import { formatMetric } from '../../text/format';
import { useText } from '../../text/text';
import { AnsweringView } from '../judge/answering';
import { FailureNote } from '../shell/failure-note';
import { ChoiceInput, NumberInput, TextInput } from '../shell/fields';
import { RadioRow } from '../shell/radio-row';
import { Section } from '../shell/section';
import { ownModel } from '../../stores/open-model';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';
import { ComparingNote, RewardObstacle, useRewardProblem, useRewards, useRewardSources } from './best-of';
import { StartAnswering } from './start-answering';
import { TrainedPrompts } from './trained-prompts';

/** Pairs that are shown before a data set is made of all. */
const shown = 3;

function usePairsSources(): PairsSources | null {
  const model = useStudioState('model', ownModel);
  const { options: sampling } = readSampling(useStudioState('compare', (state) => state.sampling));
  const rows = useStudioState('dataset', (state) => state.rows);
  const split = useStudioState('dataset', (state) => state.split);
  const rules = useStudioState('rules', (state) => state.rules);
  const { runs, judges } = useRewardSources();
  const stored = useStudioState('modelShelf', (state) => state.stored);
  return model && { model, sampling, rows, split, runs, judges, stored, hasRules: readRuleForms(rules).rules !== null };
}

interface FieldsProps {
  readonly form: PairsForm;
  readonly sources: PairsSources | null;
  readonly onChange: (change: Partial<PairsForm>) => void;
}

function PromptFields({ form, sources, onChange }: FieldsProps) {
  const { makePairs: text, promptSet } = useText();
  const problem = sources === null ? undefined : readPairsForm(form, sources).countProblem;
  return (
    <>
      <TrainedPrompts label={text.source} names={text} form={form} onChange={onChange} />
      {form.source === 'dataset' && (
        <div className="field-grid">
          <NumberInput
            label={promptSet.form.count}
            help={promptSet.form.countHelp}
            value={form.count}
            problem={problem}
            onChange={(count) => onChange({ count })}
          />
        </div>
      )}
    </>
  );
}

function AnswerFields({ form, onChange }: FieldsProps) {
  const { compare, makePairs: text } = useText();
  const fingerprint = useStudioState('model', ownModel)?.fingerprint;
  const runs = answeringRuns(
    useStudioState('library', (state) => state.runs),
    fingerprint,
  );
  const rewards = useRewards(form.reward);
  const isThere = runs.some(({ id }) => id === form.runId);
  return (
    <div className="field-grid">
      <ChoiceInput
        label={text.who}
        value={isThere ? (form.runId ?? 'base') : 'base'}
        options={[{ id: 'base', label: compare.columns.base }, ...runs.map(({ id, name }) => ({ id, label: name }))]}
        onChange={(id) => onChange({ runId: id === 'base' ? null : id })}
      />
      <ChoiceInput
        label={text.answers}
        value={String(form.answers)}
        options={bestCounts.map((count) => ({ id: String(count), label: String(count) }))}
        onChange={(id) => onChange({ answers: bestCounts.find((count) => String(count) === id) ?? form.answers })}
      />
      <div className="field-wide reward-field">
        <ChoiceInput
          label={text.reward}
          value={form.reward}
          options={rewards}
          onChange={(reward) => onChange({ reward: reward as RewardId })}
        />
      </div>
    </div>
  );
}

function PairsFormView() {
  const { makePairs } = useStudio();
  const { makePairs: text } = useText();
  const form = useStudioState('makePairs', (state) => state.form);
  const sources = usePairsSources();
  const props = { form, sources, onChange: makePairs.getState().setForm };
  const read = sources && readPairsForm(form, sources);
  const obstacle = read?.obstacle ?? null;
  // These stand above, each with the way out of it.
  const isAbove = obstacle === 'atZero' || obstacle === 'noRules' || obstacle === 'noJudge';
  const lacks = obstacle === null ? null : isAbove ? '' : text.obstacles[obstacle];
  return (
    <>
      <PromptFields {...props} />
      <AnswerFields {...props} />
      <ComparingNote {...form} prompts={read?.plan?.prompts.length ?? 0} />
      <RewardObstacle reward={form.reward} answers={form.answers} />
      <StartAnswering
        label={text.start}
        lacks={lacks}
        plan={read?.plan ? text.plan(read.plan.prompts.length, form.answers) : null}
        onStart={() => void makePairs.getState().start()}
      />
    </>
  );
}

function FirstPairs({ made }: { readonly made: MadePairs }) {
  const { common, makePairs: text } = useText();
  return (
    <div className="table-scroll" role="region" aria-label={text.examples} tabIndex={0}>
      <table className="starter-answers">
        <caption>{text.examples}</caption>
        <tbody>
          {made.rows.slice(0, shown).map(({ pair, scores }, index) => {
            const { chosen, rejected } = textsOf(pair, common.roles);
            return (
              <tr key={index}>
                <th scope="row">{textOfPrompt(pair.prompt, common.roles)}</th>
                <td>
                  <strong>{text.chosen(formatMetric(scores?.chosen ?? NaN))}</strong> {chosen.trim()}
                </td>
                <td>
                  <strong>{text.rejected(formatMetric(scores?.rejected ?? NaN))}</strong> {rejected.trim()}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function SetMaker() {
  const { makePairs } = useStudio();
  const { makePairs: text } = useText();
  const busy = useBusyReason();
  const [name, setName] = useState(text.defaultName);
  const obstacle = name.trim() === '' ? '' : busy;
  return (
    <div className="field-row">
      <TextInput label={text.name} value={name} maxLength={80} onChange={setName} />
      <Button
        className="button button-primary"
        isDisabled={obstacle !== null}
        onPress={() => void makePairs.getState().makeSet(name)}
      >
        <FilePlus2 aria-hidden="true" /> {text.make}
      </Button>
      {obstacle !== null && <p className="obstacle">{obstacle}</p>}
    </div>
  );
}

/** Answers that wait for a judge, and the button that has it compare them. */
function Waiting({ waiting: { judge: judgeId, drawn } }: { readonly waiting: WaitingAnswers }) {
  const { makePairs } = useStudio();
  const { compare, makePairs: text, modelJudge } = useText();
  const reward = rewardOfJudge(judgeId);
  const judge = judgeOf(reward, useRewardSources().judges);
  const problem = useRewardProblem(reward, drawn[0]?.answers.length);
  const busy = useBusyReason();
  const obstacle = problem ?? busy;
  return (
    <div className="start-row" data-testid="waiting-answers">
      <p role="status">{text.waiting(drawn.length, judge === null ? compare.best.goneJudge : judgeName(judge))}</p>
      <Button
        className="button button-primary"
        isDisabled={obstacle !== null}
        onPress={() => void makePairs.getState().judgeOn()}
      >
        <Gavel aria-hidden="true" /> {modelJudge.ask}
      </Button>
      {obstacle !== null && <p className="obstacle">{obstacle}</p>}
    </div>
  );
}

function MadeView({ made, prompts }: { readonly made: MadePairs; readonly prompts: number }) {
  const { makePairs } = useStudio();
  const { makePairs: text } = useText();
  const kind = useStudioState('makePairs', (state) => state.kind);
  const { rows, ties, unscored, tooMany } = made;
  return (
    <>
      <RadioRow
        label={text.kind}
        value={kind}
        options={pairings.map((id) => ({ id, label: text.kinds[id] }))}
        onChange={(id) => makePairs.getState().setKind(id)}
      />
      <p role="status">
        {text.came(prompts, rows.length)} {ties > 0 && text.ties(ties)} {unscored > 0 && text.unscored(unscored)}{' '}
        {tooMany > 0 && text.tooMany(tooMany)}
      </p>
      {rows.length === 0 ? (
        <p className="note note-info">{text.noPairs}</p>
      ) : (
        <>
          <FirstPairs made={made} />
          <SetMaker />
        </>
      )}
    </>
  );
}

/** How far the answers are, and the judge that compares them; nothing while neither is at work. */
export function MakingPairs(rest: { readonly 'data-testid': string }) {
  const { makePairs } = useStudio();
  const { makePairs: text, modelJudge } = useText();
  const { answering, isJudging, stopping } = useStudioState('makePairs', (state) => state);
  if (answering === null) return null;
  return (
    <AnsweringView
      progress={answering}
      isStopping={stopping}
      stopLabel={isJudging ? modelJudge.stop : text.stop}
      onStop={() => makePairs.getState().stop()}
      {...(isJudging && { words: { label: modelJudge.judging, value: modelJudge.progress } })}
      {...rest}
    />
  );
}

export function MakePairsSection() {
  const { makePairs } = useStudio();
  const { makePairs: text } = useText();
  const { answering, failure, answered, waiting, made } = useStudioState('makePairs', (state) => state);
  const isAllWaiting = waiting !== null && answered?.length === 0;
  return (
    <Section
      id="make-pairs"
      title={text.title}
      lead={text.lead}
      actions={
        made !== null &&
        answering === null && (
          <Button className="button" onPress={() => makePairs.getState().putAway()}>
            <RotateCcw aria-hidden="true" /> {text.close}
          </Button>
        )
      }
    >
      {failure !== null && <FailureNote failure={failure} />}
      {answering !== null ? (
        <MakingPairs data-testid="make-pairs-answering" />
      ) : made === null ? (
        <PairsFormView />
      ) : (
        <>
          {waiting !== null && <Waiting waiting={waiting} />}
          {!isAllWaiting && <MadeView made={made} prompts={answered?.length ?? 0} />}
        </>
      )}
    </Section>
  );
}
