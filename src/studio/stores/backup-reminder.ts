/** @file Whether a backup is due, by what the stores know of the work; said once a visit. */
import { backupDue, type BackupDue } from '../plain/backup/due';
import { currentText } from '../text/text';
import type { Studio, StudioStates } from './studio-stores';

type Known = Pick<StudioStates, 'library' | 'dataset' | 'judge' | 'backup'>;

export function dueBackup({ library, dataset, judge, backup }: Known, now = Date.now()): BackupDue | null {
  const workAt = [
    ...library.runs.map(({ startedAt }) => startedAt),
    ...dataset.sets.filter(({ pairs }) => pairs > 0).map(({ label }) => label.madeAt),
    ...dataset.history.map(({ at }) => at),
    ...(judge.round?.judgements ?? []).map(({ at }) => at),
  ];
  return backupDue(backup.last?.at ?? null, workAt, now);
}

export function remindOfBackup({ library, dataset, judge, backup, notices }: Studio): void {
  const [libraryNow, datasetNow, judgeNow] = [library.getState(), dataset.getState(), judge.getState()];
  const due = dueBackup({ library: libraryNow, dataset: datasetNow, judge: judgeNow, backup: backup.getState() });
  if (due !== null) notices.getState().warn(currentText().records.backup.due(due.days));
}
