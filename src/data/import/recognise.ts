/**
 * @file What the rows of a file are: which shape of preference data, and in which columns. Only a guess: a plan can be
 * made by hand as well, and is carried out by make-pairs.ts. Many rows are looked at, for the first one may be odd.
 */
import { isJsonObject, type JsonObject } from '../../core/json';
import type { Table } from './read-table';

/** Which pairs are made of several answers to one prompt. */
export type Pairing = 'all' | 'ends';

export type ImportPlan =
  | { readonly shape: 'pairs'; readonly prompt: string; readonly chosen: string; readonly rejected: string }
  /** The prompt is what both begin with. */
  | { readonly shape: 'implicit'; readonly chosen: string; readonly rejected: string }
  /** "\n\nHuman: ...\n\nAssistant: ..." twice. */
  | { readonly shape: 'transcripts'; readonly chosen: string; readonly rejected: string; readonly as: 'text' | 'chat' }
  /** {"input": {"messages"}, "preferred_output", "non_preferred_output"}. */
  | { readonly shape: 'openai' }
  /** A list of answers a row, best first unless they have scores or ranks. */
  | {
      readonly shape: 'ranked';
      readonly prompt: string;
      readonly answers: string;
      readonly scores: string | null;
      readonly pairing: Pairing;
    }
  /** One answer a row, with a score (or true and false); rows of one prompt make pairs. */
  | {
      readonly shape: 'ratings';
      readonly prompt: string;
      readonly answer: string;
      readonly score: string;
      readonly pairing: Pairing;
    };

export type ImportShape = ImportPlan['shape'];

export interface Recognition {
  /** Null where no shape fits at all. */
  readonly plan: ImportPlan | null;
  /** False where the columns are named otherwise than the shape's own, so that a person should look. */
  readonly isSure: boolean;
  readonly columns: readonly string[];
}

const sampleRows = 200;

const names = {
  prompt: ['prompt', 'question', 'instruction', 'query', 'input', 'context', 'user', '질문', '프롬프트', '지시'],
  chosen: [
    'chosen',
    'preferred',
    'accepted',
    'better',
    'winner',
    'chosen_response',
    'response_chosen',
    'positive',
    '선택',
    '선호',
  ],
  rejected: [
    'rejected',
    'dispreferred',
    'non_preferred',
    'worse',
    'loser',
    'rejected_response',
    'response_rejected',
    'negative',
    '거부',
    '비선호',
  ],
  answers: ['answers', 'responses', 'completions', 'ranking', 'ranked', 'outputs', 'candidates'],
  answer: ['completion', 'response', 'answer', 'output', 'text', '답변', '응답'],
  score: ['score', 'rating', 'label', 'reward', 'overall_score', 'stars', '점수', '평점'],
  scores: ['scores', 'ratings', 'rewards', 'ranks'],
} as const;

/** The column of this role, or null. The first of the role's names is the shape's own. */
function find(columns: readonly string[], role: keyof typeof names): string | null {
  for (const name of names[role]) {
    const column = columns.find((candidate) => candidate.toLowerCase() === name);
    if (column !== undefined) return column;
  }
  return null;
}

export function isTranscript(value: unknown): value is string {
  return typeof value === 'string' && /^\s*(Human|Assistant):/.test(value) && value.includes('\n\nAssistant:');
}

function most(rows: readonly JsonObject[], test: (row: JsonObject) => boolean): boolean {
  return rows.length > 0 && rows.filter(test).length * 2 >= rows.length;
}

function planOfPair(rows: readonly JsonObject[], columns: readonly string[]): ImportPlan | null {
  const [prompt, chosen, rejected] = [find(columns, 'prompt'), find(columns, 'chosen'), find(columns, 'rejected')];
  if (chosen === null || rejected === null) return null;
  if (most(rows, (row) => isTranscript(row[chosen]) && isTranscript(row[rejected])))
    return { shape: 'transcripts', chosen, rejected, as: 'text' };
  return prompt === null ? { shape: 'implicit', chosen, rejected } : { shape: 'pairs', prompt, chosen, rejected };
}

function planOfAnswers(rows: readonly JsonObject[], columns: readonly string[]): ImportPlan | null {
  const prompt = find(columns, 'prompt');
  if (prompt === null) return null;
  const answers = find(columns, 'answers');
  if (answers !== null && most(rows, (row) => Array.isArray(row[answers]))) {
    return { shape: 'ranked', prompt, answers, scores: find(columns, 'scores'), pairing: 'all' };
  }
  const [answer, score] = [find(columns, 'answer'), find(columns, 'score')];
  return answer === null || score === null ? null : { shape: 'ratings', prompt, answer, score, pairing: 'all' };
}

/** Where the names are right and one is missing, rows are refused by name. */
function planOfHalf(columns: readonly string[]): ImportPlan | null {
  const own = { prompt: 'prompt', chosen: 'chosen', rejected: 'rejected' } as const;
  return Object.values(own).filter((name) => columns.includes(name)).length < 2 ? null : { shape: 'pairs', ...own };
}

/** Looks at the first rows that are objects. */
export function recognise({ rows }: Table): Recognition {
  const sample: JsonObject[] = [];
  for (const { value } of rows) {
    if (isJsonObject(value)) sample.push(value);
    if (sample.length === sampleRows) break;
  }
  const columns = [...new Set(sample.flatMap((row) => Object.keys(row)))];
  const filled = columns.filter((column) => most(sample, (row) => row[column] != null));
  if (most(sample, (row) => isJsonObject(row['input']) && 'preferred_output' in row && 'non_preferred_output' in row)) {
    return { plan: { shape: 'openai' }, isSure: true, columns };
  }
  const plan = planOfPair(sample, filled) ?? planOfAnswers(sample, filled) ?? planOfHalf(columns);
  const isSure =
    plan !== null &&
    Object.entries(plan).every(
      ([role, column]) => !(role in names) || column === null || column === names[role as keyof typeof names][0],
    );
  return { plan, isSure, columns };
}
