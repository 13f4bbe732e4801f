/**
 * @file Draws layers.mjs as docs/layers.svg: each layer stands on those it may import. An arrow that follows from
 * others is left out. Run `node tools/draw-layers.mjs` after a change of layers.mjs; src/documents.test.ts says when it
 * is due.
 */
import { writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { layerOf, layers } from '../layers.mjs';

const [boxWidth, boxHeight, gapX, gapY, margin] = [126, 32, 26, 34, 14];

/** Where a layer stands from left to right; its row follows from what it imports. */
const columns = {
  'studio/plain': 0,
  'studio/text': 0,
  'studio/browser': 0,
  'studio/stores': 0,
  'studio/screens': 0,
  'studio/main': 0,
  cli: 3,
  worker: 1.2,
  bench: 3,
  training: 1.7,
  generation: 2.7,
  handover: 3.7,
  engine: 2.7,
  storage: 0,
  run: 0.6,
  evaluation: 1.6,
  text: 2.6,
  models: 3.6,
  runtime: 4.6,
  wgsl: 4.8,
  objectives: 0.6,
  data: 1.6,
  formats: 2.6,
  graph: 4,
  core: 2.2,
  messages: 2.2,
};

/** Each layer's floors below it by name; `worker/protocol` stands for `worker`. */
function readGraph() {
  const names = Object.keys(layers);
  return new Map(
    Object.entries(layers).map(([name, allowed]) => [
      name,
      allowed
        .flatMap((entry) =>
          entry === 'studio' ? names.filter((other) => other.startsWith('studio/')) : layerOf(entry),
        )
        .filter((other) => other !== undefined && other !== name),
    ]),
  );
}

/** Longest way down from a layer to one that imports nothing. */
function heightsOf(graph) {
  const heights = new Map();
  const heightOf = (name) => {
    if (!heights.has(name)) heights.set(name, Math.max(-1, ...graph.get(name).map(heightOf)) + 1);
    return heights.get(name);
  };
  for (const name of graph.keys()) heightOf(name);
  return heights;
}

/** The arrows that no chain of other arrows says already. */
function reducedEdges(graph) {
  const reaches = (from, to) => graph.get(from).some((next) => next === to || reaches(next, to));
  return [...graph].flatMap(([from, below]) =>
    below.filter((to) => !below.some((other) => other !== to && reaches(other, to))).map((to) => [from, to]),
  );
}

/** @returns {string} the picture, the same for the same layers */
export function drawLayers() {
  const graph = readGraph();
  const heights = heightsOf(graph);
  const width = Math.max(...Object.values(columns)) * (boxWidth + gapX) + boxWidth + 2 * margin;
  const height = (Math.max(...heights.values()) + 1) * (boxHeight + gapY) - gapY + 2 * margin;
  const places = new Map();
  for (const [name, level] of heights) {
    if (columns[name] === undefined) throw new Error(`tools/draw-layers.mjs has no column for the layer ${name}.`);
    places.set(name, {
      x: margin + columns[name] * (boxWidth + gapX),
      y: height - margin - boxHeight - level * (boxHeight + gapY),
    });
  }
  const arrows = reducedEdges(graph).map(([from, to]) => {
    const [a, b] = [places.get(from), places.get(to)];
    const [x1, y1, x2, y2] = [a.x + boxWidth / 2, a.y + boxHeight, b.x + boxWidth / 2, b.y];
    const round = (value) => Math.round(value * 10) / 10;
    const bend = Math.min(50, (y2 - y1) / 2);
    const points = [x1, y1, x1, y1 + bend, x2, y2 - bend, x2, y2 - 4].map(round);
    const [startX, startY, ...rest] = points;
    return `  <path d="M${startX} ${startY} C${rest.join(' ')}" />`;
  });
  const boxes = [...places].map(
    ([name, { x, y }]) =>
      `  <rect x="${x}" y="${y}" width="${boxWidth}" height="${boxHeight}" rx="5" />\n` +
      `  <text x="${x + boxWidth / 2}" y="${y + boxHeight / 2 + 4.5}">${name}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
  <title>The layers of src/: each stands on those it may import</title>
  <style>
    rect { fill: #eef4f4; stroke: #12606e; }
    text { font: 13px sans-serif; text-anchor: middle; fill: #12343b; }
    path { fill: none; stroke: #7f9ba0; stroke-width: 1.2; marker-end: url(#tip); }
    #tip path { fill: #7f9ba0; stroke: none; marker-end: none; }
    @media (prefers-color-scheme: dark) {
      rect { fill: #17343a; stroke: #69b5c0; }
      text { fill: #dcebed; }
      path { stroke: #6d8a90; }
      #tip path { fill: #6d8a90; }
    }
  </style>
  <marker id="tip" viewBox="0 0 8 8" refX="4" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 L8 4 L0 8 z" /></marker>
${arrows.join('\n')}
${boxes.join('\n')}
</svg>
`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(new URL('../docs/layers.svg', import.meta.url), drawLayers());
}
