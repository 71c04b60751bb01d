/** What is in the table: its columns, what is missing, what was noticed. */
import { element, tableHead } from './element.js';
import type { TableFacts } from './messages.js';
import { warningSentence } from './sentences.js';

export const KINDS: Readonly<Record<string, string>> = {
  numeric: 'numbers',
  integer: 'whole numbers',
  binary: 'two values',
  categorical: 'categories',
  ordinal: 'ordered categories',
  text: 'not used',
};

export const percent = (share: number): string =>
  share === 0 ? '–' : share < 0.001 ? '<0.1%' : `${(100 * share).toFixed(share < 0.1 ? 1 : 0)}%`;

export function columnsTable({ columns, rows }: TableFacts): HTMLElement {
  const body = columns.map(({ name, kind, detail, missing }) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, name),
      element('td', {}, KINDS[kind] ?? kind),
      element('td', {}, detail),
      element('td', { class: 'number' }, percent(missing / rows)),
    ),
  );
  const caption = element('caption', {}, `${rows.toLocaleString('en')} rows, ${columns.length} columns`);
  const table = element(
    'table',
    {},
    caption,
    tableHead(['Column', 'Kind', 'Range or values', 'Missing'], [3]),
    element('tbody', {}, ...body),
  );
  return element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'Columns of the table' }, table);
}

/** `file`: of the table, whose name stands above the list and need not begin each sentence. */
export function warningsList(warnings: readonly string[], file: string): HTMLElement {
  if (warnings.length === 0) return element('p', { class: 'soft' }, 'Nothing to warn of.');
  return element('ul', { class: 'warnings' }, ...warnings.map((text) => element('li', {}, warningSentence(text, file))));
}

/** How rare the outcome is, in words and as a bar. */
export function imbalance(facts: TableFacts, target: string, positive: string): HTMLElement {
  const counts = facts.columns.find(({ name }) => name === target)?.values ?? [];
  const of = counts.reduce((sum, { rows }) => sum + rows, 0);
  const rows = counts.find(({ value }) => value === positive)?.rows ?? 0;
  const text = `${rows.toLocaleString('en')} of ${of.toLocaleString('en')} rows (${percent(rows / of)}) have ${target} = ${positive}.`;
  const bar = element('div', { class: 'bar', 'aria-hidden': 'true' }, element('div', { class: 'fill' }));
  (bar.firstElementChild as HTMLElement).style.width = `${(100 * rows) / of}%`;
  return element('div', {}, element('p', {}, text), bar);
}
