/**
 * @file What the right answer to a question of the dialogue task is, from the question's text alone.
 * A port of `solve` of tools/starter/judges.py: a list of rules in order, each of which knows one kind of question.
 */
import { dialogueLexicon as lexicon } from './lexicon';
import { isClock, isNumber, Phrases, tokensOf } from './phrases';
import type { PhraseMatch } from './phrases';

export interface Solution {
  readonly kind: 'number' | 'clock' | 'day' | 'name' | 'object' | 'yesno' | 'key';
  readonly answer: string;
  /** For name and object the other candidates; for key the other keys of its group. */
  readonly others: readonly string[];
  /** Numbers, clocks and days that the question itself states, which an answer may repeat. */
  readonly given: readonly string[];
  /** What solved it: a rule, or the group of the knowledge base. */
  readonly about: string;
  /**
   * The name or object whose partner is asked for; of a conversion the unit that is asked for; of days their count;
   * else empty.
   */
  readonly asked: string;
}

interface ReadQuestion {
  readonly tokens: readonly string[];
  readonly numbers: readonly string[];
  readonly clocks: readonly string[];
  /** Units in order, with a number right before them or not. */
  readonly units: readonly string[];
  /** Numbers right before a unit; `at` is the number's token. */
  readonly measured: readonly { readonly number: string; readonly unit: string; readonly at: number }[];
}

type Rule = (question: ReadQuestion) => Solution | null;

const names = Phrases.of(lexicon.names);
const objects = Phrases.of(lexicon.objects);
const limitWords = Phrases.of(lexicon.limitWords);
const eachWords = Phrases.of(lexicon.eachWords);
const spanWords = Phrases.of(lexicon.spanWords);
const beforeWords = Phrases.of(lexicon.beforeWords);
const topics = new Phrases(lexicon.knowledge.map((row) => [row.topic, row]));
const dayNumbers = new Map(Object.entries(lexicon.dayNumbers));
const unitOf = new Map(
  Object.entries(lexicon.units).flatMap(([unit, { surfaces }]) => surfaces.map((surface) => [surface, unit] as const)),
);

const solution = (
  kind: Solution['kind'],
  answer: string,
  about: string,
  more: Partial<Pick<Solution, 'given' | 'others' | 'asked'>> = {},
): Solution => ({ kind, answer, about, others: [], given: [], asked: '', ...more });

function read(text: string): ReadQuestion {
  const tokens = tokensOf(text);
  const units = tokens.flatMap((token, at) => {
    const unit = unitOf.get(token);
    return unit === undefined ? [] : [{ unit, at }];
  });
  return {
    tokens,
    numbers: tokens.filter(isNumber),
    clocks: tokens.filter(isClock),
    units: units.map(({ unit }) => unit),
    measured: units.flatMap(({ unit, at }) => {
      const number = tokens[at - 1] ?? '';
      return isNumber(number) ? [{ number, unit, at: at - 1 }] : [];
    }),
  };
}

const dimensionOf = (unit: string): string => lexicon.units[unit]?.dimension ?? '';
const factorOf = (unit: string): number => lexicon.units[unit]?.factor ?? 1;

/** Whole numbers in full digits, others as short as they can be. */
const numberText = (value: number): string => (Number.isInteger(value) ? BigInt(value).toString() : String(value));

function clockText(minutes: number): string {
  const ofDay = minutes % 1440;
  return `${Math.floor(ofDay / 60)}:${String(ofDay % 60).padStart(2, '0')}`;
}

/** A clock, a span word and a number of minutes, hours or days: the clock that much later. */
const addSpan: Rule = ({ tokens, clocks, measured }) => {
  const [clock] = clocks;
  const [span] = measured;
  if (
    clock === undefined ||
    clocks.length !== 1 ||
    !span ||
    dimensionOf(span.unit) !== 'time' ||
    !spanWords.isIn(tokens)
  )
    return null;
  const [hours, minutes] = clock.split(':').map(Number) as [number, number];
  const end = Math.trunc(hours * 60 + minutes + Number(span.number) * factorOf(span.unit));
  return solution('clock', clockText(end), 'span', { given: [clock] });
};

