/** @file The settings of runs side by side, and where they differ. Pure. */
import type { Run } from './run';

export interface SettingRow {
  readonly key: string;
  /** The value of each run as text; null where the run has no such setting. */
  readonly values: readonly (string | null)[];
  readonly differs: boolean;
}

/** A setting as the page writes it: a list with commas; null where the run has none. */
export function settingText(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Sets the settings of runs side by side, `facts` first, then the keys in the order in which the runs name them. */
export function compareSettings(
  runs: readonly Run[],
  facts: readonly (readonly [key: string, of: (run: Run) => unknown])[],
): readonly SettingRow[] {
  const evaluation = ({ evaluation: kept }: Run): Readonly<Record<string, unknown>> => ({ ...kept?.settings });
  const settings = runs.map((run): Readonly<Record<string, unknown>> => ({ ...run.config, ...evaluation(run) }));
  const keys = [...new Set(settings.flatMap((each) => Object.keys(each)))].filter((key) => key !== 'method');
  const row = (key: string, values: readonly (string | null)[]): SettingRow => ({
    key,
    values,
    differs: values.some((value) => value !== values[0]),
  });
  return [
    ...facts.map(([key, of]) =>
      row(
        key,
        runs.map((run) => settingText(of(run))),
      ),
    ),
    ...keys.map((key) =>
      row(
        key,
        settings.map((each) => settingText(each[key])),
      ),
    ),
  ];
}
