/** @file Guards against losing a run by accident: a closed tab, or a file dropped beside its place. */

export function warnBeforeLeaving(isTraining: () => boolean): void {
  addEventListener('beforeunload', (event) => {
    if (isTraining()) event.preventDefault();
  });
}

/** Ignores files that are dropped outside a drop area: the browser would leave the page to show them. */
export function keepStrayDropsOut(): void {
  for (const type of ['dragover', 'drop'] as const) {
    addEventListener(type, (event) => event.preventDefault());
  }
}
