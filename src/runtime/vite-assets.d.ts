/** Vite turns an import with ?url into the address of the emitted file. */
declare module '*?url&no-inline' {
  const url: string;
  export default url;
}

/** Vite turns an import with ?raw into the file's text. */
declare module '*?raw' {
  const text: string;
  export default text;
}
