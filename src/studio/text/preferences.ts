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
  /** Whether the settings of training are shown that most leave as they are. */
  readonly advanced: boolean;
  /** Whether TRL's names and the formulas stand beside the plain words. */
  readonly trlNames: boolean;
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
  const flag = (key: 'shortcuts' | 'advanced' | 'trlNames'): boolean => {
    const value = found[key];
    return typeof value === 'boolean' ? value : current[key];
  };
  return {
    language: languages.find((language) => language === found.language) ?? current.language,
    theme: themes.find((theme) => theme === found.theme) ?? current.theme,
    shortcuts: flag('shortcuts'),
    advanced: flag('advanced'),
    trlNames: flag('trlNames'),
  };
}

export const preferences = createStore<Preferences>()(
  persist(
    (): Preferences => ({
      language: firstLanguage(),
      theme: 'system',
      shortcuts: true,
      advanced: false,
      trlNames: false,
    }),
    {
      name: 'airlock-preferences',
      version: 1,
      storage: createJSONStorage(() => localStorage),
      merge: revivePreferences,
    },
  ),
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
