/** Mean ranks, the tests on them, and what is said of TabDDPM over all data sets. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import type { Line } from '../../ts/study/groups.js';
import type { Manifest } from '../../ts/study/manifest.js';
import { barsOf, criticalDifference, friedman, ranksOf } from '../../ts/study/ranks.js';
import type { ResultLine } from '../../ts/study/result.js';
import { summarise } from '../../ts/study/summarise.js';
import type { Ranking, Summary } from '../../ts/study/summary.js';
import { allClose, close } from '../close.js';
import { golden } from '../golden.js';
import { facts, failureOf, linesOf, manifestOf } from './lines.js';

const { special } = await wasmBackend();
const test = suite('study/ranks');

const ranking = (summary: Summary, field: string): Ranking => {
  const found = summary.rankings.find((entry) => entry.field === field);
  assert.ok(found, `a ranking by ${field}`);
  return found as Ranking;
};
const rankOf = (own: Ranking, method: string) => own.methods.find((entry) => entry.method === method)?.rank;

/** Lines of a study whose values of some fields are set by method. */
function setBy(manifest: Manifest, fields: Partial<Record<keyof ResultLine, Readonly<Record<string, number>>>>): ResultLine[] {
  return linesOf(manifest).map((line) => {
    const set = Object.entries(fields).flatMap(([field, values]) =>
      line.method in values ? [[field, (values as Record<string, number>)[line.method]]] : [],
    );
    return { ...line, ...Object.fromEntries(set) };
  });
}

test('ranks: the best first, ties share, lower may be better', () => {
  assert.equal(ranksOf([0.3, 0.5, 0.1]), [2, 1, 3]);
  assert.equal(ranksOf([0.3, 0.5, 0.1], true), [2, 3, 1]);
  assert.equal(ranksOf([1, 2, 2, 0]), [3, 1.5, 1.5, 4]);
  assert.equal(ranksOf([7, 7, 7]), [2, 2, 2]);
});

test('Friedman’s test (golden, scipy): mean ranks, χ² with ties, p', () => {
  let seen = 0;
  for (const c of golden('privacy_fairness_stats')) {
    if (c.kind !== 'friedman') continue;
    const ranks = (c.matrix_rows_datasets_cols_methods as number[][]).map((row) => ranksOf(row));
    const mean = (c.mean_ranks_1_is_best_high as number[]).map(
      (_, j) => ranks.reduce((sum, row) => sum + (row[j] as number), 0) / ranks.length,
    );
    allClose(mean, c.mean_ranks_1_is_best_high, { rel: 1e-12 }, 'mean ranks');
    const got = friedman(ranks, special);
    close(got?.chi2 ?? Number.NaN, c.chi2, { rel: 1e-10 }, 'χ²');
    close(got?.p ?? Number.NaN, c.p, { rel: 1e-10 }, 'p');
    seen++;
  }
  assert.ok(seen > 0);
});

test('Friedman’s test: Demšar’s example, perfect agreement, nothing but ties', () => {
  // Demšar 2006, §3.2.2: four methods, 14 data sets, mean ranks 3.143, 2.000, 2.893, 1.964: χ² 9.28, F 3.69, CD 1.25
  const n = 14;
  const means = [44, 28, 40.5, 27.5].map((total) => total / n);
  const chi2 = ((12 * n) / (4 * 5)) * (means.reduce((sum, mean) => sum + mean * mean, 0) - (4 * 25) / 4);
  close(chi2, 9.28, { abs: 0.01 });
  close(criticalDifference(4, n, special), 1.25, { abs: 0.005 });
  close(criticalDifference(5, 30, special), 1.1136, { abs: 1e-3 }, 'k 5, N 30: 2.728 √(5·6 / 180)');
  const agreed = friedman(
    [
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
      [1, 2, 3],
    ],
    special,
  );
  assert.equal([agreed?.f, agreed?.f_p], [null, null]);
  close(agreed?.chi2 ?? 0, 8, { rel: 1e-12 });
  close(agreed?.p ?? 0, Math.exp(-4), { rel: 1e-12 });
  const mixed = friedman(
    [
      [1, 2, 3],
      [1, 2, 3],
      [2, 1, 3],
    ],
    special,
  );
  close(mixed?.chi2 ?? 0, (12 * 3 * (16 / 9 + 25 / 9 + 9 - 12)) / 12, { rel: 1e-12 });
  close(mixed?.f ?? 0, (2 * (mixed?.chi2 ?? 0)) / (6 - (mixed?.chi2 ?? 0)), { rel: 1e-12 });
  assert.is(
    friedman(
      [
        [2, 2, 2],
        [2, 2, 2],
      ],
      special,
    ),
    null,
  );
});

