/** @file What chose in the columns of a prompt set that show the best of N; in the report too, so without hooks. */
import { klBound } from '../../../../evaluation/best-of-n';
import type { PromptSet, PromptSetReward } from '../../../../storage/prompt-set-record';
import { judgeIdOf } from '../../../plain/compare/best-of';
import { isTaskId } from '../../../plain/starter/manifest';
import { formatMetric } from '../../../text/format';
import type { Text } from '../../../text/text';
import { promptSetColumnName } from './win-rates';

/** How a reward model or a judge is called, whose name is given. */
export const rewardWithName = (reward: string, text: Text['compare']['best']): ((name: string) => string) =>
  judgeIdOf(reward) === null ? text.judge : text.lone;

/** What chooses or judges, by the name that people know it by. */
export function rewardName(
  { reward, run }: PromptSetReward,
  { compare, starter }: Pick<Text, 'compare' | 'starter'>,
): string {
  if (reward === 'rules') return compare.best.rules;
  if (isTaskId(reward)) return compare.best.starter(starter.tasks[reward].title);
  return rewardWithName(reward, compare.best)(run ?? compare.best.goneJudge);
}

/** The mean of what the kept answers were given, at temperatures above 0; null where none was. */
function meanReward({ answered, temperatures }: PromptSet, column: number): number | null {
  const drawn = answered.filter((_, cell) => temperatures[cell % temperatures.length] !== 0);
  const given = drawn.flatMap((answers) => answers[column]?.reward ?? []);
  return given.length === 0 ? null : given.reduce((sum, reward) => sum + reward, 0) / given.length;
}

export function BestNotes({
  promptSet,
  text,
}: {
  readonly promptSet: PromptSet;
  readonly text: Pick<Text, 'compare' | 'promptSet' | 'starter'>;
}) {
  const notes = promptSet.columns.flatMap(({ best }, index) => {
    if (best === undefined) return [];
    const name = promptSetColumnName(promptSet, index, text.compare);
    const mean = meanReward(promptSet, index);
    return [
      text.promptSet.chosenBy(
        name,
        rewardName(best, text),
        formatMetric(klBound(best.count)),
        mean === null ? null : formatMetric(mean),
      ),
    ];
  });
  if (notes.length === 0) return null;
  return (
    <ul className="quiet best-notes" data-testid="best-notes">
      {notes.map((note, index) => (
        <li key={index}>{note}</li>
      ))}
    </ul>
  );
}
