/**
 * @file One answer of a show: a letter and a vote while nobody may know whose it is; then its name, its votes, its
 * reward, what changed in it, and how strongly its adapter acts.
 */
import { Button } from 'react-aria-components';
import type { Demonstration, DemonstrationAnswer } from '../../../storage/demonstration-record';
import { strengthRange } from '../../plain/compare/columns';
import { differencesFrom } from '../../plain/compare/differences';
import { heatOf, plainHeat } from '../../plain/compare/token-heat';
import { letterOf } from '../../plain/demonstration/show';
import { rewardOf } from '../../plain/demonstration/rewards';
import { roleColours } from '../../plain/roles';
import { useText } from '../../text/text';
import { StrengthSlider } from '../compare/strength-slider';
import { TokenHeat } from '../compare/token-heat-view';
import { useStudio, useStudioState } from '../use-studio';
import { RewardBar } from './reward-bar';
import { useCannotCompute, useNameOf } from './use-demonstration';

/** What is seen of an answer beside its words. */
export interface ShownAnswer extends DemonstrationAnswer {
  /** How much of it is to be seen. */
  readonly shown: string;
  readonly isWriting: boolean;
}

/** What colours the words once the names are known; null leaves them as they are. */
export type Changes =
  { readonly kind: 'heat'; readonly limit: number } | { readonly kind: 'words'; readonly from: string } | null;

export interface ShowAnswerProps {
  readonly demonstration: Demonstration;
  readonly column: number;
  /** From the left, where 0 is the first. */
  readonly place: number;
  readonly answer: ShownAnswer;
  readonly isRevealed: boolean;
  readonly votes: number;
  /** It has more votes than any other. */
  readonly isWinner: boolean;
  readonly changes: Changes;
  readonly rewardLimit: number;
}

function Words({ answer, label, changes }: Pick<ShowAnswerProps, 'answer' | 'changes'> & { readonly label: string }) {
  const { judge } = useText();
  if (changes?.kind === 'heat' && answer.scored !== null && answer.scored.length > 0)
    return (
      <div className="show-words">
        <TokenHeat label={label} tokens={plainHeat(heatOf(answer.scored))} limit={changes.limit} hasHint={false} />
      </div>
    );
  const pieces = changes?.kind === 'words' ? differencesFrom(changes.from, answer.shown).pieces : null;
  return (
    <div className="show-words">
      <div className="answer-text" role="group" aria-label={label} tabIndex={0} data-testid="show-text">
        {answer.text.trim() === '' && !answer.isWriting && <span className="quiet">{judge.compare.nothing}</span>}
        {pieces === null
          ? answer.shown
          : pieces.map(({ text, isNew }, index) => (isNew ? <mark key={index}>{text}</mark> : text))}
        {answer.isWriting && <span className="caret" aria-hidden="true" />}
      </div>
    </div>
  );
}

function Vote({ column, place, votes }: Pick<ShowAnswerProps, 'column' | 'place' | 'votes'>) {
  const { demonstration } = useStudio();
  const { stage: text } = useText().demonstration;
  return (
    <div className="show-vote">
      <Button className="button button-large" onPress={() => void demonstration.getState().vote(column)}>
        {text.voteFor(letterOf(place))} <kbd>{place + 1}</kbd>
      </Button>
      <span className="show-votes" data-testid="show-votes">
        {text.votes(votes)}
      </span>
    </div>
  );
}

/** After a drag the arrows are the show's again; who moves a slider by keys keeps it. */
function giveKeysBack(): void {
  if (document.querySelector('.strength-thumb[data-focus-visible]') !== null) return;
  document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true });
}

/** The slider of an adapter; without the engine it stands where it stood. */
function Strength({ demonstration, column }: Pick<ShowAnswerProps, 'demonstration' | 'column'>) {
  const store = useStudio().demonstration;
  const { compare } = useText();
  const set = useStudioState('demonstration', (state) => state.strengths[column]);
  const cannot = useCannotCompute();
  const { strength = strengthRange.whole } = demonstration.columns[column] ?? {};
  return (
    <StrengthSlider
      label={compare.strength}
      value={set ?? strength}
      isDisabled={cannot !== null}
      onChange={(percent) => store.getState().setStrength(column, percent)}
      onChangeEnd={() => {
        giveKeysBack();
        void store.getState().answerAtStrength(column);
      }}
    />
  );
}

function Revealed({ demonstration, column, answer, votes, isWinner, rewardLimit }: ShowAnswerProps) {
  const { stage: text } = useText().demonstration;
  const reward = rewardOf(answer, demonstration.scoring);
  return (
    <div className="show-facts">
      <p className="show-votes">
        {text.votes(votes)} {isWinner && <strong>{text.most}</strong>}
      </p>
      {reward !== null && <RewardBar reward={reward} limit={rewardLimit} />}
      {demonstration.columns[column]?.runId !== null && <Strength demonstration={demonstration} column={column} />}
    </div>
  );
}

export function ShowAnswer(props: ShowAnswerProps) {
  const { demonstration, column, place, answer, isRevealed, votes } = props;
  const { stage: text } = useText().demonstration;
  const nameOf = useNameOf();
  const { compare } = useText();
  const known = demonstration.columns[column];
  const letter = letterOf(place);
  const colour = roleColours(demonstration.columns.map(({ role }) => role))[column];
  const label = isRevealed && known !== undefined ? text.answerOf(letter, nameOf(known)) : text.answer(letter);
  return (
    <article
      className="show-answer"
      aria-label={label}
      aria-busy={answer.isWriting}
      data-testid="show-answer"
      {...(isRevealed && { 'data-column': colour })}
    >
      <header>
        <span className="show-letter">{letter}</span>
        {isRevealed && known !== undefined && (
          <h2>
            {known.role !== null && compare.columns[known.role]} {known.runId !== null && <small>{known.name}</small>}
          </h2>
        )}
      </header>
      <Words answer={answer} label={label} changes={isRevealed ? props.changes : null} />
      {isRevealed ? <Revealed {...props} /> : <Vote column={column} place={place} votes={votes} />}
    </article>
  );
}
