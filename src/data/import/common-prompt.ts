/**
 * @file The implicit prompt: what chosen and rejected both begin with. By message for chats, by character for text, as
 * TRL's extract_prompt does it, with two differences: a word is never cut in two (nor a character), and where one
 * answer is the beginning of the other no answer is left empty by a guess (TRL splits off the last character; #6079 and
 * others).
 */

/** A letter or digit of a script that puts spaces between words. */
const wordCharacter = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Hangul}\p{Number}]/u;

function isInsideWord(text: string, at: number): boolean {
  return wordCharacter.test(text.charAt(at - 1)) && wordCharacter.test(text.charAt(at));
}

/**
 * Counts the characters of the prompt that two texts share: up to a boundary of words, without the space before the
 * answer.
 */
export function commonTextLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length++;
  if (/[\ud800-\udbff]/.test(a.charAt(length - 1))) length--;
  while (length > 0 && (isInsideWord(a, length) || isInsideWord(b, length))) length--;
  if (a[length - 1] === ' ') length--;
  return length;
}

/** Counts the messages that both chats begin with; one at least is left to each. */
export function commonMessages(a: readonly unknown[], b: readonly unknown[]): number {
  const most = Math.min(a.length, b.length) - 1;
  let count = 0;
  while (count < most && JSON.stringify(a[count]) === JSON.stringify(b[count])) count++;
  return count;
}
