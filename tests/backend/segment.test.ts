/** Rows between rows: the core draws what the stream draws, and computes what float64 does in JavaScript, bit for bit. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fitGrid, toGrid } from '../../ts/encode/grid.js';
import { Stream } from '../../ts/random.js';
import { backends } from '../assembly/rows.js';

const SIZES = [0, 1, 3, 4, 5, 15, 16, 17, 1000];
const segment = suite('segment');

/** Text that tells every number from every other, zeros too. */
const texts = (columns: readonly Float64Array[]) =>
  columns.map((column) => Array.from(column, (x) => (Object.is(x, -0) ? '-0' : String(x))));

segment('places are those of the stream', () => {
  for (const { distance } of backends) {
    for (const rows of SIZES) {
      for (const [m, k] of [
        [2, 1],
        [3, 2],
        [257, 5],
      ] as const) {
        const index = Uint32Array.from({ length: m * k }, (_, i) => (i * 7 + 3) % m);
        const [bases, others, gaps] = ['row', 'neighbour', 'gap'].map((label) => Stream.fromSeed(rows).child(label)) as [
          Stream,
          Stream,
          Stream,
        ];
        const base = Uint32Array.from({ length: rows }, () => bases.below(m));
        const other = base.map((row) => index[row * k + others.below(k)] as number);
        const gap = Float64Array.from(base, () => gaps.uniform());
        const places = distance.places(rows, index, k, Stream.fromSeed(rows));
        assert.equal(places, { base, other, gap }, `${rows} rows of ${m}, ${k} neighbours`);
        assert.equal(distance.places(base, index, k, Stream.fromSeed(rows)), { base, other, gap }, 'rows that are given');
      }
    }
  }
});

segment('numbers between two ends, on the grid of the column', () => {
  const stream = Stream.fromSeed(2);
  const hole = (value: number) => (stream.uniform() < 0.2 ? Number.NaN : value);
  const columns = [
    () => stream.uniform() * 2e6 - 1e6,
    () => stream.below(4) - 2, // of few values
    () => stream.below(1e6) - 5e5, // whole numbers
    () => Number((stream.uniform() * 10 - 5).toFixed(1)),
    () => (stream.below(8) + 1) * 1e15, // beyond the whole numbers that doubles hold
    () => Number.NaN,
    () => 7.25,
    () => -stream.uniform() * 1e-300,
    () => 0.5 - stream.below(2), // halves: rounding to the even one would differ
  ].map((draw) => Float64Array.from({ length: 60 }, () => hole(draw())));
  const grids = columns.map((column, c) => (c === 0 ? null : c === 8 ? { low: -3, high: 3, decimals: 0, seen: null } : fitGrid(column)));
  const lattices = grids.map(
    (grid) => grid && { ...grid, power: grid.decimals < 0 ? 0 : 10 ** grid.decimals, seen: grid.seen && Float64Array.from(grid.seen) },
  );
  for (const { distance } of backends) {
    for (const rows of SIZES) {
      const ends = () => Uint32Array.from({ length: rows }, () => stream.below(60));
      const places = { base: ends(), other: ends(), gap: Float64Array.from({ length: rows }, () => stream.uniform()) };
      const between = (column: Float64Array) =>
        Float64Array.from({ length: rows }, (_, i) => {
          const [a, b, g] = [column[places.base[i] as number], column[places.other[i] as number], places.gap[i]] as [
            number,
            number,
            number,
          ];
          const value = a + g * (b - a);
          return Number.isNaN(value) ? (g < 0.5 ? a : b) : value;
        });
      const want = columns.map(between);
      assert.equal(texts(distance.interpolate(columns, places)), texts(want), `${rows} rows`);
      const snapped = want.map((column, c) => column.map((value) => (grids[c] ? toGrid(grids[c], value) : value)));
      assert.equal(texts(distance.interpolate(columns, places, lattices)), texts(snapped), `${rows} rows on grids`);
    }
  }
});

segment.run();
