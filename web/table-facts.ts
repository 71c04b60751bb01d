/** What is in a table, told for someone who looks at it for the first time. */

import { parseDescription } from '../ts/experiment.js';
import { type Censored, inspectCells, parseSchema, readCells, type Schema, Table, type TableColumn, withMissing } from '../ts/index.js';
import type { Checked, ColumnFacts, Reading, Roles, Source, TableFacts } from './messages.js';

/** A column with at most this many values can be an outcome. */
const MOST_CLASSES = 20;
const MOST_LEVELS_SHOWN = 5;

/** Reads a table. Throws `InputError` for what cannot be read, or is not as it was declared. */
export function readSource({ name, file, bytes, description, reading }: Source): { table: Table; facts: TableFacts } {
  const known = description === null ? null : parseDescription(description, `${name}.json`);
  const schema = known?.schema ?? declaredBy(reading);
  const table = Table.fromCsv(bytes, { name: file, schema });
  const { target, positive, group, exclude } = schema;
  const facts: TableFacts = {
    name,
    file,
    title: known?.title ?? name,
    rows: table.rows,
    columns: table.data.columns.map(columnFacts),
    warnings: table.warnings,
    roles: { target, positive, group: group ?? null, exclude: exclude ?? [] },
    sha256: '',
    source: known?.source ?? null,
    licence: known?.licence ?? null,
  };
  return { table, facts };
}

/** What was said of the file, as a schema: what its fields say counts before what the JSON says. */
export function declaredBy(reading: Reading | null): Schema {
  if (reading === null) return {};
  const own = reading.schema.trim() === '' ? {} : parseSchema(reading.schema);
  const names = reading.exclude.split(',').map((name) => name.trim());
  const codes = (reading.missing.match(/"[^"]*"|\S+/g) ?? []).map((code) => code.replace(/^"(.*)"$/, '$1'));
  return {
    ...withMissing(own, codes),
    exclude: [...new Set([...(own.exclude ?? []), ...names.filter((name) => name !== '')])],
    censored: (reading.censored || own.censored) as Censored | undefined,
    encoding: reading.encoding || own.encoding,
    headerLine: reading.headerLine === '' ? own.headerLine : Number(reading.headerLine),
  };
}

/** What is doubtful in a table under these roles; without them, in its columns alone. */
export function checkSource({ file, bytes, description, reading }: Source, roles: Roles | null): Checked {
  const declared = description === null ? declaredBy(reading) : parseDescription(description, file).schema;
  const schema = roles ? { ...declared, ...roles, positive: roles.positive || undefined, group: roles.group ?? undefined } : declared;
  const { warnings, targetFault, schema: found } = inspectCells(readCells(bytes, file, declared), schema);
  return { warnings, fault: targetFault, schema: JSON.stringify(found, null, 1) };
}

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
      if (column.suspected?.includes(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return low === high ? String(low) : `${low} to ${high}`;
  }
  if (column.kind === 'text') return `${different.length} different texts`;
  const shown = column.levels.slice(0, MOST_LEVELS_SHOWN).join(', ');
  return column.levels.length > MOST_LEVELS_SHOWN ? `${shown} and ${column.levels.length - MOST_LEVELS_SHOWN} more` : shown;
}
