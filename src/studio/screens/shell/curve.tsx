/** @file A run's loss as a picture the size of a word. */
import { polylineOf } from '../../plain/runs/curve';

const [width, height] = [72, 20];

/** Stands beside a figure that says the same in words. */
export function Curve({ curve }: { readonly curve: readonly number[] | undefined }) {
  if (curve === undefined || curve.length < 2) return null;
  return (
    <svg className="curve" viewBox={`-1 -1 ${width + 2} ${height + 2}`} aria-hidden="true">
      <polyline points={polylineOf(curve, width, height)} />
    </svg>
  );
}
