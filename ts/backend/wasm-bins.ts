/** What every tree learner on the core starts with: binned features, room for nodes, turns of the event loop. */
import { InputError } from '../errors.js';
import type { TreeRun } from './ops-trees.js';
import { turnsFor } from './turns.js';
import type { CoreMemory } from './wasm.js';

/** Entries of a feature in the tables of bins, as in assembly/bins.ts. */
const BINS = 256;
/** Columns that are copied into the core together: a cache line holds 16 values of a row, and 8 columns of a million rows are 32 MB. */
const GROUP = 8;

export type Scratch = (...sizes: number[]) => number;

/** Binned features in the core; see assembly/bins.ts. */
export interface Binned {
  readonly rows: number;
  readonly cols: number;
  readonly codes: number; // (D, N) u8
  readonly lower: number; // (D, BINS) f32
  readonly upper: number;
  readonly bins: number; // (D) i32
  readonly missing: number; // (D) i32
}

/** Bins x (N, D) row-major. Only a few columns at a time lie in the core beside the codes. */
export function bin(memory: CoreMemory, x: Float32Array, cols: number, maxBins: number): Binned {
  const rows = x.length / cols;
  if (!Number.isInteger(maxBins) || maxBins < 2 || maxBins > BINS) {
    throw new InputError(`"maxBins" expected an integer in 2..${BINS}, got ${maxBins}`);
  }
  const codes = memory.alloc(rows * cols);
  const [lower, upper] = [memory.alloc(cols * BINS * 4), memory.alloc(cols * BINS * 4)];
  const [bins, missing] = [memory.alloc(cols * 4), memory.alloc(cols * 4)];
  const mark = memory.mark();
  const group = Math.min(cols, GROUP);
  const values = memory.matrix(group, rows);
  const scratch = memory.alloc((memory.core.binScratch as Scratch)(rows));
  for (let first = 0; first < cols; first += group) {
    const count = Math.min(group, cols - first);
    memory.writeColumns(values, x, cols, first, count);
    const tables = [lower + first * BINS * 4, upper + first * BINS * 4, bins + first * 4, missing + first * 4];
    memory.core.binFeatures?.(values.ptr, rows, count, maxBins, codes + first * rows, ...tables, scratch);
  }
  memory.release(mark);
  return { rows, cols, codes, lower, upper, bins, missing };
}

export function checkTable(x: Float32Array, rows: number, cols: number): void {
  if (!(rows >= 1) || !(cols >= 1)) throw new InputError(`"x" expected at least one row and one feature, got ${rows}×${cols}`);
  if (x.length !== rows * cols) throw new InputError(`"x" expected ${rows}×${cols} values, got ${x.length}`);
}

/** Most nodes that a tree of `depth` levels of splits (0 = any) on `rows` rows can have. */
export function nodeCapacity(rows: number, depth: number): number {
  let full = 1;
  for (let level = 0; level < depth && full < 2 * rows; level++) full = 2 * full + 1;
  return depth === 0 ? 2 * rows : Math.min(full, 2 * rows);
}

/** Reports progress and, now and then, gives way to the event loop, so that an abort can arrive. */
export function turns(run: TreeRun): (done: number, total: number) => Promise<void> {
  const turn = turnsFor(run.signal);
  return (done, total) => {
    run.onProgress?.(done, total);
    return turn();
  };
}
