/** Distances on the core: packs rows into panels, passes scratch from the arena, copies results out. */
import { ComputeError, InputError } from '../errors.js';
import type { Matrix } from './backend.js';
import type { DistanceOps, Neighbours } from './ops-distance.js';
import { type CoreMemory, ptr } from './wasm.js';

/** Widths of panels of x and y, and rows of a block, as in assembly/distance.ts. */
const X_WIDTH = 4;
const Y_WIDTH = 8;
const BLOCK_BYTES = 64 * Y_WIDTH * 4;

export function distanceOps(memory: CoreMemory): DistanceOps {
  /** Rows packed into panels of `width`, uncentred; see packRows. */
  const pack = (x: Matrix, width: number): number => {
    const packed = memory.alloc(Math.ceil(x.rows / width) * width * (x.cols + 1) * 4);
    memory.core.packRows?.(ptr(x), x.rows, x.cols, width, 0, 0, packed);
    return packed;
  };
  const neighbours = (query: Matrix, reference: Matrix, k: number, excludeSelf = false): Neighbours => {
    checkColumns(query, reference);
    const most = reference.rows - (excludeSelf ? 1 : 0);
    if (!Number.isInteger(k) || k < 1 || k > most) throw new InputError(`"k" expected an integer in 1..${most}, got ${k}`);
    return scratch(memory, () => {
      const [x, y] = [pack(query, X_WIDTH), pack(reference, Y_WIDTH)];
      const [block, index, squared] = [memory.alloc(BLOCK_BYTES), memory.alloc(query.rows * k * 4), memory.alloc(query.rows * k * 4)];
      memory.core.neighbours?.(x, query.rows, y, reference.rows, query.cols, k, Number(excludeSelf), block, index, squared);
      const found = memory.get(index, query.rows * k, Uint32Array);
      if (found.includes(0xffffffff)) throw new ComputeError('distances between rows are not finite: a value is missing or too large');
      return { index: found, squared: memory.get(squared, query.rows * k, Float32Array) };
    });
  };
  return {
    neighbours,
    nearest: (query, reference, excludeSelf) => neighbours(query, reference, 1, excludeSelf).squared,
    medianDistance: (x) =>
      scratch(memory, () => {
        const [rows, columns] = [pack(x, X_WIDTH), pack(x, Y_WIDTH)];
        const [block, bins] = [memory.alloc(BLOCK_BYTES), memory.alloc(memory.core.medianScratch?.() as number)];
        return memory.core.medianDistance?.(rows, columns, x.rows, x.cols, block, bins) as number;
      }),
    rbfSums: () => new Float64Array(0),
  };
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
