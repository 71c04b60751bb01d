/** Distances on the core beside those of neighbours: packs rows into panels, passes scratch from the arena, copies results out. */
import { InputError } from '../errors.js';
import type { DistanceOps } from './ops-distance.js';
import { type CoreMemory, ptr } from './wasm.js';
import { BLOCK_BYTES, checkColumns, neighbourOps, pack, panels, scratch, X_WIDTH, Y_WIDTH } from './wasm-neighbours.js';
import { interpolate, places } from './wasm-segment.js';

export function distanceOps(memory: CoreMemory): DistanceOps {
  return {
    places: (rows, index, k, stream) => scratch(memory, () => places(memory, rows, index, k, stream)),
    interpolate: (columns, at, lattices) => scratch(memory, () => interpolate(memory, columns, at, lattices)),
    ...neighbourOps(memory),
    medianDistance: (x) =>
      scratch(memory, () => {
        const [rows, columns] = [pack(memory, x, X_WIDTH), pack(memory, x, Y_WIDTH)];
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
        const [rows, columns] = [panels(memory, x, X_WIDTH), panels(memory, other, Y_WIDTH)];
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
