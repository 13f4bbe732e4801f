/** @file Guards against losing a run by accident: a closed tab, or a file dropped beside its place. */

export function warnBeforeLeaving(isTraining: () => boolean): void {
  addEventListener('beforeunload', (event) => {
    if (isTraining()) event.preventDefault();
  });
}

/** A file dropped outside a drop area would make the browser leave the page to show it. */
export function keepStrayDropsOut(): void {
  for (const type of ['dragover', 'drop'] as const) {
    addEventListener(type, (event) => event.preventDefault());
  }
}
