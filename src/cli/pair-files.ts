/** @file Files of pairs on the command line: the options that every command that reads them has, and what it says. */
import { Option, type Command } from 'commander';
import { UserError } from '../core/errors';
import { encodings, type Encoding } from '../data/import/encoding';
import type { ColumnRole, RoleColumns } from '../data/import/plan';
import { columnsUsed, rolesOf } from '../data/import/plan';
import type { ScoredPair } from '../data/preference-pair';
import type { ParsedPairs } from '../data/import/make-pairs';
import { readPairFile, type PairFile, type ReadOptions } from '../data/read-pairs';
import { message, sentenceOf, type Message } from '../messages/message';
import type { Method } from '../run/config';
import { isOnPolicyMethod } from '../run/objectives';
import { readBytes } from './node-files';
import { say } from './terminal';

export interface DataOptions {
  readonly columns?: string;
  readonly skipBadRows?: boolean;
  readonly encoding?: Encoding;
}

/** What people write for each role. */
const shownRole: Readonly<Record<ColumnRole, string>> = {
  ...{ prompt: 'prompt', chosen: 'chosen', rejected: 'rejected', system: 'system', history: 'history', input: 'input' },
  ...{ messages: 'messages', answer: 'completion', label: 'label', score: 'score' },
  ...{ answers: 'answers', scores: 'scores', best: 'best' },
  ...{ first: 'first', second: 'second', better: 'better', firstScore: 'first_score', secondScore: 'second_score' },
  ...{ chosenScore: 'chosen_score', rejectedScore: 'rejected_score', margin: 'margin' },
};

const roleNamed = new Map(Object.entries(shownRole).map(([role, name]) => [name, role as ColumnRole]));

/** Adds the options of a command that reads a file of pairs. */
export function withDataOptions(command: Command): Command {
  return command
    .requiredOption('--data <file>', 'pairs: JSONL, JSON, CSV, TSV, Excel or Parquet, also packed by gzip')
    .option('--columns <roles>', 'prompt=A,chosen=B,rejected=C, where the columns have other names')
    .option('--skip-bad-rows', 'leave out rows that are no pair, and say which')
    .addOption(new Option('--encoding <name>', 'of a text that could be several').choices(encodings));
}

/** "prompt=A,chosen=B" as columns by role; a comma within a column's name is no separator. */
function parseColumns(text: string): RoleColumns {
  const roles = [...roleNamed.keys()].join(', ');
  const parts = text.split(/,(?=\s*\w+=)/).map((part) => part.trim());
  return Object.fromEntries(
    parts.map((part) => {
      const at = part.indexOf('=');
      const role = roleNamed.get(part.slice(0, at).trim());
      if (at < 1 || role === undefined || at === part.length - 1)
        throw new UserError('roleUnknown', { role: JSON.stringify(part), roles });
      return [role, part.slice(at + 1)];
    }),
  );
}

const tell = (said: Message): void => say(sentenceOf(said));

/** "prompt = question, chosen = better answer", or the fields of OpenAI's form. */
function planInWords({ plan }: PairFile): string {
  const roles = Object.entries(rolesOf(plan)) as [ColumnRole, string | null][];
  const named = roles.flatMap(([role, column]) => (column == null ? [] : `${shownRole[role]} = ${column}`));
  return named.length > 0 ? named.join(', ') : columnsUsed(plan).join(', ');
}

/** Says what was recognised, which columns are not read, and which rows are left out. */
function sayWhatWasRead(file: string, read: PairFile): void {
  const { table, leftOver, parsed } = read;
  const format = table.decoded === null ? table.format : `${table.format} in ${table.decoded.encoding}`;
  tell(message('dataRead', { file, format, rows: table.rows.length, plan: planInWords(read) }));
  if (leftOver.length > 0) tell(message('columnsLeftOver', { columns: leftOver.join(', ') }));
  const { ties, errors } = parsed;
  if (ties.length > 0) tell(message('rowsTied', { count: ties.length, rows: ties.join(', ') }));
  if (errors.length === 0) return;
  tell(message('rowsSkipped', { count: errors.length, of: table.rows.length }));
  for (const error of errors) say(`  ${sentenceOf(error.message)}`);
}

/**
 * Reads a file of pairs and says on stderr what it was taken for. A bad row ends the command, unless it is asked to
 * skip such rows.
 * @throws UserError for the first bad row, and for what concerns the whole file
 */
export async function readDataFile(
  path: string,
  options: DataOptions,
  { promptsWillDo = false }: Pick<ReadOptions, 'promptsWillDo'> = {},
): Promise<PairFile> {
  const columns = options.columns === undefined ? undefined : parseColumns(options.columns);
  const read = await readPairFile(readBytes(path), path, { columns, encoding: options.encoding, promptsWillDo });
  const { errors, pairs } = read.parsed;
  const [first] = errors;
  if (first !== undefined && (options.skipBadRows !== true || pairs.length === 0)) {
    const more = message('moreRowsBad', { first: first.message, count: errors.length - 1 });
    throw new UserError(errors.length > 1 ? more : first.message);
  }
  sayWhatWasRead(path, read);
  return read;
}

/** Each pair with the scores that the file gives its answers. */
export const withScores = ({ pairs, scores }: ParsedPairs): readonly ScoredPair[] =>
  pairs.map((pair, index) => ({ ...pair, scores: scores[index] ?? null }));

/** The pairs of a file, as `readDataFile` reads it. */
export async function readPairs(path: string, options: DataOptions = {}): Promise<readonly ScoredPair[]> {
  return withScores((await readDataFile(path, options)).parsed);
}

/** What a run of this method learns from: pairs, or prompts alone where the model gives the answers. */
export async function readExamples(method: Method, path: string, options: DataOptions): Promise<readonly ScoredPair[]> {
  return withScores((await readDataFile(path, options, { promptsWillDo: isOnPolicyMethod(method) })).parsed);
}
