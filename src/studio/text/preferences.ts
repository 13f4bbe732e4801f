/**
 * @file How this person likes the studio: language, light or dark, keyboard shortcuts. Kept in localStorage, which can
 * be read before the first paint; where the browser allows no storage they last as long as the page.
 */
import { useStore } from 'zustand';
import { createJSONStorage, persist } from 'zustand/middleware';
import { createStore } from 'zustand/vanilla';

export const languages = ['en', 'ko'] as const;
export type Language = (typeof languages)[number];

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
  /** Whether keys act without a modifier; speech input and screen readers may press them by accident. */
  readonly shortcuts: boolean;
}

/** The browser's language where Airlock speaks it; English outside a browser, as in tests. */
function firstLanguage(): Language {
  return globalThis.document !== undefined && navigator.language.startsWith('ko') ? 'ko' : 'en';
}

/** Takes over what is stored where it is of the right kind; a newer or an older Airlock may have written it. */
export function revivePreferences(stored: unknown, current: Preferences): Preferences {
  const found = (typeof stored === 'object' && stored !== null ? stored : {}) as Partial<
    Record<keyof Preferences, unknown>
  >;
  return {
    language: languages.find((language) => language === found.language) ?? current.language,
    theme: themes.find((theme) => theme === found.theme) ?? current.theme,
    shortcuts: typeof found.shortcuts === 'boolean' ? found.shortcuts : current.shortcuts,
  };
}

export const preferences = createStore<Preferences>()(
  persist((): Preferences => ({ language: firstLanguage(), theme: 'system', shortcuts: true }), {
    name: 'airlock-preferences',
    version: 1,
    storage: createJSONStorage(() => localStorage),
    merge: revivePreferences,
  }),
);

export function usePreference<K extends keyof Preferences>(key: K): Preferences[K] {
  return useStore(preferences, (state) => state[key]);
}

/** Keeps the page in the language and colours that are chosen. */
export function applyPreferences(root: HTMLElement): void {
  const apply = ({ language, theme }: Preferences) => {
    root.lang = language;
    root.dataset['theme'] = theme;
  };
  apply(preferences.getState());
  preferences.subscribe(apply);
}
