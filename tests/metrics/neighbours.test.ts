import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { closestDistances, coverage, nearestRatio, shareCloserToTraining } from '../../ts/metrics/neighbours.js';
import type { Rows } from '../../ts/metrics/rows.js';
import { Stream } from '../../ts/random.js';
import { allClose, close } from '../close.js';
import { nearestRows } from '../ref/distance.js';

const backend = await wasmBackend();
const stream = Stream.fromSeed(5);

function randomRows(rows: number, cols: number, label: string, shift = 0): Rows {
  const draws = Stream.fromSeed(6).child(label);
  return { rows, cols, values: Float64Array.from({ length: rows * cols }, () => shift + 2 * draws.uniform()) };
}
const line = (...values: number[]): Rows => ({ rows: values.length, cols: 1, values: Float64Array.from(values) });
const none = line();

const tests = suite('neighbours');

tests('closest distances agree with float64, and are 0 to a copy', async () => {
  const [x, y] = [randomRows(17, 5, 'x', 1e6), randomRows(33, 5, 'y', 1e6)];
  const want = Array.from({ length: 17 }, (_, i) => Math.sqrt(nearestRows(x, i, y, 1, false)[0]?.squared as number));
  allClose(await closestDistances(backend, x, y), want, { abs: 1e-6 });
  assert.equal([...(await closestDistances(backend, x, x))], Array(17).fill(0));
  assert.ok((await closestDistances(backend, line(1, 2), none)).every(Number.isNaN));
});

tests('nearest ratio: 0 for copies, 1 for the test rows themselves, hand-made value', async () => {
  const [training, test] = [randomRows(60, 4, 'training'), randomRows(20, 4, 'test')];
  assert.is(await nearestRatio(backend, training, training, test, stream), 0);
  assert.is(await nearestRatio(backend, test, training, test, stream), 1);
  // synthetic rows at distances 1, 2, 3 from the training rows (median 2), test rows at 1, 3, 5, 9 (median 4)
  close(await nearestRatio(backend, line(1, -2, 103), line(0, 100), line(1, -3, 105, 109), stream), 0.5, { rel: 1e-6 });
});

tests('nearest ratio is NaN where a side is empty or the test rows are copies themselves', async () => {
  for (const [synthetic, training, test] of [
    [none, line(1), line(2)],
    [line(1), none, line(2)],
    [line(1), line(2), none],
    [line(1), line(2, 3), line(2, 3, 4)],
  ] as const) {
    assert.ok(Number.isNaN(await nearestRatio(backend, synthetic, training, test, stream)));
  }
});

tests('share closer to training: ties half', async () => {
  assert.is(await shareCloserToTraining(backend, line(0, 1, 2, 3), line(0), line(2)), (1 + 0.5 + 0 + 0) / 4);
  assert.ok(Number.isNaN(await shareCloserToTraining(backend, none, line(0), line(2))));
});

tests('coverage: balls out to the k-th real neighbour that hold a synthetic row', async () => {
  const real = line(0, 1, 2, 10, 11, 12);
  assert.is(await coverage(backend, real, real, stream, 2), 1);
  assert.is(await coverage(backend, real, line(1), stream, 2), 0.5);
  assert.is(await coverage(backend, real, line(50), stream, 2), 0);
  assert.is(await coverage(backend, real, none, stream, 2), 0);
  assert.is(await coverage(backend, line(0, 0, 0, 1), line(0), stream, 2), 1, 'a ball of radius 0 holds its centre');
  assert.ok(Number.isNaN(await coverage(backend, line(0, 1), real, stream, 2)), 'two rows have no second neighbour');
});

tests('coverage agrees with float64', async () => {
  const [real, synthetic] = [randomRows(50, 3, 'real'), randomRows(40, 3, 'synthetic', 0.8)];
  let covered = 0;
  for (let i = 0; i < real.rows; i++) {
    const radius = nearestRows(real, i, real, 5, true)[4]?.squared as number;
    if ((nearestRows(real, i, synthetic, 1, false)[0]?.squared as number) <= radius) covered++;
  }
  assert.is(await coverage(backend, real, synthetic, stream), covered / 50);
  assert.ok(covered > 5 && covered < 45, 'a case that could fail');
});

tests.run();
