/** Work on rows as points: kernel sums and neighbours. Dimensions: N rows, D columns. */
import type { Backend, Matrix } from '../backend/backend.js';
import { drawPlaces } from '../generate/interpolation.js';
import { neighbourhood } from '../generate/neighbours.js';
import { Stream } from '../random.js';
import type { Work } from './work.js';

/** The unbiased MMD² of x and y (N, D each) with the kernel exp(−γd²): three kernel sums. */
export function unbiasedMmd(backend: Backend, x: Matrix, y: Matrix, gamma: number): Work {
  const [n, m] = [x.rows, y.rows];
  const sum = (a: Matrix, b: Matrix | null) => backend.distance.rbfSums(a, b, [Math.sqrt(1 / (2 * gamma))])[0] as number;
  let value = Number.NaN;
  const run = () => {
    value = sum(x, null) / (n * (n - 1)) + sum(y, null) / (m * (m - 1)) - (2 * sum(x, y)) / (n * m);
  };
  return { run, amount: n * (n - 1) + m * (m - 1) + n * m, check: () => value };
}

/** SMOTE on N minority rows without categories: k neighbours of each, then `rows` rows between them. */
export function smoteRows(backend: Backend, minority: Float32Array, D: number, rows: number, k = 5): Work {
  const N = minority.length / D;
  const columns = Array.from({ length: D }, (_, d) => Float64Array.from({ length: N }, (_, i) => minority[i * D + d] as number));
  let made: readonly Float64Array[] = [];
  const run = () => {
    const near = neighbourhood(minority, N, k, backend);
    const places = drawPlaces(rows, near, Stream.fromSeed(1).child('smote'), backend);
    made = backend.distance.interpolate(columns, places);
  };
  return { run, amount: rows, check: () => made.reduce((sum, column) => sum + column.reduce((a, b) => a + b, 0), 0) / (rows * D) };
}
