/** Gradient histograms against float64 sums; their sums are exact, hence compared without tolerance. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Stream } from '../../ts/random.js';
import { coreMemory } from '../core.js';

const FEATURE = 256 * 16 + 64; // bytes, as in assembly/histogram.ts
const memory = await coreMemory();
const { core } = memory;

interface Rows {
  readonly n: number;
  readonly d: number;
  readonly codes: Uint8Array; // (n, d)
  readonly gradients: Float32Array; // (n, 2)
  readonly bins: Int32Array; // (d)
}

function randomRows(n: number, d: number, most: number, seed: number): Rows {
  const stream = Stream.fromSeed(seed).child(n).child(d);
  const bins = Int32Array.from({ length: d }, () => 1 + stream.below(most));
  const codes = new Uint8Array(n * d);
  for (let i = 0; i < n; i++) for (let f = 0; f < d; f++) codes[i * d + f] = stream.below((bins[f] as number) + 1);
  const unit = 2 ** -22;
  const gradients = Float32Array.from({ length: 2 * n }, (_, i) => (i % 2 ? stream.uniform() : stream.uniform() * 2 - 1));
  return { n, d, codes, bins, gradients: gradients.map((g) => Math.round(g / unit) * unit) };
}

/** Sums of `rows` in row order, reversed or not, as the core's histogram leaves them: (d, bins + 1, 2). */
function withCore({ d, codes, gradients, bins }: Rows, rows: Uint32Array, minus?: Uint32Array): number[][][] {
  const mark = memory.mark();
  const [codesAt, gradientsAt, binsAt] = [memory.put(codes), memory.put(gradients), memory.put(bins)];
  const build = (of: Uint32Array): number => {
    const at = memory.put(new Uint8Array(d * FEATURE).fill(0xff)); // NaN unless cleared
    core.clearHistogram?.(at, binsAt, d);
    core.histogram?.(memory.put(of), of.length, codesAt, d, gradientsAt, at);
    return at;
  };
  const at = build(rows);
  if (minus) core.subtractHistogram?.(at, build(minus), binsAt, d);
  const sums = Array.from({ length: d }, (_, f) => {
    const entries = memory.get(at + f * FEATURE, ((bins[f] as number) + 1) * 2, Float64Array);
    return Array.from({ length: (bins[f] as number) + 1 }, (_, b) => [entries[2 * b] as number, entries[2 * b + 1] as number]);
  });
  memory.release(mark);
  return sums;
}

function naive({ d, codes, gradients, bins }: Rows, rows: Uint32Array): number[][][] {
  const sums = Array.from({ length: d }, (_, f) => Array.from({ length: (bins[f] as number) + 1 }, () => [0, 0]));
  for (const i of rows) {
    for (let f = 0; f < d; f++) {
      const entry = sums[f]?.[codes[i * d + f] as number] as number[];
      entry[0] = (entry[0] as number) + (gradients[2 * i] as number);
      entry[1] = (entry[1] as number) + (gradients[2 * i + 1] as number);
    }
  }
  return sums;
}

const histogram = suite('histogram');

histogram('sums of any number of rows and features, in any order', () => {
  for (const n of [1, 3, 4, 5, 15, 16, 17, 400]) {
    for (const d of [1, 3, 4, 5, 7, 8, 9, 17, 65, 130]) {
      const data = randomRows(n, d, 255, 1);
      const rows = Stream.fromSeed(2).permutation(n);
      assert.equal(withCore(data, rows), naive(data, rows.slice().sort()), `${n}×${d}`);
    }
  }
});

histogram('the sibling by subtraction is the sibling', () => {
  for (const n of [2, 5, 17, 400]) {
    const data = randomRows(n, 5, 9, 3);
    const order = Stream.fromSeed(4).permutation(n);
    const [left, right] = [order.slice(0, n >> 1), order.slice(n >> 1)];
    assert.equal(withCore(data, order, left), naive(data, right), `${n} rows`);
  }
});

histogram('the unit leaves room for every sum', () => {
  const unit = core.exactUnit as (sum: number) => number;
  for (const sum of [1e-30, 0.1, 0.5, 1, 1.5, 2, 1000, 123456.789, 1e12]) {
    const u = unit(sum);
    assert.ok(sum < u * 2 ** 52 && sum >= u * 2 ** 51, `${sum} in units of ${u}`);
    assert.is(Math.log2(u) % 1, 0, 'a power of two');
  }
  assert.ok(unit(0) > 0);
});

histogram.run();
