/**
 * Pictures of synthetic patients, written as SVG paths by hand: a study has hundreds of small ones, and one path for a whole
 * histogram or colour keeps the page small. Bins, pairs and points come rounded from the study.
 */
import type { Correlations, Histogram, Scatter } from '../study/portrait-pictures.js';
import type { Markup } from './html.js';
import { escaped, trusted } from './html.js';
import type { Series } from './series.js';

/** As in figures.ts. */
const WIDTH = 430;
const FONT_SIZE = 13;

const px = (value: number): string => String(Number(value.toFixed(1)));

function svg(height: number, body: string): Markup {
  return trusted(
    `<svg class="plot" fill="currentColor" font-family="system-ui, sans-serif" font-size="${FONT_SIZE}" text-anchor="middle" width="${WIDTH}" height="${px(height)}" viewBox="0 0 ${WIDTH} ${px(height)}" aria-hidden="true" focusable="false" xmlns="http://www.w3.org/2000/svg">${body}</svg>`,
  );
}

interface Label {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly size?: number;
  readonly soft?: boolean;
}

function label(x: number, y: number, text: string, { anchor = 'middle', size = FONT_SIZE, soft = false }: Label = {}): string {
  const of = [
    anchor === 'middle' ? '' : ` text-anchor="${anchor}"`,
    size === FONT_SIZE ? '' : ` font-size="${px(size)}"`,
    soft ? ' class="soft"' : '',
  ];
  return `<text x="${px(x)}" y="${px(y)}"${of.join('')}>${escaped(text)}</text>`;
}

const axisLabel = (axis: 'x' | 'y', text: string): string => `<g aria-label="${axis}-axis label">${text}</g>`;

const shortened = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);

/** Up to four significant digits, without exponents for the sizes that clinical values have. */
export function tick(value: number): string {
  const text = Math.abs(value) >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
  return text.replace('-', '−');
}

const CELL = { columns: 3, height: 92, top: 20, bottom: 18, gap: 14 };

/** Small multiples, three a line: the real rows as a filled shape, the synthetic ones as a line. */
export function histogramsPicture(histograms: readonly Histogram[], { colour }: Series): Markup {
  const width = (WIDTH - (CELL.columns - 1) * CELL.gap) / CELL.columns;
  const lines = Math.ceil(histograms.length / CELL.columns);
  const cells = histograms.map((histogram, i) => {
    const x = (i % CELL.columns) * (width + CELL.gap);
    const y = Math.floor(i / CELL.columns) * CELL.height;
    return `<g transform="translate(${px(x)},${px(y)})">${histogramCell(histogram, width)}</g>`;
  });
  const caption = axisLabel(
    'x',
    label(WIDTH / 2, lines * CELL.height + 14, 'across: values; upward: share of patients', { soft: true, size: 11 }),
  );
  return svg(lines * CELL.height + 20, `<g class="synthetic" style="stroke:${colour}">${cells.join('')}</g>${caption}`);
}

function histogramCell(histogram: Histogram, width: number): string {
  const { real, synthetic, column } = histogram;
  const height = CELL.height - CELL.top - CELL.bottom - 8;
  const most = [...real, ...synthetic].reduce((a, b) => Math.max(a, b), 0) || 1;
  const base = CELL.top + height;
  const step = width / real.length;
  const shape = (shares: readonly number[]) => {
    let at = 0;
    const steps = shares.map((share) => {
      const up = Math.round((share / most) * height);
      const move = at === up ? '' : `v${at - up}`;
      at = up;
      return `${move}h${px(step)}`;
    });
    return `M0 ${base}${steps.join('')}${at === 0 ? '' : `v${at}`}`;
  };
  const title = label(0, 12, shortened(column, 21), { anchor: 'start', size: 11.5 });
  return `${title}<path class="real" d="${shape(real)}z"/><path d="${shape(synthetic)}"/>${ends(histogram, width, base + 11)}`;
}

/** Bins of whole numbers begin half way between two of them. */
export const wholeNumbers = (low: number, width: number): boolean => Number.isInteger(low + 0.5) && Number.isInteger(width);

/** The names of few levels, otherwise what stands at both ends. */
function ends({ bins, levels, real }: Histogram, width: number, y: number): string {
  const small = { size: 9.5, soft: true } as const;
  if (levels && levels.length <= 3) {
    const step = width / levels.length;
    return levels.map((level, i) => label((i + 0.5) * step, y, shortened(level, Math.floor(step / 5.4)), small)).join('');
  }
  const [low, high] = bins ? [bins.low, bins.low + bins.width * real.length] : [0, 0];
  const half = bins && wholeNumbers(low, bins.width) ? 0.5 : 0;
  const [first, last] = levels ? [shortened(levels[0] as string, 12), `${levels.length} levels`] : [tick(low + half), tick(high - half)];
  return label(0, y, first, { ...small, anchor: 'start' }) + label(width, y, last, { ...small, anchor: 'end' });
}

/** The strongest colour stands for this change of r and beyond. */
const STRONGEST_CHANGE = 0.5;
const SHADES = 5;

