/**
 * @file `strftime_now` of chat templates: dates as Python's datetime.now().strftime writes them in the C locale on
 * Linux, whatever the browser's language. A directive that cannot be written alike is refused.
 */

const monthNames = 'January February March April May June July August September October November December'.split(' ');
const dayNames = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');
const dayMs = 86_400_000;

/** Days since the year began, from 0. */
function dayOfYear(date: Date): number {
  const start = Date.UTC(date.getFullYear(), 0, 1);
  return Math.round((Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) - start) / dayMs);
}

/** The week of the year where weeks begin on this day of the week; days before the first are week 0. */
const weekFrom = (first: 0 | 1, date: Date): number =>
  Math.floor((dayOfYear(date) + 7 - ((date.getDay() - first + 7) % 7)) / 7);

/** A number and the width it is filled up to, by `0` or a space. */
type Numeric = readonly [value: (date: Date) => number, width: number, fill?: ' '];

const hour12 = (date: Date): number => date.getHours() % 12 || 12;

const numbers: Readonly<Record<string, Numeric>> = {
  Y: [(date) => date.getFullYear(), 4],
  C: [(date) => Math.floor(date.getFullYear() / 100), 2],
  y: [(date) => date.getFullYear() % 100, 2],
  m: [(date) => date.getMonth() + 1, 2],
  d: [(date) => date.getDate(), 2],
  e: [(date) => date.getDate(), 2, ' '],
  H: [(date) => date.getHours(), 2],
  k: [(date) => date.getHours(), 2, ' '],
  I: [hour12, 2],
  l: [hour12, 2, ' '],
  M: [(date) => date.getMinutes(), 2],
  S: [(date) => date.getSeconds(), 2],
  j: [(date) => dayOfYear(date) + 1, 3],
  U: [(date) => weekFrom(0, date), 2],
  W: [(date) => weekFrom(1, date), 2],
  u: [(date) => date.getDay() || 7, 1],
  w: [(date) => date.getDay(), 1],
};

const names: Readonly<Record<string, (date: Date) => string>> = {
  B: (date) => monthNames[date.getMonth()] ?? '',
  b: (date) => (monthNames[date.getMonth()] ?? '').slice(0, 3),
  h: (date) => (monthNames[date.getMonth()] ?? '').slice(0, 3),
  A: (date) => dayNames[date.getDay()] ?? '',
  a: (date) => (dayNames[date.getDay()] ?? '').slice(0, 3),
  p: (date) => (date.getHours() < 12 ? 'AM' : 'PM'),
  P: (date) => (date.getHours() < 12 ? 'am' : 'pm'),
  // Python's now() has no time zone.
  Z: () => '',
  z: () => '',
  n: () => '\n',
  t: () => '\t',
  '%': () => '%',
};

/** Directives that stand for others. */
const compound: Readonly<Record<string, string>> = {
  D: '%m/%d/%y',
  x: '%m/%d/%y',
  F: '%Y-%m-%d',
  T: '%H:%M:%S',
  X: '%H:%M:%S',
  R: '%H:%M',
  r: '%I:%M:%S %p',
  c: '%a %b %e %H:%M:%S %Y',
};

/**
 * Writes a date by a format.
 * @throws Error for a directive that is not known
 */
export function formatTime(date: Date, format: string): string {
  return format.replace(/%([-_0^#]?)([^]?)/g, (directive, flag: string, letter: string): string => {
    const number = Object.hasOwn(numbers, letter) ? numbers[letter] : undefined;
    if (number && !'^#'.includes(flag || '-')) {
      const [value, width, fill = '0'] = number;
      if (flag === '-') return String(value(date));
      return String(value(date)).padStart(width, flag === '_' ? ' ' : flag === '0' ? '0' : fill);
    }
    const long = Object.hasOwn(compound, letter) ? compound[letter] : undefined;
    if (long !== undefined && flag === '') return formatTime(date, long);
    const name = Object.hasOwn(names, letter) ? names[letter] : undefined;
    if (name && (flag === '' || flag === '^')) return flag === '^' ? name(date).toUpperCase() : name(date);
    throw new Error(`strftime_now has no directive ${directive}`);
  });
}
