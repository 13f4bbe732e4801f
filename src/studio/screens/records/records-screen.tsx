/** @file The Records page: backing up everything, restoring it, the audit log, and erasing everything. */
import { AuditSection } from './audit-section';
import { BackupSection } from './backup-section';
import { EraseSection } from './erase-section';
import { RestoreSection } from './restore-section';

export function RecordsScreen() {
  return (
    <>
      <BackupSection />
      <RestoreSection />
      <AuditSection />
      <EraseSection />
    </>
  );
}
