/** @file What may stand in people's texts and should not be learned: personal data, and markup of web pages. */
import { isChatPair, type PreferencePair } from '../preference-pair';

/** Edits every text of a pair; an absent answer stays absent. */
export function mapTexts(pair: PreferencePair, edit: (text: string) => string): PreferencePair {
  if (!isChatPair(pair)) return { prompt: edit(pair.prompt), chosen: edit(pair.chosen), rejected: edit(pair.rejected) };
  const messages = (list: typeof pair.prompt) => list.map(({ role, content }) => ({ role, content: edit(content) }));
  return { prompt: messages(pair.prompt), chosen: messages(pair.chosen), rejected: messages(pair.rejected) };
}

/** Whether an edit changes any text of a pair. */
function changes(pair: PreferencePair, edit: (text: string) => string): boolean {
  let isChanged = false;
  mapTexts(pair, (text) => {
    isChanged ||= edit(text) !== text;
    return text;
  });
  return isChanged;
}

/** It begins where the word does, so that a long one without an @ is looked through once. */
export const emailPattern = /(?<![\w.+-])[\w.+-]+@[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*\.\p{L}{2,}/gu;

/** Korean mobile and landline numbers, and international ones with a plus. */
export const phonePatterns: readonly RegExp[] = [
  /(?<![\d.-])01[016789][-. ]?\d{3,4}[-. ]?\d{4}(?!\d)/g,
  /(?<![\d.-])(?:0\d{1,2}|\(0\d{1,2}\))[-) ] ?\d{3,4}[- ]\d{4}(?!\d)/g,
  /(?<![\d+])\+\d{1,3}(?:[-. ]?\(?\d{1,4}\)?){2,5}(?!\d)/g,
];

/** Patterns of personal data and what takes their place. Resident numbers come before telephone numbers. */
const personal: readonly (readonly [RegExp, string])[] = [
  [emailPattern, '[email]'],
  // Korean resident and foreigner registration numbers, and card numbers.
  [/(?<![\d-])\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])-[1-8]\d{6}(?!\d)/g, '[id]'],
  [/(?<![\d-])\d{4}([- ])\d{4}\1\d{4}\1\d{4}(?![\d-])/g, '[id]'],
  ...phonePatterns.map((pattern) => [pattern, '[phone]'] as const),
];

const mask = (text: string): string =>
  personal.reduce((masked, [pattern, sign]) => masked.replace(pattern, sign), text);

/** Whether a pair holds an e-mail address, a telephone number, or a resident or card number. */
export const hasPersonalData = (pair: PreferencePair): boolean => changes(pair, mask);

/** The pair with `[email]`, `[phone]` and `[id]` in their place. */
export const withoutPersonalData = (pair: PreferencePair): PreferencePair => mapTexts(pair, mask);

const tags = 'p|br|div|span|b|i|u|a|ul|ol|li|table|thead|tbody|tr|td|th|h[1-6]|img|font|strong|em|hr|pre|code';
const tag = new RegExp(`</?(?:${tags})(?:\\s[^<>]*)?/?>`, 'gi');
const breaking = /<br\s*\/?>|<\/(?:p|div|li|tr|h[1-6])>/gi;
const entities: Readonly<Record<string, string>> = {
  ...{ '&nbsp;': ' ', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' },
};

function withoutTags(text: string): string {
  if (text.search(tag) < 0 && !/&(?:nbsp|lt|gt|quot|#39|amp);/.test(text)) return text;
  return text
    .replace(breaking, '\n')
    .replace(tag, '')
    .replace(/&(?:nbsp|lt|gt|quot|#39|amp);/g, (entity) => entities[entity] ?? entity)
    .trim();
}

/** Whether a pair holds tags of HTML or its entities. */
export const hasMarkup = (pair: PreferencePair): boolean => changes(pair, withoutTags);

/** The pair with line breaks in place of paragraphs, and without tags. */
export const withoutMarkup = (pair: PreferencePair): PreferencePair => mapTexts(pair, withoutTags);
