/** @file How charts are looked at, the same for all of them while the page is open: the weight of the smoothing. */
import { createStore } from 'zustand/vanilla';

export interface ChartView {
  /** Weight of the exponential moving average, 0 to `maxSmoothing`. */
  readonly smoothing: number;
}

export const maxSmoothing = 0.99;

/** 0.6 is where TensorBoard begins. */
export const chartView = createStore<ChartView>()(() => ({ smoothing: 0.6 }));
