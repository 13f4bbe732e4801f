/**
 * @file One column of the comparison: who answers and how strongly, the answer as it streams, coloured as wanted, and
 * its figures.
 */
import { X } from 'lucide-react';
import { Button } from 'react-aria-components';
import { formatMetric, formatShare, formatSigned } from '../../text/format';
import { HandOverButton } from '../hand-over/hand-over-button';
import { ChoiceInput } from '../shell/fields';
import type { Answer } from '../../plain/compare/answers';
import type { TokenScores } from '../../stores/compare';
import { ownModel } from '../../stores/open-model';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';
import { methodName } from '../../text/method-name';
import { useText } from '../../text/text';
import type { RoleColour } from '../../plain/roles';
import type { Run } from '../../plain/runs/run';
import { answeringRuns } from '../../plain/runs/answering-runs';
import { isUnjudged } from '../../plain/compare/judged-best';
import { answererOf, type Answerer, type Column } from '../../plain/compare/columns';
import { differencesFrom, type Differences } from '../../plain/compare/differences';
import { heatOf, sumOfRatios } from '../../plain/compare/token-heat';
import { BestAnswer, BestChoice } from './best-of';
import { StrengthSlider } from './strength-slider';
import { TokenHeat } from './token-heat-view';
import { useColumnName } from './use-column-name';

/** What colours the words of an answer; null where they stand as they are. */
export type AnswerShading =
  | { readonly kind: 'differences'; readonly from: string; readonly text: string }
  | { readonly kind: 'tokens'; readonly scores: TokenScores; readonly limit: number }
  | null;

function AnswererSelect({ column }: { readonly column: Column }) {
  const { compare } = useStudio();
  const { compare: text } = useText();
  const fingerprint = useStudioState('model', ownModel)?.fingerprint;
  const runs = useStudioState('library', (state) => state.runs);
  const isGenerating = useStudioState('compare', (state) => state.generating);
  const hasAnswer = useStudioState('compare', (state) => state.answers[column.id] !== undefined);
  const busy = useBusyReason();
  const latest = (method: 'sft' | 'dpo') => {
    const [newest] = answeringRuns(runs, fingerprint, method);
    return newest === undefined
      ? text.latestOfNone(text.columns[method])
      : text.latest(text.columns[method], newest.name);
  };
  const options = [
    { id: 'base', label: text.columns.base },
    { id: 'latest-sft', label: latest('sft') },
    { id: 'latest-dpo', label: latest('dpo') },
    ...answeringRuns(runs, fingerprint).map(({ id, name }) => ({ id, label: name })),
  ];
  const isKnown = options.some(({ id }) => id === column.choice);
  return (
    <ChoiceInput
      label={text.whoAnswers}
      isLabelHidden
      value={column.choice}
      options={isKnown ? options : [...options, { id: column.choice, label: text.goneShort }]}
      isDisabled={isGenerating}
      onChange={(choice) => {
        compare.getState().choose(column.id, choice);
        if (hasAnswer && busy === null) void compare.getState().answerAgain(column.id);
      }}
    />
  );
}

function ColumnStrength({ column }: { readonly column: Column }) {
  const { compare } = useStudio();
  const { compare: text } = useText();
  const hasAnswer = useStudioState('compare', (state) => state.answers[column.id] !== undefined);
  const isOwnWriting = useStudioState('compare', (state) => state.answering.every((id) => id === column.id));
  const work = useStudioState('engineTime', (state) => state.foreground[0]);
  const busy = useBusyReason();
  // Its own answering and scoring give way to it. A slider that is disabled, be it for a moment, loses the focus.
  const canAnswer = busy === null || work === 'scoring' || (work === 'comparing' && isOwnWriting);
  return (
    <StrengthSlider
      label={text.strength}
      value={column.strength}
      isDisabled={hasAnswer && !canAnswer}
      onChange={(value) => compare.getState().setStrength(column.id, value)}
      onChangeEnd={() => hasAnswer && void compare.getState().answerAgain(column.id)}
    />
  );
}

/** The answer itself; nothing while a judge has to choose it. */
function AnswerWords({
  answer,
  column,
  label,
  shading,
  differences,
}: {
  readonly answer: Answer;
  readonly column: Column;
  readonly label: string;
  readonly shading: AnswerShading;
  readonly differences: Differences | null;
}) {
  const scored = shading?.kind === 'tokens' ? shading.scores.answers[column.id] : undefined;
  if (isUnjudged(answer)) return null;
  if (shading?.kind === 'tokens' && scored !== undefined)
    return <TokenHeat label={label} tokens={heatOf(scored)} limit={shading.limit} />;
  return (
    <div className="answer-text" data-testid="answer-text">
      {differences === null
        ? answer.text
        : differences.pieces.map(({ text: words, isNew }, index) =>
            isNew ? <mark key={index}>{words}</mark> : <span key={index}>{words}</span>,
          )}
      {answer.finish === null && <span className="caret" aria-hidden="true" />}
    </div>
  );
}

