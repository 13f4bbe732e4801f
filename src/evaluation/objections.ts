/**
 * @file Why an answer that claims the right thing is wrong all the same: it says something false, or answers another
 * question. A port of tools/starter/objections.py. The rules read words, as the judges do.
 */
import { dialogueLexicon as lexicon, wordLexicon } from './lexicon';
import type { PhraseMatch } from './phrases';
import { endsSentence, isClock, isNumber, isPunctuation, namesIn, Phrases, repeats, tokensOf } from './phrases';
import type { Solution } from './question';

interface Case {
  readonly question: readonly string[];
  readonly tokens: readonly string[];
  /** The answer. */
  readonly text: string;
  readonly solution: Solution;
}

type Rule = (answered: Case) => boolean;

const subjectEntries = lexicon.subjects.map((subject) => [subject, subject] as const);
const subjects = new Phrases(subjectEntries);
const cueEntries = Object.entries(lexicon.cues).flatMap(([about, cues]) => cues.map((cue) => [cue, about] as const));
const cues = new Phrases(cueEntries);
const objects = Phrases.of(lexicon.objects);
const names = Phrases.of(lexicon.names);
const deeds = Phrases.of(lexicon.deeds);
const above = Phrases.of(lexicon.aboveWords);
const below = Phrases.of(lexicon.belowWords);
const before = Phrases.of(lexicon.beforeWords);
const dayNumbers = new Map(Object.entries(lexicon.dayNumbers));
const knownWords = new Set(wordLexicon.dialogue);
const unitOf = new Map(
  Object.entries(lexicon.units).flatMap(([unit, { surfaces }]) => surfaces.map((surface) => [surface, unit] as const)),
);

const valuesIn = (phrases: Phrases<string>, tokens: readonly string[]): ReadonlySet<string> =>
  new Set(phrases.matches(tokens).map(({ value }) => value));

/** Matches that are no part of the right answer: "boots" of "rubber boots". */
function matchesBeside(
  entries: readonly (readonly [string, string])[],
  { solution, tokens }: Case,
): readonly PhraseMatch<string>[] {
  const withAnswer = new Phrases([...entries, [tokensOf(solution.answer).join(' '), ''] as const]);
  return withAnswer.matches(tokens).filter(({ value }) => value !== '');
}

/** A name that neither the question nor the grammar has: "After Emith comes Brenda." */
const strangeName: Rule = ({ question, text }) =>
  namesIn(text).some((name) => !question.includes(name.toLowerCase()) && !knownWords.has(name.toLowerCase()));

/**
 * A thing, event or topic that the question does not name, after "the", "for" or the like: "Switch it off" names none.
 */
const otherSubject: Rule = (answered) => {
  const asked = valuesIn(subjects, answered.question);
  return matchesBeside(subjectEntries, answered).some(
    ({ value, start }) => !asked.has(value) && lexicon.subjectLeads.includes(answered.tokens[start - 1] ?? ''),
  );
};

/** "It opens at 14:00" where the end is asked for, "It ends at 8:00" where the opening is. */
const otherAspect: Rule = (answered) => {
  const { kind, about } = answered.solution;
  if (kind !== 'clock' && kind !== 'key') return false;
  const asked = valuesIn(cues, answered.question);
  return matchesBeside(cueEntries, answered).some(({ value }) => value !== about && !asked.has(value));
};

/** The right clock time, said to be the start. */
const startForEnd: Rule = ({ tokens, solution }) =>
  solution.about === 'span' &&
  tokens.some((token, at) => {
    if (!isClock(token) || token !== solution.answer) return false;
    const cue = tokens
      .slice(0, at)
      .findLast((word) => endsSentence(word) || lexicon.endCues.includes(word) || lexicon.startCues.includes(word));
    return cue !== undefined && lexicon.startCues.includes(cue);
  });

/** Before for after, or beside another name or day than the one asked about: "Jean comes after Jean." */
const otherOrder: Rule = ({ question, tokens, solution }) => {
  if (solution.about !== 'rota' && solution.about !== 'days') return false;
  const backwards = before.isIn(question);
  const beside = [solution.asked, ...solution.given, ...lexicon.pronouns];
  return tokens.some((token, at) => {
    const isBefore = lexicon.beforeWords.includes(token);
    if (!isBefore && !lexicon.afterWords.includes(token)) return false;
    const following = tokens[at + 1] ?? '.';
    return isBefore !== backwards || (!isPunctuation(following) && !beside.includes(following));
  });
};

/** Another number of days than the question's. */
const otherCount: Rule = ({ tokens, solution }) =>
  solution.about === 'days' &&
  tokens.some((token, at) => {
    const count = dayNumbers.get(token);
    const next = tokens[at + 1];
    return count !== undefined && (next === 'day' || next === 'days') && String(count) !== solution.asked;
  });

/** Of a lookup: another person or thing beside the right one, or another deed. */
const otherFact: Rule = ({ question, tokens, solution: { about, kind, answer, asked } }) => {
  if (about !== 'lookup') return false;
  const beside = valuesIn(kind === 'name' ? objects : names, tokens);
  if ([...beside].some((value) => value !== asked)) return true;
  const person = kind === 'name' ? answer : asked;
  const known = valuesIn(deeds, question);
  return deeds.matches(tokens).some(({ start, value }) => {
    const by = tokens[start - 1] ?? '.';
    return !known.has(value) || !(by === person || isPunctuation(by) || lexicon.pronouns.includes(by));
  });
};

/** "No, 5 is above 15.", or numbers that the question does not have. */
const falseComparison: Rule = ({ tokens, solution }) => {
  if (solution.kind !== 'yesno') return false;
  const numbers = tokens.flatMap((token, at) => (isNumber(token) ? [{ token, at }] : []));
  if (numbers.some(({ token }) => !solution.given.includes(token))) return true;
  return numbers.slice(1).some((second, i) => {
    const first = numbers[i] as (typeof numbers)[number];
    const between = tokens.slice(first.at + 1, second.at);
    if (between.some(endsSentence)) return false;
    const isAbove = Number(first.token) > Number(second.token);
    return (above.isIn(between) && !isAbove) || (below.isIn(between) && isAbove);
  });
};

/** The right number in another unit than the one asked for. */
const otherUnit: Rule = ({ tokens, solution }) =>
  solution.about === 'conversion' &&
  tokens.some((token, at) => {
    const unit = unitOf.get(tokens[at + 1] ?? '');
    return token === solution.answer && unit !== undefined && unit !== solution.asked;
  });

const rules = {
  repeats: ({ tokens }) => repeats(tokens),
  'strange name': strangeName,
  'other subject': otherSubject,
  'other aspect': otherAspect,
  'start for end': startForEnd,
  'other order': otherOrder,
  'other count': otherCount,
  'other fact': otherFact,
  'false comparison': falseComparison,
  'other unit': otherUnit,
} satisfies Record<string, Rule>;

export type Objection = keyof typeof rules;

/** The first objection to an answer whose claim is right; null where there is none. */
export function objectionTo(question: string, solution: Solution, answer: string): Objection | null {
  const answered = { question: tokensOf(question), tokens: tokensOf(answer), text: answer, solution };
  const found = Object.entries(rules).find(([, objects]) => objects(answered));
  return found ? (found[0] as Objection) : null;
}
