import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { drawPlaces, mostVoted, type Neighbourhood, vote } from '../../ts/generate/interpolation.js';
import { Stream } from '../../ts/random.js';
import { offSegment } from '../ref/segment.js';

const backend = await wasmBackend();
const interpolation = suite('interpolation');
const LACKING = Number.NaN;

/** Any M rows, k of the others as the neighbours of each, and a seed. */
const anyNeighbourhood = fc.integer({ min: 2, max: 17 }).chain((m) =>
  fc.integer({ min: 1, max: Math.min(5, m - 1) }).chain((k) =>
    fc.record({
      m: fc.constant(m),
      near: fc.constant({
        k,
        index: Uint32Array.from({ length: m * k }, (_, i) => (Math.floor(i / k) + 1 + (i % k)) % m),
      } satisfies Neighbourhood),
      seed: fc.nat(),
    }),
  ),
);
const cells = (m: number) =>
  fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: m, maxLength: m }).map((x) => Float64Array.from(x));

interpolation('every row lies on the segment between a minority row and one of its neighbours', () => {
  fc.assert(
    fc.property(
      anyNeighbourhood.chain(({ m, near, seed }) => fc.tuple(fc.constant({ near, seed }), fc.tuple(cells(m), cells(m), cells(m)))),
      ([{ near, seed }, columns]) => {
        const places = drawPlaces(16, near, Stream.fromSeed(seed), backend);
        const drawn = backend.distance.interpolate(columns, places);
        for (let i = 0; i < 16; i++) {
          const base = places.base[i] as number;
          const other = places.other[i] as number;
          assert.ok(near.index.subarray(base * near.k, (base + 1) * near.k).includes(other), 'other is a neighbour of base');
          const at = (row: number) => columns.map((column) => column[row] as number);
          const point = drawn.map((column) => column[i] as number);
          assert.ok(offSegment(point, at(base), at(other)) <= 1e6 * 8 * Number.EPSILON, `row ${i} is off its segment`);
        }
      },
    ),
    { seed: 1, numRuns: 100 },
  );
});

interpolation('a cell is missing where the nearer end lacks it, and never otherwise', () => {
  const values = Float64Array.from([1, LACKING]);
  const places = {
    base: Uint32Array.from([0, 0, 1, 1]),
    other: Uint32Array.from([1, 1, 0, 0]),
    gap: Float64Array.from([0.4, 0.6, 0.4, 0.6]),
  };
  assert.equal(Array.from(backend.distance.interpolate([values], places)[0] as Float64Array, String), ['1', 'NaN', 'NaN', '1']);
});

interpolation('reaches all rows, all neighbours and the whole segment', () => {
  const near = { k: 2, index: Uint32Array.from([1, 2, 0, 2, 0, 1]) };
  const { base, other, gap } = drawPlaces(3000, near, Stream.fromSeed(5), backend);
  const pairs = new Map<string, number>();
  for (let i = 0; i < 3000; i++) pairs.set(`${base[i]}-${other[i]}`, (pairs.get(`${base[i]}-${other[i]}`) ?? 0) + 1);
  assert.is(pairs.size, 6);
  for (const [pair, count] of pairs)
    assert.ok(Math.abs(count - 500) < 5 * Math.sqrt((500 * 5) / 6), `${pair} was drawn ${count} times of 3000`);
  const mean = gap.reduce((sum, g) => sum + g, 0) / 3000;
  assert.ok(Math.abs(mean - 0.5) < 5 * Math.sqrt(1 / 12 / 3000), `mean gap ${mean}`);
  assert.ok(gap.every((g) => g >= 0 && g < 1));
});

interpolation('the neighbours vote, and missing votes like a level', () => {
  const near = { k: 3, index: Uint32Array.from([1, 2, 3, 0, 2, 3, 0, 1, 3, 0, 1, 2]) };
  const codes = Int32Array.from([0, 2, -1, -1]);
  assert.equal(mostVoted(codes, near, 0), [-1]); // 2 −1 −1
  assert.equal(mostVoted(codes, near, 1), [-1]); // 0 −1 −1
  assert.equal(mostVoted(codes, near, 2), [0, 2, -1]); // a tie of three
});

interpolation('ties are decided at random, with equal shares', () => {
  const near = { k: 2, index: Uint32Array.from([1, 2, 0, 2, 0, 1]) };
  const places = drawPlaces(2000, near, Stream.fromSeed(2), backend);
  const voted = vote(Int32Array.from([0, 1, 2]), near, { ...places, base: new Uint32Array(2000) }, Stream.fromSeed(3));
  const ones = voted.filter((code) => code === 1).length;
  assert.ok(voted.every((code) => code === 1 || code === 2));
  assert.ok(Math.abs(ones - 1000) < 5 * Math.sqrt(500), `${ones} of 2000`);
});

interpolation.run();
