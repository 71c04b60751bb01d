/** What is concluded of a data set, in words. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import type { Line } from '../../ts/study/groups.js';
import type { Manifest } from '../../ts/study/manifest.js';
import type { ResultLine } from '../../ts/study/result.js';
import { summarise } from '../../ts/study/summarise.js';
import type { Verdict } from '../../ts/study/summary.js';
import { column, line, small } from './small-study.js';

const { special } = await wasmBackend();
const test = suite('study/verdicts');
const verdict = (lines: readonly Line[], manifest: Manifest): Verdict => summarise(lines, manifest, special).verdicts[0] as Verdict;

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

test.run();
