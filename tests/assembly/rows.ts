/** Random rows for the tests of distances and kernel sums. */
import { readFileSync } from 'node:fs';
import type { Backend } from '../../ts/backend/backend.js';
import { wasmBackend } from '../../ts/backend/select.js';
import { Stream } from '../../ts/random.js';
import type { Rows } from '../ref/distance.js';

/** The core as it ships, and with its asserts. */
export const backends: readonly Backend[] = [
  await wasmBackend('simd'),
  await wasmBackend('debug', readFileSync(new URL('../../build/debug.wasm', import.meta.url))),
];

export type Float32Rows = Rows & { readonly values: Float32Array };

/** Uniform in ±2 about `offset`; with `levels` on a grid of that many values, so that float32 is exact and ties abound. */
export function randomRows(rows: number, cols: number, label: string, levels = 0, offset = 0): Float32Rows {
  const stream = Stream.fromSeed(7).child(label).child(rows).child(cols);
  const draw = () => offset + (levels ? stream.below(levels) : 4 * (stream.uniform() - 0.5));
  return { rows, cols, values: Float32Array.from({ length: rows * cols }, draw) };
}

export const upload = (backend: Backend, x: Float32Rows) => backend.matrix(x.rows, x.cols, x.values);

export function withMemory<T>(backend: Backend, work: () => T): T {
  const mark = backend.mark();
  try {
    return work();
  } finally {
    backend.release(mark);
  }
}
