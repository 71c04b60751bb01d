import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { fitFeatures } from '../../ts/encode/features.js';
import { auroc } from '../../ts/metrics/classification.js';
import { shareCloserToTraining } from '../../ts/metrics/neighbours.js';
import {
  advantage,
  attackRisk,
  closerToTraining,
  membershipAttack,
  nearestCounts,
  nearestNeighbourRatios,
  nearestOfOthers,
  nearestRows,
  wilson,
} from '../../ts/metrics/privacy.js';
import { fiveNumbers } from '../../ts/metrics/quantiles.js';
import { oneRowEach, percentileInterval, resampled, rowsByPatient } from '../../ts/metrics/resampling.js';
import type { Rows } from '../../ts/metrics/rows.js';
import { Stream } from '../../ts/random.js';
import type { Table } from '../../ts/table/table.js';
import { allClose, close } from '../close.js';
import { golden } from '../golden.js';

const backend = await wasmBackend();
const stream = Stream.fromSeed(3);
const tests = suite('privacy');

const tableOf = (rows: readonly (readonly number[])[]): Table => ({
  rows: rows.length,
  columns: (rows[0] ?? []).map((_, c) => ({
    name: `c${c}`,
    kind: 'numeric' as const,
    values: Float64Array.from(rows, (row) => row[c] as number),
    decimals: -1,
  })),
});
const line = (...values: number[]): Rows => ({ rows: values.length, cols: 1, values: Float64Array.from(values) });

tests('distances, their ratios and the membership attack by distance: golden', async () => {
  for (const c of golden('privacy_fairness_stats', 'distance_privacy')) {
    const encoder = fitFeatures(tableOf(c.train));
    const [train, holdout, synth] = [c.train, c.holdout, c.synth].map((rows) => encoder.standardised(tableOf(rows))) as unknown as [
      Rows,
      Rows,
      Rows,
    ];
    // float32 coordinates of size s: differences carry an error of s·2⁻²³, and so do distances over few columns
    const size = Math.max(...[...train.values, ...holdout.values, ...synth.values].map(Math.abs));
    const tolerance = { abs: 8 * size * 2 ** -23 };
    const near = await nearestRows(backend, synth, train, 2);
    const dcr = near.distances.filter((_, i) => i % near.k === 0);
    allClose(dcr, c.dcr, tolerance, `${c.name} dcr`);
    const five = fiveNumbers(dcr);
    for (const key of ['min', 'p5', 'median', 'p95', 'max'] as const) close(five[key], c.dcr_summary[key], tolerance, `${c.name} ${key}`);
    allClose((await nearestRows(backend, synth, holdout, 1)).distances, c.dcr_holdout, tolerance, `${c.name} holdout`);
    allClose((await nearestRows(backend, train, train, 1, true)).distances, c.train_loo_nn, tolerance, `${c.name} among training rows`);
    const nndr = nearestNeighbourRatios(near);
    for (const [i, ratio] of nndr.entries()) {
      const second = near.distances[2 * i + 1] as number;
      close(ratio, c.nndr[i], { abs: second === 0 ? 0 : (2 * tolerance.abs) / second }, `${c.name} nndr[${i}]`);
    }
    close(await shareCloserToTraining(backend, synth, train, holdout), c.share_closer_to_train, { abs: 1e-12 }, `${c.name} share`);
    const scores = async (rows: Rows) => (await nearestRows(backend, rows, synth, 1)).distances.map((d) => -d);
    const [members, others] = [await scores(train), await scores(holdout)];
    allClose([...members, ...others], c.mia_scores_train_then_holdout, tolerance, `${c.name} scores`);
    const y = [...members.map(() => 1), ...others.map(() => 0)];
    close(auroc(y, [...members, ...others]), c.mia_auc, { abs: 1e-12 }, `${c.name} auc`);
    close(advantage(y, [...members, ...others]), c.mia_max_advantage_tpr_minus_fpr, { abs: 1e-12 }, `${c.name} advantage`);
    const texts = new Set(c.train.map(String));
    assert.is(c.synth.filter((row: number[]) => texts.has(String(row))).length, c.exact_copies);
  }
});

tests("rates and risks: golden, and anonymeter's own numbers", () => {
  for (const c of golden('privacy_fairness_stats', 'attack_rate')) {
    const [attack, control] = [wilson(c.n_success, c.n_attacks), wilson(c.control_success, c.n_control)];
    const exact = { abs: 1e-12 };
    close(attack.centre, c.wilson_centre, exact);
    close(attack.halfWidth, c.wilson_halfwidth, exact);
    close(control.centre, c.control_centre, exact);
    close(control.halfWidth, c.control_halfwidth, exact);
    close(attackRisk(attack, control).value, c.risk_point, exact, 'risk');
    close(attack.low, c.ci_wilson_lo, exact);
    close(attack.high, c.ci_wilson_hi, exact);
  }
  const counts = golden('anonymeter_check').filter((c) => 'k_control' in c);
  assert.ok(counts.length >= 3);
  for (const c of counts) {
    const [attack, control] = [wilson(c.k, c.n), wilson(c.k_control, c.n_control)];
    allClose([attack.centre, attack.halfWidth], c.attack, { abs: 1e-12 });
    allClose([control.centre, control.halfWidth], c.control, { abs: 1e-12 });
    const risk = attackRisk(attack, control);
    if (c.risk) allClose([risk.value, risk.low, risk.high], [c.risk[0], ...c.risk[1]], { abs: 1e-9 }, 'risk');
    else assert.is(risk.value, 0, 'a control that does better leaves no risk');
  }
});

