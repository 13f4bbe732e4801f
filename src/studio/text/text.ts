/**
 * @file The text of the studio in the chosen language. One file per feature and language; the English file is the type
 * of the Korean one, so a missing entry does not compile. Entries are strings, or functions of what stands in them.
 */
import { preferences, usePreference, type Language } from './preferences';
import * as en from './en';
import * as ko from './ko';

export type Text = typeof en;

const texts: Readonly<Record<Language, Text>> = { en, ko };

export function textIn(language: Language): Text {
  return texts[language];
}

/** The words in the chosen language, for stores at the moment when they speak. */
export function currentText(): Text {
  return texts[preferences.getState().language];
}

/** The words in the chosen language, for components: `const { data } = useText()`. */
export function useText(): Text {
  return texts[usePreference('language')];
}
