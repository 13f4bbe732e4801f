/** @file The Records page: backing up everything and restoring it. */
import { BackupSection } from './backup-section';
import { RestoreSection } from './restore-section';

export function RecordsScreen() {
  return (
    <>
      <BackupSection />
      <RestoreSection />
    </>
  );
}
