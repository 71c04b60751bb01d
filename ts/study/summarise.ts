/** From result lines and portraits to a summary; the order of either does not matter. */
import { compareMethods } from './comparisons.js';
import type { Group, Line } from './groups.js';
import { excessOf, groupsOf, isFailed, orderOf, rowGroups, settle } from './groups.js';
import type { Manifest } from './manifest.js';
import { overallSentences } from './overall.js';
import { paper } from './paper.js';
import type { Portrait } from './portrait.js';
import { summarisePortraits } from './portrait-summary.js';
import { type RankSpecial, rankings } from './ranks.js';
import { meanLossCurve, meanPrCurve, statisticOf } from './statistics.js';
import type { FidelityField, FidelitySummary, Statistic, Summary, UtilityField, UtilitySummary } from './summary.js';
import { FIDELITY_FIELDS, UTILITY_FIELDS } from './summary.js';
import type { TradeoffLine } from './tradeoff-lines.js';
import { summariseTradeoffs } from './tradeoff-summary.js';
import { verdictOf } from './verdicts.js';

/** Sums a study's result lines up: means over splits, ranks, tests, verdicts. */
export function summarise(
  lines: readonly Line[],
  manifest: Manifest,
  special: RankSpecial,
  portraits: readonly Portrait[] = [],
  tradeoffs: readonly TradeoffLine[] = [],
): Summary {
  const order = orderOf(lines, manifest);
  const settled = settle(lines, order);
  const groups = groupsOf(settled);
  const rows = rowGroups(groups);
  const utility = groups.map(utilityOf);
  const fidelity = rows.map(fidelityOf);
  const comparisons = compareMethods(groups, rows, special);
  const verdicts = manifest.datasets.map((facts) => verdictOf(facts, { utility, fidelity, comparisons, tuned: manifest.tuned }));
  const { datasets } = manifest;
  const main = order.ratios[0] ?? Number.NaN;
  const ranked = rankings({ datasets, methods: order.methods, utility, fidelity }, main, special);
  const failures = settled.filter(isFailed).length;
  return {
    datasets: manifest.datasets,
    methods: order.methods,
    classifiers: order.classifiers,
    ratios: order.ratios,
    splits: manifest.splits,
    utility,
    fidelity,
    comparisons,
    portraits: summarisePortraits(portraits, order, special),
    verdicts,
    rankings: ranked,
    overall: overallSentences(datasets, ranked, fidelity),
    paper,
    tradeoffs: summariseTradeoffs(tradeoffs, manifest.datasets),
    lines: settled.length - failures,
    failures,
  };
}

function utilityOf({ dataset, method, ratio, classifier, lines, failed }: Group): UtilitySummary {
  const values = {} as Record<UtilityField, Statistic | null>;
  for (const field of UTILITY_FIELDS) values[field] = statisticOf(lines.map((line) => line[field]));
  const pr_curve = meanPrCurve(lines.flatMap((line) => (line.pr_curve ? [line.pr_curve] : [])));
  return { dataset, method, ratio, classifier, splits: lines.length, failed, values, pr_curve };
}

function fidelityOf({ dataset, method, ratio, lines }: Group): FidelitySummary {
  const values = {} as Record<FidelityField, Statistic | null>;
  for (const field of FIDELITY_FIELDS) values[field] = statisticOf(lines.map((line) => line[field]));
  values.mmd2_u_excess = statisticOf(lines.map(excessOf));
  const loss_curve = meanLossCurve(lines.flatMap((line) => (line.loss_curve && line.loss_curve.steps.length > 0 ? [line.loss_curve] : [])));
  const acceptance = statisticOf(lines.map((line) => line.acceptance && line.acceptance.accepted / line.acceptance.drawn));
  return { dataset, method, ratio, splits: lines.length, values, loss_curve, ...(acceptance && { acceptance }) };
}
