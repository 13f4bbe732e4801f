/**
 * @file The architecture's import rules as data, and the one guard that applies them: ESLint calls it where an import
 * stands (eslint.config.js), src/layers.test.ts over the whole import graph.
 */
const engine = ['core', 'graph', 'models', 'wgsl', 'runtime', 'formats', 'text', 'data', 'run'];
const aroundEngine = [...engine, 'engine', 'objectives', 'training', 'generation', 'evaluation'];
const belowStudio = ['core', 'data', 'run', 'storage', 'evaluation', 'worker/protocol'];

const folders = {
  messages: [],
  core: [],
  graph: ['core'],
  wgsl: ['core', 'graph'],
  objectives: ['core'],
  formats: ['core'],
  data: ['core'],
  run: ['core', 'data', 'objectives'],
  text: ['core', 'formats', 'data', 'run'],
  models: ['core', 'graph', 'formats'],
  runtime: ['core', 'graph', 'wgsl'],
  storage: ['core', 'data', 'run'],
  evaluation: ['core', 'data'],
  engine,
  training: [...engine, 'engine', 'objectives'],
  generation: ['core', 'graph', 'models', 'runtime', 'engine', 'text', 'data', 'evaluation'],
  handover: aroundEngine,
  bench: ['core', 'graph', 'models', 'run', 'wgsl', 'runtime', 'text', 'engine', 'training', 'generation'],
  worker: [...aroundEngine, 'handover'],
  cli: [...aroundEngine, 'bench', 'handover'],
  // The studio's floors, each on those before it. Its engine is the worker, which it reaches by typed messages only.
  'studio/plain': [...belowStudio],
  'studio/text': [...belowStudio, 'studio/plain'],
  'studio/browser': [...belowStudio, 'studio/plain', 'studio/text'],
  'studio/stores': [...belowStudio, 'studio/plain', 'studio/text', 'studio/browser'],
  'studio/screens': [...belowStudio, 'studio/plain', 'studio/text', 'studio/browser', 'studio/stores'],
  'studio/main': [...belowStudio, 'studio'],
};

/**
 * Each folder (or file) of src/ and what it may import beside itself; the longest name that fits a file counts. Every
 * layer says what it has to say in messages.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const layers = Object.fromEntries(
  Object.entries(folders).map(([name, allowed]) => [name, name === 'messages' ? allowed : ['messages', ...allowed]]),
);

/** Packages that one folder (or file) alone may import. */
export const packages = {
  'onnxruntime-web': ['runtime/ort', 'runtime/ort-assets'],
  webgpu: ['runtime/dawn'],
  react: ['studio/text', 'studio/screens', 'studio/main'],
  'react-dom': ['studio/screens', 'studio/main'],
  'react-aria-components': ['studio/screens'],
  uplot: ['studio/screens', 'studio/main'],
  zustand: ['studio/text', 'studio/stores', 'studio/screens'],
  diff: ['studio/plain'],
  papaparse: ['data'],
  hucre: ['data'],
  hyparquet: ['data'],
  'hyparquet-compressors': ['data'],
  'idb-keyval': ['storage'],
  zod: ['core/zod'],
  'hash-wasm': ['storage', 'engine/loaded-model', 'handover'],
  '@huggingface/tokenizers': ['text'],
  // The one copy of the judges' word lists, which tools/starter writes (package.json, "imports").
  '#starter-lexicon': ['evaluation/lexicon'],
};

/** @param {string} path @param {string} place */
const isIn = (path, place) => path === place || path.startsWith(`${place}/`);

/**
 * The layer of a file: `studio/stores` of `studio/stores/judge`, `cli` of `cli/main`.
 * @param {string} path below src/, without its extension
 * @returns {string | null} null where no layer holds it
 */
export function layerOf(path) {
  const fitting = Object.keys(layers).filter((name) => isIn(path, name));
  return fitting.sort((a, b) => b.length - a.length)[0] ?? null;
}

/**
 * Says what is wrong with an import, in a sentence.
 * @param {string} from the importing file below src/, without its extension: `studio/stores/judge`
 * @param {string} imported a file below src/ without its extension, or a package's name
 * @param {boolean} isPackage
 * @returns {string | null} null where the import is allowed
 */
export function importProblem(from, imported, isPackage) {
  const layer = layerOf(from);
  if (layer === null) return `src/${from} is in no layer of layers.mjs.`;
  if (isPackage) {
    const owner = Object.entries(packages).find(([name]) => isIn(imported, name));
    const isAllowed = owner === undefined || owner[1].some((place) => isIn(from, place));
    return isAllowed
      ? null
      : `src/${from} may not import ${imported}, which belongs to ${owner[1].join(', ')} (layers.mjs).`;
  }
  const isAllowed = layerOf(imported) === layer || layers[layer]?.some((place) => isIn(imported, place));
  return isAllowed ? null : `src/${layer} may not import src/${imported} (layers.mjs).`;
}
