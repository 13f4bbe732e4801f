/** @file Where the newest hash of the audit log stands beside its database: the browser's local storage. */
import type { AuditAnchor } from '../../storage/audit/audit-log';

const key = 'airlock-audit';

export const auditAnchor: AuditAnchor = {
  read: () => localStorage.getItem(key),
  write: (text) => localStorage.setItem(key, text),
};
