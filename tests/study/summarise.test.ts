/** What a summary holds of the lines of a study: means, curves, order, failures. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { Stream } from '../../ts/random.js';
import type { Line } from '../../ts/study/groups.js';
import type { ResultLine } from '../../ts/study/result.js';
import { meanLossCurve, meanPrCurve, statisticOf } from '../../ts/study/statistics.js';
import { summarise } from '../../ts/study/summarise.js';
import type { Summary } from '../../ts/study/summary.js';
import { allClose, close } from '../close.js';
import { failureOf, linesOf, manifestOf } from './lines.js';
import { column, line, small, utility } from './small-study.js';

const { special } = await wasmBackend();
const test = suite('study/summarise');
const stream = Stream.fromSeed(3);
const EXACT = { rel: 1e-13, abs: 1e-15 };
const fidelity = (summary: Summary, method: string) => summary.fidelity.find((entry) => entry.method === method);

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
