/** Nearest rows on the core: packs rows into panels, passes scratch from the arena, copies results out. */
import { ComputeError, InputError } from '../errors.js';
import type { Matrix } from './backend.js';
import type { DistanceOps, Neighbours } from './ops-distance.js';
import { type CoreMemory, ptr } from './wasm.js';

/** Widths of panels of x and y, and rows of a block, as in assembly/distance.ts. */
export const X_WIDTH = 4;
export const Y_WIDTH = 8;
export const BLOCK_BYTES = 64 * Y_WIDTH * 4;

/** Room for the rows of x in panels of `width`. */
export const panels = (memory: CoreMemory, x: Matrix, width: number): number =>
  memory.alloc(Math.ceil(x.rows / width) * width * (x.cols + 1) * 4);

/** Rows as they are, packed into panels of `width`. */
export function pack(memory: CoreMemory, x: Matrix, width: number): number {
  const packed = panels(memory, x, width);
  memory.core.packRows?.(ptr(x), x.rows, x.cols, width, 0, 1, 0, packed);
  return packed;
}

export function neighbourOps(memory: CoreMemory): Pick<DistanceOps, 'neighbours' | 'nearest'> {
  const neighbours = (query: Matrix, reference: Matrix, k: number, excludeSelf = false): Neighbours => {
    checkColumns(query, reference);
    const most = reference.rows - (excludeSelf ? 1 : 0);
    if (!Number.isInteger(k) || k < 1 || k > most) throw new InputError(`"k" expected an integer in 1..${most}, got ${k}`);
    return scratch(memory, () => {
      const [x, y] = [pack(memory, query, X_WIDTH), pack(memory, reference, Y_WIDTH)];
      const [block, worst] = [memory.alloc(BLOCK_BYTES), memory.alloc((query.rows + Y_WIDTH) * 4)];
      const [index, squared] = [memory.alloc(query.rows * k * 4), memory.alloc(query.rows * k * 4)];
      memory.core.neighbours?.(x, query.rows, y, reference.rows, query.cols, k, Number(excludeSelf), block, worst, index, squared);
      const found = memory.get(index, query.rows * k, Uint32Array);
      if (found.includes(0xffffffff)) throw new ComputeError('distances between rows are not finite: a value is missing or too large');
      return { index: found, squared: memory.get(squared, query.rows * k, Float32Array) };
    });
  };
  return { neighbours, nearest: (query, reference, excludeSelf) => neighbours(query, reference, 1, excludeSelf).squared };
}

/** Runs `work` and frees what it allocated. */
export function scratch<T>(memory: CoreMemory, work: () => T): T {
  const before = memory.mark();
  try {
    return work();
  } finally {
    memory.release(before);
  }
}

export function checkColumns(x: Matrix, y: Matrix): void {
  if (x.cols !== y.cols) throw new InputError(`"columns" expected equal numbers, got ${x.cols} and ${y.cols}`);
}
