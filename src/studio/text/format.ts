/** @file Numbers as people read them, in the chosen language: bytes, counts, durations, metrics, dates. */
import { preferences, type Language } from './preferences';

/** Keeps one formatter for each language, made when it is first used. */
function perLanguage<T>(make: (language: Language) => T): () => T {
  const made = new Map<Language, T>();
  return () => {
    const { language } = preferences.getState();
    const formatter = made.get(language) ?? make(language);
    made.set(language, formatter);
    return formatter;
  };
}

const counts = perLanguage((language) => new Intl.NumberFormat(language));
const shares = perLanguage((language) => new Intl.NumberFormat(language, { style: 'percent' }));
const dates = perLanguage((language) => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }));
const times = perLanguage((language) => new Intl.DateTimeFormat(language, { timeStyle: 'medium' }));
const units = perLanguage((language) => {
  const unit = (name: string) => new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'short' });
  return { hour: unit('hour'), minute: unit('minute'), second: unit('second') };
});

const unitsOfBytes = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Writes bytes in units of 1000, as disks and downloads are labelled: "1.5 MB". */
export function formatBytes(bytes: number): string {
  let unit = 0;
  let value = bytes;
  while (value >= 999.5 && unit < unitsOfBytes.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.5 ? value.toFixed(0) : value.toPrecision(2)} ${unitsOfBytes[unit]}`;
}

export function formatCount(count: number): string {
  return counts().format(count);
}

/** Writes a share as a percentage: 0.25 is "25%". */
export function formatShare(share: number): string {
  return shares().format(share);
}

/** Writes a count of parameters in short: 134,515,008 is "134.5 M". */
export function formatParameters(count: number): string {
  if (count >= 1e9) return `${(count / 1e9).toFixed(2)} B`;
  if (count >= 1e6) return `${(count / 1e6).toFixed(1)} M`;
  if (count >= 1e3) return `${(count / 1e3).toFixed(0)} k`;
  return String(count);
}

export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const { hour, minute, second } = units();
  if (whole < 60) return second.format(whole);
  const minutes = Math.floor(whole / 60);
  if (whole < 3600) return `${minute.format(minutes)} ${second.format(whole % 60)}`;
  return `${hour.format(Math.floor(minutes / 60))} ${minute.format(minutes % 60)}`;
}

/**
 * Writes a metric with four significant digits, small ones as 1.5e-4; the same in every language, because metrics are
 * copied and compared.
 */
export function formatMetric(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 1e-3 || size >= 1e5)
    return value
      .toExponential(2)
      .replace(/\.?0+e/, 'e')
      .replace('e+', 'e');
  if (size >= 100) return value.toFixed(1);
  return value.toFixed(size >= 10 ? 2 : size >= 1 ? 3 : 4);
}

/** Writes a metric with its sign and a real minus: "+0.532", "−0.1"; 0 has no sign. */
export function formatSigned(value: number): string {
  const text = formatMetric(Math.abs(value));
  return value === 0 || text === '0' ? '0' : `${value < 0 ? '−' : '+'}${text}`;
}

/** Writes a round number beside an axis, as short as it goes. */
export function formatTick(value: number): string {
  const round = Number(value.toPrecision(6));
  const size = Math.abs(round);
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? formatMetric(round) : String(round);
}

/** Writes day and time; a line breaks between the two only. */
export function formatDate(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const parts = dates().formatToParts(date);
  const time = parts.findIndex(({ type }) => type === 'dayPeriod' || type === 'hour');
  const written = (some: typeof parts) => some.map(({ value }) => value).join('');
  const whole = (text: string) => text.trim().replace(/\s/g, '\u00a0');
  return `${whole(written(parts.slice(0, time)))} ${whole(written(parts.slice(time)))}`;
}

/** Writes the time of day, with seconds. @param ms milliseconds since 1970 */
export function formatTime(ms: number): string {
  return times().format(new Date(ms));
}

/** Counts things in English: `plural(1, 'row')` is "1 row", `plural(2, 'row')` is "2 rows". */
export function plural(count: number, noun: string, many = `${noun}s`): string {
  return `${formatCount(count)} ${count === 1 ? noun : many}`;
}
