/**
 * A binned table as the tree kernels read it: codes, the rows of each feature sorted by bin, and strips of rows of one bin.
 * Dimensions as in kernels/histogram.ts.
 */
import { InputError } from '../errors.js';
import type { GpuKernels, GpuTexture } from './gpu-kernels.js';
import type { CoreMemory } from './wasm.js';
import { bin } from './wasm-bins.js';

/** Digits of so many rows have a sum that float32 holds. */
const STRIP = 1024;
/** Whole numbers below this are float32 numbers: no index may reach it. */
export const INDEX_LIMIT = 16_777_216;
/** Entries of a feature in the core's tables of bins. */
const CORE_BINS = 256;

export interface GpuTable {
  readonly rows: number;
  readonly cols: number;
  /** Value bins of each feature (D), and their smallest and largest values (D, 256). */
  readonly bins: Int32Array;
  readonly lower: Float32Array;
  readonly upper: Float32Array;
  /** B: the most bins of a feature, missing included. */
  readonly mostBins: number;
  /** T. */
  readonly strips: number;
  readonly on: Readonly<Record<'codes' | 'order' | 'strips' | 'firstStrips' | 'bins', GpuTexture>>;
}

/** Bins x (N, D) on the core, as for growth there, and uploads it. */
export function gpuTable(core: CoreMemory, kernels: GpuKernels, x: Float32Array, cols: number, maxBins: number): GpuTable {
  const rows = x.length / cols;
  if (Math.max(x.length, 4 * rows) >= INDEX_LIMIT) {
    throw new InputError(
      `"x" expected fewer than ${INDEX_LIMIT} values and ${INDEX_LIMIT / 4} rows for trees on the GPU, got ${rows}×${cols}; use the backend wasm`,
    );
  }
  const mark = core.mark();
  const binned = bin(core, x, cols, maxBins);
  const codes = core.get(binned.codes, rows * cols, Uint8Array);
  const bins = core.get(binned.bins, cols, Int32Array);
  const [lower, upper] = [core.get(binned.lower, cols * CORE_BINS, Float32Array), core.get(binned.upper, cols * CORE_BINS, Float32Array)];
  core.release(mark);
  const mostBins = bins.reduce((a, b) => Math.max(a, b)) + 1;
  if (8 * cols * mostBins >= INDEX_LIMIT) {
    throw new InputError(
      `"x" expected fewer than ${INDEX_LIMIT / 8} bins in all for trees on the GPU, got ${cols}×${mostBins}; use the backend wasm`,
    );
  }
  const { order, firsts } = sortedByBin(codes, rows, cols, mostBins);
  const { strips, firstStrips } = cutIntoStrips(firsts);
  const upload = (values: ArrayLike<number>) => kernels.upload(Float32Array.from(values), 1, values.length);
  const on = {
    codes: upload(codes),
    order: upload(order),
    strips: upload(strips),
    firstStrips: upload(firstStrips),
    bins: upload(bins),
  };
  return { rows, cols, bins, lower, upper, mostBins, strips: strips.length / 2, on };
}

/** Row numbers (D, N) of each feature by bin, then by row; firsts (D·B + 1): where each bin begins in it. codes (D, N). */
function sortedByBin(codes: Uint8Array, rows: number, cols: number, mostBins: number): { order: Uint32Array; firsts: Uint32Array } {
  const firsts = new Uint32Array(cols * mostBins + 1);
  for (let f = 0; f < cols; f++) {
    for (let i = 0; i < rows; i++) {
      const next = f * mostBins + (codes[f * rows + i] as number) + 1;
      firsts[next] = (firsts[next] as number) + 1;
    }
  }
  for (let b = 0; b < cols * mostBins; b++) firsts[b + 1] = (firsts[b + 1] as number) + (firsts[b] as number);
  const next = firsts.slice();
  const order = new Uint32Array(rows * cols);
  for (let f = 0; f < cols; f++) {
    for (let i = 0; i < rows; i++) {
      const b = f * mostBins + (codes[f * rows + i] as number);
      order[next[b] as number] = i;
      next[b] = (next[b] as number) + 1;
    }
  }
  return { order, firsts };
}

/** Strips (T, 2) of at most STRIP rows: start and end; firstStrips (D·B + 1): the first of each bin. */
function cutIntoStrips(firsts: Uint32Array): { strips: number[]; firstStrips: number[] } {
  const strips: number[] = [];
  const firstStrips = [0];
  for (let b = 0; b + 1 < firsts.length; b++) {
    const end = firsts[b + 1] as number;
    for (let at = firsts[b] as number; at < end; at += STRIP) strips.push(at, Math.min(at + STRIP, end));
    firstStrips.push(strips.length / 2);
  }
  return { strips, firstStrips };
}
