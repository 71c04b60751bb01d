/** Principal components against directions that are known, and against ml-matrix. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { principalComponents, project } from '../../ts/metrics/components.js';
import { Stream } from '../../ts/random.js';
import { close } from '../close.js';

const test = suite('metrics/components');

/** (N, D) rows whose columns hang together; constant where `spread` says 0. */
function correlated(rows: number, cols: number, seed: number) {
  const stream = Stream.fromSeed(seed);
  const values = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) {
    const [a, b] = [stream.uniform() - 0.5, stream.uniform() - 0.5];
    for (let d = 0; d < cols; d++) values[i * cols + d] = 10 + a * (d + 1) * 3 + b * (d % 2 ? 2 : -4) + 0.3 * stream.uniform();
  }
  return { rows, cols, values };
}

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);

for (const [rows, cols] of [
  [5, 2],
  [16, 3],
  [17, 15],
  [60, 16],
  [9, 17],
] as const) {
  test(`${rows} × ${cols}: the widest directions of the covariance, as ml-matrix finds them`, () => {
    const x = correlated(rows, cols, rows + cols);
    const found = principalComponents(x);
    assert.ok(found);
    const centred = new Matrix(Array.from({ length: rows }, (_, i) => [...x.values.subarray(i * cols, (i + 1) * cols)])).center('column');
    const eigen = new EigenvalueDecomposition(centred.transpose().mmul(centred), { assumeSymmetric: true });
    const order = eigen.realEigenvalues
      .map((_, i) => i)
      .sort((i, j) => (eigen.realEigenvalues[j] as number) - (eigen.realEigenvalues[i] as number));
    const total = eigen.realEigenvalues.reduce((sum, value) => sum + value, 0);
    found.axes.forEach((axis, k) => {
      const want = Float64Array.from(eigen.eigenvectorMatrix.getColumn(order[k] as number));
      close(Math.abs(dot(axis, want)), 1, { abs: 1e-9 }, `axis ${k}`);
      close(found.explained[k] as number, (eigen.realEigenvalues[order[k] as number] as number) / total, { abs: 1e-10 }, `share ${k}`);
    });
    close(dot(found.axes[0], found.axes[1]), 0, { abs: 1e-12 });
  });
}

test('coordinates are those along the axes, around the mean', () => {
  const x = { rows: 5, cols: 2, values: Float64Array.from([-2, 0, -1, 0, 0, 0.5, 1, -0.5, 2, 0]) };
  const found = principalComponents(x);
  assert.ok(found);
  const [first, second] = project(found, { rows: 2, cols: 2, values: Float64Array.from([7, 0, 0, -3]) });
  assert.ok(Math.abs(found.axes[0][0] as number) > 0.9, 'the first column spreads most');
  const [a, b] = found.axes;
  close(first[0] as number, 7 * (a[0] as number), { abs: 1e-12 });
  close(second[1] as number, -3 * (b[1] as number), { abs: 1e-12 });
});

test('no picture without spread in two directions', () => {
  assert.is(principalComponents({ rows: 4, cols: 2, values: new Float64Array(8).fill(3) }), null);
  assert.is(principalComponents({ rows: 4, cols: 2, values: Float64Array.from([1, 2, 2, 4, 3, 6, 4, 8]) }), null);
  assert.is(principalComponents({ rows: 2, cols: 2, values: Float64Array.from([1, 2, 5, 1]) }), null);
  assert.is(principalComponents({ rows: 3, cols: 1, values: Float64Array.from([1, 2, 4]) }), null);
});

test.run();
