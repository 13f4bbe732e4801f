/** @file Guards against losing a run by accident: a closed tab, or a file dropped beside its place. */

let isMeant = false;

/** What is unsaved is not asked about any more: a person has decided to be without it. */
export function leaveUnasked(): void {
  isMeant = true;
}

export function warnBeforeLeaving(isTraining: () => boolean): void {
  addEventListener('beforeunload', (event) => {
    if (isTraining() && !isMeant) event.preventDefault();
  });
}

/** Ignores files that are dropped outside a drop area: the browser would leave the page to show them. */
export function keepStrayDropsOut(): void {
  for (const type of ['dragover', 'drop'] as const) {
    addEventListener(type, (event) => event.preventDefault());
  }
}