interface FiguresProps {
  readonly answer: Answer;
  readonly column: Column;
  readonly shading: AnswerShading;
  readonly differences: Differences | null;
}

function AnswerFigures({ answer, column, shading, differences }: FiguresProps) {
  const { common, compare: text } = useText();
  const { tokens, finish, secondsPerToken } = answer;
  const scored = shading?.kind === 'tokens' ? shading.scores.answers[column.id] : undefined;
  const beta = shading?.kind === 'tokens' ? shading.scores.beta : null;
  if (isUnjudged(answer)) return null;
  const parts = [
    common.tokens(tokens),
    ...(secondsPerToken !== null && secondsPerToken > 0 ? [text.speed(formatMetric(1 / secondsPerToken))] : []),
    ...(finish !== null ? [text.finishes[finish]] : []),
  ];
  return (
    <div className="answer-figures">
      {scored !== undefined && (
        <p className="answer-reward" data-testid="reward">
          {beta === null
            ? text.heat.sum(formatSigned(sumOfRatios(scored)))
            : text.heat.reward(
                formatSigned(sumOfRatios(scored)),
                String(beta),
                formatSigned(beta * sumOfRatios(scored)),
              )}
        </p>
      )}
      {differences !== null && shading?.kind === 'differences' && (
        <p>{text.differing(formatShare(differences.share), shading.from)}</p>
      )}
      <p>{parts.join(' · ')}</p>
    </div>
  );
}

/** The method that gives a column its title. */
function columnMethod(answerer: Answerer): 'base' | Run['method'] {
  return answerer.kind === 'run' ? answerer.run.method : answerer.kind === 'none' ? answerer.method : 'base';
}

export interface AnswerColumnProps {
  readonly column: Column;
  readonly colour: RoleColour;
  readonly shading: AnswerShading;
}

export function AnswerColumn({ column, colour, shading }: AnswerColumnProps) {
  const { compare } = useStudio();
  const words = useText();
  const { compare: text } = words;
  const fingerprint = useStudioState('model', ownModel)?.fingerprint;
  const runs = useStudioState('library', (state) => state.runs);
  const written = useStudioState('compare', (state) => state.answers[column.id]);
  const isOnly = useStudioState('compare', (state) => state.columns.length === 1);
  const isGenerating = useStudioState('compare', (state) => state.generating);
  const answerer = answererOf(column, runs, fingerprint);
  // The newest run of a method may be another one by now.
  const answer = answerer.kind === 'run' && written?.run?.id !== answerer.run.id ? undefined : written;
  const label = text.answerOf(useColumnName()(column));
  const method = columnMethod(answerer);
  const differences =
    answer !== undefined && shading?.kind === 'differences' ? differencesFrom(shading.text, answer.text) : null;
  return (
    <article
      className="answer"
      data-column={colour}
      aria-label={label}
      aria-busy={answer?.finish === null && isGenerating}
      data-testid="answer"
    >
      <header>
        <h3>{answerer.kind === 'run' ? methodName(answerer.run, words) : text.columns[method]}</h3>
        <AnswererSelect column={column} />
        {answerer.kind === 'run' && <HandOverButton run={answerer.run} isIcon />}
        {!isOnly && (
          <Button
            className="button button-icon"
            aria-label={text.removeColumn(label)}
            isDisabled={isGenerating}
            onPress={() => compare.getState().removeColumn(column.id)}
          >
            <X aria-hidden="true" />
          </Button>
        )}
      </header>
      {answerer.kind === 'run' && <ColumnStrength column={column} />}
      <BestChoice column={column} />
      {answer !== undefined ? (
        <>
          <AnswerWords answer={answer} column={column} label={label} shading={shading} differences={differences} />
          {answer.best !== undefined && <BestAnswer answer={answer} best={answer.best} />}
          <AnswerFigures answer={answer} column={column} shading={shading} differences={differences} />
        </>
      ) : (
        <p className="answer-empty">
          {fingerprint === undefined
            ? text.empty
            : answerer.kind === 'none'
              ? text.noneYet(text.columns[answerer.method])
              : answerer.kind === 'gone'
                ? text.gone
                : text.empty}
        </p>
      )}
    </article>
  );
}
