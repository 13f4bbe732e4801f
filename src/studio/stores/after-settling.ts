/** @file Work that waits until its cause has stopped changing. */

/** Typing a number should not start the tokenizer at every digit, nor write to disk at every letter. */
export const settleMs = 400;

/** A function that does the work when it has not been called for a moment. */
export function afterSettling(work: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, settleMs);
  };
}
