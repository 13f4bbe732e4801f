/** @file Errors of the page that nobody caught: they are said, and the page goes on. */

/** Calls back with each error that nobody caught; work that was stopped is none. */
export function hearPageFaults(tell: (error: unknown) => void): void {
  addEventListener('unhandledrejection', ({ reason }) => {
    if ((reason as Error | null)?.name !== 'AbortError') tell(reason);
  });
  // Where there is no error, the browser only says that it could not tell all observers of sizes in time.
  addEventListener('error', ({ error }: ErrorEvent) => {
    if (error instanceof Error) tell(error);
  });
}
