import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { gridOf as arrayGridOf } from '../../ts/encode/grid.js';
import type { NumberColumn } from '../../ts/table/table.js';

const grid = suite('grid');
/** The grid, one number at a time. */
const gridOf = (column: NumberColumn) => (value: number) => arrayGridOf(column)(Float64Array.of(value))[0] as number;
const column = (kind: NumberColumn['kind'], decimals: number, values: number[]): NumberColumn => ({
  name: 'x',
  kind,
  decimals,
  values: Float64Array.from(values),
});

grid('keeps decimals as the column has them', () => {
  const on = gridOf(column('numeric', 2, [0.25, 7.19, Number.NaN]));
  assert.is(on(0.5678), 0.57);
  assert.is(on(1.2345), 1.23);
  assert.is(on(7.19), 7.19);
});

grid('leaves values without a decimal grid alone inside their range', () => {
  const on = gridOf(column('numeric', -1, [-Math.SQRT2, Math.SQRT2]));
  assert.is(on(0.123456789), 0.123456789);
  assert.is(on(-9), -Math.SQRT2);
  assert.is(on(9), Math.SQRT2);
});

grid('keeps the range of large numbers', () => {
  const on = gridOf(column('numeric', -1, [-1e300, 0.5, 1e300]));
  assert.is(on(2e300), 1e300);
  assert.is(on(-1e300), -1e300);
  assert.is(on(0.25), 0.3);
});

grid('depends on the values given and on no other rows of the file', () => {
  const values = [0.5, 1.5, 2];
  for (const value of [0.77, 1.26, 9]) {
    assert.is(gridOf(column('numeric', 1, values))(value), gridOf(column('numeric', 7, values))(value));
    assert.is(gridOf(column('integer', 0, [1, 2]))(value), gridOf(column('numeric', 3, [1, 2]))(value));
  }
});

grid('takes few whole numbers to the nearest seen one, a tie to the lower', () => {
  const on = gridOf(column('integer', 0, [3, 9, 15, 3, Number.NaN]));
  assert.equal(
    [-4, 5.9, 6, 6.1, 12, 99].map((value) => on(value)),
    [3, 3, 3, 9, 9, 15],
  );
});

grid('rounds many whole numbers', () => {
  const on = gridOf(
    column(
      'integer',
      0,
      Array.from({ length: 33 }, (_, i) => 2 * i),
    ),
  );
  assert.equal(
    [6.6, -3, 64.4, 3.2].map((value) => on(value)),
    [7, 0, 64, 3],
  );
});

grid('keeps missing as missing, and knows no value where a column has none', () => {
  assert.ok(Number.isNaN(gridOf(column('numeric', 1, [1, 2]))(Number.NaN)));
  assert.ok(Number.isNaN(gridOf(column('integer', 0, [1, 2]))(Number.NaN)));
  assert.ok(Number.isNaN(gridOf(column('numeric', -1, [Number.NaN]))(1)));
});

grid('gives no negative zero', () => {
  const on = gridOf(column('numeric', 0, [-5, 5, 0.5]));
  assert.ok(Object.is(on(-0.01), 0));
});

grid.run();
