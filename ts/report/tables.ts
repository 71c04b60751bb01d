/** The study's two main tables as text cells, the same for terminal and page. */
import { hasRatio } from '../study/groups.js';
import type { FidelitySummary, Summary, UtilitySummary } from '../study/summary.js';
import { classifierTitle, enumerated, fixed, methodTitle, plusMinus, ratioText, signed } from '../study/words.js';

export interface TextColumn {
  readonly text: string;
  /** Numbers are set flush right. */
  readonly number: boolean;
}

/** Rows of text cells under headings, in groups (a data set each, by its title and its short name). Missing cells are "–". */
export interface TextTable {
  readonly title: string;
  readonly columns: readonly TextColumn[];
  readonly groups: readonly TextGroup[];
  readonly notes: readonly string[];
}

export interface TextGroup {
  readonly title: string;
  readonly name: string;
  readonly rows: readonly (readonly string[])[];
}

/** The rows of one data set. */
export const groupOf = (summary: Summary, dataset: string, rows: TextGroup['rows']): TextGroup => ({
  title: titleOf(summary, dataset),
  name: nameOf(summary, dataset),
  rows,
});

/** Rows without a heading over them. */
export const bareGroup = (rows: TextGroup['rows']): TextGroup => ({ title: '', name: '', rows });

export const textColumn = (text: string): TextColumn => ({ text, number: false });
export const numberColumn = (text: string): TextColumn => ({ text, number: true });

/** Headings and rows with the group's name in a first column of its own, once a group: for a terminal. */
export function flatTable(table: TextTable, groupHeading = 'Data set'): { head: string[]; rows: string[][] } {
  const rows = table.groups.flatMap(({ name, rows: members }) => members.map((row, i) => [i === 0 ? name : '', ...row]));
  return { head: [groupHeading, ...table.columns.map(({ text }) => text)], rows };
}

/** A method and its ratio, a cell each. */
export const methodAndRatio = (method: string, ratio: number): string[] => [methodTitle(method), hasRatio(method) ? ratioText(ratio) : '–'];

/** "SMOTE, 1 : 4" */
export const runTitle = (method: string, ratio: number): string =>
  hasRatio(method) ? `${methodTitle(method)}, ${ratioText(ratio)}` : methodTitle(method);

export const titleOf = (summary: Summary, dataset: string): string =>
  summary.datasets.find(({ name }) => name === dataset)?.title ?? dataset;

/** The short name, which says of simulated rows that they are. */
export function nameOf({ datasets }: Summary, dataset: string): string {
  const simulated = datasets.some((facts) => facts.name === dataset && facts.simulated);
  return simulated && !/simulated/i.test(dataset) ? `${dataset} (simulated)` : dataset;
}

/** The data sets that have any result, in the summary's order. */
export function datasetsWith<Entry extends { readonly dataset: string }>(summary: Summary, entries: readonly Entry[]): string[] {
  const met = new Set(entries.map(({ dataset }) => dataset));
  return [...summary.datasets.map(({ name }) => name), ...met].filter((name, i, all) => met.has(name) && all.indexOf(name) === i);
}

/** One row for each method and ratio, with every classifier's entry of it (undefined where it has none). */
export function utilityRows(
  summary: Summary,
  dataset: string,
): { method: string; ratio: number; byClassifier: (UtilitySummary | undefined)[] }[] {
  const entries = summary.utility.filter((entry) => entry.dataset === dataset);
  const first = entries.filter((a, i) => entries.findIndex((b) => a.method === b.method && a.ratio === b.ratio) === i);
  return first.map(({ method, ratio }) => ({
    method,
    ratio,
    byClassifier: summary.classifiers.map((classifier) =>
      entries.find((entry) => entry.method === method && entry.ratio === ratio && entry.classifier === classifier),
    ),
  }));
}

/** Table 1: distance of synthetic patients from unseen real ones. */
export function mmdTable(summary: Summary): TextTable {
  const simulated = new Set(summary.datasets.filter((facts) => facts.simulated).map(({ name }) => name));
  const cells = ({ dataset, method, ratio, splits, values }: FidelitySummary): string[] => [
    ...methodAndRatio(method, ratio),
    plusMinus(values.mmd_b),
    fixed(values.mmd_floor?.mean),
    fixed(simulated.has(dataset) ? null : (summary.paper.mmd[method] ?? null)),
    values.mmd2_u_excess ? withSpread(values.mmd2_u_excess.mean, values.mmd2_u_excess.sd) : '–',
    plusMinus(values.nearest_ratio, 2),
    String(splits),
  ];
  return {
    title: 'Table 1. How close synthetic minority patients are to unseen real ones (MMD, lower is closer)',
    columns: [
      textColumn('Method'),
      textColumn('Ratio'),
      numberColumn('MMD'),
      numberColumn('Floor'),
      numberColumn('Paper'),
      numberColumn('Excess MMD²'),
      numberColumn('Nearest record'),
      numberColumn('Splits'),
    ],
    groups: datasetsWith(summary, summary.fidelity).map((dataset) =>
      groupOf(summary, dataset, summary.fidelity.filter((entry) => entry.dataset === dataset).map(cells)),
    ),
    notes: [
      'Mean ± standard deviation over splits. Floor: the same distance between two parts of real patients; nothing can be expected to go below it.',
      'Excess MMD² is unbiased and free of the number of rows: 0 means as close as other real patients.',
      'Nearest record: 1 means as far from the training patients as unseen patients are; far below 1 means copying.',
      'Paper: the published figures, printed there without data set or kernel, so that they stand beside ours and cannot be compared with them in size.',
      ...notRun(summary, summary.paper.mmd, 3),
    ],
  };
}

