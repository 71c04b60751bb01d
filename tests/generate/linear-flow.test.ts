/** The linear flow against what a normal distribution must do. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { followLinear, subtractLinear } from '../../ts/generate/linear-flow.js';
import { fitLinearFlow } from '../../ts/generate/linear-flow-fit.js';
import { Stream } from '../../ts/random.js';
import { allClose, close } from '../close.js';

const test = suite('linear flow');

/** Correlated rows (n, W) of mean c + 1 in column c, some cells missing. */
function rowsOf(n: number, W: number, holes = 0): Float32Array {
  const stream = Stream.fromSeed(4).child(n).child(W);
  return Float32Array.from(
    Array.from({ length: n }, () => {
      const common = 4 * stream.uniform();
      return Array.from({ length: W }, (_, c) => (stream.uniform() < holes ? Number.NaN : c - 1 + common + (1 + c) * stream.uniform()));
    }).flat(),
  );
}

const moments = (x: Float32Array, W: number) => {
  const N = x.length / W;
  const mean = Array.from({ length: W }, (_, c) => x.filter((_v, i) => i % W === c).reduce((a, b) => a + b, 0) / N);
  const away = (row: number, c: number) => (x[row * W + c] as number) - (mean[c] as number);
  const covariance = mean.flatMap((_, a) =>
    mean.map((_m, b) => Array.from({ length: N }, (_v, row) => away(row, a) * away(row, b)).reduce((p, q) => p + q, 0) / N),
  );
  return { mean, covariance };
};

test('mean and covariance are those of the rows, shrunk off the diagonal', () => {
  for (const [n, W] of [
    [1, 1],
    [3, 1],
    [4, 3],
    [5, 5],
    [17, 4],
    [60, 3],
  ] as const) {
    const rows = rowsOf(n, W);
    const { mean, vectors, variances } = fitLinearFlow(rows, W);
    const want = moments(rows, W);
    allClose(mean, want.mean, { abs: 1e-5 }, 'mean');
    const shrunk = want.covariance.map((value, i) => (i % W === Math.floor(i / W) ? value : (value * n) / (n + W)));
    const got = shrunk.map((_, i) => {
      const [a, b] = [Math.floor(i / W), i % W];
      return Array.from(variances, (v, k) => v * (vectors[a * W + k] as number) * (vectors[b * W + k] as number)).reduce(
        (p, q) => p + q,
        0,
      );
    });
    allClose(got, shrunk, { abs: 1e-5 }, `${n}×${W}`);
  }
});

test('missing numbers leave mean and variance as those of what is there', () => {
  const rows = rowsOf(200, 3, 0.3);
  const { mean, vectors, variances } = fitLinearFlow(rows, 3);
  for (const c of [0, 1, 2]) {
    const there = rows.filter((value, i) => i % 3 === c && !Number.isNaN(value));
    const want = moments(there, 1);
    close(mean[c] as number, want.mean[0] as number, { abs: 1e-5 }, 'mean');
    const variance = Array.from(variances, (v, k) => v * (vectors[c * 3 + k] as number) ** 2).reduce((a, b) => a + b, 0);
    close(variance, want.covariance[0] as number, { rel: 1e-5 }, 'variance');
  }
});

test('many small steps of the velocity lead where one step leads', () => {
  const flow = fitLinearFlow(rowsOf(30, 3), 3);
  const start = Float32Array.of(0.5, -1, 2, 0, 0, 0, -2, 1, 0.3);
  const [path, steps] = [Float64Array.from(start), 20000];
  for (let i = 0; i < steps; i++) {
    const minus = new Float32Array(9);
    subtractLinear(flow, Float32Array.from(path), (i + 0.5) / steps, minus);
    minus.forEach((velocity, at) => {
      path[at] = (path[at] as number) - velocity / steps;
    });
  }
  const direct = start.slice();
  followLinear(flow, direct, 0, 1);
  allClose(direct, path, { abs: 2e-3 }, 'in one step');
  const between = start.slice();
  for (const [t, next] of [
    [0, 0.3],
    [0.3, 0.45],
    [0.45, 1],
  ] as const)
    followLinear(flow, between, t, next);
  allClose(between, direct, { abs: 1e-5 }, 'in three steps');
});

test('missing numbers stay missing and count as the mean for the others', () => {
  const flow = fitLinearFlow(rowsOf(30, 2), 2);
  const [gone, mean] = [Float32Array.of(Number.NaN, 1), Float32Array.of(0.4 * (flow.mean[0] as number), 1)];
  const velocities = [gone, mean].map((x) => {
    const velocity = new Float32Array(2);
    subtractLinear(flow, x, 0.4, velocity);
    return velocity;
  });
  close(velocities[0]?.[1] as number, velocities[1]?.[1] as number, { abs: 1e-6 }, 'velocity');
  followLinear(flow, gone, 0.4, 1);
  followLinear(flow, mean, 0.4, 1);
  assert.ok(Number.isNaN(gone[0]));
  close(gone[1] as number, mean[1] as number, { abs: 1e-6 }, 'the other number');
});

test.run();