/** Synthetic minus real r of each pair, in the order of the pairs; null where either is undefined. */
export const changes = ({ real, synthetic }: Correlations): (number | null)[] =>
  real.map((r, i) => {
    const other = synthetic[i] ?? null;
    return r === null || other === null ? null : other - r;
  });

/** Half a matrix: a cell a pair, with each column's name at the end of its row and the top of its column. */
export function changePicture(correlations: Correlations): Markup {
  const { columns } = correlations;
  const count = columns.length;
  const room = 118;
  const cell = Math.min(26, (WIDTH - room) / count);
  const size = Math.min(11.5, cell * 0.98);
  const shades = new Map<number, string[]>();
  const change = changes(correlations);
  let pair = 0;
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++, pair++) {
      const value = change[pair] ?? null;
      const shade = value === null ? SHADES + 1 : Math.max(-SHADES, Math.min(SHADES, Math.round((value / STRONGEST_CHANGE) * SHADES)));
      if (shade === 0) continue;
      const at = `M${px(i * cell)} ${px(j * cell)}h${px(cell - 0.6)}v${px(cell - 0.6)}h-${px(cell - 0.6)}z`;
      shades.set(shade, [...(shades.get(shade) ?? []), at]);
    }
  }
  const paths = [...shades].sort(([a], [b]) => a - b).map(([shade, cells]) => `<path style="${shadeStyle(shade)}" d="${cells.join('')}"/>`);
  const outline = `<path class="frame" d="M0 ${px(cell)}${columns
    .slice(1)
    .map(() => `h${px(cell)}v${px(cell)}`)
    .join('')}H0z"/>`;
  const names = columns.map((name, i) =>
    label(i * cell + 3, (i + 0.5) * cell + size * 0.35, shortened(name, 20), { anchor: 'start', size }),
  );
  const bottom = count * cell;
  const key = keyMarkup(bottom + 14);
  return svg(bottom + 50, paths.join('') + outline + names.join('') + key);
}

/** Blue: less than in real rows; orange: more. */
function shadeStyle(shade: number): string {
  if (shade > SHADES) return 'fill:var(--line)';
  return `fill:var(--series-${shade < 0 ? 1 : 3});fill-opacity:${(0.16 + (0.84 * Math.abs(shade)) / SHADES).toFixed(2)}`;
}

function keyMarkup(y: number): string {
  const width = 22;
  const left = 70;
  const cells = Array.from({ length: 2 * SHADES + 1 }, (_, i) => {
    const shade = i - SHADES;
    const style = shade === 0 ? 'fill:none' : shadeStyle(shade);
    return `<rect x="${left + i * width}" y="${px(y)}" width="${width}" height="10" style="${style}"/>`;
  });
  const end = left + (2 * SHADES + 1) * width;
  return axisLabel(
    'x',
    `${cells.join('')}${label(left - 6, y + 9, `−${STRONGEST_CHANGE}`, { anchor: 'end', size: 11 })}${label(end + 6, y + 9, `+${STRONGEST_CHANGE}`, { anchor: 'start', size: 11 })}${label((left + end) / 2, y + 25, 'synthetic r minus real r', { size: 11, soft: true })}`,
  );
}

export interface Box {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** The real points' range with a margin, the same for every method; synthetic points beyond it are drawn at its edge. */
export function boxOf({ real }: Scatter): Box {
  const side = (offset: 0 | 1): [number, number] => {
    const values = real.filter((_, i) => i % 2 === offset);
    const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const high = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const margin = 0.12 * (high - low) || 1;
    return [low - margin, high + margin];
  };
  return { x: side(0), y: side(1) };
}

/** Real points as rings of the page's own ink, synthetic ones as dots. */
export function scatterPicture({ real, synthetic, explained }: Scatter, box: Box, { colour }: Series): Markup {
  const [left, top, width, height] = [24, 6, WIDTH - 32, 300];
  const place = (value: number, [low, high]: readonly [number, number], size: number) =>
    Math.max(0, Math.min(size, ((value - low) / (high - low)) * size));
  const points = (of: readonly number[]) =>
    Array.from({ length: of.length / 2 }, (_, i): [number, number] => [
      left + place(of[2 * i] as number, box.x, width),
      top + height - place(of[2 * i + 1] as number, box.y, height),
    ]);
  const dots = (of: readonly number[]) =>
    points(of)
      .map(([x, y]) => `M${px(x)} ${px(y)}h0`)
      .join('');
  const share = (part: number) => `${(100 * part).toFixed(0)}% of the real spread`;
  const body = [
    `<rect class="frame" x="${left}" y="${top}" width="${width}" height="${height}"/>`,
    `<path class="dots" style="stroke:var(--soft);stroke-width:7;stroke-opacity:.45" d="${dots(real)}"/>`,
    `<path class="dots" style="stroke:${colour};stroke-width:3.6" d="${dots(synthetic)}"/>`,
    axisLabel('x', label(left + width / 2, top + height + 18, `first component, ${share(explained[0])}`, { size: 12 })),
    axisLabel(
      'y',
      `<g transform="translate(13,${top + height / 2}) rotate(-90)">${label(0, 0, `second component, ${share(explained[1])}`, { size: 12 })}</g>`,
    ),
  ];
  return svg(top + height + 26, body.join(''));
}
