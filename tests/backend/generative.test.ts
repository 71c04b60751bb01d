/** The operations of CTGAN and TVAE against float64 oracles and finite differences. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Matrix } from '../../ts/backend/backend.js';
import type { Head } from '../../ts/backend/ops-generative.js';
import { ptr } from '../../ts/backend/wasm.js';
import { generativeOps } from '../../ts/backend/wasm-generative.js';
import { networkOps } from '../../ts/backend/wasm-network.js';
import { InputError } from '../../ts/errors.js';
import { Stream } from '../../ts/random.js';
import { allClose, close } from '../close.js';
import { coreMemory } from '../core.js';
import * as ref from '../ref/generative.js';
import { numericGradient } from '../ref/network.js';
import { integers, numbers } from '../ref/numbers.js';

const test = suite('backend/generative');
const memory = await coreMemory();
const [net, gen] = [networkOps(memory), generativeOps(memory)];

const SIZES = [1, 3, 4, 5, 15, 16, 17];
const F32 = { rel: 2e-6, abs: 2e-6 };
const GRADIENT = { rel: 1e-4, abs: 2e-5 };
const mat = (rows: number, cols: number, data?: ArrayLike<number>): Matrix => memory.matrix(rows, cols, data && Float32Array.from(data));
const read = (m: Matrix): number[] => [...memory.read(m)];

function scoped(body: () => void): void {
  const mark = memory.mark();
  body();
  memory.release(mark);
}

/** Heads of these widths, 0 standing for a number. */
function headsOf(widths: readonly number[]): Head[] {
  let start = 0;
  return widths.map((K) => {
    const head: Head = K === 0 ? { kind: 'tanh', start, width: 1 } : { kind: 'softmax', start, width: K };
    start += head.width;
    return head;
  });
}

const LAYOUTS = [[0], [1], [0, 3], [5, 0, 0, 2], [4, 16, 0, 1]];
const widthOf = (heads: readonly Head[]) => heads.reduce((sum, { width }) => sum + width, 0);

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

test('heads forward and backward', () => {
  for (const widths of LAYOUTS) {
    for (const B of [1, 3, 5]) {
      for (const tau of [1, 0.5]) {
        scoped(() => {
          const heads = headsOf(widths);
          const W = widthOf(heads);
          const [x, noise, dy] = [numbers('x', B * W), numbers('noise', B * W), numbers('dy', B * W)];
          const table = gen.heads(heads);
          assert.is(table.width, W);
          const [y, dx] = [mat(B, W), mat(B, W, dy)];
          gen.headsForward(table, mat(B, W, x), mat(B, W, noise), tau, y);
          allClose(read(y), ref.headsOutput(heads, W, x, noise, tau), { rel: 1e-5, abs: 1e-7 }, `${widths} heads`);
          gen.headsBackward(table, y, dx, tau, dx);
          const loss = (at: ArrayLike<number>) => ref.headsOutput(heads, W, at, noise, tau).reduce((s, v, i) => s + v * dy[i]!, 0);
          allClose(read(dx), numericGradient(loss, x), GRADIENT, `${widths} gradient`);
          gen.headsForward(table, mat(B, W, x), null, tau, y);
          allClose(read(y), ref.headsOutput(heads, W, x, null, tau), { rel: 1e-5, abs: 1e-7 }, 'without noise');
        });
      }
    }
  }
});

test('the loss of a condition adds its gradient in its span only', () => {
  scoped(() => {
    const [B, W] = [5, 9];
    const x = numbers('x', B * W);
    const spans = Array.from({ length: B }, (_, i) => [i % 2 ? 3 : 0, i % 2 ? 5 : 2, i % 2]);
    const [dx, loss] = [mat(B, W, new Float32Array(B * W).fill(1)), mat(1, 3, [7, 7, 7])];
    gen.conditionLoss(mat(B, W, x), memory.words(3 * B, Uint32Array.from(spans.flat())), dx, loss, 1);
    const want = (at: ArrayLike<number>) =>
      spans.reduce((sum, [start, width, target], i) => {
        const span = Array.from({ length: width! }, (_, j) => at[i * W + start! + j] as number);
        return sum + (Math.log(span.reduce((s, v) => s + Math.exp(v), 0)) - span[target!]!) / B;
      }, 0);
    const got = read(loss);
    close(got[1]!, want(x), F32, 'loss');
    assert.equal([got[0], got[2]], [7, 7]);
    const gradient = numericGradient(want, x).map((v) => v + 1);
    allClose(read(dx), gradient, GRADIENT, 'gradient');
  });
});

