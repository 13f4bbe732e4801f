/**
 * @file A chart as a picture to take away: its title, its curves' names in their colours, and the canvas as it stands.
 */

export interface Caption {
  readonly label: string;
  /** A CSS colour without variables, which a canvas does not know. */
  readonly colour: string;
}

export interface ChartImage {
  readonly plot: HTMLCanvasElement;
  readonly title: string;
  readonly captions: readonly Caption[];
  readonly ink: string;
  readonly ground: string;
}

const margin = 12;
const headHeight = 30;

/** Draws title and captions over the chart, at the density of pixels that its canvas has. */
export function drawChartImage({ plot, title, captions, ink, ground }: ChartImage): HTMLCanvasElement {
  const scale = devicePixelRatio;
  const canvas = document.createElement('canvas');
  canvas.width = plot.width + 2 * margin * scale;
  canvas.height = plot.height + (headHeight + margin) * scale;
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('The browser gave no canvas to draw the chart on.');
  context.fillStyle = ground;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.textBaseline = 'middle';
  const y = (headHeight / 2) * scale;
  context.font = `600 ${13 * scale}px system-ui, sans-serif`;
  context.fillStyle = ink;
  context.fillText(title, margin * scale, y);
  let x = margin * scale + context.measureText(title).width;
  context.font = `${12 * scale}px system-ui, sans-serif`;
  for (const { label, colour } of captions) {
    x += 14 * scale;
    context.fillStyle = colour;
    context.fillText(label, x, y);
    x += context.measureText(label).width;
  }
  context.drawImage(plot, margin * scale, headHeight * scale);
  return canvas;
}

/**
 * Writes the canvas as a PNG file.
 * @throws Error where the browser makes no PNG of it
 */
export async function writePng(canvas: HTMLCanvasElement): Promise<Uint8Array<ArrayBuffer>> {
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (blob === null) throw new Error('The browser made no PNG of the chart.');
  return new Uint8Array(await blob.arrayBuffer());
}
