/** @file The browser's tab: its title names the screen; while there is long work, title and icon show how far it is. */
import { useEffect } from 'react';
import { formatShare } from '../../text/format';

const colour = '#1c6470';

/** The icon as a ring that closes with the share, as an address of data. */
function ringOf(share: number): string {
  const length = 2 * Math.PI * 13;
  const svg =
    `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><g fill='none' stroke='${colour}' stroke-width='5'>` +
    `<circle cx='16' cy='16' r='13' stroke-opacity='0.25'/><circle cx='16' cy='16' r='13' ` +
    `stroke-dasharray='${share * length} ${length}' transform='rotate(-90 16 16)'/></g></svg>`;
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}

/** @param share how much of the long work is done; null where there is none */
export function useTabProgress(title: string, share: number | null): void {
  const percent = share === null ? null : Math.floor(share * 100) / 100;
  useEffect(() => {
    document.title = percent === null ? title : `${formatShare(percent)} · ${title}`;
  }, [title, percent]);
  useEffect(() => {
    if (percent === null) return;
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (icon === null) return;
    const own = icon.href;
    icon.href = ringOf(percent);
    return () => {
      icon.href = own;
    };
  }, [percent]);
}
