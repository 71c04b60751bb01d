/** Sums of Gaussian kernels. */
import { close } from '../../close.js';
import { type Rows, rbfSum } from '../../ref/distance.js';
import { numbers } from '../../ref/numbers.js';
import { type OpCase, put, SIZES, scoped, type Units } from './cases.js';

const rowsOf = (label: string, rows: number, cols: number, place: (value: number) => number = (value) => value): Rows => ({
  rows,
  cols,
  values: Float32Array.from(numbers(label, rows * cols), place),
});

/**
 * How far a kernel value e^−γd² may be off, on average over pairs: its exponent is off by D + 6 roundings of itself, and t·e^−t ≤ 0.37;
 * exp takes 3 units and a sum no more than 32 roundings.
 */
const meanError = (D: number, { u }: Units): number => (0.37 * (D + 6) + 3 + 32) * u;

const sumsCase = (
  name: string,
  tables: (sizes: readonly number[]) => Iterable<readonly [Rows, Rows | null, readonly number[]]>,
): OpCase => ({
  op: 'distance.rbfSums',
  name,
  run: async (backend, units, sizes) => {
    for (const [x, y, bandwidths] of tables(sizes)) {
      await scoped(backend, async () => {
        const [a, b] = [x, y].map((rows) => rows && put(backend, rows.rows, rows.cols, rows.values));
        const got = backend.distance.rbfSums(a!, b!, bandwidths);
        const pairs = y ? x.rows * y.rows : x.rows * (x.rows - 1);
        const tolerance = { abs: pairs * meanError(x.cols, units) };
        for (const [i, s] of bandwidths.entries()) {
          close(got[i]!, rbfSum(x, y, s), tolerance, `${x.rows}×${y?.rows ?? 'itself'}, ${x.cols} columns, s ${s}`);
        }
      });
    }
  },
});

export const distanceCases: readonly OpCase[] = [
  sumsCase('one set or two, one bandwidth or several', function* (sizes) {
    for (const n of sizes) {
      for (const m of [1, 4, 17]) {
        const D = SIZES[(n + m) % SIZES.length]!;
        yield [rowsOf('x', n, D), rowsOf('y', m, D), [1.5]];
      }
      yield [rowsOf('x', n, 3), null, [0.5, 1, 2, 4, 8]];
    }
  }),
  sumsCase('more rows than a strip holds', function* () {
    yield [rowsOf('x', 300, 2), rowsOf('y', 257, 2), [0.7, 2]];
    yield [rowsOf('x', 259, 2), null, [1]];
  }),
  sumsCase('far from the origin, in tiny and in huge units', function* () {
    // float32 values on a grid that their place holds exactly
    const grid = (value: number) => Math.round(value * 64) / 64;
    yield [rowsOf('x', 17, 3, (value) => 4096 + grid(value)), rowsOf('y', 15, 3, (value) => 4096 + grid(value)), [0.5, 2]];
    for (const unit of [2 ** -60, 2 ** 60]) {
      const place = (value: number) => grid(value) * unit;
      yield [rowsOf('x', 17, 3, place), rowsOf('y', 15, 3, place), [unit, 3 * unit]];
      yield [rowsOf('x', 17, 3, place), null, [unit, unit / 1024]];
    }
  }),
  {
    op: 'distance.rbfSums',
    name: 'NaN where a value is missing, 0 without pairs',
    run: async (backend) => {
      await scoped(backend, async () => {
        const [x, holed, one] = [put(backend, 2, 2, [1, 2, 3, 4]), put(backend, 2, 2, [1, 2, Number.NaN, 4]), put(backend, 1, 2, [1, 2])];
        close(backend.distance.rbfSums(x, holed, [1])[0]!, Number.NaN, {}, 'a missing value');
        close(backend.distance.rbfSums(one, null, [1])[0]!, 0, {}, 'one row');
      });
    },
  },
];
