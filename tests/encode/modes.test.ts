/** Mode-specific normalisation against scikit-learn's mixtures (golden transforms.json), and its encoder of whole tables. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { fitModeEncoder } from '../../ts/encode/mode-encoder.js';
import { drawMode, fitModes, fromMode, logDensity, type Modes, placeInMode, responsibilities } from '../../ts/encode/modes.js';
import { ComputeError } from '../../ts/errors.js';
import { Stream } from '../../ts/random.js';
import { isNumberColumn, type NumberColumn } from '../../ts/table/table.js';
import { allClose, close } from '../close.js';
import { FIXTURES, mixed } from '../contract/fixtures.js';
import { golden } from '../golden.js';

const { special } = await wasmBackend();
const modes = suite('modes');

const meanLogDensity = (fitted: Modes, x: ArrayLike<number>) =>
  Array.from(x, (v) => logDensity(fitted, v, special)).reduce((s, v) => s + v, 0) / x.length;

for (const c of golden('transforms', 'mode_specific_normalisation')) {
  const given: Modes = { weights: c.fit_weights, means: c.fit_means, deviations: c.fit_stds };

  modes(`golden ${c.name}: what a given mixture makes of numbers`, () => {
    c.probe.forEach((x: number, i: number) => {
      close(logDensity(given, x, special), c.plain_gmm_loglik[i], { rel: 1e-9, abs: 1e-9 }, `density of ${x}`);
      allClose(responsibilities(given, x, special), c.plain_gmm_responsibility[i], { rel: 1e-9, abs: 1e-15 }, `modes of ${x}`);
      const places = c.fit_means.map((_: number, k: number) => placeInMode(given, k, x));
      allClose(places, c.normalised_all_components[i], { rel: 1e-9, abs: 1e-12 }, `places of ${x}`);
      const back = places.map((place: number, k: number) => fromMode(given, k, place));
      allClose(back, c.back[i], { rel: 1e-9, abs: 1e-12 }, `back from the places of ${x}`);
    });
  });

  modes(`golden ${c.name}: a mode is drawn by its probability`, () => {
    const valid = c['valid_weight_gt_0.005'];
    const kept = c.fit_weights.map((_: number, k: number) => k).filter((k: number) => valid[k]);
    const pick = (values: number[]) => kept.map((k: number) => values[k]);
    const own: Modes = { weights: pick(c.fit_weights), means: pick(c.fit_means), deviations: pick(c.fit_stds) };
    c.probe.forEach((x: number, i: number) => {
      // the chance of mode k is where u = 0 … 1 changes from one mode to the next
      const raised = responsibilities(own, x, special).map((p) => p + 1e-6);
      const sum = raised.reduce((s, p) => s + p, 0);
      let from = 0;
      raised.forEach((p, k) => {
        const to = from + p / sum;
        if (p / sum > 1e-5) assert.is(drawMode(own, x, (from + to) / 2, special), k, `probe ${i}`);
        from = to;
      });
      assert.is(drawMode(own, x, 0, special), 0);
      assert.is(drawMode(own, x, 1 - 2 ** -53, special), own.weights.length - 1);
    });
  });

  modes(`golden ${c.name}: our own fit explains the numbers as well`, () => {
    const fitted = fitModes(Float64Array.from(c.x), special);
    assert.ok(fitted.weights.length <= c.max_clusters && fitted.weights.every((w) => w > 0.005));
    const got = meanLogDensity(fitted, c.x);
    assert.ok(got >= c.accept_if_own_fit_mean_loglik_ge, `${got} < ${c.accept_if_own_fit_mean_loglik_ge}`);
  });
}

/** Sums of uniform numbers about each centre. */
function clusters(centres: readonly number[], each: number, stream: Stream): Float64Array {
  return Float64Array.from({ length: centres.length * each }, (_, i) => {
    let sum = -6;
    for (let j = 0; j < 12; j++) sum += stream.uniform();
    return centres[i % centres.length]! + sum;
  });
}

