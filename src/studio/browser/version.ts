/** @file Which Airlock this page is. */
export const airlockVersion =
  (import.meta.env as { AIRLOCK_VERSION?: string } | undefined)?.AIRLOCK_VERSION ?? 'unknown';
