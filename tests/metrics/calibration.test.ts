import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { brier, calibration, priorShift } from '../../ts/metrics/calibration.js';
import { Stream } from '../../ts/random.js';
import { allClose, close } from '../close.js';

const { special } = await wasmBackend();
const logit = (p: number) => Math.log(p / (1 - p));
const expit = (x: number) => 1 / (1 + Math.exp(-x));

/** Probabilities and outcomes drawn from logit P(y = 1) = a + b·logit(p). */
function outcomes(n: number, a: number, b: number) {
  const stream = Stream.fromSeed(3).child(n);
  const p = Array.from({ length: n }, () => expit(5 * (stream.uniform() - 0.5) - 1));
  const y = p.map((value) => Number(stream.uniform() < expit(a + b * logit(value))));
  return { y, p };
}

const tests = suite('calibration');

tests('at the fit the residuals and their product with the logit sum to 0', () => {
  for (const [n, a, b] of [
    [15, 0, 1],
    [400, 0.5, 0.6],
    [3000, -2, 2.5],
  ] as const) {
    const { y, p } = outcomes(n, a, b);
    const { intercept, slope } = calibration(y, p, special);
    const residuals = p.map((value, i) => expit(intercept + slope * logit(value)) - (y[i] as number));
    close(
      residuals.reduce((sum, r) => sum + r, 0),
      0,
      { abs: 1e-8 * n },
      `${n} rows: Σ r`,
    );
    close(
      residuals.reduce((sum, r, i) => sum + r * logit(p[i] as number), 0),
      0,
      { abs: 1e-8 * n },
      `${n} rows: Σ r·logit`,
    );
  }
});

tests('finds the line that the outcomes were drawn from', () => {
  for (const [a, b] of [
    [0, 1],
    [1, 0.5],
    [-1, 2],
  ] as const) {
    const { y, p } = outcomes(40000, a, b);
    const { intercept, slope } = calibration(y, p, special);
    close(intercept, a, { abs: 0.15 }, 'intercept');
    close(slope, b, { abs: 0.1 }, 'slope');
  }
});

tests('is NaN where the likelihood has no maximum', () => {
  const none = { intercept: Number.NaN, slope: Number.NaN };
  assert.equal(calibration([1, 1, 1], [0.2, 0.5, 0.9], special), none, 'one class');
  assert.equal(calibration([0, 1, 0], [0.4, 0.4, 0.4], special), none, 'equal probabilities');
  assert.equal(calibration([0, 0, 1, 1], [0.1, 0.2, 0.7, 0.9], special), none, 'separated');
  assert.equal(calibration([1, 1, 0, 0], [0.1, 0.2, 0.7, 0.9], special), none, 'separated the wrong way round');
  assert.equal(calibration([0, 0, 1, 1], [0.1, 0.5, 0.5, 0.9], special), none, 'separated but for a tie at the cut');
  assert.equal(calibration([], [], special), none, 'no rows');
});

tests('takes certain probabilities, whose logit is infinite, as 1e-6 and 1 − 1e-6', () => {
  const y = [0, 1, 0, 1, 1, 0];
  const got = calibration(y, [0, 0, 0.3, 0.6, 1, 1], special);
  assert.equal(got, calibration(y, [1e-6, 1e-6, 0.3, 0.6, 1 - 1e-6, 1 - 1e-6], special));
  assert.ok(Number.isFinite(got.slope));
});

tests('Newton ends also where the classes hardly overlap', () => {
  const p = Array.from({ length: 200 }, (_, i) => (i + 1) / 201);
  const y = p.map((_, i) => Number(i >= 100));
  [y[99], y[100]] = [1, 0];
  const { intercept, slope } = calibration(y, p, special);
  assert.ok(slope > 10 && Number.isFinite(slope) && Number.isFinite(intercept));
});

tests('probabilities outside 0 … 1 are refused', () => {
  for (const bad of [Number.NaN, -0.1, 1.1]) {
    assert.throws(() => brier([0, 1], [0.5, bad]), /probability 2 of 2/);
    assert.throws(() => calibration([0, 1], [0.5, bad], special), /probability 2 of 2/);
  }
  assert.throws(() => brier([0], [0.1, 0.2]), /expected 1 probabilities, got 2/);
});

tests('prior shift: odds are multiplied, the way back restores, equal priors change nothing', () => {
  const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });
  fc.assert(
    fc.property(share, share, share, (p, from, to) => {
      const [moved] = priorShift([p], from, to) as unknown as [number];
      close(moved / (1 - moved), ((p / (1 - p)) * (to / (1 - to))) / (from / (1 - from)), { rel: 1e-9 });
      close(priorShift([moved], to, from)[0] as number, p, { rel: 1e-9 });
      close(priorShift([p], from, from)[0] as number, p, { rel: 1e-12 });
    }),
  );
  allClose(priorShift([0, 1], 0.5, 0.08), [0, 1], {});
  allClose(priorShift([0.5], 0.5, 0.08), [0.08], { rel: 1e-15 });
  for (const bad of [0, 1, Number.NaN]) assert.throws(() => priorShift([0.5], bad, 0.5), /"prior" expected/);
});

tests.run();
