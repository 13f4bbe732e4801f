/**
 * @file The architecture's import rules as data: which folder of src/ may import which.
 * eslint.config.js turns them into lint rules, src/layers.test.ts checks them again over the import graph.
 */
export const layers = {
  core: [],
  graph: ['core'],
  objectives: ['core'],
  formats: ['core'],
  data: ['core'],
  text: ['core', 'formats', 'data'],
  models: ['core', 'graph', 'formats'],
  runtime: ['core', 'graph'],
  storage: ['core', 'data'],
  evaluation: ['core', 'data'],
  engine: ['core', 'graph', 'models', 'runtime', 'formats', 'text', 'data'],
  training: ['core', 'graph', 'models', 'objectives', 'runtime', 'engine', 'text', 'data', 'formats'],
  generation: ['core', 'graph', 'models', 'runtime', 'engine', 'text', 'data'],
  bench: ['core', 'graph', 'models', 'runtime', 'text', 'engine', 'training', 'generation'],
  worker: [
    'core',
    'graph',
    'models',
    'objectives',
    'runtime',
    'text',
    'data',
    'formats',
    'engine',
    'training',
    'generation',
    'evaluation',
  ],
  cli: [
    'core',
    'graph',
    'models',
    'objectives',
    'runtime',
    'text',
    'data',
    'formats',
    'engine',
    'training',
    'generation',
    'evaluation',
    'bench',
  ],
  // The studio talks to the engine only through the worker's typed messages.
  studio: ['core', 'data', 'storage', 'evaluation', 'worker/protocol'],
};

/** Packages that one folder (or file) alone may import. */
export const packages = {
  'onnxruntime-web': ['runtime/ort'],
  react: ['studio'],
  'react-dom': ['studio'],
  'react-aria-components': ['studio'],
  uplot: ['studio'],
  zustand: ['studio'],
  diff: ['studio'],
  papaparse: ['data'],
  hyparquet: ['data'],
  'hyparquet-compressors': ['data'],
  'idb-keyval': ['storage'],
  'hash-wasm': ['storage', 'engine/loaded-model'],
  '@huggingface/tokenizers': ['text'],
  '@huggingface/jinja': ['text'],
  // The one copy of the judges' word lists, which tools/starter writes (package.json, "imports").
  '#starter-lexicon': ['evaluation/lexicon'],
  // The browser tests' search for Chrome, which `bench --browser` shares (package.json, "imports").
  '#find-browser': ['cli'],
};
