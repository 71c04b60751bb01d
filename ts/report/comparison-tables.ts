/** Paired comparisons and failures as text cells. */
import { isFailed, type Line, orderOf, settle } from '../study/groups.js';
import type { Manifest } from '../study/manifest.js';
import type { ComparedField, Comparison, Summary } from '../study/summary.js';
import { classifierTitle, methodTitle, pText, ratioText, signed } from '../study/words.js';
import type { TextTable } from './tables.js';
import { datasetsWith, numberColumn, runTitle, textColumn, titleOf } from './tables.js';

const FIELDS: readonly (readonly [ComparedField, string, number])[] = [
  ['f1', 'F1 at 0.5', 3],
  ['f1_tuned', 'F1 tuned', 3],
  ['auroc', 'AUROC', 3],
  ['ap', 'AP', 3],
  ['brier', 'Brier', 4],
  ['brier_prior', 'Brier, prior-corrected', 4],
  ['mmd2_u_excess', 'Excess MMD²', 4],
];

/** "+0.045 (8/10, p 0.23)" */
function outcome({ difference, better, n, p }: Comparison, digits: number): string {
  return `${signed(difference, digits)} (${better}/${n}, p ${pText(p)})`;
}

export function comparisonTable(summary: Summary): TextTable {
  const fields = FIELDS.filter(([field]) => summary.comparisons.some((comparison) => comparison.field === field));
  const isRow = (a: Comparison, b: Comparison) =>
    a.method === b.method &&
    a.ratio === b.ratio &&
    a.reference === b.reference &&
    a.classifier === b.classifier &&
    (a.reference_field !== a.field) === (b.reference_field !== b.field);
  const rows = (dataset: string) => {
    const own = summary.comparisons.filter((comparison) => comparison.dataset === dataset);
    const heads = own.filter((a, i) => own.findIndex((b) => isRow(a, b)) === i);
    return heads.map((head) => [
      runTitle(summary, head.method, head.ratio),
      `${methodTitle(head.reference)}${head.reference_field === head.field ? '' : ' at its tuned cut-off'}`,
      head.classifier === null ? '–' : classifierTitle(head.classifier),
      ...fields.map(([field, , digits]) => {
        const comparison = own.find((other) => other.field === field && isRow(other, head));
        return comparison ? outcome(comparison, digits) : '–';
      }),
    ]);
  };
  return {
    title: 'Table 8. Methods against each other, split by split',
    columns: [textColumn('Method'), textColumn('Against'), textColumn('Classifier'), ...fields.map(([, title]) => numberColumn(title))],
    groups: datasetsWith(summary, summary.comparisons).map((dataset) => ({ title: titleOf(summary, dataset), rows: rows(dataset) })),
    notes: [
      'Mean difference (method minus the other), in brackets the splits in which the method was better, and the two-sided p-value of the corrected resampled t-test. For Brier and MMD² lower is better.',
      'These p-values are not adjusted for their number: of twenty comparisons without any difference one falls below 0.05 by chance. The verdicts use adjusted ones.',
    ],
  };
}

/** Cells without a result, or nothing where all went well. */
export function failureTable(summary: Summary, lines: readonly Line[], manifest: Manifest): TextTable | undefined {
  const failed = settle(lines, orderOf(lines, manifest)).filter(isFailed);
  if (failed.length === 0) return undefined;
  return {
    title: 'Table 9. Results that are missing because their cell failed',
    columns: [textColumn('Method'), textColumn('Ratio'), numberColumn('Split'), textColumn('Classifier'), textColumn('Error')],
    groups: datasetsWith(summary, failed).map((dataset) => ({
      title: titleOf(summary, dataset),
      rows: failed
        .filter((line) => line.dataset === dataset)
        .map((line) => [methodTitle(line.method), ratioText(line.ratio), String(line.split), classifierTitle(line.classifier), line.error]),
    })),
    notes: ['Means are over the splits that have a result.'],
  };
}