/** A weekday and a number word before "day" or "days": that many days later, or earlier. */
const countDays: Rule = ({ tokens }) => {
  const days = tokens.filter((token) => lexicon.weekdays.includes(token));
  const counted = tokens.flatMap((token, i) => {
    const count = dayNumbers.get(token);
    const next = tokens[i + 1];
    return count !== undefined && (next === 'day' || next === 'days') ? [count] : [];
  });
  const [day] = days;
  const [count] = counted;
  if (day === undefined || count === undefined || days.length !== 1 || counted.length !== 1) return null;
  const week = lexicon.weekdays.length;
  const to = lexicon.weekdays.indexOf(day) + (beforeWords.isIn(tokens) ? -count : count);
  const answer = lexicon.weekdays[((to % week) + week) % week] as string;
  return solution('day', answer, 'days', { given: [day], asked: String(count) });
};

/**
 * Two numbers of one unit and a limit word: yes if the reading is at most the limit, the first number after that word.
 */
const checkLimit: Rule = ({ tokens, numbers, measured }) => {
  const [first, second] = measured;
  const [limitWord] = limitWords.matches(tokens);
  if (!first || !second || measured.length !== 2 || first.unit !== second.unit || !limitWord) return null;
  const limit = (measured.find(({ at }) => at >= limitWord.end) ?? second).number;
  const reading = limit === first.number ? second.number : first.number;
  return solution('yesno', Number(reading) <= Number(limit) ? 'yes' : 'no', 'limit', { given: numbers });
};

/** One number with its unit, and another unit of the same dimension: the number in that unit. */
const convert: Rule = ({ numbers, units, measured }) => {
  const [from] = measured;
  if (!from || measured.length !== 1 || numbers.length !== 1) return null;
  const to = units.find((unit) => unit !== from.unit && dimensionOf(unit) === dimensionOf(from.unit));
  return to === undefined
    ? null
    : solution('number', numberText((Number(from.number) * factorOf(from.unit)) / factorOf(to)), 'conversion', {
        given: numbers,
        asked: to,
      });
};

/** Two numbers and "each", "every" or "per": their product. */
const multiply: Rule = ({ tokens, numbers }) =>
  numbers.length === 2 && eachWords.isIn(tokens)
    ? solution('number', numberText(Number(numbers[0]) * Number(numbers[1])), 'product', { given: numbers })
    : null;

/** A topic of the knowledge base: its key. */
const lookUpTopic: Rule = ({ tokens }) => {
  const topic = topics.matches(tokens)[0]?.value;
  if (!topic) return null;
  const others = lexicon.knowledge.filter(({ group, key }) => group === topic.group && key !== topic.key);
  return solution('key', topic.key, topic.group, { others: others.map(({ key }) => key) });
};

/** A rota: whose turn is right after (or before) the last name's, in the order of the names before it. */
function solveRota(tokens: readonly string[], people: readonly string[]): Solution | null {
  const listing = people.slice(0, -1);
  const asked = people.at(-1) as string;
  if (!listing.includes(asked)) return null;
  const answer = listing[listing.indexOf(asked) + (beforeWords.isIn(tokens) ? -1 : 1)];
  if (answer === undefined) return null;
  const others = listing.filter((name) => name !== answer && name !== asked);
  return solution('name', answer, 'rota', { others, asked });
}

/** A lookup: the k-th name goes with the k-th object, and the last name or object is asked about. */
function solveLookup(people: readonly PhraseMatch<string>[], things: readonly PhraseMatch<string>[]): Solution | null {
  const asksName = (things.at(-1)?.start ?? 0) > (people.at(-1)?.start ?? 0);
  const [asking, answering] = asksName ? [things, people] : [people, things];
  const keys = asking.slice(0, -1).map(({ value }) => value);
  const values = answering.map(({ value }) => value);
  const asked = asking.at(-1)?.value ?? '';
  const answer = keys.length === values.length ? values[keys.indexOf(asked)] : undefined;
  if (answer === undefined) return null;
  const others = values.filter((value) => value !== answer);
  return solution(asksName ? 'name' : 'object', answer, 'lookup', { others, asked });
}

const rules: readonly Rule[] = [addSpan, countDays, checkLimit, convert, multiply, lookUpTopic];

/**
 * The answer of a question; null where no rule applies. Two or more distinct names make it a lookup if it also names
 * objects, else a rota; otherwise the first rule that applies: clock and span, weekdays, limit, conversion, product,
 * knowledge base.
 */
export function solveQuestion(question: string): Solution | null {
  const asked = read(question);
  const people = names.matches(asked.tokens);
  if (new Set(people.map(({ value }) => value)).size >= 2) {
    const things = objects.matches(asked.tokens);
    return things.length > 0
      ? solveLookup(people, things)
      : solveRota(
          asked.tokens,
          people.map(({ value }) => value),
        );
  }
  for (const rule of rules) {
    const solved = rule(asked);
    if (solved) return solved;
  }
  return null;
}
