/**
 * @file Fetches what the office demands from beside the page. Where the server is gone, what it demanded last holds.
 */
import { readOffice, type Office } from '../plain/audit/office';

const key = 'airlock-office';

/** @param base the page's address */
export async function fetchOffice(base: string): Promise<Office> {
  const response = await fetch(new URL('office.json', base), {
    mode: 'same-origin',
    redirect: 'error',
    cache: 'no-cache',
  }).catch(() => null);
  if (response === null) return readOffice(localStorage.getItem(key));
  // A server without the file may answer with the page.
  const isThere = response.ok && !(response.headers.get('content-type') ?? '').startsWith('text/html');
  const text = isThere ? await response.text() : null;
  if (text === null) localStorage.removeItem(key);
  else localStorage.setItem(key, text);
  return readOffice(text);
}
