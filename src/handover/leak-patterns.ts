/**
 * @file Secrets and personal data in texts, found by their form and, where they have one, their check digit; shown
 * masked. What has no form of its own (names, addresses, trade secrets) nobody finds in this way.
 */
import { emailPattern, phonePatterns } from '../data/checks/written-texts';
import type { LeakKind } from '../run/hand-over';

export interface FoundSecret {
  readonly kind: LeakKind;
  readonly text: string;
}

const digitsOf = (text: string): number[] => [...text.replace(/\D/g, '')].map(Number);
const weigh = (digits: readonly number[], weights: readonly number[]): number =>
  weights.reduce((sum, weight, i) => sum + weight * (digits[i] as number), 0);

/** Whether the digits end in Luhn's check digit (ISO/IEC 7812). */
function holdsLuhn(digits: readonly number[]): boolean {
  const sum = digits.toReversed().reduce((total, digit, i) => {
    const value = i % 2 === 0 ? digit : 2 * digit;
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/** Lengths and first digits of the card networks, Korea's domestic cards (9) among them. */
const cardForm =
  /^(?:4\d{12}(?:\d{3})?|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|35(?:2[89]|[3-8]\d)\d{12}|6(?:011|4[4-9]\d|5\d\d)\d{12}|62\d{14,17}|9\d{15})$/;

function isCardNumber(text: string): boolean {
  const digits = digitsOf(text);
  return cardForm.test(digits.join('')) && new Set(digits).size > 1 && holdsLuhn(digits);
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/**
 * Korea's resident registration number: date of birth, a digit for century, sex and nationality, six more. The last is
 * a check digit, but for those given since October 2020, whose digits are drawn.
 */
function isResidentNumber(text: string): boolean {
  const digits = digitsOf(text);
  if (digits.length !== 13) return false;
  const [y1 = 0, y2 = 0, m1 = 0, m2 = 0, d1 = 0, d2 = 0, group = 0] = digits;
  const year = ([1, 2, 5, 6].includes(group) ? 1900 : [3, 4, 7, 8].includes(group) ? 2000 : 1800) + 10 * y1 + y2;
  const month = 10 * m1 + m2;
  if (!isDay(year, month, 10 * d1 + d2) || year > new Date().getUTCFullYear()) return false;
  if (year * 12 + month >= 2020 * 12 + 10) return true;
  const rest = weigh(digits, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11;
  const isForeign = group >= 5 && group <= 8;
  return ((isForeign ? 13 : 11) - rest) % 10 === digits[12];
}

/** Korea's business registration number: three, two and five digits, the last a check digit. */
function isBusinessNumber(text: string): boolean {
  const digits = digitsOf(text);
  if (digits.length !== 10) return false;
  const sum = weigh(digits, [1, 3, 7, 1, 3, 7, 1, 3, 5]) + Math.floor((5 * (digits[8] as number)) / 10);
  return (10 - (sum % 10)) % 10 === digits[9];
}

/** A word that is given as a password and looks like one: letters with digits or signs, and no mere placeholder. */
const isPassword = (text: string): boolean => {
  const [, value = ''] = /[:=]\s*["'`]?(.+)$/s.exec(text) ?? [];
  return /\p{L}/u.test(value) && /[\d!@#$%^&*]/.test(value) && !/^[<{[(*$%]|^x+$/i.test(value);
};

interface Pattern {
  readonly kind: LeakKind;
  readonly form: RegExp;
  readonly check?: (text: string) => boolean;
}

/** Secrets of programs, by the prefixes that their makers gave them so that they can be found. */
const keyForms: readonly RegExp[] = [
  /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/g,
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g,
  /\bgh[pousr]_[A-Za-z0-9]{36,}\b/g,
  /\bgithub_pat_[A-Za-z0-9_]{50,}\b/g,
  /\bglpat-[A-Za-z0-9_-]{20,}/g,
  /\bxox[abeprs]-[A-Za-z0-9-]{10,}/g,
  /\bAIza[0-9A-Za-z_-]{35}(?![0-9A-Za-z_-])/g,
  /\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{16,}\b/g,
  /\bsk-[A-Za-z0-9_-]{20,}/g,
  /\bhf_[A-Za-z0-9]{30,}\b/g,
  /\bnpm_[A-Za-z0-9]{36}\b/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g,
];

/** In order: what an earlier one has taken is no later one's. */
const patterns: readonly Pattern[] = [
  ...keyForms.map((form): Pattern => ({ kind: 'key', form })),
  {
    kind: 'password',
    form: /(?:password|passwd|passphrase|pwd|api[_-]?key|secret|비밀번호|비번|암호)\s*[:=]\s*["'`]?[^\s"'`,;]{6,}/gi,
    check: isPassword,
  },
  { kind: 'email', form: emailPattern },
  { kind: 'residentNumber', form: /(?<![\d-])\d{6}[- ]?\d{7}(?![\d-])/g, check: isResidentNumber },
  { kind: 'cardNumber', form: /(?<![\d-])\d(?:[ -]?\d){12,18}(?![\d-])/g, check: isCardNumber },
  { kind: 'businessNumber', form: /(?<![\d-])\d{3}-\d{2}-\d{5}(?![\d-])/g, check: isBusinessNumber },
  {
    kind: 'businessNumber',
    form: /(?<=사업자(?:등록)?\s?(?:번호)?\s?[:：]?\s?)\d{10}(?!\d)/g,
    check: isBusinessNumber,
  },
  ...phonePatterns.map((form): Pattern => ({ kind: 'phone', form })),
  // Numbers of a company for all of Korea.
  { kind: 'phone', form: /(?<![\d.-])1[568]\d{2}-\d{4}(?![\d-])/g },
];

/** Everything in a text that has the form of a secret or of personal data, in order of the patterns. */
export function findSecrets(text: string): FoundSecret[] {
  const found: FoundSecret[] = [];
  let rest = text;
  for (const { kind, form, check } of patterns) {
    rest = rest.replace(form, (match) => {
      if (check && !check(match)) return match;
      found.push({ kind, text: match });
      // As long as it was, and of no pattern's form.
      return '\0'.repeat(match.length);
    });
  }
  return found;
}

/** The secret with all but its first two letters or digits hidden; signs between them stay. */
export function maskSecret({ kind, text }: FoundSecret): string {
  const from = kind === 'password' ? text.search(/[:=]/) + 1 : 0;
  let shown = 0;
  const hidden = text
    .slice(from)
    .replace(/[\p{L}\p{N}]/gu, (sign) => (kind !== 'password' && shown++ < 2 ? sign : '•'));
  const short = `${text.slice(0, from)}${hidden}`;
  return short.length > 40 ? `${short.slice(0, 39)}…` : short;
}
