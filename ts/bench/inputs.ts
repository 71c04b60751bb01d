/** Seeded inputs, the same in every run. */
import type { Backend, Matrix } from '../backend/backend.js';
import { Stream } from '../random.js';

const root = Stream.fromSeed(1);

/** `length` float32 numbers in −1 … 1. */
export function numbers(label: string, length: number): Float32Array {
  const stream = root.child(label);
  return Float32Array.from({ length }, () => stream.uniform() * 2 - 1);
}

export const matrix = (backend: Backend, label: string, rows: number, cols: number): Matrix =>
  backend.matrix(rows, cols, numbers(label, rows * cols));

/** `length` standard normal numbers. */
export async function normals(backend: Backend, label: string, length: number): Promise<Float32Array> {
  const mark = backend.mark();
  const out = backend.matrix(1, length);
  backend.random.normal(out, root.child(label));
  const values = await backend.read(out);
  backend.release(mark);
  return values;
}
