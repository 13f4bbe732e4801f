/**
 * @file The judges' lexicons, as tools/starter/export.py writes them: the one copy, shared with
 * tools/starter/judges.py. package.json maps `#starter-lexicon` to tools/starter/lexicon.
 */
import dialogueJson from '#starter-lexicon/dialogue.json';
import sentimentKoreanJson from '#starter-lexicon/sentiment-ko.json';
import sentimentJson from '#starter-lexicon/sentiment.json';
import summarizationJson from '#starter-lexicon/summarization.json';
import wordsJson from '#starter-lexicon/words.json';
import type { ReviewTaskId, StarterTaskId } from '../data/starter-task';

export interface SentimentLexicon {
  readonly positive: readonly string[];
  readonly negative: readonly string[];
  readonly negators: readonly string[];
  readonly boosters: readonly string[];
  readonly dampeners: readonly string[];
  /** Words before an opinion in which a negator flips it. */
  readonly negationWindow: number;
  readonly boost: number;
  readonly dampen: number;
  readonly gain: number;
}

export interface SummarizationLexicon {
  /** Kind of fact -> value -> the phrases that state it. */
  readonly types: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly units: Readonly<Record<string, readonly string[]>>;
  /** Kinds whose phrase may be followed by a number: "pump 4". */
  readonly numbered: readonly string[];
  readonly weights: Readonly<Record<string, number>>;
  readonly limits: Readonly<
    Record<'words' | 'penaltyPerWord' | 'penaltyPerInvention' | 'penaltyPerChatter' | 'coverage', number>
  >;
}

export interface DialogueUnit {
  readonly dimension: string;
  /** In the smallest unit of the dimension. */
  readonly factor: number;
  readonly surfaces: readonly string[];
}

export interface DialogueLexicon {
  readonly names: readonly string[];
  readonly objects: readonly string[];
  readonly weekdays: readonly string[];
  readonly dayNumbers: Readonly<Record<string, number>>;
  readonly units: Readonly<Record<string, DialogueUnit>>;
  readonly knowledge: readonly { readonly group: string; readonly topic: string; readonly key: string }[];
  readonly limitWords: readonly string[];
  readonly eachWords: readonly string[];
  readonly spanWords: readonly string[];
  readonly afterWords: readonly string[];
  readonly beforeWords: readonly string[];
  readonly aboveWords: readonly string[];
  readonly belowWords: readonly string[];
  /** Words before a clock time that make it a start, or an end. */
  readonly startCues: readonly string[];
  readonly endCues: readonly string[];
  readonly pronouns: readonly string[];
  /** What people do with things in a lookup: "has", "looks after". */
  readonly deeds: readonly string[];
  /** What an answer says of a topic, by the group of the knowledge base; `span` is the end of a shift. */
  readonly cues: Readonly<Record<string, readonly string[]>>;
  /** What an answer may be about: objects, events and topics. */
  readonly subjects: readonly string[];
  /** Words before a subject that is meant as one. */
  readonly subjectLeads: readonly string[];
  readonly yes: readonly string[];
  readonly no: readonly string[];
  readonly evasive: readonly string[];
  readonly polite: readonly string[];
  readonly rude: readonly string[];
  readonly scores: Readonly<Record<'correct' | 'evasive' | 'polite' | 'rude' | 'words' | 'penaltyPerWord', number>>;
}

/** All words that each task's grammar writes. */
export type WordLexicon = Readonly<Record<StarterTaskId, readonly string[]>>;

export const wordLexicon: WordLexicon = wordsJson;
export const reviewLexicons: Readonly<Record<ReviewTaskId, SentimentLexicon>> = {
  sentiment: sentimentJson,
  'sentiment-ko': sentimentKoreanJson,
};
export const summarizationLexicon: SummarizationLexicon = summarizationJson;
export const dialogueLexicon: DialogueLexicon = dialogueJson;
