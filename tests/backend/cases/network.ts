/** The network operations. */
import { close } from '../../close.js';
import * as ref from '../../ref/network.js';
import { numbers } from '../../ref/numbers.js';
import { type OpCase, put, SIZES, scoped } from './cases.js';

/** |got − want| ≤ (terms + 4)·u·magnitude, element by element. */
function productClose(got: Float32Array, want: ref.Product, terms: number, u: number, what: string): void {
  got.forEach((v, i) => {
    close(v, want.value[i]!, { abs: (terms + 4) * u * want.magnitude[i]! + 1e-37 }, `${what}[${i}]`);
  });
}

const FORMS = [false, true].flatMap((transposeA) => [false, true].map((transposeB) => ({ transposeA, transposeB })));

export const networkCases: readonly OpCase[] = [
  ...FORMS.flatMap(({ transposeA, transposeB }) =>
    [false, true].map(
      (accumulate) =>
        ({
          op: 'network.gemm',
          name: `${transposeA ? 'aᵀ' : 'a'}·${transposeB ? 'bᵀ' : 'b'}${accumulate ? ' + c' : ''}`,
          run: async (backend, { u }) => {
            for (const M of SIZES) {
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
];
