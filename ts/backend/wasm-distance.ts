/** Distances on the core: packs rows into panels, passes scratch from the arena, copies results out. */
import { ComputeError, InputError } from '../errors.js';
import type { Matrix } from './backend.js';
import type { DistanceOps, Neighbours } from './ops-distance.js';
import { type CoreMemory, ptr } from './wasm.js';
import { interpolate, places } from './wasm-segment.js';

/** Widths of panels of x and y, and rows of a block, as in assembly/distance.ts. */
const X_WIDTH = 4;
const Y_WIDTH = 8;
const BLOCK_BYTES = 64 * Y_WIDTH * 4;

export function distanceOps(memory: CoreMemory): DistanceOps {
  const panels = (x: Matrix, width: number): number => memory.alloc(Math.ceil(x.rows / width) * width * (x.cols + 1) * 4);
  /** Rows as they are, packed into panels of `width`. */
  const pack = (x: Matrix, width: number): number => {
    const packed = panels(x, width);
    memory.core.packRows?.(ptr(x), x.rows, x.cols, width, 0, 1, 0, packed);
    return packed;
  };
  const neighbours = (query: Matrix, reference: Matrix, k: number, excludeSelf = false): Neighbours => {
    checkColumns(query, reference);
    const most = reference.rows - (excludeSelf ? 1 : 0);
    if (!Number.isInteger(k) || k < 1 || k > most) throw new InputError(`"k" expected an integer in 1..${most}, got ${k}`);
    return scratch(memory, () => {
      const [x, y] = [pack(query, X_WIDTH), pack(reference, Y_WIDTH)];
      const [block, worst] = [memory.alloc(BLOCK_BYTES), memory.alloc((query.rows + Y_WIDTH) * 4)];
      const [index, squared] = [memory.alloc(query.rows * k * 4), memory.alloc(query.rows * k * 4)];
      memory.core.neighbours?.(x, query.rows, y, reference.rows, query.cols, k, Number(excludeSelf), block, worst, index, squared);
      const found = memory.get(index, query.rows * k, Uint32Array);
      if (found.includes(0xffffffff)) throw new ComputeError('distances between rows are not finite: a value is missing or too large');
      return { index: found, squared: memory.get(squared, query.rows * k, Float32Array) };
    });
  };
  return {
    places: (rows, index, k, stream) => scratch(memory, () => places(memory, rows, index, k, stream)),
    interpolate: (columns, at, lattices) => scratch(memory, () => interpolate(memory, columns, at, lattices)),
    neighbours,
    nearest: (query, reference, excludeSelf) => neighbours(query, reference, 1, excludeSelf).squared,
    medianDistance: (x) =>
      scratch(memory, () => {
        const [rows, columns] = [pack(x, X_WIDTH), pack(x, Y_WIDTH)];
        const [block, bins] = [memory.alloc(BLOCK_BYTES), memory.alloc(memory.core.medianScratch?.() as number)];
        return memory.core.medianDistance?.(rows, columns, x.rows, x.cols, block, bins) as number;
      }),
    rbfSums: (x, y, bandwidths) => {
      if (y) checkColumns(x, y);
      for (const s of bandwidths) if (!(s > 0 && s < Infinity)) throw new InputError(`"bandwidths" expected positive numbers, got ${s}`);
      if (x.rows === 0 || y?.rows === 0) return new Float64Array(bandwidths.length);
      return scratch(memory, () => {
        const other = y ?? x;
        // a power of two, so that scaling by it is exact and any unit of the data is within the range of float32
        const unit = powerOfTwo(Math.max(...bandwidths));
        const gammas = Float32Array.from(bandwidths, (s) => 0.5 / ((s / unit) * (s / unit)));
        const centre = memory.alloc(x.cols * 4);
        memory.core.columnMeans?.(ptr(x), x.rows, x.cols, centre);
        const [rows, columns] = [panels(x, X_WIDTH), panels(other, Y_WIDTH)];
        const packBoth = (halfNorms: number): number => {
          const a = memory.core.packRows?.(ptr(x), x.rows, x.cols, X_WIDTH, centre, 1 / unit, halfNorms, rows) as number;
          const b = memory.core.packRows?.(ptr(other), other.rows, x.cols, Y_WIDTH, centre, 1 / unit, halfNorms, columns) as number;
          return a / x.rows + b / other.rows;
        };
        const norms = packBoth(1);
        if (!Number.isFinite(norms)) return new Float64Array(bandwidths.length).fill(Number.NaN); // a value is missing
        const cancels = norms * Math.max(...gammas) > CANCELLATION_LIMIT;
        if (cancels) packBoth(0);
        const [scales, block, sums] = [memory.put(gammas), memory.alloc(BLOCK_BYTES), memory.alloc(bandwidths.length * 8)];
        const flags = [Number(y === null), Number(cancels)] as const;
        memory.core.rbfSums?.(rows, x.rows, columns, other.rows, x.cols, ...flags, scales, gammas.length, block, sums);
        return memory.get(sums, bandwidths.length, Float64Array);
      });
    },
  };
}

/**
 * γ·(mean ‖x‖² + mean ‖y‖²) up to which d² = ‖x‖² + ‖y‖² − 2x·y is taken: its float32 rounding moves the mean kernel value by
 * less than this times 2⁻²⁴, that is 1e-6. Beyond, differences are squared, at two thirds of the speed.
 */
const CANCELLATION_LIMIT = 16;

/** The largest power of two that is at most `x`, for positive finite x. */
export function powerOfTwo(x: number): number {
  let power = 1;
  while (power > x) power /= 2;
  while (power <= x / 2) power *= 2;
  return power;
}

/** Runs `work` and frees what it allocated. */
function scratch<T>(memory: CoreMemory, work: () => T): T {
  const before = memory.mark();
  try {
    return work();
  } finally {
    memory.release(before);
  }
}

function checkColumns(x: Matrix, y: Matrix): void {
  if (x.cols !== y.cols) throw new InputError(`"columns" expected equal numbers, got ${x.cols} and ${y.cols}`);
}
