/**
 * Classifier two-sample test (Lopez-Paz & Oquab 2017): how well a forest tells synthetic minority rows from real test ones.
 * AUROC ½ means that it cannot; the distance from ½ counts, on either side.
 */
import type { Backend } from '../backend/backend.js';
import { forest } from '../classify/forest.js';
import { auroc } from '../metrics/classification.js';
import type { Rows } from '../metrics/rows.js';
import type { Stream } from '../random.js';

const FOLDS = 5;
const ROWS = 500; // a side: enough for the AUROC, and cheap
const FOREST = { trees: 50, minLeaf: 3 };

/**
 * Mean AUROC over stratified folds with equally many rows of either kind; rows (N, D), test (M, D) in one feature space.
 * NaN with fewer than two rows a fold.
 */
export async function detectionAuc(rows: Rows, test: Rows, stream: Stream, backend: Backend, signal?: AbortSignal): Promise<number> {
  const each = Math.min(rows.rows, test.rows, ROWS);
  const folds = Math.min(FOLDS, each);
  if (folds < 2) return Number.NaN;
  const real = stream.child('real').permutation(test.rows).subarray(0, each);
  const made = stream.child('made').permutation(rows.rows).subarray(0, each);
  let sum = 0;
  for (let fold = 0; fold < folds; fold++) {
    const [kept, held]: [number[], number[]] = [[], []];
    for (let i = 0; i < each; i++) (i % folds === fold ? held : kept).push(i);
    const learn = stack(rows, test, made, real, kept);
    const judge = stack(rows, test, made, real, held);
    const fitted = await forest.fit(learn.features, learn.y, stream.child('forest').child(fold), { backend, signal }, FOREST);
    sum += auroc(judge.y, await fitted.predict(judge.features));
  }
  return sum / folds;
}

/** The chosen rows of both kinds under each other; y = 1 for synthetic. */
function stack(rows: Rows, test: Rows, made: Uint32Array, real: Uint32Array, chosen: readonly number[]) {
  const { cols } = rows;
  const values = new Float32Array(2 * chosen.length * cols);
  const y = new Uint8Array(2 * chosen.length).fill(1, 0, chosen.length);
  chosen.forEach((at, i) => {
    const from = (made[at] as number) * cols;
    values.set(rows.values.subarray(from, from + cols), i * cols);
    const other = (real[at] as number) * cols;
    values.set(test.values.subarray(other, other + cols), (chosen.length + i) * cols);
  });
  return { features: { rows: y.length, cols, values, spans: [] }, y };
}
