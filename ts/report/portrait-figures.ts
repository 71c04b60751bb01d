/** Figures of synthetic patients: shapes of columns, changes of correlations, principal components; a panel a method. */
import type { Histogram, Pictures } from '../study/portrait-pictures.js';
import type { Summary } from '../study/summary.js';
import { fixed, methodTitle } from '../study/words.js';
import type { Figure } from './figures.js';
import { boxOf, changePicture, histogramsPicture, scatterPicture, tick, wholeNumbers } from './portrait-pictures.js';
import { largestChanges } from './portrait-words.js';
import { seriesOf } from './series.js';
import type { TextTable } from './tables.js';
import { bareGroup, numberColumn, textColumn } from './tables.js';

export interface Drawn {
  readonly method: string;
  readonly pictures: Pictures;
}

const named = (histograms: readonly Histogram[], order: readonly string[]): Histogram[] =>
  order.flatMap((name) => histograms.find(({ column }) => column === name) ?? []);

/** ½ Σ |p − q| over the bins that are drawn. */
const apart = ({ real, synthetic }: Histogram): number =>
  real.reduce((sum, share, i) => sum + Math.abs(share - (synthetic[i] as number)), 0) / 2;

export function shapeFigure(summary: Summary, id: string, drawn: readonly Drawn[], order: readonly string[], of: number): Figure {
  const whole = order.length === of;
  return {
    id,
    title: whole ? 'Shapes of all columns' : `Shapes of the ${order.length} columns that methods find hardest`,
    caption:
      'Filled: real patients of the training part; line: synthetic ones. Each picture has its own height. Numbers are cut into twelve bins over the middle 98% of the real values, the outer bins hold what lies beyond; missing cells are left out.',
    panels: drawn.map(({ method, pictures }) => {
      const shown = named(pictures.histograms, order);
      const worst = [...shown].sort((a, b) => apart(b) - apart(a)).slice(0, 3);
      return {
        title: methodTitle(method),
        description: `Shapes of ${shown.length} columns, real and by ${methodTitle(method)}. Furthest apart: ${worst.map((histogram) => `${histogram.column}, ${fixed(100 * apart(histogram), 0)}% of patients in other bins`).join('; ')}.`,
        picture: histogramsPicture(shown, seriesOf(summary, method)),
      };
    }),
    series: [],
    data: [whole ? apartTable(drawn, order) : binTable(drawn, order)],
  };
}

/** Shares a bin. */
function binTable(drawn: readonly Drawn[], order: readonly string[]): TextTable {
  const [first] = drawn as readonly [Drawn, ...Drawn[]];
  const percent = (share: number | undefined) => fixed(share === undefined ? null : 100 * share, 0);
  const rows = named(first.pictures.histograms, order).flatMap((histogram) =>
    histogram.real.map((share, bin) => [
      histogram.column,
      binName(histogram, bin),
      percent(share),
      ...drawn.map(({ pictures }) => percent(pictures.histograms.find(({ column }) => column === histogram.column)?.synthetic[bin])),
    ]),
  );
  return {
    title: 'Percent of patients a bin',
    columns: [
      textColumn('Column'),
      textColumn('From, or level'),
      numberColumn('Real'),
      ...drawn.map(({ method }) => numberColumn(methodTitle(method))),
    ],
    groups: [bareGroup(rows)],
    notes: [],
  };
}

/** Bins by where they begin; the first and the last have no end. */
function binName({ bins, levels, real }: Histogram, bin: number): string {
  if (levels) return levels[bin] ?? '–';
  const { low, width } = bins ?? { low: 0, width: 0 };
  const half = wholeNumbers(low, width) ? 0.5 : 0;
  const from = (i: number) => tick(low + half + i * width);
  return bin === 0 ? `below ${from(1)}` : bin === real.length - 1 ? `${from(bin)} and above` : from(bin);
}

/** One number a column and method, for pictures of too many bins to list. */
function apartTable(drawn: readonly Drawn[], order: readonly string[]): TextTable {
  return {
    title: 'Percent of synthetic patients in other bins than real ones (½ Σ |p − q| over the bins drawn)',
    columns: [textColumn('Column'), ...drawn.map(({ method }) => numberColumn(methodTitle(method)))],
    groups: [
      bareGroup(
        order.map((name) => [
          name,
          ...drawn.map(({ pictures }) => {
            const histogram = pictures.histograms.find(({ column }) => column === name);
            return histogram ? fixed(100 * apart(histogram), 0) : '–';
          }),
        ]),
      ),
    ],
    notes: [],
  };
}

