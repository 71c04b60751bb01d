import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { Stream } from '../../ts/random.js';
import { correctedP, holm, lowerIsBetter } from '../../ts/study/comparisons.js';
import type { Line } from '../../ts/study/groups.js';
import type { Manifest } from '../../ts/study/manifest.js';
import type { ResultLine } from '../../ts/study/result.js';
import { meanLossCurve, meanPrCurve, statisticOf } from '../../ts/study/statistics.js';
import { summarise } from '../../ts/study/summarise.js';
import type { Comparison, Summary, Verdict } from '../../ts/study/summary.js';
import { allClose, close } from '../close.js';
import { golden } from '../golden.js';
import { unclaimed } from '../unclaimed.js';
import { facts, failureOf, lineOf, linesOf, manifestOf } from './lines.js';

const { special } = await wasmBackend();
const test = suite('study/summarise');
const stream = Stream.fromSeed(3);
const EXACT = { rel: 1e-13, abs: 1e-15 };

const small = (more: Partial<Manifest> = {}): Manifest =>
  manifestOf({ datasets: [facts('a')], methods: ['none', 'weight', 'smote'], classifiers: ['rf'], splits: 3, ratios: [1], ...more });

/** A line of data set a with the given fields; everything else from the generator. */
const line = (method: string, split: number, more: Partial<ResultLine> = {}): ResultLine => ({
  ...lineOf(stream, { dataset: 'a', split, method, ratio: 1, classifier: 'rf' }),
  ...more,
});

/** One line a split with these values of one field. */
const column = (method: string, field: keyof ResultLine, values: readonly (number | null)[], more: Partial<ResultLine> = {}) =>
  values.map((value, split) => line(method, split, { ...more, [field]: value }));

const utility = (summary: Summary, method: string, ratio = 1) =>
  summary.utility.find((entry) => entry.method === method && entry.ratio === ratio);
const fidelity = (summary: Summary, method: string) => summary.fidelity.find((entry) => entry.method === method);
const comparison = (summary: Summary, method: string, field: string, reference: string, referenceField = field): Comparison | undefined =>
  summary.comparisons.find(
    (c) => c.method === method && c.field === field && c.reference === reference && c.reference_field === referenceField,
  );
const verdict = (lines: readonly Line[], manifest: Manifest): Verdict => summarise(lines, manifest, special).verdicts[0] as Verdict;

test('mean and standard deviation with n − 1; missing and non-finite values are left out', () => {
  const got = statisticOf([2, null, 4, Number.NaN, 9, undefined]);
  assert.is(got?.n, 3);
  close(got?.mean ?? Number.NaN, 5, EXACT);
  close(got?.sd ?? Number.NaN, Math.sqrt(13), EXACT);
  assert.equal(statisticOf([7]), { n: 1, mean: 7, sd: null });
  assert.is(statisticOf([null]), null);
  assert.is(statisticOf([]), null);
});

test('groups hold the means of their own lines', () => {
  const summary = summarise([...column('none', 'f1', [0.2, 0.4, 0.9]), ...column('smote', 'f1', [0.5, null, 0.7])], small(), special);
  close(utility(summary, 'none')?.values.f1?.mean ?? Number.NaN, 0.5, EXACT);
  close(utility(summary, 'none')?.values.f1?.sd ?? Number.NaN, Math.sqrt(0.13), EXACT);
  assert.is(utility(summary, 'smote')?.values.f1?.n, 2);
  assert.is(utility(summary, 'smote')?.splits, 3);
  assert.is(utility(summary, 'weight'), undefined);
  assert.equal([summary.lines, summary.failures], [6, 0]);
});

test('excess of MMD² is taken split by split, and methods without rows have no fidelity', () => {
  const lines = [
    line('smote', 0, { mmd2_u: 0.03, mmd2_u_floor: 0.01 }),
    line('smote', 1, { mmd2_u: 0.01, mmd2_u_floor: 0.04 }),
    line('smote', 2, { mmd2_u: 0.05, mmd2_u_floor: null }),
    ...column('none', 'f1', [0.1, 0.2, 0.3]),
  ];
  const summary = summarise(lines, small(), special);
  close(fidelity(summary, 'smote')?.values.mmd2_u_excess?.mean ?? Number.NaN, -0.005, { abs: 1e-15 });
  assert.is(fidelity(summary, 'smote')?.values.mmd2_u_excess?.n, 2);
  assert.is(fidelity(summary, 'smote')?.values.mmd2_u?.n, 3);
  assert.is(fidelity(summary, 'none'), undefined);
});