const withSpread = (mean: number, sd: number | null): string => (sd === null ? signed(mean, 4) : `${signed(mean, 4)} ± ${fixed(sd, 4)}`);

/** Table 2: minority F1 at the 0.5 cut-off, by classifier. */
export function f1Table(summary: Summary): TextTable {
  const tuned = summary.utility.some(({ values }) => values.f1_tuned !== null);
  const cells = (dataset: string): string[][] =>
    utilityRows(summary, dataset).map(({ method, ratio, byClassifier }) => [
      ...methodAndRatio(method, ratio),
      ...byClassifier.flatMap((entry) => [plusMinus(entry?.values.f1), ...(tuned ? [plusMinus(entry?.values.f1_tuned)] : [])]),
      fixed(paperF1(summary, dataset, method), 2),
      splitsOf(byClassifier),
    ]);
  return {
    title: tuned
      ? 'Table 2. Minority F1 at cut-off 0.5 and at a tuned one (higher is better)'
      : 'Table 2. Minority F1 at cut-off 0.5 (higher is better)',
    columns: [
      textColumn('Method'),
      textColumn('Ratio'),
      ...summary.classifiers.flatMap((classifier) => [
        numberColumn(`${classifierTitle(classifier)} at 0.5`),
        ...(tuned ? [numberColumn(`${classifierTitle(classifier)} tuned`)] : []),
      ]),
      numberColumn('Paper'),
      numberColumn('Splits'),
    ],
    groups: datasetsWith(summary, summary.utility).map((dataset) => groupOf(summary, dataset, cells(dataset))),
    notes: [
      'Mean ± standard deviation over splits.',
      tuned
        ? 'F1 at 0.5 is partly a matter of the cut-off; the tuned columns choose it inside the training part.'
        : 'F1 at 0.5 is partly a matter of the cut-off: added rows raise predicted risks, and a lower cut-off on the plain model can do the same. No cut-off was tuned in this run.',
      ...unmetNotes(summary),
      ...paperNotes(summary),
    ],
  };
}

const paperF1 = (summary: Summary, dataset: string, method: string): number | null =>
  Object.hasOwn(summary.paper.f1, dataset) ? (summary.paper.f1[dataset]?.values[method] ?? null) : null;

/** Splits with a result; where classifiers differ, each its own. */
function splitsOf(entries: readonly (UtilitySummary | undefined)[]): string {
  const numbers = [...new Set(entries.map((entry) => entry?.splits ?? 0))];
  return numbers.length === 1 ? String(numbers[0]) : entries.map((entry) => entry?.splits ?? 0).join(' / ');
}

/** Data sets that have a ratio already, so that nothing was added for it. */
function unmetNotes(summary: Summary): string[] {
  const makers = new Set(summary.fidelity.map(({ method }) => method));
  const unmet = summary.utility.filter(
    ({ dataset, method, ratio, splits }) =>
      splits > 0 &&
      makers.has(method) &&
      !summary.fidelity.some((entry) => entry.dataset === dataset && entry.method === method && entry.ratio === ratio),
  );
  const cases = [...new Set(unmet.map(({ dataset, ratio }) => `${titleOf(summary, dataset)} at ${ratioText(ratio)}`))];
  return cases.length === 0 ? [] : [`No rows were added to ${enumerated(cases)}: there are as many positives already.`];
}

/** "The paper also gives CTGAN 0.152 and TVAE 0.140, which this study did not run." */
function notRun(summary: Summary, values: Readonly<Record<string, number>>, digits: number): string[] {
  const others = Object.keys(values).filter((method) => !summary.methods.includes(method));
  const listed = others.map((method) => `${methodTitle(method)} ${fixed(values[method], digits)}`);
  return listed.length === 0 ? [] : [`The paper also gives ${enumerated(listed)}, which this study did not run.`];
}

function paperNotes(summary: Summary): string[] {
  const shown = summary.datasets.flatMap((facts) => {
    const figures = Object.hasOwn(summary.paper.f1, facts.name) ? summary.paper.f1[facts.name] : undefined;
    return figures ? [{ title: facts.title, ...figures }] : [];
  });
  if (shown.length === 0) return [];
  const beside = shown.map(({ title, data }) => `${data} beside our “${title}”`);
  return [
    `Paper: ${summary.paper.citation}. It does not say which of its classifiers a figure is from. The figures are for ${enumerated(beside)}: not all the same patients.`,
    'No implementation that we know reproduces the published figures on these data sets; plain forests and boosters already start from another level.',
    ...shown.flatMap(({ title, values }) => notRun(summary, values, 2).map((note) => `${title}: ${note}`)),
  ];
}
