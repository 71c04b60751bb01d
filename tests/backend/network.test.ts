/** The network operations against float64 oracles and finite differences. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Activation } from '../../ts/backend/ops-network.js';
import { networkOps } from '../../ts/backend/wasm-network.js';
import { InputError } from '../../ts/errors.js';
import { allClose, close } from '../close.js';
import * as ref from '../ref/network.js';
import { integers, numbers } from '../ref/numbers.js';
import { mat, memory, read, scoped } from './core-matrices.js';

const test = suite('backend/network');
const net = networkOps(memory);

const U = 2 ** -24;
const SIZES = [1, 3, 4, 5, 15, 16, 17];
const ACTIVATIONS: readonly Activation[] = ['none', 'relu', 'silu', 'leaky', 'tanh'];

/** |got − want| ≤ (terms + 4)·u·magnitude, element by element. */
function productClose(got: readonly number[], want: ref.Product, terms: number, what: string): void {
  got.forEach((v, i) => {
    close(v, want.value[i]!, { abs: (terms + 4) * U * want.magnitude[i]! + 1e-38 }, `${what}[${i}]`);
  });
}

test('gemm transposes and accumulates', () => {
  for (const transposeA of [false, true]) {
    for (const transposeB of [false, true]) {
      for (const accumulate of [false, true]) {
        scoped(() => {
          const [M, N, K] = [5, 9, 7];
          const [a, b, c] = [numbers('a', M * K), numbers('b', K * N), numbers('c', M * N)];
          const out = mat(M, N, c);
          net.gemm(transposeA ? mat(K, M, a) : mat(M, K, a), transposeB ? mat(N, K, b) : mat(K, N, b), out, {
            transposeA,
            transposeB,
            accumulate,
          });
          productClose(read(out), ref.gemm(M, N, K, a, b, { transposeA, transposeB, ...(accumulate ? { from: c } : {}) }), K, 'gemm');
        });
      }
    }
  }
});

test('linear forward, all activations and sizes', () => {
  for (const B of SIZES) {
    for (const I of [1, 4, 17]) {
      for (const O of SIZES) {
        for (const activation of ACTIVATIONS) {
          scoped(() => {
            const [x, w, b] = [numbers('x', B * I), numbers('w', O * I), numbers('b', O)];
            const [y, z] = [mat(B, O), mat(B, O)];
            net.linear(mat(B, I, x), mat(O, I, w), mat(1, O, b), y, activation, z);
            const want = ref.linear(B, I, O, x, w, b);
            productClose(read(z), want, I, `z of ${B}×${I}→${O}`);
            const sums = read(z);
            read(y).forEach((v, i) => {
              close(v, ref.act[activation](sums[i]!), { rel: 8 * U, abs: 1e-37 }, `${activation} of ${B}×${I}→${O} [${i}]`);
            });
            const fused = mat(B, O);
            net.linear(mat(B, I, x), mat(O, I, w), mat(1, O, b), fused, activation);
            assert.equal(read(fused), read(y), 'without z');
            net.linear(mat(B, I, x), mat(O, I, w), null, fused);
            productClose(read(fused), ref.linear(B, I, O, x, w, null), I, 'without bias');
          });
        }
      }
    }
  }
});

test('linear backward equals the products of its definition', () => {
  for (const B of SIZES) {
    for (const [I, O] of [
      [1, 1],
      [5, 3],
      [4, 16],
      [17, 15],
    ] as const) {
      scoped(() => {
        const [x, w, dz] = [numbers('x', B * I), numbers('w', O * I), numbers('dz', B * O)];
        const [dx, dw, db] = [mat(B, I), mat(O, I), mat(1, O)];
        net.linearBackward(mat(B, I, x), mat(O, I, w), mat(B, O, dz), dx, dw, db);
        productClose(read(dx), ref.gemm(B, I, O, dz, w), O, 'dx');
        productClose(read(dw), ref.gemm(O, I, B, dz, x, { transposeA: true }), B, 'dw');
        productClose(read(db), ref.gemm(1, O, B, new Float32Array(B).fill(1), dz), B, 'db');
        const again = mat(O, I);
        net.linearBackward(mat(B, I, x), mat(O, I, w), mat(B, O, dz), null, again, null);
        assert.equal(read(again), read(dw));
      });
    }
  }
});