test('fidelity counts a cell once, whichever classifier has its line', () => {
  const manifest = small({ classifiers: ['rf', 'xgb'] });
  const lines = [
    line('smote', 0, { ks_mean: 0.1 }),
    line('smote', 0, { ks_mean: 0.1, classifier: 'xgb' }),
    line('smote', 1, { ks_mean: 0.3, classifier: 'xgb' }),
  ];
  const entries = summarise(lines, manifest, special).fidelity;
  assert.is(entries.length, 1);
  assert.is(entries[0]?.splits, 2);
  close(entries[0]?.values.ks_mean?.mean ?? Number.NaN, 0.2, EXACT);
});

test('precision–recall curves: mean and spread at each recall', () => {
  const curve = meanPrCurve([
    [1, 0.5, 0.1],
    [0.8, 0.7, 0.1],
  ]);
  allClose(curve?.x ?? [], [0, 0.5, 1], EXACT, 'recall');
  allClose(curve?.mean ?? [], [0.9, 0.6, 0.1], EXACT, 'mean');
  allClose(curve?.sd ?? [], [Math.sqrt(0.02), Math.sqrt(0.02), 0], { abs: 1e-15 }, 'sd');
  assert.is(curve?.n, 2);
  assert.equal(meanPrCurve([[1, 0.5]])?.sd, [0, 0]);
  assert.is(meanPrCurve([]), null);
});

test('loss curves that stop at different steps meet on the first one’s steps, between both ends', () => {
  const curve = meanLossCurve([
    { steps: [10, 20, 30, 40], losses: [4, 3, 2, 1] },
    { steps: [15, 25, 35], losses: [5, 3, 1] },
  ]);
  assert.equal(curve?.x, [20, 30]);
  allClose(curve?.mean ?? [], [(3 + 4) / 2, (2 + 2) / 2], EXACT, 'mean');
  const same = meanLossCurve([{ steps: [1, 2], losses: [3, 2] }]);
  assert.equal(same, { x: [1, 2], mean: [3, 2], sd: [0, 0], n: 1 });
  assert.is(meanLossCurve([]), null);
});

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

test('the order of the lines changes no byte', () => {
  const manifest = manifestOf({ splits: 3 });
  const lines: Line[] = linesOf(manifest);
  lines.push(failureOf(lines[5] as ResultLine, 'again'), failureOf({ ...(lines[7] as ResultLine), split: 9 }, 'one'));
  lines.push(failureOf({ ...(lines[7] as ResultLine), split: 9 }, 'another'));
  const want = JSON.stringify(summarise(lines, manifest, special));
  assert.is(JSON.stringify(summarise([...lines].reverse(), manifest, special)), want);
  const order = stream.child('order').permutation(lines.length);
  const shuffled = [...order].map((i) => lines[i] as Line);
  assert.is(JSON.stringify(summarise(shuffled, manifest, special)), want);
  assert.is(JSON.stringify(JSON.parse(want)), want);
  assert.not.match(want, /NaN|Infinity/);
});

test('a failure counts until its cell has a result; one without a classifier counts for each', () => {
  const manifest = small({ classifiers: ['rf', 'xgb'] });
  const first = line('smote', 0);
  const lines: Line[] = [
    failureOf(first, 'out of memory'),
    first,
    line('smote', 0, { classifier: 'xgb' }),
    failureOf({ ...line('smote', 1), classifier: '' }, 'diverged'),
  ];
  const summary = summarise(lines, manifest, special);
  assert.equal([summary.lines, summary.failures], [2, 2]);
  assert.equal(
    summary.utility.map(({ classifier, splits, failed }) => [classifier, splits, failed]),
    [
      ['rf', 1, 1],
      ['xgb', 1, 1],
    ],
  );
  assert.ok(summary.verdicts[0]?.sentences.some((sentence) => sentence.startsWith('2 of 4 results are missing')));
});

test('orders: methods known first, then listed; data sets and classifiers as listed', () => {
  const manifest = small({ methods: ['mine', 'smote', 'none'], classifiers: ['xgb', 'rf'], splits: 1 });
  const summary = summarise([...linesOf(manifest), line('alien', 0)], manifest, special);
  assert.equal(summary.methods, ['none', 'smote', 'mine', 'alien']);
  assert.equal(summary.classifiers, ['xgb', 'rf']);
  assert.equal(
    summary.utility.map(({ method }) => method),
    ['none', 'none', 'smote', 'smote', 'mine', 'mine', 'alien'],
  );
});

