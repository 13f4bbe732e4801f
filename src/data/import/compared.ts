/**
 * @file Two answers and which is better -> a pair. The verdict is a name of the answer (left, A, model_a, its column),
 * a number, the sign of a difference, or the greater of two scores. A tie is no pair and no fault.
 */
import { isJsonObject, parsePythonJson, type JsonObject } from '../../core/json';
import { message, type Message } from '../../messages/message';
import { composePrompt, onlyText, splitChats, toCandidate, toMessages } from './chat-values';
import { checkCandidate, describe } from './check-record';
import { plainName, sideOf } from './column-names';
import { commonMessages } from './common-prompt';
import type { PlanOf } from './plan';
import type { RowResult } from './row-result';
import { readScore } from './scored';

export type Side = 'first' | 'second' | 'tie';

const tieWords = [
  'tie',
  'both',
  'bothbad',
  'bothgood',
  'same',
  'equal',
  'draw',
  'none',
  'neither',
  ...['무승부', '동점', '비슷', '비슷함', '동일', '동일함', '같음', '똑같음', '비김', '둘다', '둘다좋음', '둘다나쁨'],
];
const firstWords = ['a', '1', 'left', 'first', 'one', 'modela', '왼쪽', '첫번째', '가'];
const secondWords = ['b', '2', 'right', 'second', 'two', 'modelb', '오른쪽', '두번째', '나'];

/** What most of several annotators chose, `tie` where as many chose another. */
function majority(values: readonly unknown[]): unknown {
  const counts = new Map<unknown, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [first, second] = [...counts].sort(([, a], [, b]) => b - a);
  return first !== undefined && first[1] === second?.[1] ? 'tie' : first?.[0];
}

const isRanked = (value: unknown): value is { readonly value: unknown; readonly rank: number } =>
  isJsonObject(value) && 'value' in value && typeof value['rank'] === 'number';

/** The best of a ranking, `tie` where two share the first place. */
function bestOf(ranking: readonly { readonly value: unknown; readonly rank: number }[]): unknown {
  const [first, second] = [...ranking].sort((a, b) => a.rank - b.rank);
  return first?.rank === second?.rank ? 'tie' : first?.value;
}

/** The value itself: annotation tools wrap it in an object or a list, and CSV writes that as text. */
export function verdictValue(value: unknown): unknown {
  let inner = value;
  if (Array.isArray(value) && value.length > 0)
    return value.every(isRanked) ? bestOf(value) : majority(value.map(verdictValue));
  if (typeof value === 'string' && value.trimStart().startsWith('{')) {
    try {
      inner = parsePythonJson(value);
    } catch {
      return value;
    }
  }
  if (!isJsonObject(inner)) return inner;
  const [choice] = [inner['selected'], inner['choices'], inner['choice'], inner['value']].filter((one) => one != null);
  return Array.isArray(choice) ? choice[0] : choice;
}

/** Of "A>B", "B >> A", "A=B" and "B is slightly better" the side; null for anything else. */
function sideSaid(value: string, first: string, second: string): Side | null {
  const [, left, sign = '', right] = /^\s*([^\s<>=~]+)\s*(>+|<+|=|~)\s*([^\s<>=~]+)\s*$/.exec(value) ?? [];
  if (left !== undefined && right !== undefined) {
    if (sign === '=' || sign === '~') return 'tie';
    return namedSide(sign.startsWith('>') ? left : right, first, second);
  }
  const better = /^\s*(.{1,40}?)\s+(?:is|was)\s+(?:[a-z]+\s+)?better\b/i.exec(value)?.[1];
  return better === undefined ? null : namedSide(better, first, second);
}

/** Which answer a name means, or null. The columns' own names and what tells them apart are understood. */
export function namedSide(value: unknown, first: string, second: string): Side | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const said = sideSaid(String(value), first, second);
  if (said !== null) return said;
  const word = plainName(String(value));
  if (word === '') return null;
  const [markOfFirst, markOfSecond] = [sideOf(first, second), sideOf(second, first)];
  if (word === plainName(first) || word === markOfFirst || endsInMark(word, markOfFirst)) return 'first';
  if (word === plainName(second) || word === markOfSecond || endsInMark(word, markOfSecond)) return 'second';
  if (firstWords.includes(word)) return 'first';
  if (secondWords.includes(word)) return 'second';
  return tieWords.some((tie) => word === tie || word.startsWith('tie')) ? 'tie' : null;
}

