/** @file Values that stand in a text: messages that JSON or Python printed into a cell or a string. */
import { isJsonObject, parsePythonJson } from '../../core/json';
import { parsePythonLiteral } from './python-literal';

/** Text that can only be messages as JSON or Python prints them. */
export const looksLikeMessages = (text: string): boolean =>
  /^(?:array\()?\[?\s*\{\s*['"]\w+['"]\s*:/.test(text.trimStart()) &&
  ((/['"]role['"]\s*:/.test(text) && /['"]content['"]\s*:/.test(text)) ||
    (/['"]from['"]\s*:/.test(text) && /['"]value['"]\s*:/.test(text)));

/** JSON or Python's text of a value; undefined where the text is neither. */
export function parseCell(text: string): unknown {
  try {
    return parsePythonJson(text);
  } catch {
    return parsePythonLiteral(text);
  }
}

const isMessage = (item: unknown): boolean =>
  isJsonObject(item) && (('role' in item && 'content' in item) || ('from' in item && 'value' in item));

/** The messages that a text holds, or null where it is text. */
export function messagesInText(text: string): unknown {
  if (!looksLikeMessages(text)) return null;
  const value = parseCell(text);
  const isChat = Array.isArray(value) ? value.length > 0 && value.every(isMessage) : isMessage(value);
  return isChat ? value : null;
}
