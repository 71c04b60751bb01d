/** Test inputs: reproducible float32 numbers from a stream. */
import { Stream } from '../../ts/random.js';

const root = Stream.fromSeed(20240607);

/** `length` numbers spread evenly over −2 … 2 by label. */
export function numbers(label: string, length: number): Float32Array {
  const stream = root.child(label);
  return Float32Array.from({ length }, () => stream.uniform() * 4 - 2);
}

/** `length` integers in 0 … n − 1 by label. */
export function integers(label: string, length: number, n: number): Uint32Array {
  const stream = root.child(label);
  return Uint32Array.from({ length }, () => stream.below(n));
}
