/**
 * @file Prodigy's tasks of the choice interface -> rows with a list of answers: what was accepted stands before the
 * rest. A task that was rejected or ignored chooses nothing.
 */
import { isJsonObject, type JsonObject } from '../../core/json';
import type { JsonLine } from '../json-lines';

interface ChoiceTask {
  readonly options: readonly JsonObject[];
  readonly accept: readonly unknown[];
  readonly answer: unknown;
}

const isTask = (value: unknown): value is JsonObject & ChoiceTask =>
  isJsonObject(value) &&
  Array.isArray(value['options']) &&
  value['options'].every((option) => isJsonObject(option) && 'id' in option && typeof option['text'] === 'string') &&
  Array.isArray(value['accept']) &&
  'answer' in value;

/** A row for each task; rows of any other kind as they are. */
export function flattenProdigy(rows: readonly JsonLine[]): readonly JsonLine[] {
  if (rows.length === 0 || !rows.every(({ value }) => isTask(value))) return rows;
  return rows.map((line) => {
    if (!isTask(line.value)) return line;
    const { options, accept, answer, text, ...rest } = line.value;
    const isChosen = (id: unknown) => answer === 'accept' && accept.includes(id);
    const answers = options.map((option) => ({ text: option['text'], rank: isChosen(option['id']) ? 1 : 2 }));
    // Prodigy's own columns say who judged and when.
    const kept = Object.entries(rest).filter(([column]) => !/^_|^config$|^meta$/.test(column));
    return { ...line, value: { ...Object.fromEntries(kept), ...(text !== undefined && { prompt: text }), answers } };
  });
}
