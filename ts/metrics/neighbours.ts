/** What the nearest rows tell: whether synthetic rows copy real ones, and whether they reach all of them. */
import type { Backend } from '../backend/backend.js';
import type { Stream } from '../random.js';
import { atMost, median, type Rows, uploadCentred, withMemory } from './rows.js';

/** Distance from each row of `from` to its nearest row of `to` (DCR, distance to the closest record). */
export async function closestDistances(backend: Backend, from: Rows, to: Rows): Promise<Float64Array> {
  if (from.rows === 0 || to.rows === 0) return new Float64Array(from.rows).fill(Number.NaN);
  return withMemory(backend, () => {
    const [x, y] = uploadCentred(backend, [from, to]);
    return x && y ? Float64Array.from(backend.distance.nearest(x, y), Math.sqrt) : new Float64Array(0);
  });
}

/**
 * Median distance of synthetic rows to the training minority ÷ that of real test rows. About 1: as near as other patients of
 * the same kind; far below 1: copies. NaN where a side is empty or at least half of the test rows equal a training row.
 * Rows are (·, D) without missing values; of more than 2,000 synthetic or test rows so many are drawn by `stream`.
 *
 * @throws {InputError} for different numbers of columns.
 */
export async function nearestRatio(backend: Backend, synthetic: Rows, training: Rows, test: Rows, stream: Stream): Promise<number> {
  const drawn = atMost(synthetic, stream.child('synthetic'));
  const real = atMost(test, stream.child('test'));
  const own = median(await closestDistances(backend, drawn, training));
  const natural = median(await closestDistances(backend, real, training));
  return natural > 0 ? own / natural : Number.NaN;
}

/** Share of synthetic rows that lie nearer to the training rows than to the test rows, ties half; ½ is ideal, 1 means copies; NaN where a side is empty. */
export async function shareCloserToTraining(backend: Backend, synthetic: Rows, training: Rows, test: Rows): Promise<number> {
  if (synthetic.rows === 0 || training.rows === 0 || test.rows === 0) return Number.NaN;
  return withMemory(backend, () => {
    const [x, own, other] = uploadCentred(backend, [synthetic, training, test]);
    if (!x || !own || !other) return Number.NaN;
    const [toTraining, toTest] = [backend.distance.nearest(x, own), backend.distance.nearest(x, other)];
    let closer = 0;
    for (const [i, distance] of toTraining.entries()) closer += distance < (toTest[i] as number) ? 1 : distance === toTest[i] ? 0.5 : 0;
    return closer / x.rows;
  });
}

/**
 * Coverage (Naeem et al., "Reliable fidelity and diversity metrics for generative models", ICML 2020, eq. 4): the share of real
 * rows whose ball, out to their k-th nearest real neighbour, holds a synthetic row. NaN with k or fewer real rows, 0 without
 * synthetic ones. Rows are (·, D) without missing values; of more than 2,000 a side so many are drawn by `stream`.
 *
 * @throws {InputError} for different numbers of columns.
 */
export async function coverage(backend: Backend, real: Rows, synthetic: Rows, stream: Stream, k = 5): Promise<number> {
  const centres = atMost(real, stream.child('real'));
  const drawn = atMost(synthetic, stream.child('synthetic'));
  if (centres.rows <= k) return Number.NaN;
  if (drawn.rows === 0) return 0;
  return withMemory(backend, () => {
    const [x, y] = uploadCentred(backend, [centres, drawn]);
    if (!x || !y) return Number.NaN;
    const radii = backend.distance.neighbours(x, x, k, true).squared; // (N, k)
    const nearest = backend.distance.nearest(x, y); // (N)
    let covered = 0;
    for (let i = 0; i < x.rows; i++) if ((nearest[i] as number) <= (radii[i * k + k - 1] as number)) covered++;
    return covered / x.rows;
  });
}
