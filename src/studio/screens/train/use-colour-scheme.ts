/** @file Whether the page is light or dark now. */
import { useEffect, useState } from 'react';
import { usePreference } from '../../text/preferences';

/** Renders anew when the page turns light or dark: canvases do not follow by themselves. */
export function useColourScheme(): string {
  const theme = usePreference('theme');
  const [scheme, setScheme] = useState(() => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'));
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const update = () => setScheme(query.matches ? 'dark' : 'light');
    query.addEventListener('change', update);
    return () => query.removeEventListener('change', update);
  }, []);
  return theme === 'system' ? scheme : theme;
}