/** Six splits of a data set in which `none` has AP near 0.5 and SMOTE differs from it by about `gain`. */
function study(gain: number, more: Partial<ResultLine> = {}, weightGain = 0): ResultLine[] {
  const wobble = [0.01, -0.01, 0.005, -0.005, 0.008, -0.008];
  const flat = { f1_tuned: null, ...more };
  return wobble.flatMap((w, split) => [
    line('none', split, { f1: 0.3, brier: 0.04, ...flat, ap: 0.5 + 3 * w }),
    line('weight', split, { f1: 0.31, brier: 0.041, ...flat, ap: 0.5 + 3 * w + weightGain + w / 4 }),
    line('smote', split, { f1: 0.4 + w, brier: 0.06 + w / 10, ...flat, ap: 0.5 + 3 * w + gain + w / 2 }),
  ]);
}
const six = small({ splits: 6, tuned: false });

test('verdict: a clear gain in average precision beyond class weights helps', () => {
  const { answer, headline } = verdict(study(0.1), six);
  assert.is(answer, 'helps');
  assert.match(headline, /over 6 splits: SMOTE at 1 : 1 raised average precision by 0\.100 \(random forest, adjusted p/);
});

test('verdict: the same gain by class weights is no help', () => {
  const { answer, headline } = verdict(study(0.1, {}, 0.1), six);
  assert.is(answer, 'no difference shown');
  assert.match(headline, /not demonstrably more than class weights do/);
});

test('verdict: a clear loss harms, noise shows nothing', () => {
  assert.is(verdict(study(-0.1), six).answer, 'harms');
  const nothing = verdict(study(0), six);
  assert.is(nothing.answer, 'no difference shown');
  assert.match(nothing.headline, /would stay hidden/);
});

test('verdict: copies are a control, not synthetic patients', () => {
  const copies = study(0.1).map((entry) => (entry.method === 'smote' ? { ...entry, method: 'random' } : entry));
  const { answer, headline, sentences } = verdict(copies, six);
  assert.equal([answer, headline], ['no difference shown', 'No synthetic patients were made for this data set.']);
  assert.ok(sentences.some((sentence) => sentence.startsWith('Rows by random copies')));
});

test('verdict: many comparisons need a stronger difference', () => {
  const wobble = [0.06, -0.05, 0.08, 0.03, 0.09, 0.05];
  const lines = (methods: string[]) =>
    wobble.flatMap((w, split) => [
      line('none', split, { ap: 0.5, f1_tuned: null }),
      line('tabddpm', split, { ap: 0.5 + 0.05 + w, f1_tuned: null }),
      ...methods.map((method, i) => line(method, split, { ap: 0.5 + (i % 2 ? w - 0.04 : 0.04 - w), f1_tuned: null })),
    ]);
  assert.is(verdict(lines([]), six).answer, 'helps');
  assert.is(verdict(lines(['adasyn', 'smote', 'rose', 'copula']), six).answer, 'no difference shown');
});

test('verdict: few splits, one split, nothing measured', () => {
  const few = verdict(
    study(0.1).filter(({ split }) => split < 4),
    small({ splits: 4 }),
  );
  assert.is(few.answer, 'too few splits');
  assert.match(few.headline, /^4 splits are too few/);
  assert.ok(
    few.sentences.every((sentence) => !/\bp [=<]/.test(sentence)),
    few.sentences.join('\n'),
  );
  const one = verdict(
    study(0.1).filter(({ split }) => split === 0),
    small({ splits: 1 }),
  );
  assert.match(one.headline, /^1 split is too few/);
  const none = verdict([], six);
  assert.equal([none.answer, none.sentences], ['too few splits', []]);
  assert.is(verdict(column('none', 'f1', [1]), six).headline, 'No synthetic patients were made for this data set.');
  assert.match(verdict(column('smote', 'f1', [1]), six).headline, /nothing to compare with/);
});

test('verdict: what F1 at 0.5 gains is weighed against what is free', () => {
  const untuned = verdict(study(0), six).sentences.join('\n');
  assert.match(untuned, /F1 at cut-off 0\.5, random forest: a gain, also over class weights\./);
  assert.match(untuned, /threshold effect\..* no cut-off was tuned in this run/);
  const tuned = verdict(study(0, { f1_tuned: 0.45 }), small({ splits: 6 })).sentences.join('\n');
  assert.match(tuned, /a gain, but a tuned cut-off does as well at no cost/);
  assert.not.match(tuned, /no cut-off was tuned/);
});

test('verdict: the tuned models are a free remedy for F1 and ranking, and a note where help does not beat them', () => {
  const tuned = (ap: number, f1: number) =>
    [0, 1, 2, 3, 4, 5].map((split) =>
      line('tuned', split, { ap: ap + 0.004 * (split % 3), f1: 0.2, f1_tuned: f1, n_synth: 0, mmd_b: null }),
    );
  const manifest = small({ splits: 6, methods: ['none', 'weight', 'tuned', 'smote'] });
  const strong = verdict([...study(0.1, { f1_tuned: 0.3 }), ...tuned(0.7, 0.5)], manifest);
  assert.is(strong.answer, 'helps');
  assert.match(strong.headline, /A lead over the tuned models, which need no synthetic patients, is not shown\.$/);
  const text = strong.sentences.join('\n');
  assert.match(text, /Ranking by random forest: a gain, .* but the tuned models do as well at no cost\. .*0\.70\d with the tuned models/);
  assert.match(text, /F1 at cut-off 0\.5, random forest: a gain, but the tuned models do as well at no cost/);
  const weak = verdict([...study(0.1, { f1_tuned: 0.3 }), ...tuned(0.4, 0.2)], manifest);
  assert.not.match(weak.headline, /tuned models/);
});

test('verdict: methods of one conclusion share a sentence; what knows no ratio names none', () => {
  const blend = study(0.1).map((entry) => (entry.method === 'smote' ? { ...entry, method: 'rose-blend' } : entry));
  const near = { mmd2_u: 0.012, mmd2_u_floor: 0.01, nearest_ratio: 0.95 };
  const manifest = small({ splits: 6, methods: ['none', 'weight', 'smote', 'rose-blend'] });
  const { headline, sentences } = verdict(
    [...study(0.1, near), ...blend.filter(({ method }) => method === 'rose-blend').map((entry) => ({ ...entry, ...near }))],
    manifest,
  );
  assert.match(headline, /ROSE blend raised average precision/);
  assert.ok(
    sentences.includes(
      'Rows by SMOTE and ROSE blend: near the floor, no sign of copying. SMOTE: excess MMD² +0.0020, nearest-record ratio 0.95; ROSE blend: excess MMD² +0.0020, nearest-record ratio 0.95.',
    ),
    sentences.join('\n'),
  );
});

test('verdict: likeness, copying and calibration in words', () => {
  const words = (more: Partial<ResultLine>) => verdict(study(0, more), six).sentences.join('\n');
  const near = { mmd2_u: 0.012, mmd2_u_floor: 0.01 };
  assert.match(words({ ...near, nearest_ratio: 0.95 }), /Rows by SMOTE: near the floor, no sign of copying\. .*\+0\.0020.*0\.95/);
  assert.match(words({ ...near, nearest_ratio: 0.5 }), /near the floor, but much nearer to training patients/);
  assert.match(words({ ...near, nearest_ratio: 0 }), /copied from training patients or nearly so/);
  assert.match(words({ mmd2_u: 0.2, mmd2_u_floor: 0.01, nearest_ratio: 1.2 }), /far from unseen patients, no sign of copying/);
  assert.not.match(words({ mmd2_u: null, nearest_ratio: null }), /Rows by/);
  assert.match(
    words({}),
    /Predicted risks of random forest: clearly worse with SMOTE at 1 : 1\. Brier score 0\.040 with nothing added, 0\.060/,
  );
  assert.match(words({ brier: 0.03 }), /no synthetic rows made them worse/);
});

test('nulls in every measured field leave a summary without numbers, not without sense', () => {
  const blank = Object.fromEntries(
    Object.entries(line('smote', 0)).map(([key, value]) => [
      key,
      typeof value === 'number' && /^(f1|prec|rec|thr|auroc|ap|brier|cal|mmd|near|ks|tv|was|pair|c2|cov)/.test(key) ? null : value,
    ]),
  ) as unknown as ResultLine;
  const lines = ['none', 'weight', 'smote'].flatMap((method) =>
    [0, 1, 2].map((split) => ({ ...blank, method, split, pr_curve: null, loss_curve: null })),
  );
  const summary = summarise(lines, small(), special);
  assert.is(utility(summary, 'none')?.values.f1, null);
  assert.is(utility(summary, 'none')?.pr_curve, null);
  assert.equal(summary.comparisons, []);
  assert.equal(summary.verdicts[0]?.sentences, []);
});

test.run();
