/**
 * @file The one way from the command line to the terminal. Names, tokens and answers come out of files, and a terminal
 * obeys what is in them: colours, titles, the clipboard, text that is turned round. So control characters are spelled,
 * and nothing else in src/cli writes to stdout or stderr (terminal.test.ts).
 */

/** Control characters but tab and line feed, and marks that turn the direction of what follows. */
const unsafe = /(?![\t\n])[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const escaped = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** The text with control characters spelled as JSON spells them: ESC is `\u001b`. */
export const clean = (text: string): string => text.replace(unsafe, escaped);

/** Prints a text to stdout as it is given, without a line end of its own. */
export const print = (text: string): void => void process.stdout.write(clean(text));

/** Prints a value as one line of JSON; what is spelled in it stays the same value. */
export function printJson(value: unknown, indent?: number): void {
  print(`${JSON.stringify(value, null, indent)}\n`);
}

/** Says a line on stderr. */
export const say = (text: string): void => void process.stderr.write(`${clean(text)}\n`);

/** Shows progress on stderr, as one line that overwrites itself on a terminal. */
export function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${clean(text)}`);
}

/** Clears the line of progress. */
export function endProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[2K');
}
