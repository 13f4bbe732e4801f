/** @file Numbers as people read them: bytes, counts, durations, metrics, dates. */

const unitsOfBytes = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** 1000-based, as disks and downloads are labelled. */
export function formatBytes(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (value >= 999.5 && unit < unitsOfBytes.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? value.toFixed(0) : value.toPrecision(2)} ${unitsOfBytes[unit]}`;
}

export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** 134,515,008 -> "134.5 M". */
export function formatParameters(count: number): string {
  if (count >= 1e9) return `${(count / 1e9).toFixed(2)} B`;
  if (count >= 1e6) return `${(count / 1e6).toFixed(1)} M`;
  if (count >= 1e3) return `${(count / 1e3).toFixed(0)} k`;
  return String(count);
}

export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, '0')} min`;
}

/** Four significant digits; small ones as 1.5e-4. */
export function formatMetric(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 1e-3 || size >= 1e5) return value.toExponential(2).replace(/\.?0+e/, 'e').replace('e+', 'e');
  if (size >= 100) return value.toFixed(1);
  return value.toFixed(size >= 10 ? 2 : size >= 1 ? 3 : 4);
}

/** A round number beside an axis: as short as it goes. */
export function formatTick(value: number): string {
  const round = Number(value.toPrecision(6));
  const size = Math.abs(round);
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? formatMetric(round) : String(round);
}

export function formatDate(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const two = (part: number) => String(part).padStart(2, '0');
  return (
    `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ` +
    `${two(date.getHours())}:${two(date.getMinutes())}`
  );
}

/** `plural(1, 'row')` -> "1 row"; `plural(2, 'row')` -> "2 rows". */
export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : many}`;
}
