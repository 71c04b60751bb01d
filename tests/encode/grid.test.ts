import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fitGrid, type Grid, toGrid } from '../../ts/encode/grid.js';

const grid = suite('grid');
/** Puts a number on the grid of some values. */
const gridOf = (values: number[]) => (value: number) => toGrid(fitGrid(Float64Array.from(values)) as Grid, value);

grid('keeps decimals as the column has them', () => {
  const on = gridOf([0.25, 7.19, Number.NaN]);
  assert.is(on(0.5678), 0.57);
  assert.is(on(1.2345), 1.23);
  assert.is(on(7.19), 7.19);
});

grid('leaves values without a decimal grid alone inside their range', () => {
  const on = gridOf([-Math.SQRT2, Math.SQRT2]);
  assert.is(on(0.123456789), 0.123456789);
  assert.is(on(-9), -Math.SQRT2);
  assert.is(on(9), Math.SQRT2);
});

grid('keeps the range of large numbers', () => {
  const on = gridOf([-1e300, 0.5, 1e300]);
  assert.is(on(2e300), 1e300);
  assert.is(on(-1e300), -1e300);
  assert.is(on(0.25), 0.3);
});

grid('takes few whole numbers to the nearest seen one, a tie to the lower', () => {
  const on = gridOf([3, 9, 15, 3, Number.NaN]);
  assert.equal(
    [-4, 5.9, 6, 6.1, 12, 99].map((value) => on(value)),
    [3, 3, 3, 9, 9, 15],
  );
});

grid('rounds many whole numbers', () => {
  const on = gridOf(Array.from({ length: 33 }, (_, i) => 2 * i));
  assert.equal(
    [6.6, -3, 64.4, 3.2].map((value) => on(value)),
    [7, 0, 64, 3],
  );
});

grid('skips missing values, and has no grid where there is nothing else', () => {
  assert.equal(fitGrid(Float64Array.of(Number.NaN, 2.5)), { low: 2.5, high: 2.5, decimals: 1, seen: null });
  assert.is(fitGrid(Float64Array.of(Number.NaN)), null);
  assert.ok(Number.isNaN(gridOf([1, 2])(Number.NaN)));
  assert.ok(Number.isNaN(gridOf([0.5, 2])(Number.NaN)));
});

grid('gives no negative zero', () => {
  const on = gridOf([-5, 5, 0.5]);
  assert.ok(Object.is(on(-0.01), 0));
});

grid.run();
