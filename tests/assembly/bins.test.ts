/** Quantile bins: what a code says about a value, for few and many distinct values, with missing ones, in both layouts. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Stream } from '../../ts/random.js';
import { coreMemory } from '../core.js';

const BINS = 256;
const SIZES = [1, 2, 3, 4, 5, 15, 16, 17, 254, 255, 256, 257, 1000];
const memory = await coreMemory();
const { core } = memory;

interface Binned {
  readonly code: (row: number, feature: number) => number;
  readonly lower: Float32Array;
  readonly upper: Float32Array;
  readonly bins: Int32Array;
  readonly missing: Int32Array;
}

/** x (n, d) row-major; codes as the core leaves them, feature by feature, or turned into rows. */
function bin(x: Float32Array, d: number, maxBins: number, byRow: boolean): Binned {
  const n = x.length / d;
  const mark = memory.mark();
  const codes = memory.put(new Uint8Array(n * d));
  const [lower, upper] = [memory.alloc(d * BINS * 4), memory.alloc(d * BINS * 4)];
  const [bins, missing] = [memory.alloc(d * 4), memory.alloc(d * 4)];
  const scratch = memory.alloc(core.binScratch?.(n) as number);
  const columns = memory.matrix(d, n);
  memory.writeColumns(columns, x, d, 0, d);
  core.binFeatures?.(columns.ptr, n, d, maxBins, codes, lower, upper, bins, missing, scratch);
  const rows = memory.put(new Uint8Array(n * d));
  core.codeRows?.(codes, n, d, rows);
  const all = memory.get(byRow ? rows : codes, n * d, Uint8Array);
  const found = {
    code: (row: number, feature: number) => all[byRow ? row * d + feature : feature * n + row] as number,
    lower: memory.get(lower, d * BINS, Float32Array),
    upper: memory.get(upper, d * BINS, Float32Array),
    bins: memory.get(bins, d, Int32Array),
    missing: memory.get(missing, d, Int32Array),
  };
  memory.release(mark);
  return found;
}

/** Every value lies in its bin, bins are in order and not empty, missing is the bin after the last. */
function check(x: Float32Array, d: number, maxBins: number, { code, lower, upper, bins, missing }: Binned, what: string): void {
  const n = x.length / d;
  for (let f = 0; f < d; f++) {
    const count = bins[f] as number;
    const edge = (edges: Float32Array, b: number) => edges[f * BINS + b] as number;
    const rows = Array.from({ length: count + 1 }, () => 0);
    for (let i = 0; i < n; i++) {
      const [value, b] = [x[i * d + f] as number, code(i, f)];
      rows[b] = (rows[b] as number) + 1;
      if (Number.isNaN(value)) assert.is(b, count, `${what}: missing`);
      else assert.ok(b < count && edge(lower, b) <= value && value <= edge(upper, b), `${what}: ${value} in bin ${b}`);
    }
    assert.is(rows[count], missing[f], `${what}: missing values of feature ${f}`);
    const values = new Set(Array.from({ length: n }, (_, i) => x[i * d + f] as number).filter((value) => !Number.isNaN(value)));
    const most = Math.min(maxBins, BINS - 1);
    if (values.size <= most) assert.is(count, values.size, `${what}: a bin for each distinct value`);
    else assert.ok(count <= most && count > most / 2, `${what}: ${count} bins`);
    for (let b = 0; b < count; b++) {
      assert.ok((rows[b] as number) > 0, `${what}: bin ${b} holds rows`);
      assert.ok(edge(lower, b) <= edge(upper, b), `${what}: bin ${b} is in order`);
      if (b > 0) assert.ok(edge(upper, b - 1) < edge(lower, b), `${what}: bin ${b} lies above the one before`);
      assert.ok(values.has(edge(lower, b)) && values.has(edge(upper, b)), `${what}: edges are data values`);
    }
  }
}

const bins = suite('bins');

bins('any size, few and many values, with missing ones, both layouts', () => {
  const stream = Stream.fromSeed(3);
  for (const n of SIZES) {
    for (const levels of [0, 1, 2, 7, 300]) {
      for (const maxBins of [2, 3, 16, 255, 256]) {
        const d = 3;
        const draw = () => (levels ? stream.below(levels) - 1 : stream.uniform() * 10 - 5);
        const x = Float32Array.from({ length: n * d }, () => (stream.uniform() < 0.1 ? Number.NaN : draw()));
        for (const byRow of [true, false]) {
          check(x, d, maxBins, bin(x, d, maxBins, byRow), `${n} rows, ${levels} levels, ${maxBins} bins`);
        }
      }
    }
  }
});

bins('bins of distinct values hold nearly the same number of rows', () => {
  const stream = Stream.fromSeed(4);
  for (const n of [256, 300, 1000, 5000]) {
    const { code, bins: counts } = bin(
      Float32Array.from({ length: n }, () => stream.uniform()),
      1,
      256,
      true,
    );
    const rows = new Int32Array(counts[0] as number);
    for (let i = 0; i < n; i++) rows[code(i, 0)] = (rows[code(i, 0)] as number) + 1;
    const even = n / (counts[0] as number);
    for (const count of rows) assert.ok(count >= even - 2 && count <= even + 2, `${count} rows of ${n} in a bin`);
  }
});

bins('neighbouring floats, both zeros, infinities and subnormal numbers', () => {
  const next = (value: number) =>
    new Float32Array(new Uint32Array([(new Uint32Array(Float32Array.of(value).buffer)[0] as number) + 1]).buffer)[0];
  const values = [1, next(1) as number, 0, -0, Infinity, -Infinity, 1e-45, -1e-45, 3e38, Number.NaN];
  const { code, bins: counts, missing } = bin(Float32Array.from(values), 1, 256, true);
  const order = [-Infinity, -1e-45, 0, 1e-45, 1, next(1) as number, 3e38, Infinity].map(Math.fround);
  assert.is(counts[0], order.length);
  assert.is(missing[0], 1);
  values.slice(0, -1).forEach((value, row) => {
    assert.is(code(row, 0), order.indexOf(Math.fround(value) || 0), `${value}`);
  });
});

bins('nothing but missing values', () => {
  const { code, bins: counts, missing } = bin(new Float32Array(5).fill(Number.NaN), 1, 256, true);
  assert.equal([counts[0], missing[0], code(4, 0)], [0, 5, 0]);
});

bins.run();