test('reconstruction loss and its gradients', () => {
  for (const widths of LAYOUTS) {
    for (const B of [1, 4, 5]) {
      scoped(() => {
        const heads = headsOf(widths);
        const W = widthOf(heads);
        const [x, t] = [numbers('x', B * W), numbers('t', B * W).map((v) => v / 2)];
        const sigma = numbers('sigma', W).map((v) => 0.3 + Math.abs(v) / 4);
        const [dx, dsigma, loss] = [mat(B, W), mat(1, W), mat(1, 1)];
        gen.reconstructionLoss(gen.heads(heads), mat(B, W, x), mat(B, W, t), mat(1, W, sigma), 2, dx, dsigma, loss, 0);
        close(read(loss)[0]!, ref.reconstruction(heads, W, x, t, sigma, 2), { rel: 1e-5, abs: 1e-5 }, 'loss');
        const wide = { rel: 1e-3, abs: 1e-4 };
        allClose(
          read(dx),
          numericGradient((at) => ref.reconstruction(heads, W, at, t, sigma, 2), x),
          wide,
          'dx',
        );
        allClose(
          read(dsigma),
          numericGradient((at) => ref.reconstruction(heads, W, x, t, at, 2), sigma),
          wide,
          'dsigma',
        );
      });
    }
  }
});

test('the latent variable: value, divergence, gradients', () => {
  for (const L of SIZES) {
    scoped(() => {
      const B = 3;
      const [mu, lambda, epsilon, dz] = ['mu', 'lambda', 'epsilon', 'dz'].map((name) => numbers(name, B * L)) as [
        Float32Array,
        Float32Array,
        Float32Array,
        Float32Array,
      ];
      const z = mat(B, L);
      const given = [mat(B, L, mu), mat(B, L, lambda), mat(B, L, epsilon)] as const;
      gen.reparameterise(...given, z);
      const value = (m: ArrayLike<number>, l: ArrayLike<number>) =>
        Array.from(m, (v, i) => v + epsilon[i]! * Math.exp((l[i] as number) / 2));
      allClose(read(z), value(mu, lambda), F32, 'z');
      const total = (m: ArrayLike<number>, l: ArrayLike<number>) =>
        ref.divergence(m, l, B) + value(m, l).reduce((s, v, i) => s + v * dz[i]!, 0);
      const [dmu, dlambda, loss] = [mat(B, L, dz), mat(B, L), mat(1, 1)];
      gen.latentBackward(...given, dmu, dmu, dlambda, loss, 0);
      close(read(loss)[0]!, ref.divergence(mu, lambda, B), { rel: 1e-5, abs: 1e-6 }, 'divergence');
      allClose(
        read(dmu),
        numericGradient((at) => total(at, lambda), mu),
        GRADIENT,
        'dmu',
      );
      allClose(
        read(dlambda),
        numericGradient((at) => total(mu, at), lambda),
        GRADIENT,
        'dlambda',
      );
    });
  }
});

test('the penalty of gradients, and mixtures of rows', () => {
  for (const D of SIZES) {
    scoped(() => {
      const P = 4;
      const g = numbers('g', P * D);
      g.fill(0, 0, D); // a gradient of 0 has no direction
      const penalty = (at: ArrayLike<number>) =>
        Array.from({ length: P }, (_, i) => Math.hypot(...Array.from(at).slice(i * D, (i + 1) * D))).reduce(
          (s, n) => s + (10 * (n - 1) ** 2) / P,
          0,
        );
      const [r, loss] = [mat(P, D), mat(1, 1)];
      gen.gradientPenalty(mat(P, D, g), 10, r, loss, 0);
      close(read(loss)[0]!, penalty(g), F32, 'penalty');
      assert.equal(read(r).slice(0, D), new Array(D).fill(0));
      allClose(read(r).slice(D), numericGradient(penalty, g).slice(D), GRADIENT, 'r');
      const [a, b] = [numbers('a', P * D), numbers('b', P * D)];
      gen.mixRows(mat(P, 1, [0, 1, 0.25, 0.5]), mat(P, D, a), mat(P, D, b), r);
      const shares = [0, 1, 0.25, 0.5];
      allClose(
        read(r),
        Array.from(a, (v, i) => v * shares[Math.floor(i / D)]! + b[i]! * (1 - shares[Math.floor(i / D)]!)),
        F32,
        'mixture',
      );
    });
  }
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

test('heads must follow one another, and spans be one a row', () => {
  scoped(() => {
    assert.throws(
      () => gen.heads([{ kind: 'tanh', start: 1, width: 1 }]),
      /"heads" expected to follow one another, got tanh of 1 columns at 1 after 0/,
    );
    assert.throws(() => gen.heads([{ kind: 'tanh', start: 0, width: 2 }]), /"heads"/);
    const spans = memory.words(2, integers('spans', 2, 1));
    assert.throws(() => gen.conditionLoss(mat(1, 2), spans, mat(1, 2), mat(1, 1), 0), /"spans" expected 3 words, got 2/);
  });
});

test.run();
