/** What is in a table, told for someone who looks at it for the first time. */

import { parseDescription } from '../ts/experiment.js';
import { Table, type TableColumn } from '../ts/index.js';
import type { ColumnFacts, Source, TableFacts } from './messages.js';

/** A column with at most this many values can be an outcome. */
const MOST_CLASSES = 20;
const MOST_LEVELS_SHOWN = 5;

export function readSource({ name, bytes, description }: Source): { table: Table; facts: TableFacts } {
  const known = description === null ? null : parseDescription(description, `${name}.json`);
  const table = Table.fromCsv(bytes, { name, ...(known && { schema: known.schema }) });
  const facts: TableFacts = {
    name,
    title: known?.title ?? name,
    rows: table.rows,
    columns: table.data.columns.map(columnFacts),
    warnings: table.warnings,
    roles: known ? rolesOf(known.schema) : {},
    sha256: '',
    source: known?.source ?? null,
    licence: known?.licence ?? null,
  };
  return { table, facts };
}

const rolesOf = ({ target, positive, group, exclude }: ReturnType<typeof parseDescription>['schema']): TableFacts['roles'] => ({
  target,
  positive,
  group: group ?? null,
  exclude: exclude ?? [],
});

function columnFacts(column: TableColumn): ColumnFacts {
  const counts = new Map<string, number>();
  const texts = textsOf(column);
  let missing = 0;
  for (const text of texts) {
    if (text === '') missing++;
    else counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  const values = counts.size <= MOST_CLASSES ? [...counts].map(([value, rows]) => ({ value, rows })).sort((a, b) => b.rows - a.rows) : null;
  return { name: column.name, kind: column.kind, missing, different: counts.size, detail: detailOf(column, [...counts.keys()]), values };
}

function textsOf(column: TableColumn): readonly string[] {
  if (column.kind === 'text') return column.texts;
  if ('values' in column) return Array.from(column.values, (value) => (Number.isNaN(value) ? '' : String(value)));
  return Array.from(column.codes, (code) => column.levels[code] ?? '');
}

function detailOf(column: TableColumn, different: readonly string[]): string {
  if (different.length === 0) return 'no value';
  if ('values' in column) {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const value of column.values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return low === high ? String(low) : `${low} to ${high}`;
  }
  if (column.kind === 'text') return `${different.length} different texts`;
  const shown = column.levels.slice(0, MOST_LEVELS_SHOWN).join(', ');
  return column.levels.length > MOST_LEVELS_SHOWN ? `${shown} and ${column.levels.length - MOST_LEVELS_SHOWN} more` : shown;
}
