/**
 * @file A chart of an experiment as SVG: points with error bars, one colour a family, joined in order where asked.
 */

export interface Point {
  readonly x: number;
  readonly y: number;
  /** Ends of the error bar. */
  readonly low: number;
  readonly high: number;
  /** Written beside the point. */
  readonly note?: string;
}

export interface Series {
  readonly name: string;
  readonly points: readonly Point[];
  readonly joined: boolean;
}

export interface ChartText {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  /** Draws x as log(1 + x / unit): values of several sizes, 0 among them. */
  readonly logUnit?: number;
}

const size = { width: 760, height: 460, left: 64, right: 200, top: 44, bottom: 56 };
/** Okabe and Ito's colours, told apart by colour-blind eyes. */
const colors = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'];

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** Round numbers that cover a range in about `count` steps. */
function ticks(low: number, high: number, count: number): number[] {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= raw) as number) * power;
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, i) => (first + i) * step);
}

/** 0 and 1, 2, 5 times the powers of ten from the unit on. */
function logTicks(high: number, unit: number): number[] {
  const powers = Array.from({ length: 12 }, (_, i) => 10 ** (Math.floor(Math.log10(unit)) + i));
  return [0, ...powers.flatMap((power) => [power, 2 * power, 5 * power])].filter(
    (x) => x === 0 || (x >= unit && x <= high),
  );
}

export function drawChart(text: ChartText, series: readonly Series[], yRange: readonly [number, number]): string {
  const xs = series.flatMap(({ points }) => points.map(({ x }) => x));
  const xRange: [number, number] = [Math.min(0, ...xs), Math.max(1e-3, ...xs) * 1.04];
  const { logUnit } = text;
  const along = (x: number): number => (logUnit ? Math.log1p(Math.max(0, x) / logUnit) : x);
  const px = (x: number): number =>
    size.left +
    ((along(x) - along(xRange[0])) / (along(xRange[1]) - along(xRange[0]))) * (size.width - size.left - size.right);
  const py = (y: number): number =>
    size.height - size.bottom - ((y - yRange[0]) / (yRange[1] - yRange[0])) * (size.height - size.top - size.bottom);
  const n = (value: number): string => value.toFixed(1);
  const label = (value: number): string => String(Number(value.toPrecision(3)));
  const parts = [
    `<text x="${size.left}" y="24" font-size="16" font-weight="600">${escape(text.title)}</text>`,
    ...(logUnit ? logTicks(xRange[1], logUnit) : ticks(...xRange, 6)).map(
      (x) =>
        `<path d="M${n(px(x))} ${n(py(yRange[0]))}V${n(py(yRange[1]))}" stroke="#ddd"/><text x="${n(px(x))}" y="${size.height - size.bottom + 18}" text-anchor="middle">${label(x)}</text>`,
    ),
    ...ticks(...yRange, 5).map(
      (y) =>
        `<path d="M${n(px(xRange[0]))} ${n(py(y))}H${n(px(xRange[1]))}" stroke="#ddd"/><text x="${size.left - 8}" y="${n(py(y) + 4)}" text-anchor="end">${label(y)}</text>`,
    ),
    `<text x="${n((px(xRange[0]) + px(xRange[1])) / 2)}" y="${size.height - 14}" text-anchor="middle">${escape(text.x)}</text>`,
    `<text transform="translate(16 ${n((py(yRange[0]) + py(yRange[1])) / 2)}) rotate(-90)" text-anchor="middle">${escape(text.y)}</text>`,
  ];
  series.forEach(({ name, points, joined }, i) => {
    const color = colors[i % colors.length] as string;
    const legendY = size.top + 14 + 20 * i;
    parts.push(
      `<circle cx="${size.width - size.right + 20}" cy="${legendY - 4}" r="4.5" fill="${color}"/><text x="${size.width - size.right + 32}" y="${legendY}">${escape(name)}</text>`,
    );
    if (joined && points.length > 1)
      parts.push(
        `<path d="M${points.map(({ x, y }) => `${n(px(x))} ${n(py(y))}`).join('L')}" fill="none" stroke="${color}" stroke-width="1.5"/>`,
      );
    for (const { x, y, low, high, note } of points) {
      if (note)
        parts.push(`<text x="${n(px(x) + 7)}" y="${n(py(y) + 3)}" font-size="9" fill="#555">${escape(note)}</text>`);
      parts.push(
        `<path d="M${n(px(x))} ${n(py(low))}V${n(py(high))}" stroke="${color}" opacity="0.5"/><circle cx="${n(px(x))}" cy="${n(py(y))}" r="4.5" fill="${color}"/>`,
      );
    }
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" font-family="system-ui, sans-serif" font-size="12"><rect width="100%" height="100%" fill="#fff"/>${parts.join('')}</svg>\n`;
}
