/** How a method looks in every picture: a colour of the Okabe–Ito palette, which the colour-blind can tell apart, and a dash pattern for print. */
import type { Summary } from '../study/summary.js';
import { methodTitle } from '../study/words.js';
import type { Markup } from './html.js';
import { html } from './html.js';

export interface Series {
  readonly method: string;
  readonly title: string;
  /** A CSS variable, so that light and dark pages each have their own value. */
  readonly colour: string;
  readonly dash: string;
  readonly symbol: string;
}

/** The methods that pictures show where there are more than they can, the first ones first; the others stand in their tables. */
const PICTURED = ['none', 'tabddpm', 'smote', 'ctgan', 'tvae', 'tuned', 'tabddpm-blend', 'rose'];

/** At most {@link COLOURS} methods of a study, in its order: enough to be told apart in one picture. */
export function picturedMethods({ methods }: Pick<Summary, 'methods'>): string[] {
  const wanted = [...PICTURED.filter((name) => methods.includes(name)), ...methods.filter((name) => !PICTURED.includes(name))];
  const chosen = new Set(wanted.slice(0, COLOURS));
  return methods.filter((name) => chosen.has(name));
}

const DASHES = ['none', '2 4', '8 3 2 3', '7 4', '16 3', '4 2', '1 2', '10 2 2 2 2 2'];
const SYMBOLS = ['circle', 'square', 'triangle', 'diamond', 'star', 'cross', 'wye', 'plus'];
const COLOURS = 8;

export function seriesOf(summary: Summary, method: string): Series {
  const pictured = picturedMethods(summary);
  const others = summary.methods.filter((name) => !pictured.includes(name));
  const at = pictured.includes(method) ? pictured.indexOf(method) : COLOURS + Math.max(0, others.indexOf(method));
  return seriesAt(at, method, methodTitle(method));
}

/** The look of the `at`-th of a picture's series. */
export function seriesAt(at: number, method: string, title: string): Series {
  return {
    method,
    title,
    colour: `var(--series-${at % COLOURS})`,
    dash: DASHES[at % DASHES.length] as string,
    symbol: SYMBOLS[at % SYMBOLS.length] as string,
  };
}

export const legendMarkup = (series: readonly Series[]): Markup => html`<ul class="legend">
${series.map(
  ({ title, colour, dash }) =>
    html`<li><svg width="46" height="12" viewBox="0 0 46 12" aria-hidden="true"><line x1="1" y1="6" x2="45" y2="6" style="stroke:${colour};stroke-width:2.5;stroke-dasharray:${dash}"></line></svg>${title}</li>
`,
)}</ul>
`;
