/** Mean ranks over data sets and classifiers: the table, the tests, and the critical-difference figure. */
import { pooledDatasets } from '../study/ranks.js';
import type { RankedField, Ranking, Summary } from '../study/summary.js';
import { classifierTitle, counted, enumerated, fixed, methodName, methodTitle, pText, ratioText } from '../study/words.js';
import type { Figure } from './figures.js';
import { ranksPicture } from './rank-picture.js';
import { seriesOf } from './series.js';
import type { TextTable } from './tables.js';
import { bareGroup, numberColumn, textColumn, titleOf } from './tables.js';

const TITLES: Readonly<Record<RankedField, string>> = {
  f1: 'F1 at 0.5',
  f1_tuned: 'F1, tuned cut-off',
  ap: 'Average precision',
  auroc: 'AUROC',
  brier: 'Brier score',
  mmd2_u_excess: 'Excess MMD²',
};

const blocksText = ({ blocks }: Ranking): string =>
  blocks.every(({ classifier }) => classifier === null)
    ? counted(blocks.length, 'data set')
    : counted(blocks.length, 'pair of data set and classifier', 'pairs of data set and classifier');

/** Nothing, or that all data sets of the ranks are simulated. */
const ofWhat = ({ datasets }: Summary): string => (pooledDatasets(datasets).every(({ simulated }) => simulated) ? ', simulated data' : '');

/** A row a method, a column a number that is ranked. */
export function rankTable(summary: Summary): TextTable {
  const { rankings } = summary;
  const ranked = summary.methods.filter((method) => rankings.some(({ methods }) => methods.some((own) => own.method === method)));
  const rankOf = (ranking: Ranking, method: string) => fixed(ranking.methods.find((own) => own.method === method)?.rank, 2);
  const left = rankings.flatMap(({ field, left_out }) =>
    left_out.length > 0 ? [`${TITLES[field]}: ${enumerated(left_out.map(methodName))}`] : [],
  );
  return {
    title: `Mean ranks of the methods (1 is best)${ofWhat(summary)}`,
    columns: [textColumn('Method'), ...rankings.map(({ field }) => numberColumn(TITLES[field]))],
    groups: [bareGroup(ranked.map((method) => [methodTitle(method), ...rankings.map((ranking) => rankOf(ranking, method))]))],
    notes: [
      `Within each pair of data set and classifier (excess MMD²: each data set) the methods are ranked by their mean over splits at ratio ${ratioText(rankings[0]?.ratio ?? 0)}; equal values share their ranks. Splits share patients and are no pairs of their own, so that there are few pairs and ranks must differ much to be told apart.`,
      'Ranks weigh all pairs alike and know no sizes: a method can lead by rank with differences that do not matter.',
      ...(pooledDatasets(summary.datasets).length < summary.datasets.length ? ['Simulated data sets are left out.'] : []),
      ...(left.length > 0 ? [`Not ranked, because results are missing: ${left.join('; ')}.`] : []),
    ],
  };
}

/** Whether the methods differ at all, and by how many ranks two must differ. */
export function rankTestTable(summary: Summary): TextTable {
  return {
    title: `Tests of equal mean ranks${ofWhat(summary)}`,
    columns: [
      textColumn('Ranked by'),
      numberColumn('Methods'),
      numberColumn('Pairs'),
      numberColumn('Friedman χ²'),
      numberColumn('p'),
      numberColumn('F'),
      numberColumn('p of F'),
      numberColumn('Critical difference'),
    ],
    groups: [
      bareGroup(
        summary.rankings.map(({ field, methods, blocks, test, critical_difference }) => [
          TITLES[field],
          String(methods.length),
          String(blocks.length),
          fixed(test?.chi2, 2),
          pText(test?.p ?? null),
          test && test.f === null ? '∞' : fixed(test?.f, 2),
          pText(test?.f_p ?? null),
          fixed(critical_difference, 2),
        ]),
      ),
    ],
    notes: [
      'Friedman’s test with correction for ties, and the F of Iman and Davenport, which is less cautious. Critical difference: Nemenyi’s test at the 5% level (Demšar 2006). Both classifiers of a data set see the same patients, so that pairs are less independent than the tests take them to be: p-values are too small rather than too large. With two or three pairs they are rough besides; where all pairs agree, F is infinite and tells nothing.',
    ],
  };
}

/** Critical-difference diagrams, a panel a ranking. */
export function rankFigure(summary: Summary, document: Document, number: number): Figure | undefined {
  const { rankings } = summary;
  if (rankings.length === 0) return undefined;
  const panels = rankings.map((ranking) => {
    const { field, methods, bars, critical_difference } = ranking;
    const rows = methods.map(({ method, rank }) => ({ label: methodTitle(method), series: seriesOf(summary, method), rank }));
    const joined = bars.map(([first, last]) => `${rows[first]?.label} to ${rows[last]?.label}`);
    const apart =
      critical_difference === null
        ? 'With one pair there is no critical difference.'
        : `Critical difference ${fixed(critical_difference, 2)}; not told apart: ${joined.join(', ') || 'none'}.`;
    return {
      title: `${TITLES[field]} (${blocksText(ranking)})`,
      description: `Mean ranks by ${TITLES[field]}, the best first: ${rows.map(({ label, rank }) => `${label} ${fixed(rank, 2)}`).join(', ')}. ${apart}`,
      picture: ranksPicture(document, rows, { difference: critical_difference, bars }),
    };
  });
  return {
    id: `figure-${number}`,
    title: `Fig. ${number}. Mean ranks with critical differences${ofWhat(summary)}.`,
    caption:
      'Dots: mean rank, the best method on top. A bar at the right joins methods that are not told apart: their mean ranks differ by less than the critical difference, whose length is drawn in the first row.',
    panels,
    series: [],
    data: rankings.map((ranking) => rankData(summary, ranking)),
  };
}

function rankData(summary: Summary, { field, blocks, methods }: Ranking): TextTable {
  const heading = ({ dataset, classifier }: Ranking['blocks'][number]) =>
    classifier === null ? titleOf(summary, dataset) : `${titleOf(summary, dataset)}, ${classifierTitle(classifier)}`;
  return {
    title: `Ranks by ${TITLES[field]}`,
    columns: [textColumn('Method'), numberColumn('Mean'), ...blocks.map((block) => numberColumn(heading(block)))],
    groups: [
      bareGroup(methods.map(({ method, rank, ranks }) => [methodTitle(method), fixed(rank, 2), ...ranks.map((own) => fixed(own, 1))])),
    ],
    notes: [],
  };
}
