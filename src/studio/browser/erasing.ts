/**
 * @file The page's part in erasing everything. A studio that is open would write again what was erased, so the page is
 * loaded anew and starts none: it erases, or it has let go because another tab does. A mark in this tab's session
 * storage says which, because no link can set it.
 */
import { leaveUnasked } from './leaving';
import type { TabNews } from './tab-news';

export const erasingMark = 'airlock-erasing';

/** `erases` outlives a reload until all is erased; `letsGo` does not. */
export type ErasingPart = 'erases' | 'letsGo';

export const erasingTopic = 'erasing';

function loadAnewAs(part: ErasingPart): void {
  sessionStorage.setItem(erasingMark, part);
  leaveUnasked();
  location.reload();
}

/** Ends this tab's studio with its engine, and begins to erase. */
export function beginErasing(): void {
  loadAnewAs('erases');
}

/** Ends this tab's studio where another tab erases everything. */
export function letGoWhenErasing(news: TabNews): void {
  news.listen((topic) => topic === erasingTopic && loadAnewAs('letsGo'));
}

/** What this page was loaded for; null for the studio. */
export function takeErasingPart(): ErasingPart | null {
  const part = sessionStorage.getItem(erasingMark);
  if (part !== 'erases') sessionStorage.removeItem(erasingMark);
  return part === 'erases' || part === 'letsGo' ? part : null;
}

/** The studio is started again; what was not erased yet stays. */
export function endErasing(): void {
  sessionStorage.removeItem(erasingMark);
}
