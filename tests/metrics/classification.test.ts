import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { brier } from '../../ts/metrics/calibration.js';
import { auroc, averagePrecision, bestThreshold, confusion, operatingPoints, prCurve } from '../../ts/metrics/classification.js';
import { allClose, close } from '../close.js';
import { type GoldenCase, golden } from '../golden.js';
import { unclaimed } from '../unclaimed.js';

const EXACT = { abs: 1e-12, rel: 1e-12 };

/** scikit-learn's curve: ascending thresholds, then precision 1 at recall 0; recall 1 everywhere without positives. */
function ascendingCurve({ y, score }: GoldenCase) {
  const points = operatingPoints(y, score);
  const last = points.thresholds.length - 1;
  const at = (i: number) => ({ tp: points.truePositives[last - i] as number, fp: points.falsePositives[last - i] as number });
  const steps = Array.from(points.thresholds, (_, i) => at(i));
  return {
    thresholds: Array.from(points.thresholds).reverse(),
    precision: [...steps.map(({ tp, fp }) => tp / (tp + fp)), 1],
    recall: [...steps.map(({ tp }) => (points.positives ? tp / points.positives : 1)), 0],
  };
}

const CLAIMS: Readonly<Record<string, (c: GoldenCase, want: never) => void>> = {
  confusion_tn_fp_fn_tp: (c, want) => {
    const got = confusion(c.y, c.score, c.threshold);
    assert.equal([got.trueNegatives, got.falsePositives, got.falseNegatives, got.truePositives], want);
  },
  precision_zd0: (c, want) => close(confusion(c.y, c.score, c.threshold).precision, want, EXACT, `${c.name} precision`),
  recall_zd0: (c, want) => close(confusion(c.y, c.score, c.threshold).recall, want, EXACT, `${c.name} recall`),
  f1_zd0: (c, want) => close(confusion(c.y, c.score, c.threshold).f1, want, EXACT, `${c.name} F1`),
  specificity_zd0: (c, want) => close(confusion(c.y, c.score, c.threshold).specificity, want, EXACT, `${c.name} specificity`),
  accuracy: (c, want) => close(confusion(c.y, c.score, c.threshold).accuracy, want, EXACT, `${c.name} accuracy`),
  roc_auc: (c, want) => close(auroc(c.y, c.score), want, EXACT, `${c.name} AUROC`),
  average_precision: (c, want) => close(averagePrecision(c.y, c.score), want, EXACT, `${c.name} AP`),
  pr_curve: (c, want: { precision: number[]; recall: number[]; thresholds: number[] }) => {
    const got = ascendingCurve(c);
    allClose(got.thresholds, want.thresholds, {}, `${c.name} thresholds`);
    allClose(got.precision, want.precision, EXACT, `${c.name} precisions`);
    allClose(got.recall, want.recall, EXACT, `${c.name} recalls`);
  },
  roc_curve_full: (c, want: { fpr: number[]; tpr: number[]; thresholds: number[] }) => {
    const { positives, negatives, truePositives, falsePositives, thresholds } = operatingPoints(c.y, c.score);
    allClose([Infinity, ...thresholds], want.thresholds, {}, `${c.name} thresholds`);
    allClose(
      [0, ...truePositives].map((tp) => tp / positives),
      want.tpr,
      EXACT,
      `${c.name} true positive rate`,
    );
    allClose(
      [0, ...falsePositives].map((fp) => fp / negatives),
      want.fpr,
      EXACT,
      `${c.name} false positive rate`,
    );
  },
  brier: (c, want) => close(brier(c.y, c.score), want, EXACT, `${c.name} Brier`),
};

const vectors = suite('classification: golden vectors');

vectors('every field of every case is claimed or listed as not claimed', () => {
  let checks = 0;
  for (const c of golden('metrics')) {
    if ('weight' in c) continue;
    for (const [field, want] of Object.entries(c.expect)) {
      if (field in unclaimed.metrics!) continue;
      const claim = CLAIMS[field];
      assert.ok(claim, `metrics ${field} is neither claimed nor listed`);
      claim(c, want as never);
      checks++;
    }
  }
  assert.ok(checks > 0);
});

