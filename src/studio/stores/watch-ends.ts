/** @file Tells by a notice of the system how a start, or the starter, has ended. */
import { endOf } from '../plain/runs/run-end';
import { formatDuration } from '../text/format';
import { currentText } from '../text/text';
import type { Studio } from './studio-stores';

/** Shows a notice where nobody looks at the page. */
export type NoticeOutside = (title: string, body: string) => void;

/** What a person stopped is not told: they know. */
export function watchEnds(
  { training, starter, library }: Pick<Studio, 'training' | 'starter' | 'library'>,
  notice: NoticeOutside,
): void {
  training.subscribe(({ active, last }, before) => {
    if (before.active === null || active !== null || last === null || last.stopped) return;
    // The runs of the starter are a part of its work.
    if (starter.getState().progress !== null) return;
    const { result } = currentText().train;
    const runs = last.runIds.flatMap((id) => library.getState().runs.filter((run) => run.id === id));
    const lines = runs.map((run) => `${result.ended(run.name, endOf(run), formatDuration(run.seconds))}.`);
    notice(last.failure === null ? result.hasEnded : result.hasFailed, lines.join('\n'));
  });
  starter.subscribe(({ progress, result }, before) => {
    if (before.progress === null || progress !== null || result === null || result.seconds === null) return;
    const text = currentText();
    notice(text.train.result.hasEnded, text.starter.tasks[result.task.id].title);
  });
}
