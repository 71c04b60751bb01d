/** Figures: the frame with caption, legend and data, and the pictures drawn by Observable Plot into a given document. */
import * as Plot from '@observablehq/plot';
import type { MeanCurve } from '../study/summary.js';
import type { Markup } from './html.js';
import { html, printable, trusted, unbroken } from './html.js';
import type { Series } from './series.js';
import { legendMarkup } from './series.js';
import { tableMarkup } from './table-html.js';
import type { TextTable } from './tables.js';

/** Narrow enough to be read on a phone at nearly its own size; wide screens set two side by side. */
const WIDTH = 430;
const FONT_SIZE = 13;

export interface Panel {
  readonly title: string;
  /** What the picture shows, in words and numbers. */
  readonly description: string;
  readonly picture: Markup;
}

export interface Figure {
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly panels: readonly Panel[];
  readonly series: readonly Series[];
  readonly data: readonly TextTable[];
}

export function figureMarkup({ id, title, caption, panels, series, data }: Figure): Markup {
  const drawn = panels.map(
    (panel) => html`<div class="panel">
<p class="panel-title">${panel.title}</p>
<div role="img" aria-label="${panel.description}">${panel.picture}</div>
</div>
`,
  );
  const tables = data.map((table, i) => tableMarkup(`${id}-data-${i + 1}`, table));
  return html`<figure id="${id}" aria-labelledby="${id}-title">
<figcaption><strong id="${id}-title">${unbroken(title)}</strong> ${unbroken(caption)}</figcaption>
<div class="panels">
${drawn}</div>
${series.length > 0 && legendMarkup(series)}<details><summary>The figure’s data as a table</summary>
${tables}</details>
</figure>
`;
}

/** Draws and yields the SVG as text. The style sheet that Plot puts into each picture is part of the page's own. */
export function drawn(document: Document, options: Plot.PlotOptions): Markup {
  const picture = Plot.plot({ document, width: WIDTH, ...options });
  picture.querySelector('style')?.remove();
  picture.setAttribute('font-size', String(FONT_SIZE));
  picture.setAttribute('class', 'plot');
  picture.setAttribute('aria-hidden', 'true');
  picture.setAttribute('focusable', 'false');
  // Two decimals of a pixel are enough; text keeps all of its digits.
  return trusted(printable(picture.outerHTML).replace(/="[^"]*"/g, (attribute) => attribute.replace(/(\d+\.\d\d)\d+/g, '$1')));
}

export interface CurveSeries {
  readonly series: Series;
  readonly curve: MeanCurve;
}

interface Axes {
  readonly x: Plot.ScaleOptions;
  readonly y: Plot.ScaleOptions;
  /** A dotted level to compare with, e.g. what guessing reaches. */
  readonly level?: number | undefined;
}

/** Lines with bands of ± one standard deviation. */
export function curvesPicture(document: Document, curves: readonly CurveSeries[], { x, y, level }: Axes): Markup {
  const clip = (value: number) => (y.domain ? Math.min(1, Math.max(0, value)) : value);
  const points = ({ curve }: CurveSeries) =>
    curve.x.map((at, i) => {
      const mean = curve.mean[i] as number;
      const sd = curve.sd[i] as number;
      return { at, mean, low: clip(mean - sd), high: clip(mean + sd) };
    });
  const bands = curves.filter(({ curve }) => curve.n > 1);
  // Many bands over each other would hide the lines.
  const bandOpacity = Math.min(0.18, 0.4 / Math.max(1, bands.length));
  return drawn(document, {
    height: 330,
    marginLeft: 48,
    marginBottom: 42,
    marginTop: 30,
    x: { ...x, labelAnchor: 'center', labelArrow: 'none', labelOffset: 38 },
    y: { ...y, grid: true, labelArrow: 'none', labelAnchor: 'top' },
    marks: [
      ...bands.map((entry) =>
        Plot.areaY(points(entry), { x: 'at', y1: 'low', y2: 'high', fill: entry.series.colour, fillOpacity: bandOpacity }),
      ),
      ...(level === undefined ? [] : [Plot.ruleY([level], { strokeDasharray: '1 3', strokeOpacity: 0.7 })]),
      ...curves.map((entry) =>
        Plot.lineY(points(entry), {
          x: 'at',
          y: 'mean',
          stroke: entry.series.colour,
          strokeWidth: 2,
          ...(entry.series.dash === 'none' ? {} : { strokeDasharray: entry.series.dash, strokeLinecap: 'butt' }),
        }),
      ),
    ],
  });
}

export interface Dot {
  readonly label: string;
  readonly series: Series;
  readonly mean: number;
  readonly sd: number | null;
}

interface DotAxis {
  readonly label: string;
  readonly domain: readonly [number, number];
  /** A dotted line to compare with. */
  readonly reference?: number | undefined;
}

/** One row a method: its mean as a dot, ± one standard deviation as a bar. */
export function dotsPicture(document: Document, dots: readonly Dot[], { label, domain, reference }: DotAxis): Markup {
  const widest = dots.reduce((most, dot) => Math.max(most, dot.label.length), 0);
  const spread = dots
    .filter((dot) => dot.sd !== null)
    .map((dot) => ({ ...dot, low: dot.mean - (dot.sd ?? 0), high: dot.mean + (dot.sd ?? 0) }));
  return drawn(document, {
    height: 58 + 26 * dots.length,
    marginLeft: Math.min(190, 16 + 7 * widest),
    marginRight: 24,
    marginBottom: 42,
    marginTop: 10,
    x: {
      ...(domain[0] < domain[1] ? { domain } : {}),
      label,
      labelAnchor: 'center',
      labelArrow: 'none',
      labelOffset: 38,
      grid: true,
      nice: 4,
      ticks: 4,
    },
    y: { domain: dots.map((dot) => dot.label), label: null, tickSize: 0 },
    marks: [
      ...(reference === undefined ? [] : [Plot.ruleX([reference], { strokeDasharray: '1 3', strokeOpacity: 0.8 })]),
      ...spread.map((dot) => Plot.ruleY([dot], { x1: 'low', x2: 'high', y: 'label', stroke: dot.series.colour, strokeWidth: 2 })),
      ...dots.map((dot) =>
        Plot.dot([dot], {
          x: 'mean',
          y: 'label',
          r: 5,
          symbol: dot.series.symbol as Plot.SymbolType,
          fill: dot.series.colour,
          stroke: dot.series.colour,
        }),
      ),
    ],
  });
}
