/** @file What the engine, the readers of files and the storage say, in the page's language. */
import { english } from '../../messages/english';
import { sentenceOf, type Catalogue, type Sayable } from '../../messages/message';
import { messages as korean } from './ko/messages';
import { usePreference, type Language } from './preferences';

const catalogues: Readonly<Record<Language, Catalogue>> = { en: english, ko: korean };

/** A message's sentence; what is in words already stays as it is. */
export function sentenceIn(language: Language, said: Sayable): string {
  return sentenceOf(said, catalogues[language]);
}

/** For components: what shows a message shows `said(message)`. */
export function useSaid(): (said: Sayable) => string {
  const language = usePreference('language');
  return (said) => sentenceIn(language, said);
}
