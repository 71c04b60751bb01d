/** exp4 and log4 on float32: accuracy against float64, edges, any length, nothing written outside. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { simd } from '../../build/core.js';
import { type CoreExports, loadCore } from '../../ts/backend/wasm.js';
import { ulps32 } from '../ulp.js';

const test = suite('assembly/elementwise');
const memory = await loadCore(simd, 'simd');

function apply(name: 'exp' | 'log', x: Float32Array): Float32Array {
  const mark = memory.mark();
  const at = memory.put(x);
  const out = memory.matrix(1, x.length);
  (memory.core as Required<CoreExports>)[`${name}Each`]!(x.length, at, out.ptr);
  const y = memory.read(out);
  memory.release(mark);
  return y;
}

/** The largest error in ulp over `count` points spread evenly over lo … hi. */
function worst(name: 'exp' | 'log', reference: (x: number) => number, lo: number, hi: number, count = 200_000): number {
  const x = Float32Array.from({ length: count }, (_, i) => lo + ((hi - lo) * i) / count);
  let most = 0;
  apply(name, x).forEach((y, i) => {
    const d = ulps32(y, reference(x[i] as number));
    if (!(d <= most)) most = d;
  });
  return most;
}

test('exp stays within 1.5 ulp', () => {
  for (const [lo, hi] of [
    [-86.9, 88.72],
    [-1, 1],
    [-1e-3, 1e-3],
  ] as const)
    assert.ok(worst('exp', Math.exp, lo, hi) <= 1.5, `${lo} … ${hi}`);
});

test('log stays within 1 ulp', () => {
  for (const [lo, hi] of [
    [1e-30, 1],
    [0.5, 2],
    [1e-3, 1e4],
    [1e30, 3.4e38],
    [1e-45, 1e-37],
  ] as const)
    assert.ok(worst('log', Math.log, lo, hi) <= 1, `${lo} … ${hi}`);
});

test('edges', () => {
  const inf = Number.POSITIVE_INFINITY;
  const nan = Number.NaN;
  assert.equal([...apply('exp', Float32Array.of(0, -0, 88.73, inf, 1e30))], [1, 1, inf, inf, inf]);
  assert.equal([...apply('exp', Float32Array.of(-87, -1e30, -inf, nan))], [0, 0, 0, nan]);
  assert.equal([...apply('log', Float32Array.of(0, -0, 1, inf))], [-inf, -inf, 0, inf]);
  assert.equal([...apply('log', Float32Array.of(-1, -inf, nan, -1e-40))], [nan, nan, nan, nan]);
});

test('every length gives the same values and writes only its own', () => {
  const x = Float32Array.from({ length: 17 }, (_, i) => 0.3 + i);
  for (const name of ['exp', 'log'] as const) {
    const all = apply(name, x);
    for (const n of [1, 3, 4, 5, 15, 16, 17]) {
      const out = memory.matrix(1, 24, new Float32Array(24).fill(-7));
      const at = memory.put(x);
      (memory.core as Required<CoreExports>)[`${name}Each`]!(n, at, out.ptr);
      const y = memory.read(out);
      assert.equal([...y.subarray(0, n)], [...all.subarray(0, n)], `${name} of ${n}`);
      assert.ok(
        y.subarray(n).every((v) => v === -7),
        `${name} of ${n} wrote beyond`,
      );
    }
  }
});

test.run();
