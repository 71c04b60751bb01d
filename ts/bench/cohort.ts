/**
 * A simulated table for timing tree learners: 25 columns (10 standard normal, 5 correlated mixtures of them, 4 log-normal, 3 counts,
 * 3 of few values), about 8% positive by a rule with interactions plus noise. The recipe is that of the table on which the other
 * systems were timed (docs/performance.md), with the draws of our own generator: another sample of the same distribution.
 */
import { Stream } from '../random.js';

export const COHORT_COLUMNS = 25;
const POSITIVE_SHARE = 0.08;
const MIXTURES = 5;
const NORMALS = 10;

export interface Cohort {
  readonly x: Float32Array; // (rows, 25)
  readonly y: Uint8Array; // (rows)
}

/** Draws from one stream that the recipe needs. */
function draws(stream: Stream) {
  const normal = () => Math.sqrt(-2 * Math.log(1 - stream.uniform())) * Math.cos(2 * Math.PI * stream.uniform());
  return {
    normal,
    normals: (count: number) => Array.from({ length: count }, normal),
    below: (n: number) => stream.below(n),
    /** By inversion: the rates here are small. */
    poisson: (rate: number) => {
      let count = 0;
      for (let rest = stream.uniform(), p = Math.exp(-rate); rest > p && count < 200; p *= rate / count) {
        rest -= p;
        count++;
      }
      return count;
    },
    logistic: () => {
      const u = stream.uniform() || 0.5;
      return Math.log(u / (1 - u));
    },
  };
}

const at = (values: readonly number[], i: number) => values[i] as number;

/** `rows` rows and labels; the same seed gives the same table. */
export function cohort(rows: number, seed = 20240501): Cohort {
  const mix = draws(Stream.fromSeed(99));
  const weights = Array.from({ length: NORMALS }, () => mix.normals(MIXTURES).map((value) => value / 2));
  const { normal, normals, below, poisson, logistic } = draws(Stream.fromSeed(seed));
  const x = new Float32Array(rows * COHORT_COLUMNS);
  const scores = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const z = normals(NORMALS);
    const c = Array.from({ length: MIXTURES }, (_, j) =>
      z.reduce((sum, value, i) => sum + value * at(weights[i] as number[], j), normal() / 2),
    );
    const l = z.slice(0, 4).map((value) => Math.exp(0.8 * (0.6 * value + 0.8 * normal())));
    const p = z.slice(4, 7).map((value) => poisson(Math.exp(value / 2)));
    const k = [below(2), below(5), below(12)];
    x.set([...z, ...c, ...l, ...p, ...k], row * COHORT_COLUMNS);
    scores[row] =
      1.2 * at(z, 0) * at(z, 1) +
      Math.sin(2 * at(z, 2)) +
      0.8 * Math.abs(at(c, 0)) -
      0.7 * at(c, 1) +
      0.5 * Math.log(at(l, 0)) * at(z, 3) +
      (at(p, 0) > 2 ? 0.6 * at(z, 5) : 0) +
      (at(k, 1) === 3 ? 0.7 : 0) -
      (at(k, 2) % 3 === 0 ? 0.5 : 0) +
      0.4 * at(z, 6) * at(z, 6) +
      0.6 * logistic();
  }
  const cut = scores.slice().sort()[Math.floor((1 - POSITIVE_SHARE) * rows)] as number;
  return { x, y: Uint8Array.from(scores, (score) => Number(score > cut)) };
}
