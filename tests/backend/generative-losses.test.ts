/** The operations of CTGAN and TVAE against float64 oracles and finite differences: heads, losses, the latent variable, the penalty. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Head } from '../../ts/backend/ops-generative.js';
import { allClose, close } from '../close.js';
import * as ref from '../ref/generative.js';
import { numericGradient } from '../ref/network.js';
import { integers, numbers } from '../ref/numbers.js';
import { mat, memory, read, scoped } from './core-matrices.js';
import { F32, GRADIENT, gen } from './generative-core.js';

const test = suite('backend/generative-losses');
const SIZES = [1, 3, 4, 5, 15, 16, 17];

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
