import { describe, expect, it } from 'vitest';
import { backupDue } from './due';

const now = Date.parse('2026-03-20T12:00:00Z');

describe('a backup', () => {
  it('is due a week after the last one, where there is work since', () => {
    expect(backupDue('2026-03-13T11:00:00Z', ['2026-03-14T00:00:00Z', '2026-01-01T00:00:00Z'], now)).toEqual({
      days: 7,
    });
    expect(backupDue('2026-03-13T13:00:00Z', ['2026-03-14T00:00:00Z'], now)).toBeNull();
    expect(backupDue('2026-03-01T00:00:00Z', ['2026-02-28T00:00:00Z'], now)).toBeNull();
  });

  it('that was never made is due a week after the first work', () => {
    expect(backupDue(null, ['2026-03-19T00:00:00Z', '2026-03-01T00:00:00Z'], now)).toEqual({ days: null });
    expect(backupDue(null, ['2026-03-19T00:00:00Z'], now)).toBeNull();
    expect(backupDue(null, ['', 'never'], now)).toBeNull();
  });
});
