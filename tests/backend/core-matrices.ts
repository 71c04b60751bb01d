/** A core for tests of its operations, whose matrices are made of any numbers and read at once. */
import type { Matrix } from '../../ts/backend/backend.js';
import { coreMemory } from '../core.js';

export const memory = await coreMemory();
export const mat = (rows: number, cols: number, data?: ArrayLike<number>): Matrix =>
  memory.matrix(rows, cols, data && Float32Array.from(data));
export const read = (m: Matrix): number[] => [...memory.read(m)];

/** Runs `body` and frees what it allocated. */
export function scoped(body: () => void): void {
  const mark = memory.mark();
  body();
  memory.release(mark);
}
