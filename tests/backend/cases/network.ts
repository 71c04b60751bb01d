/** The network operations. */
import * as assert from 'uvu/assert';
import type { Backend, Matrix } from '../../../ts/backend/backend.js';
import type { Activation } from '../../../ts/backend/ops-network.js';
import { allClose, close } from '../../close.js';
import * as ref from '../../ref/network.js';
import { integers, numbers } from '../../ref/numbers.js';
import { type OpCase, put, scoped, type Units } from './cases.js';

/** |got − want| ≤ (terms + 4)·u·magnitude, element by element. */
function productClose(got: Float32Array, want: ref.Product, terms: number, u: number, what: string): void {
  assert.is(got.length, want.value.length);
  got.forEach((v, i) => {
    close(v, want.value[i]!, { abs: (terms + 4) * u * want.magnitude[i]! + 1e-37 }, `${what}[${i}]`);
  });
}

const ACTIVATIONS: readonly Activation[] = ['none', 'relu', 'silu', 'leaky', 'tanh'];
/** What an activation adds to the error of its argument, relative and absolute. */
const curved = ({ u, exp, divide }: Units): { rel: number; abs: number } => ({ rel: 4 * u + exp + divide, abs: 4 * u });

const FORMS = [false, true].flatMap((transposeA) => [false, true].map((transposeB) => ({ transposeA, transposeB })));

const rowCases: readonly OpCase[] = [
  {
    op: 'network.addRows',
    name: 'gather, add, and the gradient of both',
    run: async (backend, { u }, sizes) => {
      for (const B of sizes) {
        for (const [R, O] of [
          [4, 5],
          [1, 17],
          [16, 1],
        ] as const) {
          await scoped(backend, async () => {
            const [table, out, index] = [numbers('table', R * O), numbers('out', B * O), integers('index', B, R)];
            const [rows, at] = [put(backend, R, O, table), backend.words(B, index)];
            const [gathered, added, dtable] = [backend.matrix(B, O), put(backend, B, O, out), put(backend, R, O, table)];
            backend.network.gatherRows(rows, at, gathered);
            backend.network.addRows(rows, at, added);
            backend.network.addRowsBackward(put(backend, B, O, out), at, dtable);
            const picked = Array.from(out, (_, i) => table[index[Math.floor(i / O)]! * O + (i % O)]!);
            assert.equal([...(await backend.read(gathered))], picked);
            const sums = picked.map((v, i) => v + out[i]!);
            allClose(await backend.read(added), sums, { rel: u, abs: u }, 'addRows');
            const back = Float64Array.from(table);
            out.forEach((v, i) => {
              back[index[Math.floor(i / O)]! * O + (i % O)]! += v;
            });
            allClose(await backend.read(dtable), back, { abs: B * 2 * (B + 2) * u }, 'addRowsBackward');
          });
        }
      }
    },
  },
];

/** a and b (3, n) combined in every way. */
const elementCases: readonly OpCase[] = [
  {
    op: 'network.multiply',
    name: 'elementwise operations',
    run: async (backend, { u }, sizes) => {
      for (const n of sizes) {
        await scoped(backend, async () => {
          const [a, b] = [numbers('a', 3 * n), numbers('b', 3 * n)];
          const { network } = backend;
          const made = async (work: (left: Matrix, right: Matrix, out: Matrix) => void) => {
            const out = put(backend, 3, n, a);
            work(put(backend, 3, n, a), put(backend, 3, n, b), out);
            return backend.read(out);
          };
          const want = (f: (x: number, y: number) => number) => Array.from(a, (x, i) => f(x, b[i]!));
          const near = { rel: 2 * u, abs: 4 * u };
          allClose(
            await made(network.multiply),
            want((x, y) => x * y),
            near,
            'multiply',
          );
          allClose(
            await made(network.add),
            want((x, y) => x + y),
            near,
            'add',
          );
          allClose(
            await made((x, y, out) => network.addScaled(x, y, -0.75, out)),
            want((x, y) => x - 0.75 * y),
            near,
            'addScaled',
          );
          allClose(
            await made((_x, y, out) => network.multiply(out, y, out)),
            want((x, y) => x * y),
            near,
            'in place',
          );
          assert.equal(
            [...(await made((_x, _y, out) => network.clamp(out, -0.5, 1)))],
            want((x) => Math.min(1, Math.max(-0.5, x))),
          );
          assert.equal(
            [...(await made((_x, _y, out) => network.fill(out, 0.25)))],
            want(() => 0.25),
          );
        });
      }
    },
  },
  {
    op: 'network.placeColumns',
    name: 'columns in and out',
    run: async (backend, _units, sizes) => {
      for (const n of sizes) {
        await scoped(backend, async () => {
          const [part, whole] = [numbers('part', 5 * n), numbers('whole', 5 * (n + 3))];
          const [out, taken] = [put(backend, 5, n + 3, whole), backend.matrix(5, n)];
          backend.network.placeColumns(put(backend, 5, n, part), 2, out);
          backend.network.takeColumns(out, 2, taken);
          const want = Array.from(whole, (v, i) => {
            const [row, col] = [Math.floor(i / (n + 3)), i % (n + 3)];
            return col >= 2 && col < 2 + n ? part[row * n + col - 2]! : v;
          });
          assert.equal([...(await backend.read(out))], want);
          assert.equal([...(await backend.read(taken))], [...part]);
        });
      }
    },
  },
];