/** "model_a" and "response 1", whatever the columns are called. */
const endsInMark = (word: string, mark: string | null): boolean =>
  mark !== null && /^(?:model|response|answer|output|option|candidate|completion|assistant|답변|응답)/.test(word)
    ? word.replace(/^(?:model|response|answer|output|option|candidate|completion|assistant|답변|응답)/, '') === mark
    : false;

const ofSign = (sign: number): Side => (sign > 0 ? 'first' : sign < 0 ? 'second' : 'tie');

/** Which answer is better, or what is wrong with the verdict. */
function readVerdict(row: JsonObject, plan: PlanOf<'compared'>): Side | Message {
  if (plan.better === null) {
    const columns = [plan.firstScore ?? '', plan.secondScore ?? ''];
    const scores = columns.map((column) => readScore(row[column]));
    const at = scores.indexOf(null);
    const column = columns[at] ?? '';
    if (at >= 0) return message('scoreNotNumber', { value: describe(row[column]), key: column });
    return ofSign((scores[0] ?? 0) - (scores[1] ?? 0));
  }
  const given = row[plan.better];
  if (given === undefined) return message('partMissing', { key: plan.better });
  const value = verdictValue(given);
  const wrong = message('verdictUnknown', { value: describe(given), key: plan.better });
  const named = plan.meaning === 'name' ? namedSide(value, plan.first, plan.second) : null;
  if (plan.meaning === 'name') return named ?? wrong;
  const number = readScore(value);
  // Words beside numbers: "tie" among 1 and 2.
  if (number === null) return namedSide(value, plan.first, plan.second) === 'tie' ? 'tie' : wrong;
  if (plan.meaning === 'signFirst') return ofSign(number);
  if (plan.meaning === 'signSecond') return ofSign(-number);
  const ofFirst = { from0: 0, from1: 1, firstIsOne: 1 }[plan.meaning ?? 'from0'];
  const ofSecond = { from0: 1, from1: 2, firstIsOne: 0 }[plan.meaning ?? 'from0'];
  return number === ofFirst ? 'first' : number === ofSecond ? 'second' : wrong;
}

/** One row of two answers. */
export function readCompared(row: JsonObject, plan: PlanOf<'compared'>): RowResult {
  const side = readVerdict(row, plan);
  if (typeof side !== 'string') return { problem: side };
  if (side === 'tie') return { isTie: true };
  const [chosen, rejected] = side === 'first' ? [plan.first, plan.second] : [plan.second, plan.first];
  const names = { prompt: plan.prompt ?? 'prompt', chosen, rejected };
  const [better, worse] = [toMessages(onlyText(row[chosen])), toMessages(onlyText(row[rejected]))];
  let candidate;
  if (plan.prompt !== null) {
    const asked = { ...row, [plan.prompt]: onlyText(row[plan.prompt]) };
    const composed = composePrompt(asked, { ...plan, prompt: plan.prompt });
    if ('problem' in composed) return composed;
    candidate = toCandidate(composed.prompt, better, worse);
  } else if (Array.isArray(better) && Array.isArray(worse)) {
    candidate = splitChats(better, worse, commonMessages(better, worse));
  } else return { problem: message('comparedWithoutPrompt', { keyA: plan.first, keyB: plan.second }) };
  const checked = checkCandidate(candidate, names);
  if ('problem' in checked) return checked;
  const scores = [
    side === 'first' ? plan.firstScore : plan.secondScore,
    side === 'first' ? plan.secondScore : plan.firstScore,
  ];
  const [high, low] = scores.map((column) => (column == null ? null : readScore(row[column])));
  return {
    pairs: [{ pair: checked.pair, scores: high == null || low == null ? null : { chosen: high, rejected: low } }],
  };
}