modes('finds separate modes, with their weights, at any offset and scale', () => {
  for (const [shift, scale] of [
    [0, 1],
    [1e6, 1],
    [-3, 1e-9],
    [5e4, 1e7],
  ] as const) {
    const x = clusters([0, 0, 20], 60, Stream.fromSeed(2)).map((v) => shift + scale * v);
    const fitted = fitModes(x, special);
    const right = fitted.means.map((m) => (m - shift) / scale > 10);
    const weight = fitted.weights.reduce((s, w, k) => s + (right[k] ? w : 0), 0);
    close(weight, 1 / 3, { abs: 0.05 }, `weight of the right mode at ${shift}, ${scale}`);
    for (const v of x) {
      const shares = responsibilities(fitted, v, special);
      const k = shares.indexOf(Math.max(...shares));
      assert.is(right[k], (v - shift) / scale > 10, `${v} belongs to its side`);
      assert.ok(Math.abs(placeInMode(fitted, k, v)) < 0.99, `${v} lies within four deviations`);
    }
  }
});

modes('two numbers, many equal ones, and columns larger than what is fitted', () => {
  for (const values of [
    [1, 2],
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 7],
    [Number.NaN, 3, 3, 4],
    Array.from({ length: 40 }, (_, i) => (i < 20 ? 0 : i)),
  ]) {
    const fitted = fitModes(Float64Array.from(values), special);
    assert.ok(fitted.weights.length >= 1);
    assert.ok([...fitted.weights, ...fitted.means].every(Number.isFinite) && fitted.deviations.every((d) => d > 0), `${values}`);
    for (const v of values.filter((v) => !Number.isNaN(v))) assert.ok(Number.isFinite(logDensity(fitted, v, special)));
  }
  const large = clusters([0, 30], 3000, Stream.fromSeed(3));
  close(fitModes(large, special).means.filter((m) => m > 15).length > 0 ? 1 : 0, 1, {}, 'both modes of 6,000 numbers');
});

modes('the order of the rows does not matter', () => {
  const x = clusters([0, 5, 9], 50, Stream.fromSeed(4));
  assert.equal(fitModes(x.slice().reverse(), special), fitModes(x, special));
});

modes('an encoded table comes back as it was, up to what a mode cuts off', async () => {
  for (const [name, make] of Object.entries(FIXTURES)) {
    const { features } = make({ rows: 90, positives: 20 });
    const encoder = await fitModeEncoder(features, special);
    const stream = Stream.fromSeed(1);
    const { rows, codes } = await encoder.encode(features, () => stream.uniform());
    assert.is(rows.length, 90 * encoder.width);
    assert.is(codes.length, 90 * encoder.categories.length);
    for (let i = 0; i < 90; i++) {
      for (const { kind, start, width } of encoder.spans) {
        const span = [...rows.subarray(i * encoder.width + start, i * encoder.width + start + width)];
        if (kind === 'number') assert.ok(Math.abs(span[0]!) <= Math.fround(0.99));
        else assert.equal([...span].sort(), [...new Array(width - 1).fill(0), 1], `${name}: one of ${width}`);
      }
    }
    const back = encoder.decode(rows, 90);
    back.columns.forEach((column, c) => {
      const real = features.columns[c]!;
      if (!isNumberColumn(column)) {
        assert.equal(column, real);
        return;
      }
      column.values.forEach((v, i) => {
        const want = (real as NumberColumn).values[i]!;
        close(v, want, { rel: 1e-4, abs: 1e-4 }, `${name}: ${column.name}[${i}]`);
      });
    });
  }
});

modes('spans lie end to end: numbers with their modes first, categories last', async () => {
  const encoder = await fitModeEncoder(mixed({ rows: 80, positives: 30 }).features, special);
  let at = 0;
  for (const { start, width } of encoder.spans) {
    assert.is(start, at);
    at += width;
  }
  assert.is(encoder.width, at);
  assert.equal(encoder.spans.slice(-encoder.categories.length), encoder.categories);
  assert.equal(
    encoder.categories.map(({ column, kind, width }) => [column, kind, width]),
    [
      ['sex', 'onehot', 2],
      ['lactate', 'missing', 2],
      ['ward', 'onehot', 5],
      ['stage', 'onehot', 3],
      ['gcs', 'missing', 2],
    ],
  );
});

modes('a number that is none is an error, not a row', async () => {
  const { features } = mixed({ rows: 40, positives: 20 });
  const encoder = await fitModeEncoder(features, special);
  const { rows } = await encoder.encode(features, () => 0.5);
  rows[0] = Number.NaN;
  assert.throws(
    () => encoder.decode(rows, 40),
    (error: Error) => error instanceof ComputeError,
  );
});

modes.run();
