/** @file Where the runtime's WebAssembly is read from in a browser; package.json maps `#ort-binary` here. */

/** @param url of the binary, same origin. @returns null where it cannot be had: the runtime says why when it starts */
export async function readBinary(url: string | null): Promise<Uint8Array | null> {
  const response = url === null ? null : await fetch(url).catch(() => null);
  return response?.ok ? new Uint8Array(await response.arrayBuffer()) : null;
}
