/** @file One prompt of a show with its answers side by side: voted on blind, or with names. */
import type { ReactNode } from 'react';
import type { Demonstration } from '../../../storage/demonstration-record';
import { textOfPrompt } from '../../plain/data/prompt-text';
import { heatLimit, heatOf } from '../../plain/compare/token-heat';
import { orderAt, type Phase } from '../../plain/demonstration/show';
import { rewardLimit } from '../../plain/demonstration/rewards';
import { votesOf } from '../../plain/demonstration/votes';
import type { LiveAnswer } from '../../stores/demonstration-show';
import { useText } from '../../text/text';
import { useStudioState } from '../use-studio';
import { Preparing } from './demonstration-section';
import { sizeOf } from '../../plain/demonstration/playback';
import { ShowAnswer, type Changes, type ShownAnswer } from './show-answer';
import { useCannotCompute, useNameOf } from './use-demonstration';
import type { Playback } from './use-playback';

interface PlaceProps {
  readonly demonstration: Demonstration;
  readonly at: number;
}

export interface ShowPromptProps extends PlaceProps {
  readonly phase: Phase;
  readonly playback: Playback;
  /** Whether what training changed is coloured, once the names are known. */
  readonly showsChanges: boolean;
}

/** The answer of a column as it is to be seen: what is written live, or what is prepared as far as it has played. */
function shownAnswer(
  { answered }: Demonstration,
  at: number,
  column: number,
  live: LiveAnswer | undefined,
  played: string | undefined,
): ShownAnswer {
  const kept = answered[at]?.[column] ?? { text: '', isCut: false, scored: null };
  if (live === undefined) {
    const shown = played ?? kept.text;
    return { ...kept, shown: shown.trimStart(), isWriting: shown.length < kept.text.length };
  }
  const { text, finish, scored } = live;
  return { text, isCut: finish === 'length', scored, shown: text.trimStart(), isWriting: finish === null };
}

/** What the colours mean, and where the rewards come from. */
function Legend({ demonstration: { scoring, columns }, changes }: PlaceProps & { readonly changes: Changes }) {
  const { compare, demonstration } = useText();
  const text = demonstration.stage;
  const nameOf = useNameOf();
  const cannot = useCannotCompute();
  const policy = scoring === null ? undefined : columns[scoring.column];
  const reference = scoring?.reference ?? compare.columns.base;
  const [base] = columns;
  return (
    <div className="show-legend">
      {scoring === null || policy === undefined ? (
        <p>{text.noReward}</p>
      ) : (
        <p>{text.rewardHelp(nameOf(policy), reference, scoring.beta === null ? null : String(scoring.beta))}</p>
      )}
      {changes?.kind === 'heat' && <p>{text.changesHeat}</p>}
      {changes?.kind === 'words' && base !== undefined && <p>{text.changesWords(nameOf(base))}</p>}
      {cannot !== null && (
        <p className="obstacle">
          {text.strengthNeedsEngine} {cannot}
        </p>
      )}
    </div>
  );
}

/** Whose answers these are made of: prepared, played back, being written, or written just now. */
function useOrigin({ demonstration, at, playback }: ShowPromptProps): string {
  const { stage: text } = useText().demonstration;
  const isWriting = useStudioState('demonstration', (state) => state.isWriting);
  const isLive = useStudioState('demonstration', (state) => Object.keys(state.live).length > 0);
  if (isWriting) return text.writing;
  if (isLive) return text.isLive;
  return playback.isPlaying ? text.isPlaying : text.isPrepared(String(demonstration.script[at]?.seed ?? 0));
}

function Question({ demonstration, at, children }: PlaceProps & { readonly children?: ReactNode }) {
  const { common } = useText();
  return (
    <div className="show-question">
      <p className="visually-hidden">{common.prompt}</p>
      <div className="show-question-text" role="group" aria-label={common.prompt} tabIndex={0}>
        {textOfPrompt(demonstration.script[at]?.prompt ?? '', common.roles)}
      </div>
      {children}
    </div>
  );
}

/** Heat where the answers at hand have scores, else the words that the base has not. */
function changesOf(answers: readonly ShownAnswer[]): Changes {
  const scored = answers.flatMap((answer) => (answer.scored === null ? [] : [heatOf(answer.scored)]));
  if (scored.length === answers.length) return { kind: 'heat', limit: heatLimit(scored) };
  return { kind: 'words', from: answers[0]?.shown ?? '' };
}

export function ShowPrompt(props: ShowPromptProps) {
  const { demonstration, at, phase, playback, showsChanges } = props;
  const { stage: text } = useText().demonstration;
  const live = useStudioState('demonstration', (state) => state.live);
  const origin = useOrigin(props);
  const votes = votesOf(demonstration, at);
  const most = Math.max(...votes);
  const answers = demonstration.columns.map((_, column) =>
    shownAnswer(demonstration, at, column, live[column], playback.shown[column]),
  );
  const isRevealed = phase === 'revealed';
  const changes = isRevealed && showsChanges ? changesOf(answers) : null;
  const limit = rewardLimit(demonstration);
  return (
    <>
      <Question demonstration={demonstration} at={at}>
        <p className="quiet">
          {isRevealed ? '' : `${text.ask} `}
          {origin}
        </p>
      </Question>
      <div
        className="show-answers"
        data-columns={demonstration.columns.length}
        data-size={sizeOf(answers.map((answer) => answer.text))}
      >
        {orderAt(demonstration, at).map((column, place) => (
          <ShowAnswer
            key={column}
            demonstration={demonstration}
            column={column}
            place={place}
            answer={answers[column]!}
            isRevealed={isRevealed}
            votes={votes[column] ?? 0}
            isWinner={most > 0 && votes[column] === most}
            changes={column === 0 && changes?.kind === 'words' ? null : changes}
            rewardLimit={limit}
          />
        ))}
      </div>
      {isRevealed && <Legend demonstration={demonstration} at={at} changes={changes} />}
    </>
  );
}

/** A prompt whose answers are not there yet. */
export function ShowWaiting({ demonstration, at }: PlaceProps) {
  const { stage: text } = useText().demonstration;
  return (
    <>
      <Question demonstration={demonstration} at={at}>
        <p className="quiet">{text.waiting}</p>
      </Question>
      <div className="show-waiting">
        <Preparing demonstration={demonstration} />
      </div>
    </>
  );
}