test('the bias gradient of many rows', () => {
  scoped(() => {
    const [B, O] = [1000, 13];
    const dz = numbers('many', B * O);
    const db = mat(1, O);
    net.linearBackward(mat(B, 1), mat(O, 1), mat(B, O, dz), null, mat(O, 1), db);
    productClose(read(db), ref.gemm(1, O, B, new Float32Array(B).fill(1), dz), 64 + B / 64, 'db');
  });
});

test('activations and their derivatives, in place too, and what becomes of NaN and infinities', () => {
  for (const activation of ACTIVATIONS) {
    for (const n of SIZES) {
      scoped(() => {
        const z = numbers('z', n).map((v) => v * 8);
        const dy = numbers('dy', n);
        const dz = mat(1, n);
        net.activationBackward(mat(1, n, z), mat(1, n, dy), dz, activation);
        const want = Array.from(z, (v, i) => ref.actDerivative[activation](v) * dy[i]!);
        allClose(read(dz), want, { rel: 8 * U, abs: 16 * U }, `${activation}′`);
        const place = mat(1, n, dy);
        net.activationBackward(mat(1, n, z), place, place, activation);
        assert.equal(read(place), read(dz), 'in place');
        const y = mat(1, n, z);
        net.activation(y, y, activation);
        allClose(read(y), Array.from(z, ref.act[activation]), { rel: 8 * U, abs: 1e-37 }, activation);
        const tail = mat(1, n + 3, new Float32Array(n + 3).fill(7));
        net.activation(mat(1, n, z), memory.view(tail, 0, 1, n), activation);
        assert.equal(read(tail).slice(n), [7, 7, 7], 'wrote outside');
      });
    }
  }
  scoped(() => {
    const y = mat(1, 5);
    const z = mat(1, 5, [Number.NaN, 200, -200, Number.POSITIVE_INFINITY, -0]);
    net.activation(z, y, 'silu');
    assert.equal(read(y), [Number.NaN, 200, -0, Number.POSITIVE_INFINITY, -0]);
    net.activation(z, y, 'relu');
    assert.equal(read(y).slice(0, 4), [Number.NaN, 200, 0, Number.POSITIVE_INFINITY]);
    net.activationBackward(z, mat(1, 5, [1, 1, 1, 1, 1]), y, 'silu');
    allClose(read(y).slice(0, 3), [Number.NaN, 1, 0], { abs: 1e-6 });
  });
});

test('rows: gather, add, add backward', () => {
  for (const O of SIZES) {
    scoped(() => {
      const [R, B] = [6, 11];
      const [table, out] = [numbers('table', R * O), numbers('out', B * O)];
      const index = integers('index', B, R);
      const rows = memory.words(B, index);
      const gathered = mat(B, O);
      net.gatherRows(mat(R, O, table), rows, gathered);
      const picked = Array.from({ length: B * O }, (_, i) => table[index[Math.floor(i / O)]! * O + (i % O)]!);
      assert.equal(read(gathered), picked);
      const added = mat(B, O, out);
      net.addRows(mat(R, O, table), rows, added);
      assert.equal(
        read(added),
        picked.map((v, i) => Math.fround(v + out[i]!)),
      );
      const dtable = Float32Array.from(table);
      for (let i = 0; i < B; i++) for (let j = 0; j < O; j++) dtable[index[i]! * O + j]! += out[i * O + j]!;
      const got = mat(R, O, table);
      net.addRowsBackward(mat(B, O, out), rows, got);
      assert.equal(read(got), [...dtable], 'row order fixes the rounding');
    });
  }
});

test('add and fill', () => {
  for (const n of SIZES) {
    scoped(() => {
      const [a, b] = [numbers('a', n), numbers('b', n)];
      const out = mat(1, n + 2, new Float32Array(n + 2).fill(7));
      net.add(mat(1, n, a), mat(1, n, b), memory.view(out, 0, 1, n));
      assert.equal(read(out), [...a.map((v, i) => v + b[i]!), 7, 7]);
      net.fill(memory.view(out, 0, 1, n), 0.1);
      assert.equal(read(out), [...new Float32Array(n).fill(0.1), 7, 7]);
    });
  }
});

