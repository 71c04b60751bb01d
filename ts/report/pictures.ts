/** The report's figures: which curves and dots each shows, its words, and its data. */
import { hasRatio } from '../study/groups.js';
import type { MeanCurve, Summary, UtilitySummary } from '../study/summary.js';
import { classifierName, classifierTitle, counted, enumerated, fixed, plusMinus, ratioText } from '../study/words.js';
import type { Dot, Figure, Panel } from './figures.js';
import { curvesPicture, dotsPicture } from './figures.js';
import type { Series } from './series.js';
import { picturedMethods, seriesOf } from './series.js';
import type { TextTable } from './tables.js';
import { bareGroup, numberColumn, runTitle, textColumn, titleOf } from './tables.js';

/** Data sets by how rare the positive class is, the rarest first. */
function byRarity(summary: Summary): string[] {
  const share = ({ positives, rows }: { positives: number; rows: number }) => positives / rows;
  return [...summary.datasets].sort((a, b) => share(a) - share(b)).map(({ name }) => name);
}

/** What is shown at one ratio: the methods at it, and nothing added. */
const atRatio = (summary: Summary, dataset: string, ratio: number, classifier: string): UtilitySummary[] =>
  summary.utility.filter(
    (entry) =>
      entry.dataset === dataset &&
      entry.classifier === classifier &&
      entry.splits > 0 &&
      (entry.ratio === ratio || !hasRatio(entry.method)),
  );

/** The ratios for which rows were made; without any, one picture of what there is. */
const shownRatios = (summary: Summary, dataset: string): number[] => {
  const made = summary.fidelity.filter((entry) => entry.dataset === dataset);
  const ratios = summary.ratios.filter((ratio) => made.some((entry) => entry.ratio === ratio));
  return ratios.length > 0 ? ratios : summary.ratios.slice(0, 1);
};

const usedSeries = (summary: Summary, methods: readonly string[]): Series[] =>
  summary.methods.filter((method) => methods.includes(method)).map((method) => seriesOf(summary, method));

const at = (curve: MeanCurve, x: number): number => {
  const i = curve.x.findIndex((value) => value >= x - 1e-9);
  return i < 0 ? Number.NaN : (curve.mean[i] as number);
};

export function prFigures(summary: Summary, document: Document, firstNumber: number): Figure[] {
  const wanted = byRarity(summary).flatMap((dataset) => shownRatios(summary, dataset).map((ratio) => ({ dataset, ratio })));
  const figures: Figure[] = [];
  for (const { dataset, ratio } of wanted) {
    const figure = prFigure(summary, document, dataset, ratio, firstNumber + figures.length);
    if (figure) figures.push(figure);
  }
  return figures;
}

function prFigure(summary: Summary, document: Document, dataset: string, ratio: number, number: number): Figure | undefined {
  const facts = summary.datasets.find(({ name }) => name === dataset);
  const panels: Panel[] = [];
  const data: TextTable[] = [];
  const methods: string[] = [];
  const pictured = picturedMethods(summary);
  for (const classifier of summary.classifiers) {
    const curves = atRatio(summary, dataset, ratio, classifier).flatMap((entry) =>
      entry.pr_curve ? [{ series: seriesOf(summary, entry.method), curve: entry.pr_curve }] : [],
    );
    if (curves.length === 0) continue;
    const shown = curves.filter(({ series }) => pictured.includes(series.method));
    methods.push(...shown.map(({ series }) => series.method));
    const halves = shown.map(({ series, curve }) => `${series.title} ${fixed(at(curve, 0.5), 2)}`);
    panels.push({
      title: classifierTitle(classifier),
      description: `Precision over recall for the ${classifierName(classifier)}. Mean precision at recall 0.5: ${halves.join(', ')}.`,
      picture: curvesPicture(document, shown, {
        x: { domain: [0, 1], label: 'Recall (share of positives found)' },
        y: { domain: [0, 1], label: 'Precision (share of alarms that are right)' },
        level: facts ? facts.positives / facts.rows : undefined,
      }),
    });
    data.push(prData(classifierTitle(classifier), curves));
  }
  if (panels.length === 0) return undefined;
  return {
    id: `figure-${number}`,
    title: `Fig. ${number}. Precision–recall curves, ${titleOf(summary, dataset)}, ratio ${ratioText(ratio)}.`,
    caption: `Lines: mean over splits; bands: ± one standard deviation. Dotted: what guessing reaches. Higher is better. Bands tell how much a curve depends on the split; whether methods differ is told by the comparisons.${summary.methods.length > pictured.length ? ' The main methods are drawn; all stand in the table below.' : ''}`,
    panels,
    series: usedSeries(summary, methods),
    data,
  };
}

function prData(title: string, curves: readonly { series: Series; curve: MeanCurve }[]): TextTable {
  const recalls = Array.from({ length: 11 }, (_, i) => i / 10);
  const cell = (curve: MeanCurve, recall: number) => {
    const i = curve.x.findIndex((x) => x >= recall - 1e-9);
    const mean = curve.mean[i] ?? Number.NaN;
    return plusMinus({ n: curve.n, mean, sd: curve.n > 1 ? (curve.sd[i] ?? null) : null });
  };
  return {
    title: `${title}: precision (mean ± standard deviation) at a given recall`,
    columns: [numberColumn('Recall'), ...curves.map(({ series }) => numberColumn(series.title))],
    groups: [bareGroup(recalls.map((recall) => [fixed(recall, 1), ...curves.map(({ curve }) => cell(curve, recall))]))],
    notes: [],
  };
}

