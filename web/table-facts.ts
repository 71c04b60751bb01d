/** What is in a table, told for someone who looks at it for the first time. */

import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { parseDescription } from '../ts/experiment.js';
import {
  type Censored,
  inspectCells,
  parseSchema,
  readCellsAsync,
  type Schema,
  Table,
  type TableColumn,
  withMissing,
} from '../ts/index.js';
import { chunksOf } from './file-bytes.js';
import type { Checked, ColumnFacts, Reading, Roles, Source, TableFacts } from './messages.js';

/** A column with at most this many values can be an outcome. */
const MOST_CLASSES = 20;
const MOST_LEVELS_SHOWN = 5;

/** Reads a table. Throws `InputError` for what cannot be read, or is not as it was declared. */
export async function readSource(source: Source): Promise<{ table: Table; facts: TableFacts }> {
  const { name, file, description, reading } = source;
  const known = description === null ? null : parseDescription(description, `${name}.json`);
  const schema = known?.schema ?? declaredBy(reading);
  const hash = sha256.create();
  const table = await Table.fromCsvChunks(chunksOf(source, hash), { name: file, schema });
  const { target, positive, group, exclude } = schema;
  const facts: TableFacts = {
    name,
    file,
    title: known?.title ?? name,
    rows: table.rows,
    columns: table.data.columns.map(columnFacts),
    warnings: table.warnings,
    roles: { target, positive, group: group ?? null, exclude: exclude ?? [] },
    sha256: bytesToHex(hash.digest()),
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
export async function checkSource(source: Source, roles: Roles | null): Promise<Checked> {
  const { file, description, reading } = source;
  const declared = description === null ? declaredBy(reading) : parseDescription(description, file).schema;
  const schema = roles ? { ...declared, ...roles, positive: roles.positive || undefined, group: roles.group ?? undefined } : declared;
  const cells = await readCellsAsync(chunksOf(source), file, declared);
  const { warnings, targetFault, schema: found } = inspectCells(cells, schema, { drop: true });
  return { warnings, fault: targetFault, schema: JSON.stringify(found, null, 1) };
}

function columnFacts(column: TableColumn): ColumnFacts {
  const counts = 'values' in column ? numberCounts(column.values) : textCounts(column);
  const { name, kind } = column;
  const { missing, different, values } = counts;
  values.sort((a, b) => b.rows - a.rows);
  return { name, kind, missing, different, detail: detailOf(column, different), values: different <= MOST_CLASSES ? values : null };
}

/** What is counted of a column; `values` are all where they are few. */
type Counts = Pick<ColumnFacts, 'missing' | 'different'> & { readonly values: { value: string; rows: number }[] };

/** In ascending order, without a text for each cell. */
function numberCounts(numbers: Float64Array): Counts {
  const sorted = numbers.slice().sort(); // NaN last
  const values: Counts['values'] = [];
  let different = 0;
  let at = 0;
  while (at < sorted.length && !Number.isNaN(sorted[at])) {
    const begin = at;
    while (sorted[at] === sorted[begin]) at++;
    different += 1;
    if (different <= MOST_CLASSES) values.push({ value: String(sorted[begin]), rows: at - begin });
  }
  return { missing: sorted.length - at, different, values };
}

function textCounts(column: Exclude<TableColumn, { values: Float64Array }>): Counts {
  const counts = new Map<string, number>();
  const texts = column.kind === 'text' ? column.texts : Array.from(column.codes, (code) => column.levels[code] ?? '');
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const missing = counts.get('') ?? 0;
  counts.delete('');
  const values = counts.size > MOST_CLASSES ? [] : Array.from(counts, ([value, rows]) => ({ value, rows }));
  return { missing, different: counts.size, values };
}

function detailOf(column: TableColumn, different: number): string {
  if (different === 0) return 'no value';
  if ('values' in column) {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const value of column.values) {
      if (column.suspected?.includes(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return low === high ? String(low) : `${low} to ${high}`;
  }
  if (column.kind === 'text') return `${different} different texts`;
  const shown = column.levels.slice(0, MOST_LEVELS_SHOWN).join(', ');
  return column.levels.length > MOST_LEVELS_SHOWN ? `${shown} and ${column.levels.length - MOST_LEVELS_SHOWN} more` : shown;
}
