/**
 * Critical-difference diagrams (Demšar 2006, Fig. 1), turned on their side so that any number of methods can be read on a phone: a row
 * a method, the best on top, its mean rank as a dot. A bar at the right joins the rows that are not told apart.
 */
import * as Plot from '@observablehq/plot';
import { drawn } from './figures.js';
import type { Markup } from './html.js';
import type { Series } from './series.js';

export interface RankedRow {
  readonly label: string;
  readonly series: Series;
  readonly rank: number;
}

export interface RankAxis {
  /** Length of the critical difference in ranks; null where there is none. */
  readonly difference: number | null;
  /** First and last row of each bar. */
  readonly bars: readonly (readonly [number, number])[];
}

const RULER = 'Critical difference';
/** Between neighbouring bars, in pixels. */
const STEP = 9;

export function ranksPicture(document: Document, rows: readonly RankedRow[], { difference, bars }: RankAxis): Markup {
  const labels = rows.map(({ label }) => label);
  const length = difference ?? 0;
  const end = Math.max(rows.length, 1 + length);
  const widest = [RULER, ...labels].reduce((most, label) => Math.max(most, label.length), 0);
  const row = (i: number) => labels[i] as string;
  return drawn(document, {
    height: 64 + 24 * (rows.length + 1),
    marginLeft: Math.min(200, 16 + 7 * widest),
    marginRight: 18 + STEP * bars.length,
    marginBottom: 42,
    marginTop: 6,
    insetLeft: 8,
    insetRight: 6,
    x: {
      domain: [1, end],
      label: 'Mean rank (1 is best)',
      labelAnchor: 'center',
      labelArrow: 'none',
      labelOffset: 38,
      grid: true,
      ticks: 6,
    },
    y: { domain: [...(difference === null ? [] : [RULER]), ...labels], label: null, tickSize: 0 },
    marks: [
      ...(difference === null
        ? []
        : [
            Plot.ruleY([RULER], { x1: 1, x2: 1 + length, y: (name) => name, strokeWidth: 3 }),
            Plot.tickX([1, 1 + length], { x: (at) => at, y: () => RULER, insetTop: 7, insetBottom: 7, strokeWidth: 2 }),
          ]),
      ...rows.map(({ label, series, rank }) =>
        Plot.dot([rank], {
          x: (at) => at,
          y: () => label,
          r: 5,
          symbol: series.symbol as Plot.SymbolType,
          fill: series.colour,
          stroke: series.colour,
        }),
      ),
      ...bars.map(([first, last], b) =>
        Plot.link([0], {
          x1: end,
          x2: end,
          y1: () => row(first),
          y2: () => row(last),
          dx: 14 + STEP * b,
          strokeWidth: 4,
          strokeLinecap: 'round',
        }),
      ),
    ],
  });
}