const trainingCases: readonly OpCase[] = [
  {
    op: 'network.activation',
    name: 'a NaN passes through, so that diverged training shows',
    exact: true,
    run: async (backend) => {
      await scoped(backend, async () => {
        for (const activation of ACTIVATIONS) {
          const [z, y] = [put(backend, 1, 3, [Number.NaN, 1, -1]), backend.matrix(1, 3)];
          backend.network.activation(z, y, activation);
          backend.network.clamp(y, -2, 2);
          const [first, second, third] = await backend.read(y);
          assert.ok(Number.isNaN(first) && second! > 0.5 && third! < 0.1, `${activation}: ${first} ${second} ${third}`);
        }
      });
    },
  },
  {
    op: 'network.mse',
    name: 'loss into its slot, and gradient',
    run: async (backend, { u }, sizes) => {
      for (const B of sizes) {
        for (const O of [1, 5, 16]) {
          await scoped(backend, async () => {
            const [p, y] = [numbers('p', B * O), numbers('y', B * O)];
            const [dp, loss] = [backend.matrix(B, O), put(backend, 1, 3, [7, 8, 9])];
            backend.network.mse(put(backend, B, O, p), put(backend, B, O, y), dp, loss, 1);
            const want = ref.mse(p, y);
            const got = await backend.read(loss);
            assert.equal([got[0], got[2]], [7, 9]);
            close(got[1]!, want, { rel: (B + O + 6) * u }, `mse of ${B}×${O}`);
            allClose(
              await backend.read(dp),
              Array.from(p, (v, i) => (2 * (v - y[i]!)) / (B * O)),
              { rel: 4 * u, abs: 4 * u },
              'dp',
            );
          });
        }
      }
    },
  },
  {
    op: 'network.adamw',
    name: 'three steps on a block and on its parts, with an average',
    run: async (backend, units, sizes) => {
      for (const n of sizes) {
        await scoped(backend, () => adamSteps(backend, units, n));
      }
    },
  },
];

/** A block of n parameters, of which the middle is looked at as a matrix of its own. */
async function adamSteps(backend: Backend, { u, divide, sqrt }: Units, n: number): Promise<void> {
  const [start, slopes] = [numbers('w', 3 * n), numbers('g', 3 * n)];
  const [w, g, m, v, ema] = [start, slopes, [], [], start].map((data) =>
    data.length > 0 ? put(backend, 1, 3 * n, data) : backend.matrix(1, 3 * n),
  ) as [Matrix, Matrix, Matrix, Matrix, Matrix];
  const middle = backend.view(g, n, n, 1);
  const state = { w: Float64Array.from(start), m: new Float64Array(3 * n), v: new Float64Array(3 * n) };
  const average = Float64Array.from(start);
  const gradients = Float64Array.from(slopes);
  for (let step = 1; step <= 3; step++) {
    backend.network.fill(middle, step / 4);
    gradients.fill(step / 4, n, 2 * n);
    const options = { learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.1, step, emaDecay: 0.5 };
    backend.network.adamw(w, g, m, v, ema, options);
    ref.adamw(state, gradients, 0.01, 0.9, 0.999, 1e-8, 0.1, step);
    average.forEach((e, i) => {
      average[i] = e + 0.5 * (state.w[i]! - e);
    });
  }
  allClose(await backend.read(m), state.m, { rel: 12 * u, abs: 12 * u }, 'm');
  allClose(await backend.read(v), state.v, { rel: 16 * u }, 'v');
  const moved = 3 * 0.01 * (20 * u + divide + sqrt); // an update is of the size of the rate
  allClose(await backend.read(w), state.w, { rel: 6 * u, abs: moved }, 'w');
  allClose(await backend.read(ema), average, { rel: 12 * u, abs: moved }, 'ema');
}

