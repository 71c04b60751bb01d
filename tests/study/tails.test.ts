import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { chiSquaredTail, fTail, rangeQuantile } from '../../ts/study/tails.js';
import { close } from '../close.js';

const { special } = await wasmBackend();
const tails = suite('study/tails');

/** Simpson's rule on n intervals. */
function integral(f: (x: number) => number, from: number, to: number, n = 4000): number {
  const h = (to - from) / n;
  let sum = f(from) + f(to);
  for (let i = 1; i < n; i++) sum += (i % 2 ? 4 : 2) * f(from + i * h);
  return (sum * h) / 3;
}

tails('chi-squared: published quantiles, the density’s integral, the ends', () => {
  const published: [number, number, number][] = [
    [3.841458820694124, 1, 0.05],
    [5.991464547107979, 2, 0.05],
    [6.251388631170325, 3, 0.1],
    [18.307038053275146, 10, 0.05],
    [36.19086912927004, 19, 0.01],
  ];
  for (const [x, df, p] of published) close(chiSquaredTail(x, df, special), p, { rel: 1e-11 }, `χ² ${x}, ${df}`);
  for (let df = 2; df <= 21; df++) {
    const density = (t: number) => t ** (df / 2 - 1) * Math.exp(-t / 2);
    const whole = integral(density, 0, 200, 40000);
    for (const x of [0.5, 3, 15, 40]) {
      // Simpson on √t-like starts of df 3 is good to about 1e-6
      close(chiSquaredTail(x, df, special), integral(density, x, 200, 40000) / whole, { rel: 2e-5 }, `χ² ${x}, ${df}`);
    }
  }
  assert.is(chiSquaredTail(0, 4, special), 1);
  assert.ok(chiSquaredTail(1e4, 4, special) === 0);
  assert.ok(Number.isNaN(chiSquaredTail(Number.NaN, 4, special)));
});

tails('F: published quantiles, both parities, the relation to Student’s t, the ends', () => {
  const published: [number, number, number, number][] = [
    [4.964602743730711, 1, 10, 0.05],
    [4.1028210151304, 2, 10, 0.05],
    [2.8661, 4, 20, 0.05],
    [2.7109, 5, 20, 0.05],
    [161.4476387975881, 1, 1, 0.05],
  ];
  for (const [f, df1, df2, p] of published) close(fTail(f, df1, df2, special), p, { rel: 1e-4 }, `F ${f}, ${df1}, ${df2}`);
  for (const df2 of [1, 4, 9, 40]) close(fTail(1.7, 1, df2, special), special.studentT(Math.sqrt(1.7), df2), { rel: 1e-12 });
  // F(d1, d2) ≥ f is F(d2, d1) ≤ 1/f: the other sum, by other terms
  for (const [df1, df2] of [
    [2, 5],
    [3, 4],
    [10, 50],
    [13, 65],
    [7, 1],
  ] as const) {
    for (const f of [0.2, 1, 3.7])
      close(fTail(f, df1, df2, special), 1 - fTail(1 / f, df2, df1, special), { abs: 1e-12 }, `${f} ${df1} ${df2}`);
  }
  assert.is(fTail(0, 3, 4, special), 1);
  assert.is(fTail(Number.POSITIVE_INFINITY, 3, 4, special), 0);
});

/** Demšar 2006, Table 5 (a): two-tailed Nemenyi test at 0.05, the studentised range over √2. */
const DEMSAR = [1.96, 2.343, 2.569, 2.728, 2.85, 2.949, 3.031, 3.102, 3.164];

tails('range of normal numbers: Demšar’s table, and an oracle by the lowest value for 2 to 20', () => {
  for (const [i, q] of DEMSAR.entries()) close(rangeQuantile(i + 2, 0.05, special) / Math.SQRT2, q, { abs: 1e-3 }, `k ${i + 2}`);
  close(rangeQuantile(2, 0.05, special), Math.SQRT2 * 1.959963984540054, { rel: 1e-9 });
  const phi = (z: number) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  for (let k = 2; k <= 20; k++) {
    const q = rangeQuantile(k, 0.05, special);
    const below = integral((z) => k * phi(z) * (special.ndtr(z + q) - special.ndtr(z)) ** (k - 1), -12, 12, 2000);
    close(below, 0.95, { abs: 1e-9 }, `k ${k}`);
  }
});

tails.run();