test('bars: the largest runs within the critical difference, none inside another', () => {
  assert.equal(barsOf([1, 2, 3, 4], 10), [[0, 3]]);
  assert.equal(barsOf([1, 2, 3, 4], 0.5), []);
  assert.equal(barsOf([1, 1.5, 3, 3.2, 4.9], 2), [
    [0, 1],
    [1, 3],
    [2, 4],
  ]);
  assert.equal(barsOf([1, 3, 5], 2), [], 'just as far is apart');
  assert.equal(barsOf([1, 4, 4.5, 9], 1), [[1, 2]]);
  assert.equal(barsOf([2, 2], 1), [[0, 1]]);
});

test('blocks are pairs of data set and classifier at the first ratio, data sets for likeness', () => {
  const manifest = manifestOf({ splits: 3 });
  const order = { none: 0.1, weight: 0.2, random: 0.3, smote: 0.4, tabddpm: 0.5 };
  const lines = setBy(manifest, { f1: order, brier: order });
  const summary = summarise(lines, manifest, special);
  assert.equal(
    summary.rankings.map(({ field }) => field),
    ['f1', 'f1_tuned', 'ap', 'auroc', 'brier', 'mmd2_u_excess'],
  );
  const f1 = ranking(summary, 'f1');
  assert.is(f1.blocks.length, 6);
  assert.equal(
    f1.methods.map(({ method, rank }) => [method, rank]),
    [
      ['tabddpm', 1],
      ['smote', 2],
      ['random', 3],
      ['weight', 4],
      ['none', 5],
    ],
  );
  assert.is(ranking(summary, 'brier').methods[0]?.method, 'none', 'lower is better');
  const likeness = ranking(summary, 'mmd2_u_excess');
  assert.equal([likeness.blocks.length, likeness.blocks[0]?.classifier, likeness.methods.length], [3, null, 3]);
  close(f1.critical_difference ?? 0, criticalDifference(5, 6, special), {});
  // Values at the other ratio change nothing.
  const changed = lines.map((line) => (line.ratio === 0.25 && line.method !== 'none' ? { ...line, f1: 1 - (line.f1 as number) } : line));
  assert.equal(ranking(summarise(changed, manifest, special), 'f1'), f1);
});

test('ties share their ranks', () => {
  const manifest = manifestOf({ splits: 2, methods: ['none', 'smote', 'tabddpm'] });
  const summary = summarise(setBy(manifest, { ap: { none: 0.4, smote: 0.5, tabddpm: 0.5 } }), manifest, special);
  const own = ranking(summary, 'ap');
  assert.equal([rankOf(own, 'none'), rankOf(own, 'smote'), rankOf(own, 'tabddpm')], [3, 1.5, 1.5]);
  assert.ok(summary.overall.some((text) => /TabDDPM shares the best average precision .* as has SMOTE \(1\.50\)/.test(text)));
});

test('a method with a failed or missing cell is left out and named, and comes back with its result', () => {
  const manifest = manifestOf({ splits: 3 });
  const lines = linesOf(manifest);
  const at = lines.findIndex((line) => line.method === 'smote' && line.ratio === 1 && line.dataset === 'pbc_visits');
  const failed: Line[] = lines.map((line, i) => (i === at ? failureOf(line, 'diverged') : line));
  const missing = lines.filter((_, i) => i !== at);
  for (const own of [failed, missing]) {
    const f1 = ranking(summarise(own, manifest, special), 'f1');
    assert.equal(f1.left_out, ['smote']);
    assert.not.ok(f1.methods.some(({ method }) => method === 'smote'));
    assert.is(f1.methods.length, 4);
    assert.ok(f1.methods.every(({ rank }) => rank >= 1 && rank <= 4));
  }
  assert.equal(ranking(summarise(lines, manifest, special), 'f1').left_out, []);
  const without = lines.map((line) => (line.method === 'tabddpm' && line.dataset === 'pbc_visits' ? failureOf(line, 'diverged') : line));
  assert.ok(summarise(without, manifest, special).overall.some((text) => text.startsWith('TabDDPM is not ranked by F1')));
});

