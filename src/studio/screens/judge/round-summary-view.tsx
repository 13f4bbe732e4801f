/** @file What a round came to, and the one place that tells who wrote what. */
import { useMemo } from 'react';
import { Undo2 } from 'lucide-react';
import { Button } from 'react-aria-components';
import { verdicts, type JudgingRound } from '../../../storage/judging-record';
import { formatCount } from '../../text/format';
import { ColumnHeads } from '../shell/column-heads';
import { addressOf } from '../shell/route';
import { useKeptFocus } from '../shell/use-kept-focus';
import { useStudio } from '../use-studio';
import { useText } from '../../text/text';
import { countUndecidable } from '../../plain/judge/comparisons';
import { baseVoice } from '../../plain/judge/judge-form';
import { judgeKeys } from '../../plain/judge/judge-keys';
import { summariseRound, type RoundSummary } from '../../plain/judge/summary';
import { useJudgeKeys } from './use-judge-keys';

function VoiceTable({ voices }: Pick<RoundSummary, 'voices'>) {
  const { summary: text } = useText().judge;
  const met = voices.filter(({ rate }) => rate !== null);
  if (met.length === 0) return null;
  return (
    <div>
      <table className="numbers">
        <caption>{text.voices}</caption>
        <thead>
          <tr>
            <ColumnHeads titles={[text.voice, text.wins, text.ties, text.losses, text.rate]} />
          </tr>
        </thead>
        <tbody>
          {met.map(
            ({ name, rate }) =>
              rate !== null && (
                <tr key={name}>
                  <th scope="row">{name === baseVoice ? text.base : name}</th>
                  <td>{formatCount(rate.wins)}</td>
                  <td>{formatCount(rate.ties)}</td>
                  <td>{formatCount(rate.losses)}</td>
                  <td>{text.interval(rate.mean, rate.interval.low, rate.interval.high)}</td>
                </tr>
              ),
          )}
        </tbody>
      </table>
      <p className="field-help">{text.intervalNote}</p>
    </div>
  );
}

export function RoundSummaryView({ round }: { readonly round: JudgingRound }) {
  const { judge } = useStudio();
  const { compare, summary: text } = useText().judge;
  const summary = useMemo(() => summariseRound(round), [round]);
  const undecidable = countUndecidable(round.answered);
  const root = useKeptFocus<HTMLDivElement>();
  const undo = () => void judge.getState().undo();
  useJudgeKeys((action) => action === 'undo' && undo());
  const hasJudged = round.judgements.length > 0;
  return (
    <div ref={root} className="judge-summary" tabIndex={-1} data-testid="judge-summary">
      {hasJudged ? (
        <>
          <h3>{text.title}</h3>
          <p>{text.counts(round.judgements.length - summary.skipped, summary.pairs)}</p>
          <div className="judge-tables">
            <table className="numbers">
              <caption>{text.verdicts}</caption>
              <tbody>
                {verdicts.map((verdict) => (
                  <tr key={verdict}>
                    <th scope="row">{compare.verdicts[verdict]}</th>
                    <td>{formatCount(summary.verdicts[verdict])}</td>
                  </tr>
                ))}
                <tr>
                  <th scope="row">{text.edits}</th>
                  <td>{formatCount(summary.edits)}</td>
                </tr>
              </tbody>
            </table>
            <VoiceTable voices={summary.voices} />
          </div>
          {summary.longerChosen !== null && <p>{text.longer(summary.longerChosen)}</p>}
        </>
      ) : (
        <p className="note note-warning">{text.none}</p>
      )}
      {summary.skipped > 0 && <p className="quiet">{text.skipped(summary.skipped)}</p>}
      {undecidable > 0 && <p className="quiet">{text.undecidable(undecidable)}</p>}
      <div className="start-row">
        {summary.pairs > 0 && <a href={addressOf('data')}>{text.next}</a>}
        {hasJudged && (
          <Button className="button" onPress={undo}>
            <Undo2 aria-hidden="true" /> {compare.undo} <kbd>{judgeKeys.undo}</kbd>
          </Button>
        )}
      </div>
    </div>
  );
}
