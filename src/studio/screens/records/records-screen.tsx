/** @file The Records page: backing up everything restoring it, and the audit log. */
import { AuditSection } from './audit-section';
import { BackupSection } from './backup-section';
import { RestoreSection } from './restore-section';

export function RecordsScreen() {
  return (
    <>
      <BackupSection />
      <RestoreSection />
      <AuditSection />
    </>
  );
}
