/** The operations of CTGAN and TVAE against float64 oracles and finite differences: what their networks are made of. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ptr } from '../../ts/backend/wasm.js';
import { InputError } from '../../ts/errors.js';
import { Stream } from '../../ts/random.js';
import { allClose, close } from '../close.js';
import { numericGradient } from '../ref/network.js';
import { numbers } from '../ref/numbers.js';
import { mat, memory, read, scoped } from './core-matrices.js';
import { F32, GRADIENT, gen, net } from './generative-core.js';

const test = suite('backend/generative');
const SIZES = [1, 3, 4, 5, 15, 16, 17];

test('batch normalisation: output, running moments, gradients', () => {
  for (const [B, O] of [
    [2, 1],
    [3, 4],
    [17, 5],
    [16, 15],
  ] as const) {
    scoped(() => {
      const [x, gamma, beta, dy] = [numbers('x', B * O), numbers('gamma', O), numbers('beta', O), numbers('dy', B * O)];
      const layer = {
        gamma: mat(1, O, gamma),
        beta: mat(1, O, beta),
        runningMean: mat(1, O, new Float32Array(O).fill(0.5)),
        runningVariance: mat(1, O, new Float32Array(O).fill(2)),
        normalised: mat(B, O),
        inverse: mat(1, O),
      };
      const column = (j: number, of: ArrayLike<number>) => Array.from({ length: B }, (_, i) => of[i * O + j] as number);
      const mean = (v: readonly number[]) => v.reduce((s, a) => s + a, 0) / v.length;
      const variance = (v: readonly number[]) => mean(v.map((a) => (a - mean(v)) ** 2));
      const forward = (at: ArrayLike<number>, g: ArrayLike<number>, b: ArrayLike<number>) =>
        Array.from(at, (v, i) => {
          const own = column(i % O, at);
          return ((v - mean(own)) / Math.sqrt(variance(own) + 1e-5)) * (g[i % O] as number) + (b[i % O] as number);
        });
      const y = mat(B, O);
      net.batchNorm(mat(B, O, x), layer, y, 0.1);
      allClose(read(y), forward(x, gamma, beta), { rel: 1e-5, abs: 1e-5 }, 'y');
      const moments = Array.from({ length: O }, (_, j) => column(j, x));
      allClose(
        read(layer.runningMean),
        moments.map((v) => 0.45 + 0.1 * mean(v)),
        F32,
        'running mean',
      );
      allClose(
        read(layer.runningVariance),
        moments.map((v) => 1.8 + (0.1 * variance(v) * B) / (B - 1)),
        F32,
        'running variance',
      );
      const loss = (at: ArrayLike<number>, g: ArrayLike<number>, b: ArrayLike<number>) =>
        forward(at, g, b).reduce((s, v, i) => s + v * dy[i]!, 0);
      const [dx, dgamma, dbeta] = [mat(B, O, dy), mat(1, O), mat(1, O)];
      net.batchNormBackward(dx, layer, dx, dgamma, dbeta);
      const wide = B === 2 ? { rel: 1e-3, abs: 2e-3 } : GRADIENT; // two rows: x̂ is nearly ±1, and the gradient nearly 0
      allClose(
        read(dx),
        numericGradient((at) => loss(at, gamma, beta), x),
        wide,
        'dx',
      );
      allClose(
        read(dgamma),
        numericGradient((at) => loss(x, at, beta), gamma),
        GRADIENT,
        'dgamma',
      );
      allClose(
        read(dbeta),
        numericGradient((at) => loss(x, gamma, at), beta),
        GRADIENT,
        'dbeta',
      );
      const [rm, rv] = [read(layer.runningMean), read(layer.runningVariance)];
      net.batchNormEval(mat(B, O, x), layer, y);
      const want = Array.from(x, (v, i) => (gamma[i % O]! * (v - rm[i % O]!)) / Math.sqrt(rv[i % O]! + 1e-5) + beta[i % O]!);
      allClose(read(y), want, F32, 'eval');
    });
  }
});

test('one row normalises to beta', () => {
  scoped(() => {
    const one = () => mat(1, 3, [1, 2, 3]);
    const layer = { gamma: one(), beta: one(), runningMean: one(), runningVariance: one(), normalised: one(), inverse: one() };
    const y = mat(1, 3);
    net.batchNorm(mat(1, 3, [5, -4, 0]), layer, y, 0.1);
    assert.equal(read(y), [1, 2, 3]);
    assert.ok(read(layer.runningVariance).every(Number.isFinite));
  });
});

test('columns, products, scaled sums and bounds', () => {
  for (const n of SIZES) {
    scoped(() => {
      const [a, b] = [numbers('a', 3 * n), numbers('b', 3 * n)];
      const out = mat(3, n + 3, new Float32Array(3 * n + 9).fill(7));
      net.placeColumns(mat(3, n, a), 2, out);
      const rows = [0, 1, 2].flatMap((i) => [7, 7, ...a.subarray(i * n, i * n + n), 7]);
      assert.equal(read(out), rows);
      const back = mat(3, n);
      net.takeColumns(out, 2, back);
      assert.equal(read(back), [...a]);
      net.multiply(mat(3, n, a), mat(3, n, b), back);
      assert.equal(
        read(back),
        Array.from(a, (v, i) => Math.fround(v * b[i]!)),
      );
      net.addScaled(mat(3, n, a), mat(3, n, b), 0.25, back);
      assert.equal(
        read(back),
        Array.from(a, (v, i) => Math.fround(v + b[i]! / 4)),
      );
      net.clamp(back, -0.5, 0.25);
      assert.equal(
        read(back),
        Array.from(a, (v, i) => Math.min(0.25, Math.max(-0.5, Math.fround(v + b[i]! / 4)))),
      );
    });
  }
  scoped(() => {
    const bad = mat(1, 2, [Number.NaN, 9]);
    net.clamp(bad, 0, 1);
    assert.equal(read(bad), [Number.NaN, 1]);
    assert.throws(
      () => net.placeColumns(mat(1, 2), 2, mat(1, 3)),
      (e: Error) => e instanceof InputError,
    );
  });
});

test('a dropout mask leaves the mean, and is the same for a stream', () => {
  scoped(() => {
    const [m, again] = [mat(1, 20001), mat(1, 20001)];
    net.dropoutMask(m, 0.25, Stream.fromSeed(1));
    net.dropoutMask(again, 0.25, Stream.fromSeed(1));
    const values = read(m);
    assert.equal(values, read(again));
    assert.equal(new Set(values), new Set([0, Math.fround(1 / 0.75)]));
    close(values.reduce((s, v) => s + v, 0) / values.length, 1, { abs: 0.02 }, 'mean');
    net.dropoutMask(m, 0, Stream.fromSeed(1));
    assert.ok(read(m).every((v) => v === 1));
  });
});

test('gumbel noise is finite, with its mean and variance', () => {
  scoped(() => {
    const m = mat(1, 20001);
    gen.gumbel(m, Stream.fromSeed(3));
    const values = read(m);
    const mean = values.reduce((s, v) => s + v, 0) / values.length;
    close(mean, 0.5772157, { abs: 0.04 }, 'mean');
    close(values.reduce((s, v) => s + (v - mean) ** 2, 0) / values.length, Math.PI ** 2 / 6, { abs: 0.1 }, 'variance');
    const ends = mat(1, 3, [0, 1, 7]);
    memory.core.gumbelEach?.(2, ptr(ends));
    allClose(read(ends), [-Math.log(25 * Math.LN2), -Math.log(2 ** -24), 7], { rel: 1e-5 }, 'ends');
  });
});

test('leaky and tanh at their edges', () => {
  scoped(() => {
    const z = mat(1, 7, [Number.NaN, 30, -30, 1e-9, 0.6249, 0.6251, -2]);
    const y = mat(1, 7);
    net.activation(z, y, 'tanh');
    allClose(read(y), [Number.NaN, 1, -1, 1e-9, Math.tanh(0.6249), Math.tanh(0.6251), Math.tanh(-2)], { rel: 3e-7 }, 'tanh');
    net.activation(z, y, 'leaky');
    allClose(read(y), [Number.NaN, 30, -6, 1e-9, 0.6249, 0.6251, -0.4], { rel: 1e-7 }, 'leaky');
    net.activationBackward(mat(1, 3, [0, 2, -2]), mat(1, 3, [1, 1, 1]), memory.view(y, 0, 1, 3), 'leaky');
    allClose(read(y).slice(0, 3), [0.2, 1, 0.2], { rel: 1e-7 }, 'leaky′');
  });
});

test.run();
