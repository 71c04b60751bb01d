import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { disparity, type GroupRates, groupRates } from '../../ts/metrics/fairness.js';
import { wilson } from '../../ts/metrics/privacy.js';
import { percentileInterval } from '../../ts/metrics/resampling.js';
import { close } from '../close.js';
import { golden } from '../golden.js';
import { unclaimed } from '../unclaimed.js';

const tests = suite('fairness');
const exact = { abs: 1e-12 };

tests('rates by group and differences between groups: golden (fairlearn)', () => {
  for (const c of golden('privacy_fairness_stats', 'fairness')) {
    const groups = Math.max(...c.group) + 1;
    const rates = groupRates(c.y, c.pred, c.group, groups);
    const found = disparity(rates);
    const of: Record<string, number> = {
      demographic_parity_difference: found.parity,
      demographic_parity_ratio: found.parityRatio,
      equalized_odds_difference_worst: found.odds,
      equalized_odds_difference_worst_fairlearn: found.odds,
      equalized_odds_difference_mean: found.oddsMean,
    };
    let seen = 0;
    for (const [field, want] of Object.entries(c.expect as Record<string, number>)) {
      if (field in unclaimed.privacy_fairness_stats! || typeof want !== 'number') continue;
      assert.ok(field in of, `unclaimed ${field}`);
      close(of[field] as number, want, exact, `${c.name} ${field}`);
      seen++;
    }
    assert.ok(seen > 0);
    if (c.name === 'group_without_positives') assert.ok(Number.isNaN(rates[1]?.recall), 'undefined, not 0');
    const by = c.expect.by_group;
    if (!by) continue;
    rates.forEach((rate, g) => {
      close(rate.f1, by.f1[g], exact, `${c.name} f1 ${g}`);
      close(Number.isNaN(rate.recall) ? 0 : rate.recall, by.tpr[g] ?? Number.NaN, exact, `${c.name} tpr ${g}`);
      close(Number.isNaN(rate.falseAlarms) ? 0 : rate.falseAlarms, by.fpr[g] ?? Number.NaN, exact, `${c.name} fpr ${g}`);
      close(rate.selection, by.selection[g], exact, `${c.name} selection ${g}`);
      assert.is(rate.rows, by.count[g]);
    });
    const first = rates[0] as GroupRates;
    if (c.expect.group0_tpr_wilson95) {
      const { low, high } = wilson(Math.round(first.recall * first.positives), first.positives);
      close(low, c.expect.group0_tpr_wilson95[0], exact, 'Wilson');
      close(high, c.expect.group0_tpr_wilson95[1], exact, 'Wilson');
    }
    if (!c.bootstrap_indices) continue;
    const draws = (c.bootstrap_indices as number[][]).map((rows) => {
      const pick = (marks: number[]) => rows.map((row) => marks[row] as number);
      return (groupRates(pick(c.y), pick(c.pred), pick(c.group), groups)[0] as GroupRates).f1;
    });
    c.f1_group0_first20.forEach((want: number, b: number) => {
      close(draws[b] as number, want, exact, `bootstrap ${b}`);
    });
    const { low, high } = percentileInterval(draws);
    close(low, c.expect.group0_f1_bootstrap_percentile95_linear[0], exact, 'percentile');
    close(high, c.expect.group0_f1_bootstrap_percentile95_linear[1], exact, 'percentile');
  }
});

tests('rows in no group and empty groups count nowhere', () => {
  const rates = groupRates([1, 0, 1, 1], [1, 0, 0, 1], [0, 0, 2, -1], 3);
  assert.equal(
    rates.map(({ rows }) => rows),
    [2, 0, 1],
  );
  const { parity, odds } = disparity(rates);
  assert.is(parity, 0.5);
  assert.is(odds, 1);
  assert.ok(Number.isNaN(disparity([]).parity));
});

tests.run();
