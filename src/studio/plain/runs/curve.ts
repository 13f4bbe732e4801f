/** @file A run's loss in few points, for a picture the size of a word. Pure. */
import type { StepMetrics } from '../../../run/metrics';

const points = 32;

/** The means of as many equal stretches of the steps as there are points; each step by itself where they are fewer. */
export function curveOf(metrics: readonly Pick<StepMetrics, 'loss'>[]): readonly number[] {
  const known = metrics.map(({ loss }) => loss).filter((loss) => Number.isFinite(loss));
  const count = Math.min(points, known.length);
  return Array.from({ length: count }, (_, i) => {
    const part = known.slice(Math.floor((i * known.length) / count), Math.floor(((i + 1) * known.length) / count));
    return part.reduce((sum, loss) => sum + loss, 0) / part.length;
  });
}

/** The points of a polyline from 0, 0 (left, top) to width, height. */
export function polylineOf(curve: readonly number[], width: number, height: number): string {
  const [low, high] = [Math.min(...curve), Math.max(...curve)];
  const span = high - low || 1;
  return curve
    .map((value, i) => {
      const x = curve.length === 1 ? 0 : (i / (curve.length - 1)) * width;
      return `${x.toFixed(1)},${(((high - value) / span) * height).toFixed(1)}`;
    })
    .join(' ');
}
