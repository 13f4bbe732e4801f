/**
 * @file Label Studio's JSON export -> flat rows: a task's data beside what each annotation chose, under the name of its
 * control. Its other exports (JSON-MIN, CSV) are flat already.
 */
import { isJsonObject, type JsonObject } from '../../core/json';
import type { JsonLine } from '../json-lines';

/** Of a result's value: what a pairwise choice, a choice, a rating or a text area holds. */
function chosenIn(value: JsonObject): unknown {
  const { selected, choices, rating, number, text } = value;
  const found = [selected, choices, rating, number, text].find((one) => one != null);
  return Array.isArray(found) && found.length === 1 ? found[0] : found;
}

/** The task's list that a Ranker put in order, the best first, each item with its rank. */
function rankedItems(data: JsonObject, ids: readonly unknown[]): (readonly [string, unknown])[] {
  const isItem = (item: unknown) => isJsonObject(item) && ids.includes(item['id']);
  return Object.entries(data).flatMap(([column, items]) => {
    if (!Array.isArray(items) || items.length === 0 || !items.every(isItem)) return [];
    return [[column, (items as JsonObject[]).map((item) => ({ ...item, rank: ids.indexOf(item['id']) + 1 }))] as const];
  });
}

function rowOf(data: JsonObject, annotation: unknown): JsonObject {
  const results = isJsonObject(annotation) && Array.isArray(annotation['result']) ? annotation['result'] : [];
  const chosen = results.flatMap((result: unknown) => {
    if (!isJsonObject(result) || typeof result['from_name'] !== 'string' || !isJsonObject(result['value'])) return [];
    const ranker = result['value']['ranker'];
    if (isJsonObject(ranker) && Array.isArray(ranker['rank'])) return rankedItems(data, ranker['rank']);
    return [[result['from_name'], chosenIn(result['value'])] as const];
  });
  return { ...data, ...Object.fromEntries(chosen) };
}

const isTask = (value: unknown): value is { readonly data: JsonObject; readonly annotations: readonly unknown[] } =>
  isJsonObject(value) && isJsonObject(value['data']) && Array.isArray(value['annotations']);

/** A row for each annotation that was not cancelled; rows of any other kind as they are. */
export function flattenLabelStudio(rows: readonly JsonLine[]): readonly JsonLine[] {
  if (rows.length === 0 || !rows.every(({ value }) => isTask(value))) return rows;
  return rows.flatMap(({ row, value }) => {
    if (!isTask(value)) return [];
    const kept = value.annotations.filter((one) => !(isJsonObject(one) && one['was_cancelled'] === true));
    return (kept.length === 0 ? [null] : kept).map((annotation) => ({ row, value: rowOf(value.data, annotation) }));
  });
}
