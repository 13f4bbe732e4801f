/**
 * @file A file of any format -> pairs, with nobody to ask: for the command line. What is not certain is refused in a
 * sentence that says what to name.
 */
import { UserError } from '../core/errors';
import { message } from '../messages/message';
import type { Encoding } from './import/encoding';
import { makePairs, type ParsedPairs } from './import/make-pairs';
import { guessPrompt } from './import/guess-prompt';
import { planOfColumns, requireColumns } from './import/named-columns';
import { columnRoles, isComplete, planFrom, type ImportPlan, type RoleColumns } from './import/plan';
import { readTable, type Table } from './import/read-table';
import { leftOverOf, recognise, seenIn, type Recognition } from './import/recognise';
import { fileProblem, plainPlan } from './parse-pairs';

export interface ReadOptions {
  /** Columns by their roles, over what is recognised. */
  readonly columns?: RoleColumns | undefined;
  readonly encoding?: Encoding | undefined;
  /** Whether a file that has prompts and no answers will do, as for a method whose answers the model gives. */
  readonly promptsWillDo?: boolean | undefined;
}

export interface PairFile {
  readonly table: Table;
  readonly plan: ImportPlan;
  /** Columns that hold something and are not read. */
  readonly leftOver: readonly string[];
  readonly parsed: ParsedPairs;
}

/** The plan that was recognised, where nothing speaks against it. */
function certainPlan({ plan, doubt, columns }: Recognition, file: string): ImportPlan {
  if (doubt !== null) throw new UserError('nameColumns', { doubt });
  if (plan !== null) return plan;
  const own = ['prompt', 'chosen', 'rejected'];
  if (columns.length === 0 || columns.some((column) => own.includes(column))) return plainPlan;
  throw new UserError('nameColumns', { doubt: message('columnsUnknown', { file, columns: columns.join(', ') }) });
}

/** The plan of a file in which nothing looks like an answer; null where something does, or nothing like a prompt. */
function planOfPrompts(given: RoleColumns, table: Table, recognition: Recognition, file: string): ImportPlan | null {
  const { plan, doubt, columns } = recognition;
  const isOfPrompts = Object.keys(given).every((role) => (columnRoles.prompts as readonly string[]).includes(role));
  if (plan !== null || doubt !== null || !isOfPrompts) return null;
  requireColumns(given, columns, file);
  const named = Object.values(given).flatMap((column) => column ?? []);
  const found = planFrom('prompts', { ...guessPrompt(seenIn(table), named), ...given });
  return isComplete(found) ? found : null;
}

/**
 * Reads a file's pairs by what is recognised and by the columns that are named.
 * @throws UserError for what concerns the whole file; single rows are among `parsed.errors`
 */
export async function readPairFile(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
  { columns, encoding, promptsWillDo = false }: ReadOptions = {},
): Promise<PairFile> {
  const table = await readTable(bytes, file, encoding);
  const problem = fileProblem(table, file);
  if (problem !== null) throw new UserError(problem);
  if (table.decoded?.isSure === false)
    throw new UserError('encodingUnsure', { file, encoding: table.decoded.encoding });
  const recognition = recognise(table);
  const plan =
    (promptsWillDo ? planOfPrompts(columns ?? {}, table, recognition, file) : null) ??
    (columns === undefined ? certainPlan(recognition, file) : planOfColumns(columns, table, recognition, file));
  return { table, plan, leftOver: leftOverOf(plan, recognition.filled), parsed: makePairs(table, plan, file) };
}
