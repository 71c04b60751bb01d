/** Batches of rows of two classes. Dimensions: N rows, B batch rows. */
import type { Stream } from '../random.js';

/**
 * Batches of which half the rows have label 1, the rest label 0; each from random orders of its rows, repeated where they are few. A
 * class without rows leaves its half to the other. labels (N); with `among`, only these rows are taken.
 */
export function balancedBatches(labels: Uint8Array, batch: number, stream: Stream, among?: ArrayLike<number>): () => Uint32Array {
  const rows = among ? Array.from(among) : Array.from(labels.keys());
  const [ones, zeros] = [1, 0].map((label) => rows.filter((row) => labels[row] === label)) as [number[], number[]];
  const first = zeros.length === 0 ? batch : ones.length === 0 ? 0 : batch >> 1;
  const halves = [ones, zeros].map((own, i) => {
    const next = endless(own.length, stream.child(i));
    return () => Array.from({ length: i === 0 ? first : batch - first }, () => own[next()] as number);
  });
  return () => Uint32Array.from(halves.flatMap((half) => half()));
}

/** Indices 0 … n − 1 in one random order after the other. */
export function endless(n: number, stream: Stream): () => number {
  let order: Uint32Array = new Uint32Array(0);
  let at = 0;
  return () => {
    if (at === order.length) {
      order = stream.permutation(n);
      at = 0;
    }
    return order[at++] as number;
  };
}
