/** The section on what synthetic patients look like: words first, then tables and pictures, a part a data set. */
import { isControl } from '../study/evidence.js';
import type { Portrait } from '../study/portrait.js';
import type { Pictures } from '../study/portrait-pictures.js';
import type { PortraitSummary, Summary } from '../study/summary.js';
import { counted, methodTitle, ratioText, signed } from '../study/words.js';
import { type Figure, figureMarkup } from './figures.js';
import type { Markup } from './html.js';
import { html, unbroken } from './html.js';
import { changeFigure, scatterFigure, shapeFigure } from './portrait-figures.js';
import { columnTable, hardestColumns, meanExcess, missingTable, subgroupTable } from './portrait-tables.js';
import { changeText, columnSentences, subgroupSentences, worstText } from './portrait-words.js';
import { tableMarkup } from './table-html.js';
import type { TextTable } from './tables.js';
import { bareGroup, numberColumn, textColumn, titleOf } from './tables.js';

/** Methods shown in the open, in this order of preference; the others are a click away. */
const PREFERRED = ['smote', 'tabddpm', 'ctgan', 'forestflow'];
const SHOWN = 4;
const SHOWN_COLUMNS = 9;

interface Part {
  readonly id: string;
  readonly title: string;
  readonly portrayed: readonly Portrayed[];
}

/** A method with its numbers over splits and what is drawn of its first split. */
export interface Portrayed {
  readonly summary: PortraitSummary;
  readonly method: string;
  readonly pictures: Pictures | null;
}

/** Nothing where no method made rows. Figures are numbered S1, S2, …: the page shows them, and no file of their own is written. */
export function portraitSection(summary: Summary, portraits: readonly Portrait[]): Markup | undefined {
  const [first] = summary.portraits;
  if (!first) return undefined;
  let number = 1;
  const parts = summary.datasets.flatMap(({ name }, i) => {
    const own = summary.portraits.filter(({ dataset }) => dataset === name);
    if (own.length === 0) return [];
    const picturesOf = (method: string) =>
      portraits.find((portrait) => portrait.dataset === name && portrait.method === method && portrait.pictures)?.pictures ?? null;
    const portrayed = own.map((entry) => ({ summary: entry, method: entry.method, pictures: picturesOf(entry.method) }));
    return [partMarkup(summary, { id: `portrait-${i + 1}`, title: titleOf(summary, name), portrayed }, () => number++)];
  });
  return html`<p>Synthetic patients at the ratio ${unbroken(ratioText(first.ratio))} beside real ones, column by column and by kind of patient. Numbers are means over splits, against patients whom no method has seen; pictures are of the first split, beside the training patients whom the generators were shown.</p>
${parts}`;
}

/** Copies do not tell which columns are hard; where there is nothing else, they do. */
function judgedMethods(summaries: readonly PortraitSummary[]): readonly PortraitSummary[] {
  const made = summaries.filter(({ method }) => !isControl(method));
  return made.length > 0 ? made : summaries;
}

function partMarkup(study: Summary, part: Part, number: () => number): Markup {
  const { id, title, portrayed } = part;
  const summaries = portrayed.map(({ summary }) => summary);
  const order = hardestColumns(judgedMethods(summaries));
  const missing = missingTable(summaries);
  const table = (name: string, content: TextTable, kind: 'whole' | 'tall' = 'tall') =>
    tableMarkup(`${id}-${name}`, { ...content, title: `${content.title}, ${title}` }, kind);
  const subgroups = subgroupTable(summaries);
  return html`<h3 id="${id}">${title}</h3>
<ul class="findings">
${[...columnSentences(summaries), ...subgroupSentences(summaries)].map(
  (sentence) => html`<li>${unbroken(sentence)}</li>
`,
)}</ul>
${table('worst', worstTable(portrayed), 'whole')}${table('columns', columnTable(summaries, order))}${
  missing &&
  html`<details><summary>Missing cells, column by column</summary>
${table('missing', missing)}</details>
`
}${picturesMarkup(study, part, order, number)}${
  subgroups
    ? table('subgroups', subgroups)
    : html`<p>No column of this data set is named after sex, age, race or ethnicity, so there are no kinds of patients to tell apart.</p>
`
}`;
}

/** What each method gets most wrong, in words. */
function worstTable(portrayed: readonly Portrayed[]): TextTable {
  return {
    title: 'What each method gets most wrong',
    columns: [
      textColumn('Method'),
      numberColumn('Mean excess'),
      textColumn('Worst columns'),
      textColumn('Most changed correlation (first split)'),
    ],
    groups: [
      bareGroup(
        portrayed.map(({ summary, method, pictures }) => [
          methodTitle(method),
          signed(meanExcess(summary)),
          worstText(summary),
          pictures ? changeText(pictures.correlations) : '–',
        ]),
      ),
    ],
    notes: [
      'Mean excess: KS of numbers or TV of categories against unseen patients, minus the same for real training patients (the floor), mean over columns. 0 is as near as other real patients; a control of copies is near by making.',
    ],
  };
}

function picturesMarkup(study: Summary, { id, title, portrayed }: Part, order: readonly string[], number: () => number): Markup {
  const drawn = portrayed.flatMap(({ method, pictures }) => (pictures ? [{ method, pictures }] : []));
  const main = mainMethods(drawn.map(({ method }) => method));
  const open = drawn.filter(({ method }) => main.includes(method));
  const rest = drawn.filter(({ method }) => !main.includes(method));
  if (open.length === 0) return html``;
  const numbered = (figure: Figure | undefined) =>
    figure && figureMarkup({ ...figure, title: `Fig. S${number()}. ${figure.title}, ${title}.` });
  const shapes = (part: string, methods: typeof drawn, columns: readonly string[]) =>
    numbered(shapeFigure(study, `${id}-shapes${part}`, methods, columns, order.length));
  const others = (part: string, methods: typeof drawn) =>
    [changeFigure(`${id}-changes${part}`, methods), scatterFigure(study, `${id}-scatter${part}`, methods)].map(numbered);
  const whole = order.length > SHOWN_COLUMNS || rest.length > 0;
  return html`${shapes('', open, order.slice(0, SHOWN_COLUMNS))}${
    whole &&
    html`<details><summary>Every column of every method (${counted(order.length, 'column')}, ${counted(drawn.length, 'method')})</summary>
${shapes('-all', drawn, order)}</details>
`
  }${others('', open)}${
    rest.length > 0 &&
    html`<details><summary>Correlations and components of ${counted(rest.length, 'other method')}</summary>
${others('-rest', rest)}</details>
`
  }`;
}

/** Preferred ones first, then others as listed, copies last. */
function mainMethods(methods: readonly string[]): string[] {
  const preferred = PREFERRED.filter((method) => methods.includes(method));
  const others = methods.filter((method) => !preferred.includes(method) && !isControl(method));
  const shown = [...preferred, ...others, ...methods.filter(isControl)].slice(0, SHOWN);
  return methods.filter((method) => shown.includes(method));
}