/** Average precision of every method, a panel a classifier. */
export function apFigures(summary: Summary, document: Document, firstNumber: number): Figure[] {
  const figures: Figure[] = [];
  for (const dataset of byRarity(summary)) {
    const number = firstNumber + figures.length;
    const panels: Panel[] = [];
    const rows: string[][] = [];
    const domain = rangeOf(summary.classifiers.flatMap((classifier) => apDots(summary, dataset, classifier)));
    for (const classifier of summary.classifiers) {
      const dots = apDots(summary, dataset, classifier);
      if (dots.length === 0) continue;
      const plain = dots.find(({ series }) => series.method === 'none');
      panels.push({
        title: classifierTitle(classifier),
        description: `Average precision of the ${classifierName(classifier)}: ${dots.map(({ label, mean }) => `${label} ${fixed(mean)}`).join(', ')}.`,
        picture: dotsPicture(document, dots, { label: 'Average precision', domain, reference: plain?.mean }),
      });
      rows.push(...dots.map(({ label, mean, sd }) => [label, classifierTitle(classifier), plusMinus({ n: 0, mean, sd })]));
    }
    if (panels.length === 0) continue;
    const columns = [textColumn('Method'), textColumn('Classifier'), numberColumn('Average precision')];
    figures.push({
      id: `figure-${number}`,
      title: `Fig. ${number}. Average precision by method, ${titleOf(summary, dataset)}.`,
      caption: 'Dots: mean over splits; bars: ± one standard deviation. Dotted: the mean with nothing added. Further right is better.',
      panels,
      series: [],
      data: [{ title: 'Average precision (mean ± standard deviation)', columns, groups: [bareGroup(rows)], notes: [] }],
    });
  }
  return figures;
}

/** From the lowest bar's end to the highest, so that panels side by side share their scale. */
const rangeOf = (dots: readonly Dot[]): [number, number] => [
  dots.reduce((low, { mean, sd }) => Math.min(low, mean - (sd ?? 0)), Number.POSITIVE_INFINITY),
  dots.reduce((high, { mean, sd }) => Math.max(high, mean + (sd ?? 0)), Number.NEGATIVE_INFINITY),
];

function apDots(summary: Summary, dataset: string, classifier: string): Dot[] {
  const entries = summary.utility.filter((entry) => entry.dataset === dataset && entry.classifier === classifier);
  return entries.flatMap((entry) => {
    const ap = entry.values.ap;
    if (!ap) return [];
    const label = runTitle(entry.method, entry.ratio);
    return [{ label, series: seriesOf(summary, entry.method), mean: ap.mean, sd: ap.sd }];
  });
}

/** Training loss over steps, a panel a data set, for methods that train. */
export function lossFigure(summary: Summary, document: Document, number: number): Figure | undefined {
  const panels: Panel[] = [];
  const methods: string[] = [];
  const rows: string[][] = [];
  const pictured = picturedMethods(summary);
  for (const { name, title } of summary.datasets) {
    const trained = summary.fidelity.filter(
      ({ dataset, method, loss_curve }) => dataset === name && loss_curve !== null && pictured.includes(method),
    );
    const curves = trained
      .filter((entry, i) => trained.findIndex(({ method }) => method === entry.method) === i)
      .map((entry) => ({ series: seriesOf(summary, entry.method), curve: entry.loss_curve as MeanCurve }));
    if (curves.length === 0) continue;
    methods.push(...curves.map(({ series }) => series.method));
    const course = ({ series, curve }: (typeof curves)[number]) =>
      `${series.title} from ${fixed(curve.mean[0])} to ${fixed(curve.mean[curve.mean.length - 1])} over ${fixed(curve.x[curve.x.length - 1], 0)} steps`;
    panels.push({
      title,
      description: `Training loss on ${title}: ${enumerated(curves.map(course))}.`,
      picture: curvesPicture(document, curves, { x: { label: 'Training step' }, y: { label: 'Training loss', zero: true } }),
    });
    for (const { series, curve } of curves) {
      const every = Math.max(1, Math.ceil(curve.x.length / 10));
      const shown = curve.x.map((_, i) => i).filter((i) => i % every === 0 || i === curve.x.length - 1);
      const loss = (i: number) =>
        plusMinus({ n: curve.n, mean: curve.mean[i] as number, sd: curve.n > 1 ? (curve.sd[i] as number) : null });
      rows.push(...shown.map((i) => [title, series.title, fixed(curve.x[i], 0), loss(i)]));
    }
  }
  if (panels.length === 0) return undefined;
  const columns = [textColumn('Data set'), textColumn('Method'), numberColumn('Step'), numberColumn('Loss')];
  return {
    id: `figure-${number}`,
    title: `Fig. ${number}. Training convergence.`,
    caption: `Loss of the generator over its training steps, mean over splits, with bands of ± one standard deviation (${counted(panels.length, 'data set')}). A flat end means that training has settled; it says nothing about how good the rows are.`,
    panels,
    series: usedSeries(summary, methods),
    data: [{ title: 'Training loss (mean ± standard deviation)', columns, groups: [bareGroup(rows)], notes: [] }],
  };
}
