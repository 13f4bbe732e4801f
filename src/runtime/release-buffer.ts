/**
 * @file Frees the memory of an array at once. The garbage collector sees a small object and lets many of them pile up.
 */

const port = (() => {
  const { port1 } = new MessageChannel();
  port1.close();
  return port1;
})();

/** Detaches the buffer: views of it have length 0 from then on. */
export function releaseBuffer(buffer: ArrayBuffer): void {
  const { transfer } = buffer as { transfer?: (length: number) => ArrayBuffer };
  if (transfer) transfer.call(buffer, 0);
  // Node before version 22: a transfer to a closed port arrives nowhere.
  else port.postMessage(null, [buffer]);
}