tests('nearest rows of other patients pass over their own', async () => {
  const rows = line(0, 0.1, 5, 5.1, 9);
  const patients = [1, 1, 2, 2, 3];
  const found = await nearestRows(backend, rows, rows, 2, true);
  allClose(nearestOfOthers(found, patients, patients), [5, 4.9, 4, 3.9, 3.9], { abs: 1e-6 });
  assert.ok(
    nearestOfOthers(await nearestRows(backend, rows, rows, 1, true), patients, patients)
      .slice(0, 4)
      .every(Number.isNaN),
  );
  assert.is((await nearestRows(backend, line(), rows, 2)).k, 0);
});

tests('each synthetic row counts once, equal distances share it', async () => {
  const counts = nearestCounts(await nearestRows(backend, line(-1, -1, 0, 2), line(-1, 1), 2), 2);
  assert.equal([...counts], [2.5, 1.5]);
});

tests('closer to training: chance is the share of training patients, weights go with patients', () => {
  const member = Uint8Array.from([1, 1, 1, 0]);
  const even = closerToTraining(Float64Array.from([5, 5, 5, 5]), member, [0, 1, 2, 3], stream);
  close(even.value, 0.75, { abs: 1e-12 });
  close(even.chance, 0.75, { abs: 1e-12 });
  assert.is(even.p, 1);
  const rows = 60;
  const half = Uint8Array.from({ length: rows }, (_, i) => (i < rows / 2 ? 1 : 0));
  const all = closerToTraining(
    Float64Array.from(half),
    half,
    Array.from(half, (_, i) => i),
    stream,
  );
  assert.is(all.value, 1);
  close(all.chance, 0.5, { abs: 0.05 });
  assert.ok(all.p <= 0.001 && all.interval.high < 0.8);
  // the same counts, but every row of one patient: nothing can be told
  const one = closerToTraining(
    Float64Array.from(half),
    half,
    Array.from(half, (m) => m),
    stream,
  );
  assert.ok(one.p > 0.3, `two patients, p ${one.p}`);
});

tests('a membership attack: AUROC with an interval over patients', () => {
  const scores = (n: number, shift: number, label: string) => {
    const draws = stream.child(label);
    return {
      scores: Float64Array.from({ length: n }, () => shift + draws.uniform()),
      patients: Int32Array.from({ length: n }, (_, i) => i),
    };
  };
  const blind = membershipAttack(scores(80, 0, 'a'), scores(60, 0, 'b'), stream.child('blind'));
  assert.ok(blind.low < 0.5 && blind.high > 0.5 && blind.low <= blind.auc && blind.auc <= blind.high);
  const seeing = membershipAttack(scores(80, 0.5, 'a'), scores(60, 0, 'b'), stream.child('seeing'));
  assert.ok(seeing.low > 0.75 && seeing.auc > 0.8 && seeing.advantage > 0.4);
  // eight copies of each patient widen nothing and narrow nothing
  const repeat = ({ scores: s }: { scores: Float64Array }) => ({
    scores: Float64Array.from({ length: 8 * s.length }, (_, i) => s[i >> 3] as number),
    patients: Int32Array.from({ length: 8 * s.length }, (_, i) => i >> 3),
  });
  const repeated = membershipAttack(repeat(scores(80, 0.5, 'a')), repeat(scores(60, 0, 'b')), stream.child('seeing'));
  close(repeated.auc, seeing.auc, { abs: 1e-12 });
  close(repeated.low, seeing.low, { abs: 1e-12 });
});

tests('resampling keeps patients whole, and intervals say when there is none', () => {
  const patients = rowsByPatient([7, 3, 7, 3, 3, 9]);
  assert.equal(
    patients.map((rows) => [...rows]),
    [[0, 2], [1, 3, 4], [5]],
  );
  for (let b = 0; b < 20; b++) {
    const rows = [...resampled(patients, stream.child(b))];
    const count = (row: number) => rows.filter((other) => other === row).length;
    assert.is(count(0), count(2));
    assert.is(count(1), count(4));
  }
  const [a, b, c] = oneRowEach(patients, stream) as unknown as [number, number, number];
  assert.equal([...new Set([a, b, c].map((row) => [7, 3, 7, 3, 3, 9][row]))].sort(), [3, 7, 9]);
  const values = Array.from({ length: 101 }, (_, i) => i);
  const { low, high } = percentileInterval(values);
  close(low, 2.5, { abs: 1e-12 });
  close(high, 97.5, { abs: 1e-12 });
  assert.ok(Number.isNaN(percentileInterval([...values, ...Array(40).fill(Number.NaN)]).low), 'too many are undefined');
  assert.not(Number.isNaN(percentileInterval([...values, ...Array(10).fill(Number.NaN)]).low));
});

tests.run();
