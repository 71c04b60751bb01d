/** Methods compared on the splits that both have. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { correctedP, holm, lowerIsBetter } from '../../ts/study/comparisons.js';
import { summarise } from '../../ts/study/summarise.js';
import type { Comparison, Summary } from '../../ts/study/summary.js';
import { allClose, close } from '../close.js';
import { golden } from '../golden.js';
import { unclaimed } from '../unclaimed.js';
import { facts, linesOf, manifestOf } from './lines.js';
import { column, line, small, utility } from './small-study.js';

const { special } = await wasmBackend();
const test = suite('study/comparisons');
const EXACT = { rel: 1e-13, abs: 1e-15 };
const comparison = (summary: Summary, method: string, field: string, reference: string, referenceField = field): Comparison | undefined =>
  summary.comparisons.find(
    (c) => c.method === method && c.field === field && c.reference === reference && c.reference_field === referenceField,
  );

test('corrected resampled t-test against closed forms', () => {
  // n = 2: σ² = 0.02, t = 0.2 / √((1/2 + 1/4) 0.02); with one degree of freedom p = 1 − 2/π · atan t
  const t2 = 0.2 / Math.sqrt(0.75 * 0.02);
  close(correctedP([0.1, 0.3], special) ?? Number.NaN, 1 - (2 / Math.PI) * Math.atan(t2), { rel: 1e-11 }, 'n = 2');
  // n = 3: two degrees of freedom, p = 1 − t / √(2 + t²)
  const t3 = 2 / Math.sqrt((1 / 3 + 1 / 4) * 1);
  close(correctedP([-1, -2, -3], special) ?? Number.NaN, 1 - t3 / Math.sqrt(2 + t3 * t3), { rel: 1e-11 }, 'n = 3');
  close(correctedP([-1, 1], special) ?? Number.NaN, 1, { rel: 1e-12 }, 'no mean');
  assert.is(correctedP([0.1], special), null);
  assert.is(correctedP([], special), null);
  assert.is(correctedP([0.1 + 0.2, 0.3, 0.3], special), null, 'a spread of rounding errors is none');
});

/** Kinds of the same file that ranks.test.ts and the tests of metrics/ check. */
const ELSEWHERE = ['friedman', 'distance_privacy', 'attack_rate', 'fairness'];

test('Holm’s adjustment (golden)', () => {
  const passed = unclaimed.privacy_fairness_stats!;
  for (const { kind, p, adjusted, ...rest } of golden('privacy_fairness_stats')) {
    if (kind in passed || ELSEWHERE.includes(kind)) continue;
    assert.is(kind, 'holm');
    for (const field of Object.keys(rest)) assert.ok(field in passed, `unclaimed ${field}`);
    allClose(holm(p), adjusted, { rel: 1e-12 }, 'holm');
  }
  assert.equal(holm([]), []);
});

test('comparisons pair the splits that both have, and count the better ones by the sense of the field', () => {
  const lines = [
    ...column('none', 'brier', [0.04, 0.05, 0.06]),
    line('smote', 0, { brier: 0.05 }),
    line('smote', 2, { brier: 0.04 }),
    line('smote', 3, { brier: 0.9 }),
  ];
  const got = comparison(summarise(lines, small(), special), 'smote', 'brier', 'none');
  assert.is(got?.n, 2);
  close(got?.difference ?? Number.NaN, -0.005, { abs: 1e-15 });
  assert.is(got?.better, 1);
  close(got?.p ?? Number.NaN, correctedP([0.05 - 0.04, 0.04 - 0.06], special) ?? 0, EXACT);
  assert.ok(lowerIsBetter('mmd2_u_excess') && !lowerIsBetter('ap'));
});

test('each method against none, weight and smote; weights against none only; F1 also against the tuned cut-off', () => {
  const manifest = manifestOf({ datasets: [facts('a')], classifiers: ['rf'], splits: 2, ratios: [1, 0.25] });
  const { comparisons } = summarise(linesOf(manifest), manifest, special);
  const pairs = new Set(comparisons.map((c) => `${c.method} ${c.reference}`));
  const wanted = [
    'weight none',
    'random none',
    'random weight',
    'random smote',
    'smote none',
    'smote weight',
    'tabddpm none',
    'tabddpm weight',
    'tabddpm smote',
  ];
  assert.equal([...pairs].sort(), wanted.sort());
  const crossed = comparisons.filter((c) => c.reference_field !== c.field);
  assert.ok(crossed.every((c) => c.field === 'f1' && c.reference_field === 'f1_tuned' && c.reference === 'none'));
  assert.is(crossed.length, 8); // four methods at two ratios
  const likeness = comparisons.filter((c) => c.field === 'mmd2_u_excess');
  assert.ok(likeness.every((c) => c.reference === 'smote' && c.classifier === null));
  assert.is(likeness.length, 4);
});

test('nothing added stands once, whatever the ratios, and serves all; class weights have a ratio', () => {
  const manifest = small({ ratios: [1, 0.25], splits: 2 });
  const lines = linesOf(manifest).filter((entry) => entry.method !== 'none' || entry.split === 0 || entry.ratio === 0.25);
  const summary = summarise(lines, manifest, special);
  const plain = summary.utility.filter(({ method }) => method === 'none');
  assert.equal(
    plain.map(({ ratio, splits }) => [ratio, splits]),
    [[1, 2]],
  );
  const paired = summary.comparisons
    .filter((c) => c.field === 'ap' && c.reference === 'none')
    .map(({ method, ratio, n }) => [method, ratio, n]);
  const wanted = [1, 0.25].flatMap((ratio) => [
    ['weight', ratio, 2],
    ['smote', ratio, 2],
  ]);
  assert.equal(paired.sort(), wanted.sort());
  for (const c of summary.comparisons.filter(({ reference }) => reference === 'weight')) {
    const own = lines.filter((l) => l.method === 'weight' && l.ratio === c.ratio);
    assert.is(own.length, c.n);
  }
});

test('a method that needed no rows at a ratio is not compared there, but keeps its group', () => {
  const manifest = small({ ratios: [1, 0.25], splits: 2 });
  const empty = { n_synth: 0, mmd_b: null };
  const lines = linesOf(manifest).map((entry) => (entry.method === 'smote' && entry.ratio === 0.25 ? { ...entry, ...empty } : entry));
  const summary = summarise(lines, manifest, special);
  assert.ok(utility(summary, 'smote', 0.25));
  assert.not.ok(summary.fidelity.some(({ ratio }) => ratio === 0.25));
  assert.not.ok(summary.comparisons.some((c) => c.method === 'smote' && c.ratio === 0.25));
});

test.run();