test('one data set: two blocks with two classifiers, no test with one', () => {
  const one = (classifiers: string[]) => {
    const manifest = manifestOf({ datasets: [facts('a')], splits: 2, classifiers });
    return summarise(linesOf(manifest), manifest, special);
  };
  assert.is(ranking(one(['rf', 'xgb']), 'ap').blocks.length, 2);
  const single = ranking(one(['rf']), 'ap');
  assert.equal([single.blocks.length, single.test, single.critical_difference, single.bars], [1, null, null, []]);
  assert.ok(one(['rf']).overall.some((text) => text.includes('One pair says nothing about others')));
  const manifest = manifestOf({ methods: ['none'] });
  assert.equal(summarise(linesOf(manifest), manifest, special).rankings, []);
  assert.equal(summarise([], manifestOf(), special).rankings, []);
});

test('data sets without real patients are left out', () => {
  const real = [facts('a'), facts('b')];
  const simulated = { ...facts('icu'), simulated: true };
  const manifest = manifestOf({ datasets: [...real, simulated], splits: 2 });
  const lines = linesOf(manifest);
  const own = summarise(lines, manifest, special).rankings;
  const alone = { ...manifest, datasets: real };
  const want = summarise(
    lines.filter(({ dataset }) => dataset !== 'icu'),
    alone,
    special,
  ).rankings;
  assert.equal(own, want);
  const only = { ...manifest, datasets: [simulated] };
  const [f1] = summarise(
    lines.filter(({ dataset }) => dataset === 'icu'),
    only,
    special,
  ).rankings;
  assert.equal(
    f1?.blocks.map(({ dataset }) => dataset),
    ['icu', 'icu'],
    'where there are no others, they are not pooled with any',
  );
});

test('overall: where TabDDPM leads and where it does not', () => {
  const manifest = manifestOf({ splits: 5, methods: ['none', 'weight', 'smote', 'ctgan', 'tvae', 'tabddpm'] });
  const leads = {
    f1: { none: 0.1, weight: 0.2, smote: 0.3, ctgan: 0.2, tvae: 0.25, tabddpm: 0.4 },
    mmd2_u: { smote: 0.001, ctgan: 0.2, tvae: 0.1, tabddpm: 0.02 },
  };
  const lines = setBy(manifest, { ...leads, ap: { none: 0.9, weight: 0.2, smote: 0.5, ctgan: 0.3, tvae: 0.2, tabddpm: 0.4 } });
  const [f1, ap, likeness] = summarise(lines, manifest, special).overall;
  assert.match(
    f1 ?? '',
    /^TabDDPM has the best F1 at cut-off 0\.5 by mean rank among 4 augmentation methods\. It has mean rank 1\.00 of 6 over 6 pairs of data set and classifier; next is SMOTE \(2\.00\)\..* It is first of them everywhere\.$/,
  );
  // Nothing added is no augmentation: only SMOTE is ahead.
  assert.match(
    ap ?? '',
    /^TabDDPM does not have the best average precision .*ahead of it is SMOTE \(2\.00\)\. That is not told apart from chance: .*first of them nowhere; first are SMOTE with random forest on Breast cancer/,
  );
  // SMOTE is closer, but has learned nothing.
  assert.match(
    likeness ?? '',
    /^TabDDPM has the lowest mean excess MMD² of 3 learned methods\. .*next is TVAE \(\+0\.\d+\)\. It is lowest on each\.$/,
  );
  const moved = lines.map((line) => (line.method === 'tvae' && line.dataset === 'pbc_visits' ? { ...line, mmd2_u: -0.5 } : line));
  assert.match(
    summarise(moved, manifest, special).overall[2] ?? '',
    /^TabDDPM does not have the lowest .*lower is TVAE \(−0\.\d+\)\. Closer than it: TVAE on PBC visits/,
  );
  const absent = lines.filter(({ method }) => method !== 'tabddpm');
  assert.equal(summarise(absent, manifest, special).overall, []);
});

test.run();
