/** The GPU backend beside the WASM one. */
import { type BenchItem, notRun } from '../ts/bench/line.js';

const UNITS = { 'gpu-forward': 'ms', 'gpu-train': 'steps/s', 'gpu-mmd': 's', 'gpu-histogram': 's' };

export const gpuItems: readonly BenchItem[] = Object.entries(UNITS).map(([name, unit]) => ({
  name,
  run: async () => [notRun(name, unit, 'a GPU backend, which this version does not have')],
}));
