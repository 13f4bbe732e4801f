/**
 * @file Argilla's records as JSON -> flat rows: the fields beside what was answered to each question. Its other exports
 * (`flatten=True`, Parquet, CSV) are flat already.
 */
import { isJsonObject, type JsonObject } from '../../core/json';
import type { JsonLine } from '../json-lines';

interface ArgillaRecord {
  readonly fields: JsonObject;
  readonly responses: JsonObject;
}

const isRecord = (value: unknown): value is JsonObject & ArgillaRecord =>
  isJsonObject(value) && isJsonObject(value['fields']) && isJsonObject(value['responses']);

/** What was answered to a question: one value, or a list where several people answered it. */
function answered(responses: unknown): unknown {
  if (!Array.isArray(responses)) return undefined;
  const kept = responses.filter((one) => isJsonObject(one) && !['discarded', 'draft'].includes(String(one['status'])));
  const values = kept.map((one: JsonObject) => one['value']);
  return values.length === 1 ? values[0] : values;
}

/** A row for each record; rows of any other kind as they are. */
export function flattenArgilla(rows: readonly JsonLine[]): readonly JsonLine[] {
  if (rows.length === 0 || !rows.every(({ value }) => isRecord(value))) return rows;
  return rows.map((line) => {
    if (!isRecord(line.value)) return line;
    const { fields, responses } = line.value;
    const answers = Object.entries(responses).map(([question, given]) => [question, answered(given)] as const);
    return { ...line, value: { ...fields, ...Object.fromEntries(answers.filter(([, value]) => value !== undefined)) } };
  });
}
