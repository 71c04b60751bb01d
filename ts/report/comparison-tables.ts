/** Paired comparisons and failures as text cells. */
import { isFailed, type Line, orderOf, settle } from '../study/groups.js';
import type { Manifest } from '../study/manifest.js';
import type { FailedLine } from '../study/result.js';
import type { ComparedField, Comparison, Summary } from '../study/summary.js';
import { classifierTitle, counted, methodTitle, pText, ratioText, signed } from '../study/words.js';
import type { TextTable } from './tables.js';
import { datasetsWith, groupOf, numberColumn, runTitle, textColumn } from './tables.js';

/** Field of the method, field of the reference, heading, decimals. */
const PAIRS: readonly (readonly [ComparedField, ComparedField, string, number])[] = [
  ['f1', 'f1', 'F1 at 0.5', 3],
  ['f1', 'f1_tuned', 'F1 at 0.5, the other tuned', 3],
  ['f1_tuned', 'f1_tuned', 'F1, both tuned', 3],
  ['auroc', 'auroc', 'AUROC', 3],
  ['ap', 'ap', 'AP', 3],
  ['brier', 'brier', 'Brier', 4],
  ['brier_prior', 'brier_prior', 'Brier, prior-corrected', 4],
];

/** "+0.045 (8/10, p 0.23)", to be broken before the bracket only. */
function outcome({ difference, better, n, p }: Comparison, digits: number): string {
  return `${signed(difference, digits)} (${better}/${n},\u00a0p\u00a0${pText(p).replace(' ', '\u00a0')})`;
}

export function comparisonTable(summary: Summary): TextTable {
  const comparisons = summary.comparisons.filter(({ classifier }) => classifier !== null);
  const isPair = ([field, referenceField]: (typeof PAIRS)[number], comparison: Comparison) =>
    comparison.field === field && comparison.reference_field === referenceField;
  const pairs = PAIRS.filter((pair) => comparisons.some((comparison) => isPair(pair, comparison)));
  const isRow = (a: Comparison, b: Comparison) =>
    a.method === b.method && a.ratio === b.ratio && a.reference === b.reference && a.classifier === b.classifier;
  const rows = (dataset: string) => {
    const own = comparisons.filter((comparison) => comparison.dataset === dataset);
    const heads = own.filter((a, i) => own.findIndex((b) => isRow(a, b)) === i);
    return heads.map((head) => [
      runTitle(head.method, head.ratio),
      methodTitle(head.reference),
      classifierTitle(head.classifier ?? ''),
      ...pairs.map((pair) => {
        const comparison = own.find((other) => isPair(pair, other) && isRow(other, head));
        return comparison ? outcome(comparison, pair[3]) : '–';
      }),
    ]);
  };
  return {
    title: 'Table 8. Methods against each other, split by split',
    columns: [textColumn('Method'), textColumn('Against'), textColumn('Classifier'), ...pairs.map(([, , title]) => numberColumn(title))],
    groups: datasetsWith(summary, comparisons).map((dataset) => groupOf(summary, dataset, rows(dataset))),
    notes: [
      'Mean difference (method minus the other), in brackets the splits in which the method was better, and the two-sided p-value of the corrected resampled t-test. For Brier lower is better.',
      'These p-values are not adjusted for their number: of twenty comparisons without any difference one falls below 0.05 by chance. The verdicts use adjusted ones.',
    ],
  };
}

/** Likeness of synthetic rows against SMOTE's, or nothing where there is no such pair. */
export function likenessTable(summary: Summary): TextTable | undefined {
  const comparisons = summary.comparisons.filter(({ field }) => field === 'mmd2_u_excess');
  if (comparisons.length === 0) return undefined;
  return {
    title: 'Table 7. Likeness against SMOTE, split by split (excess MMD², lower is closer)',
    columns: [textColumn('Method'), textColumn('Against'), numberColumn('Difference'), numberColumn('Closer in'), numberColumn('p')],
    groups: datasetsWith(summary, comparisons).map((dataset) =>
      groupOf(
        summary,
        dataset,
        comparisons
          .filter((comparison) => comparison.dataset === dataset)
          .map(({ method, ratio, reference, difference, better, n, p }) => [
            runTitle(method, ratio),
            methodTitle(reference),
            signed(difference, 4),
            `${better} of ${counted(n, 'split')}`,
            pText(p),
          ]),
      ),
    ),
    notes: ['Two-sided p-value of the corrected resampled t-test, not adjusted for the number of comparisons.'],
  };
}

/** Cells without a result, or nothing where all went well: a row a method and reason, whatever the splits, ratios and classifiers. */
export function failureTable(summary: Summary, lines: readonly Line[], manifest: Manifest): TextTable | undefined {
  const settled = settle(lines, orderOf(lines, manifest));
  const failed = settled.filter(isFailed);
  if (failed.length === 0) return undefined;
  const rows = (dataset: string) => {
    const kinds = new Map<string, FailedLine[]>();
    for (const line of failed.filter((other) => other.dataset === dataset)) {
      const kind = JSON.stringify([line.method, line.error.replace(/\d+/g, '0')]);
      kinds.set(kind, [...(kinds.get(kind) ?? []), line]);
    }
    return [...kinds.values()].map((alike): string[] => {
      const [{ method, error }] = alike as [FailedLine, ...FailedLine[]];
      const results = settled.filter((line) => !isFailed(line) && line.dataset === dataset && line.method === method).length;
      return [
        methodTitle(method),
        distinct(alike.map(({ ratio }) => ratio))
          .map(ratioText)
          .join(', '),
        distinct(alike.map(({ classifier }) => classifier))
          .map(classifierTitle)
          .join(', '),
        runsOf(distinct(alike.map(({ split }) => split))),
        results === 0 ? 'none' : String(results),
        error,
      ];
    });
  };
  return {
    title: 'Table 10. Results that are missing because their cell failed',
    columns: [
      textColumn('Method'),
      textColumn('Ratio'),
      textColumn('Classifier'),
      textColumn('Splits'),
      numberColumn('Results obtained'),
      textColumn('Reason'),
    ],
    groups: datasetsWith(summary, failed).map((dataset) => groupOf(summary, dataset, rows(dataset))),
    notes: [
      'Means are over the splits that have a result; a method without any result on a data set is left out of its comparisons. Where reasons differ in their numbers only, those of the first split are shown. A second run of the same command tries failed cells again.',
    ],
  };
}

const distinct = <Value>(values: readonly Value[]): Value[] => [...new Set(values)];

/** "0–3, 7" */
function runsOf(splits: readonly number[]): string {
  const sorted = [...splits].sort((a, b) => a - b);
  const starts = sorted.filter((split) => !sorted.includes(split - 1));
  const ends = sorted.filter((split) => !sorted.includes(split + 1));
  return starts.map((start, i) => (ends[i] === start ? `${start}` : `${start}–${ends[i]}`)).join(', ');
}
