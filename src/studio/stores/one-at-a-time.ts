/**
 * @file An action that takes a moment until the page shows that it has begun: pressed twice, it would begin twice, and
 * the one beginning would take the place of the other.
 */

/** The action; a call while another one is under way does nothing. */
export function oneAtATime<Given extends readonly unknown[]>(
  action: (...given: Given) => Promise<void>,
): (...given: Given) => Promise<void> {
  let isUnderWay = false;
  return async (...given) => {
    if (isUnderWay) return;
    isUnderWay = true;
    try {
      await action(...given);
    } finally {
      isUnderWay = false;
    }
  };
}