test('mse and its gradient', () => {
  for (const n of [...SIZES, 1000]) {
    scoped(() => {
      const [p, y] = [numbers('p', n), numbers('y', n)];
      const [dp, loss] = [mat(1, n), mat(1, 3, [7, 7, 7])];
      net.mse(mat(1, n, p), mat(1, n, y), dp, loss, 1);
      const got = read(loss);
      close(got[1]!, ref.mse(p, y), { rel: 70 * U }, 'mse');
      assert.equal([got[0], got[2]], [7, 7]);
      const gradient = ref.numericGradient((at) => ref.mse(at, y), p);
      allClose(read(dp), gradient, { rel: 1e-5, abs: 1e-6 }, 'mse gradient');
    });
  }
});

test('softmax and cross-entropy with its gradient', () => {
  for (const B of [1, 3, 17]) {
    for (const K of [2, ...SIZES.slice(1)]) {
      scoped(() => {
        const x = numbers('x', B * K).map((v) => v * 5);
        const classes = integers('classes', B, K);
        const [dx, loss, out] = [mat(B, K), mat(1, 1), mat(B, K)];
        net.softmax(mat(B, K, x), out);
        const want = Array.from({ length: B }, (_, i) => ref.softmaxRow([...x.subarray(i * K, i * K + K)])).flat();
        allClose(read(out), want, { rel: (K + 24) * U }, 'softmax'); // differences up to 20 magnify exp's argument rounding
        net.softmaxCrossEntropy(mat(B, K, x), memory.words(B, classes), dx, loss, 0);
        close(read(loss)[0]!, ref.crossEntropy(B, K, x, classes), { rel: 2e-6, abs: 1e-6 }, 'cross-entropy');
        const gradient = ref.numericGradient((at) => ref.crossEntropy(B, K, at, classes), x);
        allClose(read(dx), gradient, { rel: 1e-5, abs: 1e-6 }, 'cross-entropy gradient');
      });
    }
  }
});

test('adamw over ten steps, with and without an average', () => {
  for (const P of SIZES) {
    scoped(() => {
      const start = numbers('w', P);
      const state = { w: Float64Array.from(start), m: new Float64Array(P), v: new Float64Array(P) };
      const average = Float64Array.from(start);
      const blocks = () => [mat(1, P, start), mat(1, P), mat(1, P)] as const;
      const [w, m, v] = blocks();
      const [w2, m2, v2] = blocks();
      const ema = mat(1, P + 1, [...start, 7]);
      for (let step = 1; step <= 10; step++) {
        const g = numbers(`g${step}`, P);
        const options = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1, step, emaDecay: 0.9 };
        net.adamw(w, mat(1, P, g), m, v, memory.view(ema, 0, 1, P), options);
        net.adamw(w2, mat(1, P, g), m2, v2, null, options);
        ref.adamw(state, g, 0.01, 0.9, 0.999, 1e-8, 0.1, step);
        state.w.forEach((value, i) => {
          average[i] = 0.9 * average[i]! + 0.1 * value;
        });
      }
      allClose(read(w), state.w, { rel: 1e-6, abs: 1e-6 }, 'weights');
      allClose(read(v), state.v, { rel: 2e-6 }, 'second moment');
      allClose(read(ema), [...average, 7], { rel: 1e-6, abs: 1e-6 }, 'average');
      assert.equal(read(w2), read(w));
    });
  }
});

test('wrong shapes are named', () => {
  scoped(() => {
    assert.throws(
      () => net.linear(mat(2, 3), mat(4, 2), null, mat(2, 4)),
      (error: Error) => error instanceof InputError && error.message === '"w" expected 4×3, got 4×2',
    );
    assert.throws(() => net.gemm(mat(2, 3), mat(4, 2), mat(2, 2)), /"b" expected 3×2, got 4×2/);
    assert.throws(() => net.mse(mat(1, 2), mat(1, 2), mat(1, 2), mat(1, 1), 1), /"slot" expected 0\.\.0, got 1/);
  });
});

test.run();
