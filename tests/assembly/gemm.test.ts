/** gemm against a naive float64 product: every form, odd sizes, strides, and nothing written or read where it should not be. */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { simd } from '../../build/core.js';
import { type CoreMemory, loadCore } from '../../ts/backend/wasm.js';
import * as ref from '../ref/network.js';
import { numbers } from '../ref/numbers.js';

const test = suite('assembly/gemm');
const release = await loadCore(simd, 'simd');
const debug = await loadCore(readFileSync(new URL('../../build/debug.wasm', import.meta.url)), 'debug');

const SIZES = [1, 2, 3, 4, 5, 8, 15, 16, 17];
const U = 2 ** -24; // unit roundoff of float32
const PAD = 12; // canary numbers on either side of an operand
const CANARY = 12345.678;

type Init = 'zeros' | 'accumulate' | 'bias';

/** Puts `data` between canaries; returns the address of the data and a check that the canaries stand. */
function guarded(memory: CoreMemory, data: Float32Array): { ptr: number; read: () => Float32Array; intact: () => boolean } {
  const all = new Float32Array(data.length + 2 * PAD).fill(CANARY);
  all.set(data, PAD);
  const at = memory.put(all);
  const read = () => memory.get(at, all.length, Float32Array);
  const sound = Math.fround(CANARY);
  return {
    ptr: at + PAD * 4,
    read: () => read().slice(PAD, PAD + data.length),
    intact: () => read().every((v, i) => (i >= PAD && i < PAD + data.length) || v === sound),
  };
}

function check(memory: CoreMemory, M: number, N: number, K: number, transposeA: boolean, transposeB: boolean, init: Init): Float32Array {
  const mark = memory.mark();
  const name = `${memory.variant} ${M}×${N}×${K} ${transposeA ? 'T' : 'N'}${transposeB ? 'T' : 'N'} ${init}`;
  const [a, b, c0, bias] = [numbers('a', M * K), numbers('b', K * N), numbers('c', M * N), numbers('bias', N)];
  const from = init === 'zeros' ? {} : { from: init === 'accumulate' ? c0 : Float32Array.from(c0, (_, i) => bias[i % N] as number) };
  const want = ref.gemm(M, N, K, a, b, { transposeA, transposeB, ...from });
  const [pa, pb, pc, pBias] = [guarded(memory, a), guarded(memory, b), guarded(memory, c0), guarded(memory, bias)];
  const [rsa, csa] = transposeA ? [1, M] : [K, 1];
  const [rsb, csb] = transposeB ? [1, K] : [N, 1];
  const start = { zeros: [0, 0], accumulate: [pc.ptr, N], bias: [pBias.ptr, 0] }[init] as [number, number];
  memory.core.gemm!(M, N, K, pa.ptr, rsa, csa, pb.ptr, rsb, csb, pc.ptr, N, ...start);
  const got = pc.read();
  for (let i = 0; i < M * N; i++) {
    const tolerance = (K + 2) * U * (want.magnitude[i] as number);
    const difference = Math.abs((got[i] as number) - (want.value[i] as number));
    assert.ok(difference <= tolerance, `${name} [${i}]: expected ${want.value[i]} ± ${tolerance}, got ${got[i]}`);
  }
  for (const operand of [pa, pb, pc, pBias]) assert.ok(operand.intact(), `${name}: wrote outside`);
  assert.equal(pa.read(), a, `${name}: a changed`);
  assert.equal(pb.read(), b, `${name}: b changed`);
  memory.release(mark);
  return got;
}

const forms = [
  [false, false],
  [false, true],
  [true, false],
  [true, true],
] as const;

test('all forms at all sizes', () => {
  for (const [tA, tB] of forms) {
    for (const M of SIZES) for (const N of SIZES) for (const K of SIZES) check(release, M, N, K, tA, tB, M % 2 ? 'zeros' : 'accumulate');
  }
});

test('sizes beyond one block, every start', () => {
  for (const [tA, tB] of forms) {
    for (const init of ['zeros', 'accumulate', 'bias'] as const) {
      for (const [M, N, K] of [
        [83, 21, 259],
        [6, 515, 31],
        [1, 37, 513],
        [2, 9, 300],
        [97, 1, 258],
        [3, 3, 1],
      ] as const)
        check(release, M, N, K, tA, tB, init);
    }
  }
});

test('the debug core agrees to the bit and its assertions hold', () => {
  for (const [tA, tB] of forms) {
    for (const [M, N, K] of [
      [7, 17, 5],
      [1, 16, 9],
      [17, 1, 8],
      [5, 8, 4],
    ] as const)
      assert.equal(check(debug, M, N, K, tA, tB, 'bias'), check(release, M, N, K, tA, tB, 'bias'));
  }
});

test('a row does not depend on the batch that it is in', () => {
  const [M, N, K] = [23, 33, 270];
  for (const [tA, tB] of forms) {
    const mark = release.mark();
    const [a, b] = [release.put(numbers('a', M * K)), release.put(numbers('b', K * N))];
    const whole = release.matrix(M, N);
    const single = release.matrix(M, N);
    const [rsa, csa] = tA ? [1, M] : [K, 1];
    const [rsb, csb] = tB ? [1, K] : [N, 1];
    release.core.gemm!(M, N, K, a, rsa, csa, b, rsb, csb, whole.ptr, N, 0, 0);
    for (let i = 0; i < M; i++) release.core.gemm!(1, N, K, a + i * rsa * 4, rsa, csa, b, rsb, csb, single.ptr + i * N * 4, N, 0, 0);
    assert.equal(release.read(single), release.read(whole));
    release.release(mark);
  }
});

test('a column of a wider matrix, and K = 0', () => {
  const mark = release.mark();
  const x = release.put(numbers('a', 5 * 4)); // (5, 4)
  const y = release.matrix(5, 3, new Float32Array(15).fill(9));
  release.core.gemm!(5, 1, 4, x, 4, 1, x, 1, 4, y.ptr + 4, 3, 0, 0); // second column of y = x · (first row of x)ᵀ
  const a = numbers('a', 20);
  const want = ref.gemm(5, 1, 4, a, a.subarray(0, 4));
  const got = release.read(y);
  for (let i = 0; i < 5; i++) {
    assert.equal([got[i * 3], got[i * 3 + 2]], [9, 9]);
    assert.ok(Math.abs(got[i * 3 + 1]! - want.value[i]!) <= 6 * U * want.magnitude[i]!);
  }
  release.core.gemm!(5, 3, 0, x, 0, 1, x, 3, 1, y.ptr, 3, 0, 0);
  assert.ok(release.read(y).every((v) => v === 0));
  release.release(mark);
});

test.run();
