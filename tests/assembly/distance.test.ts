import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Backend } from '../../ts/backend/backend.js';
import { close } from '../close.js';
import { medianPairDistance, nearestRows } from '../ref/distance.js';
import { backends, type Float32Rows, randomRows, upload, withMemory } from './rows.js';

const SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 63, 64, 65, 130];
const COLUMNS = [0, 1, 2, 3, 4, 5, 15, 16, 17, 30];

/** Exact on grids; otherwise d² may differ by the rounding of d + 2 float32 operations. */
function checkNeighbours(backend: Backend, x: Float32Rows, y: Float32Rows, k: number, self: boolean, exact: boolean): void {
  const what = `${x.rows}×${y.rows}×${x.cols} k ${k}`;
  const query = upload(backend, x);
  const got = backend.distance.neighbours(query, x === y ? query : upload(backend, y), k, self);
  assert.is(got.index.length, x.rows * k);
  for (let i = 0; i < x.rows; i++) {
    const want = nearestRows(x, i, y, k, self);
    for (let r = 0; r < k; r++) {
      const { index, squared } = want[r] as (typeof want)[number];
      if (exact) assert.is(got.index[i * k + r], index, `${what}: neighbour ${r} of row ${i}`);
      close(got.squared[i * k + r] as number, squared, { rel: exact ? 0 : (x.cols + 2) * 2 ** -23 }, `${what}: d² ${r} of row ${i}`);
    }
    assert.is(new Set(got.index.slice(i * k, i * k + k)).size, k, `${what}: neighbours of row ${i} are distinct`);
  }
}

const neighbours = suite('neighbours');

neighbours('ties go to the lower row, duplicates are at 0, any size', () => {
  for (const backend of backends) {
    for (const n of SIZES) {
      for (const d of [0, 1, 3, 17]) {
        const x = randomRows(n, d, 'grid', 3);
        const y = randomRows(n + 3, d, 'grid y', 3);
        withMemory(backend, () => {
          checkNeighbours(backend, x, y, Math.min(5, y.rows), false, true);
          if (n > 1) checkNeighbours(backend, x, x, Math.min(5, n - 1), true, true);
          checkNeighbours(backend, x, x, n, false, true);
        });
      }
    }
  }
});

neighbours('distances of real numbers, also far from the origin', () => {
  for (const backend of backends) {
    for (const d of COLUMNS) {
      for (const offset of [0, 1e6]) {
        const [x, y] = [randomRows(33, d, 'x', 0, offset), randomRows(41, d, 'y', 0, offset)];
        withMemory(backend, () => checkNeighbours(backend, x, y, 7, false, false));
      }
    }
  }
});

neighbours('the first rows of a table among all of its rows', () => {
  for (const backend of backends) {
    withMemory(backend, () => {
      const rows = randomRows(150, 3, 'grid', 2);
      const all = upload(backend, rows);
      const every = backend.distance.neighbours(all, all, 5, true);
      for (const n of [1, 8, 63, 64, 65, 71, 149]) {
        const some = backend.distance.neighbours(backend.view(all, 0, n, 3), all, 5, true);
        assert.equal(some, { index: every.index.slice(0, n * 5), squared: every.squared.slice(0, n * 5) }, `${n} rows`);
      }
    });
  }
});

neighbours('nearest is the first neighbour', () => {
  const backend = backends[0] as Backend;
  withMemory(backend, () => {
    const [x, y] = [upload(backend, randomRows(70, 6, 'x')), upload(backend, randomRows(21, 6, 'y'))];
    assert.equal(backend.distance.nearest(x, y), backend.distance.neighbours(x, y, 1).squared);
    assert.equal([...backend.distance.nearest(x, x)], Array(70).fill(0));
    assert.ok(backend.distance.nearest(x, x, true).every((value) => value > 0));
  });
});

neighbours('refuses a k out of range, unequal columns, and distances that are not finite', () => {
  const backend = backends[0] as Backend;
  withMemory(backend, () => {
    const x = backend.matrix(3, 2);
    assert.throws(() => backend.distance.neighbours(x, x, 4), /"k" expected an integer in 1\.\.3, got 4/);
    assert.throws(() => backend.distance.neighbours(x, x, 3, true), /in 1\.\.2/);
    assert.throws(() => backend.distance.neighbours(x, x, 0), /"k"/);
    assert.throws(() => backend.distance.nearest(x, backend.matrix(3, 3)), /columns/);
    const bad = backend.matrix(2, 1, Float32Array.of(Number.NaN, 1));
    assert.throws(() => backend.distance.nearest(bad, bad), /not finite/);
  });
});

neighbours.run();

const median = suite('medianDistance');

median('equals the sorted middle, for odd and even counts, ties and zeros', () => {
  for (const backend of backends) {
    for (const n of SIZES.filter((size) => size > 1)) {
      for (const d of [1, 3, 16]) {
        for (const levels of [0, 2, 5]) {
          const x = randomRows(n, d, 'median', levels);
          const got = withMemory(backend, () => backend.distance.medianDistance(upload(backend, x)));
          close(got, medianPairDistance(x), { rel: (d + 2) * 2 ** -24, abs: levels ? 1e-15 : 0 }, `median of ${n}×${d}, ${levels} levels`);
        }
      }
    }
  }
});

median('is 0 for equal rows, and NaN below two rows or with a missing value', () => {
  const backend = backends[0] as Backend;
  withMemory(backend, () => {
    assert.is(backend.distance.medianDistance(backend.matrix(9, 4)), 0);
    assert.ok(Number.isNaN(backend.distance.medianDistance(backend.matrix(1, 4))));
    assert.ok(Number.isNaN(backend.distance.medianDistance(backend.matrix(0, 4))));
    assert.ok(Number.isNaN(backend.distance.medianDistance(backend.matrix(3, 1, Float32Array.of(0, Number.NaN, 1)))));
  });
});

median('leaves no memory behind', () => {
  const backend = backends[0] as Backend;
  withMemory(backend, () => {
    const x = upload(backend, randomRows(130, 5, 'memory'));
    backend.distance.medianDistance(x);
    const before = backend.memoryBytes();
    for (let i = 0; i < 50; i++) backend.distance.medianDistance(x);
    assert.is(backend.memoryBytes(), before);
  });
});

median.run();