vectors.run();

/** Labels and scores on a coarse grid, so that ties abound. */
const cases = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 12 })), { minLength: 1, maxLength: 40 })
  .map((rows) => ({ y: rows.map(([label]) => label), p: rows.map(([, score]) => score / 12) }));

const properties = suite('classification: properties');

properties('AUROC is the share of pairs in order, and turns round with the scores', () => {
  fc.assert(
    fc.property(cases, ({ y, p }) => {
      let [inOrder, pairs] = [0, 0];
      for (const [i, a] of y.entries()) {
        for (const [j, b] of y.entries()) {
          if (a !== 1 || b !== 0) continue;
          pairs++;
          inOrder += Math.sign((p[i] as number) - (p[j] as number)) / 2 + 0.5;
        }
      }
      close(auroc(y, p), pairs ? inOrder / pairs : Number.NaN, EXACT);
      const turned = p.map((score) => -score);
      close(auroc(y, turned), 1 - auroc(y, p), EXACT);
    }),
  );
});

properties('the PR curve at recall r is the highest precision of any threshold that reaches r', () => {
  fc.assert(
    fc.property(cases, ({ y, p }) => {
      const curve = prCurve(y, p);
      if (!y.includes(1)) return assert.is(curve, null);
      assert.is(curve?.length, 101);
      for (const [percent, precision] of (curve as number[]).entries()) {
        const reaching = p.map((threshold) => confusion(y, p, threshold)).filter(({ recall }) => recall >= percent / 100 - 1e-12);
        assert.is(precision, Math.max(...reaching.map((point) => point.precision)));
      }
    }),
  );
});

properties('no threshold has a higher F1 than the best one', () => {
  fc.assert(
    fc.property(cases, ({ y, p }) => {
      const threshold = bestThreshold(y, p);
      if (!y.includes(1)) return assert.ok(Number.isNaN(threshold));
      const { f1 } = confusion(y, p, threshold);
      for (const other of [...p, 2]) assert.ok(confusion(y, p, other).f1 <= f1 + 1e-15);
    }),
  );
});

properties('the best threshold lies halfway below its score, of equal ones lowest', () => {
  assert.is(bestThreshold([0, 0, 1, 1], [0.1, 0.2, 0.6, 0.8]), 0.4);
  assert.is(bestThreshold([1, 1], [0.25, 0.5]), 0.25);
  // one positive on top (F1 2/3), or all (F1 2/3)
  assert.is(bestThreshold([1, 0, 0, 1], [0.9, 0.5, 0.4, 0.3]), 0.3);
  const cut = 0.5 + 2 ** -53;
  assert.is(bestThreshold([0, 1], [0.5, cut]), cut, 'neighbouring numbers have no middle');
  assert.is(bestThreshold([0, 1], [Number.NEGATIVE_INFINITY, 1]), 1);
});

properties('scores that are no number, or too few, are refused', () => {
  for (const metric of [auroc, averagePrecision, prCurve, bestThreshold]) {
    assert.throws(() => metric([0, 1], [0.1, Number.NaN]), /row 2 of 2 \(NaN\)/);
    assert.throws(() => metric([0, 1], [0.1]), /expected 2 scores, got 1/);
  }
  assert.throws(() => confusion([0, 1], [Number.NaN, 0], 0.5), /NaN/);
});

properties('all-equal scores say nothing: AUROC ½, AP the prevalence', () => {
  const [y, p] = [
    [0, 1, 0, 0],
    [0.3, 0.3, 0.3, 0.3],
  ];
  assert.is(auroc(y, p), 0.5);
  assert.is(averagePrecision(y, p), 0.25);
  assert.equal(prCurve(y, p), new Array(101).fill(0.25));
  assert.is(bestThreshold(y, p), 0.3);
});

properties.run();
