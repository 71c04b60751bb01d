/** Figures and tables outside of the page: an SVG file of its own, and Markdown, for papers and READMEs. */
import type { Figure } from './figures.js';
import { html, trusted } from './html.js';
import type { Series } from './series.js';
import { palette } from './style.js';
import { flatTable, type TextTable } from './tables.js';

const COLUMNS = 2;
const GAP = 24;
const MARGIN = 16;
const TITLE = 26; // height of a panel's title
const LEGEND_ROW = 24;
const KEY = 56; // a legend line and the space after it
const LETTER = 7.6; // mean width at 14 px, generous

/** The figure's panels two by two with its legend below, light or dark as the viewer prefers; loads nothing. */
export function standaloneFigure({ title, caption, panels, series }: Figure): string {
  const sizes = panels.map(({ picture }) => ({ width: lengthOf(picture.markup, 'width'), height: lengthOf(picture.markup, 'height') }));
  const columns = Math.max(1, Math.min(COLUMNS, panels.length));
  const cell = Math.max(0, ...sizes.map(({ width }) => width)) + GAP;
  const line = TITLE + Math.max(0, ...sizes.map(({ height }) => height)) + GAP;
  const inner = columns * cell - GAP;
  const bottom = MARGIN + Math.ceil(panels.length / columns) * line - GAP;
  const rows = legendRows(series, inner);
  const [width, height] = [inner + 2 * MARGIN, bottom + rows.length * LEGEND_ROW + MARGIN];
  const placeOf = (i: number) => `${MARGIN + (i % columns) * cell} ${MARGIN + Math.floor(i / columns) * line}`;
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif" fill="currentColor">
<title>${title}</title>
<desc>${caption}</desc>
<style>${trusted(`${palette} :root { color: var(--ink); } .plot text { white-space: pre; }`)}</style>
<rect width="100%" height="100%" style="fill: var(--ground)"></rect>
${panels.map(
  (
    { title: heading, picture },
    i,
  ) => html`<g transform="translate(${placeOf(i)})"><text y="14" font-size="14" font-weight="600">${heading}</text>
<svg y="${TITLE}" width="${sizes[i]?.width ?? 0}" height="${sizes[i]?.height ?? 0}" overflow="visible">${picture}</svg></g>
`,
)}${rows.map((row, i) => legendMarkup(row, bottom + (i + 0.7) * LEGEND_ROW))}</svg>
`.markup;
}

const lengthOf = (markup: string, name: 'width' | 'height'): number =>
  Number(new RegExp(`<svg[^>]*\\s${name}="([\\d.]+)"`).exec(markup)?.[1] ?? 0);

const widthOf = ({ title }: Series): number => KEY + LETTER * title.length + GAP;

/** Legend entries in as many rows as their widths need. */
function legendRows(series: readonly Series[], width: number): Series[][] {
  const rows: Series[][] = [];
  let left = 0;
  for (const entry of series) {
    const row = rows[rows.length - 1];
    if (row && left + widthOf(entry) <= width) row.push(entry);
    else {
      rows.push([entry]);
      left = 0;
    }
    left += widthOf(entry);
  }
  return rows;
}

const legendMarkup = (row: readonly Series[], y: number) =>
  row.map((entry, i) => {
    const x = MARGIN + row.slice(0, i).reduce((sum, other) => sum + widthOf(other), 0);
    return html`<line x1="${x}" x2="${x + 44}" y1="${y - 5}" y2="${y - 5}" style="stroke:${entry.colour};stroke-width:2.5;stroke-dasharray:${entry.dash}"></line><text x="${x + KEY - 4}" y="${y}" font-size="14">${entry.title}</text>
`;
  });

/** A table of text cells in Markdown, its title above and its notes below. */
export function markdownTable(table: TextTable): string {
  const { head, rows } = flatTable(table);
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replace(/\|/g, '\\|')).join(' | ')} |`;
  const rule = ['---', ...table.columns.map(({ number }) => (number ? '---:' : '---'))];
  const notes = table.notes.length > 0 ? `\n${table.notes.map((note) => `- ${note}\n`).join('')}` : '';
  return `**${table.title}**\n\n${[line(head), line(rule), ...rows.map(line)].join('\n')}\n${notes}`;
}
