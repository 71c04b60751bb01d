import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Backend } from '../../ts/backend/backend.js';
import { close } from '../close.js';
import { rbfSum } from '../ref/distance.js';
import { backends, type Float32Rows, randomRows, upload, withMemory } from './rows.js';

const simd = backends[0] as Backend;
const SIZES = [1, 3, 4, 5, 15, 16, 17, 63, 64, 65, 67, 130];

/**
 * How far the mean kernel value may be off: float32 exponentials and sums within a block, 2e-7, plus what the norms expansion
 * may cancel (CANCELLATION_LIMIT · 2⁻²⁴).
 */
const MEAN_ERROR = 1.2e-6;

function checkSums(backend: Backend, x: Float32Rows, y: Float32Rows | null, bandwidths: readonly number[], what: string): void {
  const got = withMemory(backend, () => backend.distance.rbfSums(upload(backend, x), y && upload(backend, y), bandwidths));
  assert.is(got.length, bandwidths.length);
  const count = y ? x.rows * y.rows : x.rows * (x.rows - 1);
  for (const [b, s] of bandwidths.entries()) close(got[b] as number, rbfSum(x, y, s), { abs: MEAN_ERROR * count }, `${what}, s ${s}`);
}

const rbfSums = suite('rbfSums');

rbfSums('agree with float64 for any size, one set or two, one bandwidth or several', () => {
  for (const backend of backends) {
    for (const n of SIZES) {
      for (const m of [1, 7, 8, 9, 66]) {
        const d = [1, 3, 4, 5, 16, 17][(n + m) % 6] as number;
        const [x, y] = [randomRows(n, d, 'x'), randomRows(m, d, 'y')];
        checkSums(backend, x, y, [1.5], `${n}×${m}×${d}`);
        checkSums(backend, x, null, [0.5, 1, 2, 4, 8], `pairs of ${n}×${d}`);
      }
    }
  }
});

rbfSums('give each kernel value to float32 precision, down to 0', () => {
  // one pair at distance 1: exponents e from −1/8 to −100, of which e·log₂ e carries two float32 roundings
  const bandwidths = Array.from({ length: 800 }, (_, i) => Math.sqrt(4 / (i + 1)));
  withMemory(simd, () => {
    const [x, y] = [simd.matrix(1, 1), simd.matrix(1, 1, Float32Array.of(1))];
    const got = simd.distance.rbfSums(x, y, bandwidths);
    for (const [i, s] of bandwidths.entries()) {
      const exponent = 1 / (2 * s * s);
      close(got[i] as number, Math.exp(-exponent), { rel: 2e-7 + 3 * exponent * 2 ** -24, abs: 2 ** -126 }, `exponent ${-exponent}`);
    }
    assert.is(simd.distance.rbfSums(x, y, [1e-2])[0], 0);
  });
});

rbfSums('handle many columns and none', () => {
  for (const d of [0, 30, 129]) {
    checkSums(simd, randomRows(33, d, 'x'), randomRows(20, d, 'y'), [Math.sqrt(d + 1), 2 * Math.sqrt(d + 1)], `${d} columns`);
    checkSums(simd, randomRows(33, d, 'x'), null, [Math.sqrt(d + 1)], `pairs, ${d} columns`);
  }
});

rbfSums('agree far from the origin, in tiny and in huge units, and with a bandwidth far below the spread', () => {
  const [x, y] = [randomRows(40, 5, 'x', 0, 1e6), randomRows(37, 5, 'y', 0, 1e6)];
  checkSums(simd, x, y, [1, 3], 'offset 1e6');
  const scaled = (rows: Float32Rows, by: number) => ({ ...rows, values: rows.values.map((v) => v * by) });
  for (const by of [1e-18, 1e-6, 1e6, 1e15]) {
    const [a, b] = [scaled(randomRows(40, 5, 'x'), by), scaled(randomRows(37, 5, 'y'), by)];
    checkSums(simd, a, b, [by, 3 * by], `in units of ${by}`);
  }
  // two clusters 1e4 apart: the norms expansion would lose every digit within a cluster
  const clusters = (rows: Float32Rows) => ({ ...rows, values: rows.values.map((v, i) => v + (i < rows.values.length / 2 ? 0 : 1e4)) });
  checkSums(simd, clusters(randomRows(40, 5, 'x')), clusters(randomRows(37, 5, 'y')), [0.5, 1, 2e4], 'clusters');
  checkSums(simd, clusters(randomRows(40, 5, 'x')), null, [0.5, 1, 2e4], 'pairs of clusters');
});

rbfSums('count equal rows as 1 and are symmetric', () => {
  withMemory(simd, () => {
    const same = simd.matrix(21, 3, new Float32Array(63).fill(0.7));
    close(simd.distance.rbfSums(same, null, [1])[0] as number, 420, { abs: 420 * 2e-7 });
    close(simd.distance.rbfSums(same, same, [1])[0] as number, 441, { abs: 441 * 2e-7 });
    const [x, y] = [upload(simd, randomRows(70, 6, 'x')), upload(simd, randomRows(50, 6, 'y'))];
    const [there] = simd.distance.rbfSums(x, y, [2]);
    const [back] = simd.distance.rbfSums(y, x, [2]);
    close(there as number, back as number, { abs: 3500 * MEAN_ERROR });
  });
});

rbfSums('are 0 without pairs, leave the inputs alone and give the same bits again', () => {
  withMemory(simd, () => {
    const rows = randomRows(1, 3, 'x');
    const x = upload(simd, rows);
    assert.equal([...simd.distance.rbfSums(x, null, [1, 2])], [0, 0]);
    assert.equal([...simd.distance.rbfSums(x, simd.matrix(0, 3), [1])], [0]);
    const y = upload(simd, randomRows(77, 3, 'y'));
    const first = simd.distance.rbfSums(y, x, [1, 2]);
    assert.equal(simd.distance.rbfSums(y, x, [1, 2]), first);
  });
});

rbfSums('do not hide a missing value, and refuse bandwidths that are no positive number', () => {
  withMemory(simd, () => {
    const bad = simd.matrix(3, 1, Float32Array.of(0, Number.NaN, 1));
    assert.ok(Number.isNaN(simd.distance.rbfSums(bad, null, [1])[0]));
    for (const s of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(() => simd.distance.rbfSums(bad, null, [s]), /"bandwidths" expected positive numbers/);
    }
    assert.throws(() => simd.distance.rbfSums(bad, simd.matrix(3, 2), [1]), /columns/);
  });
});

rbfSums.run();
