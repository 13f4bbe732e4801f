/** package.json maps `#ort-wasm` to the WASM-only build of onnxruntime-web, or in Node to its Node build. */
declare module '#ort-wasm' {
  export * from 'onnxruntime-web';
}