const LISTED_CHANGES = 10;

/** Nothing where fewer than two columns can be correlated. */
export function changeFigure(id: string, drawn: readonly Drawn[]): Figure | undefined {
  if (!drawn.some(({ pictures }) => pictures.correlations.columns.length > 1)) return undefined;
  const rows = drawn.flatMap(({ method, pictures }) =>
    largestChanges(pictures.correlations, LISTED_CHANGES).map(({ first, second, real, synthetic }) => [
      methodTitle(method),
      `${first}, ${second}`,
      fixed(real, 2),
      fixed(synthetic, 2),
    ]),
  );
  return {
    id,
    title: 'Changes of correlations',
    caption:
      'A cell a pair of columns: Pearson’s r among synthetic patients minus r among real ones of the training part. A column’s name stands at the end of its row and above its column. Empty: hardly a change; blue: less (or more negative) than real; orange: more; grey: without a value, because a column is constant.',
    panels: drawn.map(({ method, pictures }) => {
      const worst = largestChanges(pictures.correlations, 3);
      return {
        title: methodTitle(method),
        description: `Changes of correlations by ${methodTitle(method)}. Largest: ${worst.map(({ first, second, real, synthetic }) => `${first} with ${second}, ${fixed(real, 2)} real and ${fixed(synthetic, 2)} synthetic`).join('; ')}.`,
        picture: changePicture(pictures.correlations),
      };
    }),
    series: [],
    data: [
      {
        title: `The ${LISTED_CHANGES} largest changes of each method`,
        columns: [textColumn('Method'), textColumn('Pair'), numberColumn('r, real'), numberColumn('r, synthetic')],
        groups: [bareGroup(rows)],
        notes: [],
      },
    ],
  };
}

const halves = (points: readonly number[], offset: 0 | 1): number[] => points.filter((_, i) => i % 2 === offset);

function spread(values: readonly number[]): { mean: number; sd: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, sd: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / values.length) };
}

/** Nothing where the real rows do not spread in two directions. */
export function scatterFigure(summary: Summary, id: string, drawn: readonly Drawn[]): Figure | undefined {
  const shown = drawn.flatMap(({ method, pictures: { scatter } }) => (scatter ? [{ method, scatter }] : []));
  const [first] = shown;
  if (!first) return undefined;
  const box = boxOf(first.scatter);
  const along = (points: readonly number[]) => [spread(halves(points, 0)), spread(halves(points, 1))] as const;
  const cells = (points: readonly number[]) => along(points).map(({ mean, sd }) => `${fixed(mean, 2)} ± ${fixed(sd, 2)}`);
  return {
    id,
    title: 'Real and synthetic patients on the two directions in which real ones differ most',
    caption:
      'Grey: up to 200 real patients of the training part; coloured: up to 200 synthetic ones, placed by the principal components of the real ones (numbers standardised, categories as 0 and 1). Synthetic patients should cover the same ground, neither in clumps nor on lines; those beyond the frame are drawn at its edge.',
    panels: shown.map(({ method, scatter }) => {
      const [x, y] = along(scatter.synthetic);
      const [realX, realY] = along(scatter.real);
      return {
        title: methodTitle(method),
        description: `Principal components of real patients and of those by ${methodTitle(method)}. Standard deviation along the first: ${fixed(realX.sd, 2)} real, ${fixed(x.sd, 2)} synthetic; along the second: ${fixed(realY.sd, 2)} real, ${fixed(y.sd, 2)} synthetic.`,
        picture: scatterPicture(scatter, box, seriesOf(summary, method)),
      };
    }),
    series: [],
    data: [
      {
        title: 'Mean ± standard deviation of the points drawn',
        columns: [textColumn('Patients'), numberColumn('First component'), numberColumn('Second component')],
        groups: [
          bareGroup([
            ['Real', ...cells(first.scatter.real)],
            ...shown.map(({ method, scatter }) => [methodTitle(method), ...cells(scatter.synthetic)]),
          ]),
        ],
        notes: [],
      },
    ],
  };
}
