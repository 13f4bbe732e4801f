/** @file Notices of the system, for when the page is out of sight. They are asked for by a press of a button, once. */

const isThere = (): boolean => 'Notification' in globalThis;

/** Whether the person has neither allowed nor refused them. */
export const canAskForNotices = (): boolean => isThere() && Notification.permission === 'default';

/** Asks for them, where the browser lets a page ask. */
export async function askForNotices(): Promise<void> {
  if (isThere()) await Notification.requestPermission();
}

/** Shows one where that is allowed and nobody looks at the page; a press on it brings the page back. */
export function noticeOutside(title: string, body: string): void {
  if (!isThere() || Notification.permission !== 'granted' || !document.hidden) return;
  const notice = new Notification(title, { body, tag: 'airlock-end' });
  notice.addEventListener('click', () => {
    window.focus();
    notice.close();
  });
}
