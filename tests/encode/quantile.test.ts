import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { atRank, fitQuantiles, fromNormal, rankOf, toNormal } from '../../ts/encode/quantile.js';
import { fitScale } from '../../ts/encode/scale.js';
import { allClose, close } from '../close.js';
import { golden } from '../golden.js';
import { unclaimed } from '../unclaimed.js';

const normal = (await wasmBackend()).special;
const quantile = suite('quantile');
const EPS = Number.EPSILON;

/** numpy's ranks of the knots are off by up to Q · eps, which moves a knot by as much of the gap to its neighbour. */
for (const { name, x, n_quantiles, quantiles, probe, normal: scores, uniform, z, inverse } of golden(
  'transforms',
  'quantile_transformer',
)) {
  quantile(`golden ${name}`, () => {
    const fitted = fitQuantiles(Float64Array.from(x), 'saturated', n_quantiles);
    allClose(fitted.knots, quantiles, { abs: 2 * quantiles.length * EPS * Math.max(...quantiles.map(Math.abs)) }, 'knots');
    // the golden uniform ranks know no threshold at the ends and put a constant column at 0
    probe.forEach((value: number, i: number) => {
      const rank = Number.isNaN(value) || quantiles[0] === quantiles.at(-1) ? null : rankOf(fitted, value);
      const ends = value === quantiles[0] ? 0 : value === quantiles.at(-1) ? 1 : rank;
      if (ends !== null) close(ends, uniform[i], { abs: 1e-12 }, `rank of ${value}`);
    });
    probe.forEach((value: number, i: number) => {
      close(toNormal(fitted, value, normal), scores[i], { abs: Math.abs(scores[i]) > 5 ? 1e-6 : 1e-7 }, `score of ${value}`);
    });
    const size = Math.max(...quantiles.map(Math.abs));
    z.forEach((score: number, i: number) => {
      close(fromNormal(fitted, score, normal), inverse[i], { abs: 1e-9 * size }, `value at ${score}`);
    });
  });
}

/** The numbers of `x` that are there; sums of n terms of size |x| round by n · eps · |x|. */
for (const { name, x, center, scale, out } of golden('transforms', 'standard_scaler')) {
  quantile(`golden ${name}`, () => {
    const values = Float64Array.from(x);
    const { mean, sd } = fitScale(values);
    const size = Math.max(...values.filter((value) => !Number.isNaN(value)).map(Math.abs));
    close(mean, center, { abs: values.length * EPS * size }, 'mean');
    close(sd, scale, { rel: 1e-12, abs: values.length * EPS * size }, 'sd');
    allClose(
      values.map((value) => (value - mean) / sd),
      out,
      { abs: (2 * values.length * EPS * size) / sd + 1e-12 },
      'standardised',
    );
  });
}

quantile('every golden case is claimed or listed as not', () => {
  for (const { kind } of golden('transforms')) {
    const tested = ['quantile_transformer', 'standard_scaler', 'mode_specific_normalisation']; // the last in modes.test.ts
    assert.ok(tested.includes(kind) || kind in (unclaimed.transforms as object), kind);
  }
});

const values = fc.array(fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -1e6, max: 1e6, noNaN: true })), {
  minLength: 2,
  maxLength: 60,
});

quantile('a number comes back from its rank and from its score, and order is kept', () => {
  fc.assert(
    fc.property(values, (numbers) => {
      const x = Float64Array.from(numbers, (value) => value + 0);
      const fitted = fitQuantiles(x, 'ranked');
      const size = Math.max(...x.map(Math.abs), 1e-300);
      const sorted = x.slice().sort();
      let last = Number.NEGATIVE_INFINITY;
      for (const value of sorted) {
        close(atRank(fitted, rankOf(fitted, value)), value, { abs: 8 * EPS * size }, 'by rank');
        const score = toNormal(fitted, value, normal);
        assert.ok(score >= last && Number.isFinite(score));
        last = score;
        // ndtr(ndtri(p)) is p within a few eps; a rank moved by that moves a value by (N − 1) times as much, and the range at most
        close(fromNormal(fitted, score, normal), value, { abs: 64 * EPS * x.length * 2 * size }, 'by score');
      }
      for (const outside of [-1e9, 1e9]) assert.ok(Math.abs(toNormal(fitted, outside, normal)) < 4);
    }),
    { seed: 5, numRuns: 200 },
  );
});

quantile('ranked scores are normal: symmetric, of mean 0 and nearly of variance 1, whatever the distribution', () => {
  for (const n of [2, 3, 16, 17, 100, 1001, 2500]) {
    const fitted = fitQuantiles(
      Float64Array.from({ length: n }, (_, i) => i * i * i),
      'ranked',
    );
    const scores = Array.from({ length: n }, (_, i) => toNormal(fitted, i * i * i, normal));
    const mean = scores.reduce((sum, z) => sum + z, 0) / n;
    const variance = scores.reduce((sum, z) => sum + z * z, 0) / n;
    if (n <= 1000) close(mean, 0, { abs: 1e-12 }, `mean of ${n}`);
    assert.ok(Math.abs(mean) < 0.01 && variance < 1.001 && variance > 1 - 3 / n - 0.002, `${n}: ${mean}, ${variance}`);
  }
});

quantile('evenly spread probabilities bring every tied number back as often as it was', () => {
  const x = Float64Array.from([...new Array(70).fill(0), ...new Array(20).fill(1), ...new Array(9).fill(2), 8]);
  const fitted = fitQuantiles(x, 'ranked');
  const counts = new Map<number, number>();
  for (let i = 0; i < 1000; i++) {
    const value = Math.round(fromNormal(fitted, normal.ndtri((i + 0.5) / 1000), normal));
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  close(counts.get(0) as number, 700, { abs: 1 });
  close(counts.get(1) as number, 200, { abs: 1 });
  close(counts.get(2) as number, 86, { abs: 1 }); // the half step from 2 up to the single 8 is spread over 2.5 … 8
  assert.is(counts.get(8), Math.round(10 * (0.5 + 0.5 / 6)));
});

quantile('knots: one number, ties only, more numbers than knots, missing ones', () => {
  assert.equal(fitQuantiles(Float64Array.of(4), 'ranked').knots, [4]);
  const one = fitQuantiles(Float64Array.of(Number.NaN, 4), 'ranked');
  assert.is(one.count, 1);
  assert.is(toNormal(one, 4, normal), 0);
  assert.is(fromNormal(one, 1.5, normal), 4);
  assert.ok(Number.isNaN(toNormal(one, Number.NaN, normal)));
  const many = fitQuantiles(
    Float64Array.from({ length: 4001 }, (_, i) => i),
    'ranked',
  );
  assert.is(many.knots.length, 1000);
  close(many.knots[500] as number, (4000 * 500) / 999, { rel: 1e-12 });
  assert.is(many.knots[999], 4000);
});

quantile.run();