export const networkCases: readonly OpCase[] = [
  ...FORMS.flatMap(({ transposeA, transposeB }) =>
    [false, true].map(
      (accumulate) =>
        ({
          op: 'network.gemm',
          name: `${transposeA ? 'aᵀ' : 'a'}·${transposeB ? 'bᵀ' : 'b'}${accumulate ? ' + c' : ''}`,
          run: async (backend, { u }, sizes) => {
            for (const M of sizes) {
              for (const [N, K] of [
                [5, 17],
                [16, 1],
                [1, 4],
              ] as const) {
                await scoped(backend, async () => {
                  const [a, b, c] = [numbers('a', M * K), numbers('b', K * N), numbers('c', M * N)];
                  const out = put(backend, M, N, c);
                  const left = transposeA ? put(backend, K, M, a) : put(backend, M, K, a);
                  const right = transposeB ? put(backend, N, K, b) : put(backend, K, N, b);
                  backend.network.gemm(left, right, out, { transposeA, transposeB, accumulate });
                  const want = ref.gemm(M, N, K, a, b, { transposeA, transposeB, ...(accumulate ? { from: c } : {}) });
                  productClose(await backend.read(out), want, K, u, `${M}×${N}×${K}`);
                });
              }
            }
          },
        }) satisfies OpCase,
    ),
  ),
  ...ACTIVATIONS.map((activation) => layerCase(activation)),
  {
    op: 'network.linearBackward',
    name: 'dx, dw and db, or without dx and db',
    run: async (backend, { u }, sizes) => {
      for (const B of sizes) {
        for (const [I, O] of [
          [4, 5],
          [17, 1],
          [1, 16],
        ] as const) {
          await scoped(backend, async () => {
            const [x, w, dz] = [numbers('x', B * I), numbers('w', O * I), numbers('dz', B * O)];
            const [dx, dw, db, alone] = [backend.matrix(B, I), backend.matrix(O, I), backend.matrix(1, O), backend.matrix(O, I)];
            const given = [put(backend, B, I, x), put(backend, O, I, w), put(backend, B, O, dz)] as const;
            backend.network.linearBackward(...given, dx, dw, db);
            backend.network.linearBackward(...given, null, alone, null);
            const what = `${B}×${I}→${O}`;
            productClose(await backend.read(dx), ref.gemm(B, I, O, dz, w), O, u, `dx of ${what}`);
            productClose(await backend.read(dw), ref.gemm(O, I, B, dz, x, { transposeA: true }), B, u, `dw of ${what}`);
            const ones = new Float32Array(B).fill(1);
            productClose(await backend.read(db), ref.gemm(1, O, B, ones, dz), B, u, `db of ${what}`);
            assert.equal(await backend.read(alone), await backend.read(dw));
          });
        }
      }
    },
  },
  ...rowCases,
  ...elementCases,
  ...trainingCases,
];

function layerCase(activation: Activation): OpCase {
  return {
    op: 'network.linear',
    name: `${activation}, forward and backward`,
    run: async (backend, units, sizes) => {
      for (const B of sizes) {
        for (const [I, O] of [
          [1, 5],
          [17, 3],
          [4, 16],
        ] as const) {
          await scoped(backend, async () => {
            const [x, w, b, dy] = [numbers('x', B * I), numbers('w', O * I), numbers('b', O), numbers('dy', B * O)];
            const [y, z, fused, bare, dz] = [0, 1, 2, 3, 4].map(() => backend.matrix(B, O)) as [Matrix, Matrix, Matrix, Matrix, Matrix];
            const [input, weights, bias] = [put(backend, B, I, x), put(backend, O, I, w), put(backend, 1, O, b)];
            backend.network.linear(input, weights, bias, y, activation, z);
            backend.network.linear(input, weights, bias, fused, activation);
            backend.network.linear(input, weights, null, bare);
            backend.network.activationBackward(z, put(backend, B, O, dy), dz, activation);
            const what = `${activation} of ${B}×${I}→${O}`;
            const sums = await backend.read(z);
            productClose(sums, ref.linear(B, I, O, x, w, b), I, units.u, `z of ${what}`);
            productClose(await backend.read(bare), ref.linear(B, I, O, x, w, null), I, units.u, `bare ${what}`);
            allClose(await backend.read(y), Array.from(sums, ref.act[activation]), curved(units), what);
            const reach = { rel: curved(units).rel, abs: curved(units).abs + 2 * (I + 4) * units.u * 4 * (I + 1) };
            allClose(await backend.read(fused), Array.from(sums, ref.act[activation]), reach, `fused ${what}`);
            const slopes = Array.from(sums, (v, i) => ref.actDerivative[activation](v) * dy[i]!);
            allClose(await backend.read(dz), slopes, { rel: 4 * units.u, abs: 16 * curved(units).rel }, `backward ${what}`);
          });
        }
      }
    },
  };
}
