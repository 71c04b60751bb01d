/** The tuned rival: its scaling against an oracle, predictions out of fold, groups kept together. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { fitTuned, plattScaling } from '../../ts/classify/tuned.js';
import { type FeatureMatrix, fitFeatures } from '../../ts/encode/features.js';
import { InputError } from '../../ts/errors.js';
import { brier } from '../../ts/metrics/calibration.js';
import { auroc } from '../../ts/metrics/classification.js';
import { Stream } from '../../ts/random.js';
import { close } from '../close.js';
import { mixed } from '../contract/fixtures.js';

const backend = await wasmBackend();
const { special } = backend;
const run = { backend };
const data = mixed({ rows: 240, positives: 48 });
const features = fitFeatures(data.features).features(data.features);
const stream = () => Stream.fromSeed(5);

const logit = (p: number) => {
  const inside = Math.min(1 - 1e-6, Math.max(1e-6, p));
  return Math.log(inside / (1 - inside));
};
const targetsOf = (y: Uint8Array) => {
  const positive = y.reduce((sum, label) => sum + label, 0);
  return Array.from(y, (label) => (label ? (positive + 1) / (positive + 2) : 1 / (y.length - positive + 2)));
};
const lossOf = (y: Uint8Array, p: Float32Array, a: number, b: number) =>
  targetsOf(y).reduce((sum, t, i) => {
    const q = 1 / (1 + Math.exp(-(a + b * logit(p[i] as number))));
    return sum - t * Math.log(q) - (1 - t) * Math.log(1 - q);
  }, 0);

/** Scores that lean to the class. */
function scores(n: number, positives: number, lean: number) {
  const draw = Stream.fromSeed(8).child(n);
  const y = Uint8Array.from({ length: n }, (_, i) => Number(i < positives));
  return { y, p: Float32Array.from(y, (label) => Math.min(1, Math.max(0, 0.9 * draw.uniform() + lean * label))) };
}

const tuned = suite('tuned rival');

tuned('scaling: the gradient of the likelihood on smoothed targets is 0, and no line near is better', () => {
  for (const [n, positives, lean] of [
    [4, 1, 0.2],
    [15, 5, 0.3],
    [17, 8, 0.95], // separated: only the smoothed targets keep it finite
    [400, 30, 0.2],
    [3000, 900, 0.1],
  ] as const) {
    const { y, p } = scores(n, positives, lean);
    const { intercept, slope } = plattScaling(y, p, special);
    assert.ok(slope > 0 && Number.isFinite(slope) && Number.isFinite(intercept), `${n} rows`);
    const targets = targetsOf(y);
    const residuals = targets.map((t, i) => 1 / (1 + Math.exp(-(intercept + slope * logit(p[i] as number)))) - t);
    const total = residuals.reduce((sum, r) => sum + r, 0);
    const product = residuals.reduce((sum, r, i) => sum + r * logit(p[i] as number), 0);
    close(total, 0, { abs: 1e-8 * n }, `${n} rows: Σ r`);
    close(product, 0, { abs: 1e-7 * n }, `${n} rows: Σ r·logit`);
    const best = lossOf(y, p, intercept, slope);
    for (const [da, db] of [
      [0.05, 0],
      [-0.05, 0],
      [0, 0.05],
      [0, -0.05],
    ] as const)
      assert.ok(lossOf(y, p, intercept + da, slope + db) > best, `${n} rows: ${da} ${db}`);
  }
});

tuned('scaling leaves probabilities as they are where it would turn or level their order', () => {
  const identity = { intercept: 0, slope: 1 };
  assert.equal(plattScaling(Uint8Array.of(0, 0, 1, 1), Float32Array.of(0.9, 0.8, 0.2, 0.1), special), identity, 'the wrong way round');
  assert.equal(plattScaling(Uint8Array.of(0, 1, 0, 1), new Float32Array(4).fill(0.3), special), identity, 'all equal');
  assert.equal(plattScaling(Uint8Array.of(0, 1, 0, 1), new Float32Array(4), special), identity, 'all 0');
});

tuned('ranks and calibrates rows that it has not seen', async () => {
  const fresh = mixed({ rows: 600, positives: 120, seed: 12 });
  const encoder = fitFeatures(data.features);
  const model = await fitTuned(features, data.y, null, stream(), run);
  const p = await model.predict(encoder.features(fresh.features));
  const share = 0.2 * 0.8;
  assert.ok(auroc(fresh.y, p) > 0.75, `AUROC ${auroc(fresh.y, p)}`);
  assert.ok(brier(fresh.y, p) < 0.85 * share, `Brier ${brier(fresh.y, p)}`);
});

tuned('predictions of training rows are out of fold, scaled by the same line, and one stream gives one model', async () => {
  const model = await fitTuned(features, data.y, null, stream(), run);
  const seen = await model.predict(features);
  assert.is(model.outOfFold.length, data.y.length);
  assert.ok(model.outOfFold.every((p) => p > 0 && p < 1));
  const fit = auroc(data.y, seen);
  const honest = auroc(data.y, model.outOfFold);
  assert.ok(fit > 0.97 && honest < fit - 0.03, `seen ${fit}, out of fold ${honest}`);
  const again = await fitTuned(features, data.y, null, stream(), run);
  assert.equal(again.outOfFold, model.outOfFold);
  assert.equal(await again.predict(features), seen);
  assert.not.equal((await fitTuned(features, data.y, null, Stream.fromSeed(6), run)).outOfFold, model.outOfFold);
});

tuned('a row learns nothing from its own label, nor from its group', async () => {
  // Each patient stands five times, with the same values: only groups keep the copies out of the training folds.
  const draw = Stream.fromSeed(2);
  const noise = Float32Array.from({ length: 60 * 3 }, () => draw.uniform());
  const values = new Float32Array(300 * 3);
  const y = new Uint8Array(300);
  const group = new Int32Array(300);
  for (let row = 0; row < 300; row++) {
    group[row] = row % 60;
    y[row] = Number(row % 60 < 24);
    values.set(noise.subarray((row % 60) * 3, (row % 60) * 3 + 3), row * 3);
  }
  const noisy: FeatureMatrix = { rows: 300, cols: 3, values, spans: [] };
  const apart = await fitTuned(noisy, y, null, stream(), run);
  const together = await fitTuned(noisy, y, group, stream(), run);
  assert.ok(auroc(y, apart.outOfFold) > 0.95, `rows: ${auroc(y, apart.outOfFold)}`);
  assert.ok(auroc(y, together.outOfFold) < 0.75, `groups: ${auroc(y, together.outOfFold)}`);
});

tuned('two positive rows are enough, one is not', async () => {
  const cols = 1;
  const small = (positives: number) => {
    const y = Uint8Array.from({ length: 17 }, (_, i) => Number(i < positives));
    return fitTuned({ rows: 17, cols, values: Float32Array.from(y, (label, i) => label * 3 + i / 17), spans: [] }, y, null, stream(), run);
  };
  const model = await small(2);
  assert.ok(model.outOfFold.every((p) => p > 0 && p < 1));
  const error = await small(1).catch((reason: unknown) => reason as Error);
  assert.instance(error, InputError);
  assert.match((error as Error).message, /1 positive rows/);
});

tuned.run();
