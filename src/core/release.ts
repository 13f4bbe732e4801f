/** @file Memory given back before the garbage collector comes by, which lets tens of megabytes lie in between. */

/**
 * Gives an array's memory back at once where the JavaScript engine can (V8 from 11.4 on); elsewhere it is collected as
 * always. The array has no elements afterwards. To be called by the only one who still has it.
 */
export function release({ buffer }: ArrayBufferView): void {
  const memory = buffer as ArrayBufferLike & { readonly detached?: boolean; transfer?: (bytes: number) => ArrayBuffer };
  // Two arrays may be views of one memory.
  if (memory.detached === false) memory.transfer?.(0);
}
