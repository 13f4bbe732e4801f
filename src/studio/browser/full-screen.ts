/**
 * @file The whole screen for the page, where browser and server allow it. Without it a page works on in its window, so
 * a refusal is nobody's concern.
 */

/** To be called while a key or a click is handled: browsers give the screen to nobody else. */
export function enterFullScreen(): void {
  document.documentElement.requestFullscreen?.().catch(() => {});
}

/** Whether the page is giving the screen back by itself. */
let isOwnExit = false;

export function leaveFullScreen(): void {
  if (document.fullscreenElement === null) return;
  isOwnExit = true;
  document.exitFullscreen().catch(() => (isOwnExit = false));
}

export function toggleFullScreen(): void {
  if (document.fullscreenElement === null) enterFullScreen();
  else leaveFullScreen();
}

/**
 * Calls the listener when a person took the screen from the page: Escape, which the browser then keeps to itself.
 * @returns ends it
 */
export function onFullScreenTaken(listener: () => void): () => void {
  const look = () => {
    if (document.fullscreenElement !== null) return;
    if (!isOwnExit) listener();
    isOwnExit = false;
  };
  document.addEventListener('fullscreenchange', look);
  return () => document.removeEventListener('fullscreenchange', look);
}
