/** A text table as HTML: caption, scopes, and a box of its own to scroll in where the screen is narrow. */
import type { Markup } from './html.js';
import { html, unbroken } from './html.js';
import type { TextTable } from './tables.js';

/** A tall table scrolls under its headings; a whole one stands at its length. */
export function tableMarkup(id: string, table: TextTable, kind: 'whole' | 'tall' = 'whole'): Markup {
  const { columns, groups } = table;
  const cell = (text: string, column: number) => {
    const { kind, content } = columns[column]?.number ? numberCell(text) : { kind: 'text', content: html`${unbroken(text)}` };
    return column === 0 ? html`<th scope="row" class="${kind}">${content}</th>` : html`<td class="${kind}">${content}</td>`;
  };
  const body = groups.map(
    ({ title, rows }) => html`<tbody>
${
  title !== '' &&
  html`<tr class="group"><th scope="rowgroup" colspan="${columns.length}"><span>${title}</span></th></tr>
`
}${rows.map(
  (row) => html`<tr>${row.map(cell)}</tr>
`,
)}</tbody>
`,
  );
  return html`<div class="table ${kind}" id="${id}">
<div class="scroll" role="region" tabindex="0" aria-labelledby="${id}-caption">
<table>
<caption id="${id}-caption"><span>${unbroken(table.title)}</span></caption>
<thead><tr>${columns.map(({ text, number }) => html`<th scope="col" class="${number ? 'number' : 'text'}">${text}</th>`)}</tr></thead>
${body}</table>
</div>
${notesMarkup(table.notes)}</div>
`;
}

/** A number stays on one line, its interval stands under it, and words in its place break like any others. */
function numberCell(text: string): { readonly kind: string; readonly content: Markup } {
  const [, value, interval] = /^(\S+) (\(.+\))$/.exec(text) ?? [];
  if (value !== undefined) return { kind: 'number broken', content: html`${value} <span>${interval}</span>` };
  return { kind: /\d/.test(text) ? 'number' : 'number broken', content: html`${unbroken(text)}` };
}

export const notesMarkup = (notes: readonly string[]): Markup =>
  notes.length === 0
    ? html``
    : html`<ul class="notes">
${notes.map(
  (note) => html`<li>${unbroken(note)}</li>
`,
)}</ul>
`;
