/**
 * What is in a table, before anything is done with it: kind, role, missing cells and values of every column, the balance of the target,
 * what is doubtful, and the schema that says all this. Reading the same file by that schema changes nothing.
 */
import { InputError } from '../errors.js';
import { declared } from './cell-rules.js';
import type { CellTable } from './cells.js';
import type { ReadTable } from './csv.js';
import { toDataset, tooFew } from './dataset.js';
import { dateOrder, isDate } from './dates.js';
import { SeenTexts } from './different.js';
import { type InferenceOptions, inferColumns } from './inference.js';
import { listed, quoted } from './names.js';
import { countDifferent, countMissing, isMissingText } from './numerals.js';
import type { ColumnFault } from './reading.js';
import { type ColumnSchema, checkSchema, type Role, type Schema } from './schema.js';
import { type Column, isLevelColumn, isNumberColumn, type NumberColumn, rowsWhere, type TextColumn } from './table.js';

/** What is in a column. */
export interface InspectedColumn {
  readonly name: string;
  readonly role: Role;
  readonly kind: Column['kind'];
  readonly missing: number;
  /** Different values. */
  readonly distinct: number;
  /** Range, levels, or what else there is to tell, as words. */
  readonly values: string;
}

/** What is in a table, column by column. */
export interface Inspection {
  readonly rows: number;
  readonly columns: readonly InspectedColumn[];
  /** What the reader should know, as sentences. */
  readonly warnings: readonly string[];
  /** Columns that other commands refuse to read, as sentences; the schema proposes how to settle them. */
  readonly faults: readonly string[];
  /** Why nothing can be learnt of the target; null where it can, or none is named. */
  readonly targetFault: string | null;
  /** How often each class of the target occurs; without a target, what could be one. */
  readonly balance: string;
  readonly schema: Schema;
}

/** Levels that the schema lists; a column of more is declared by its kind alone. */
const MOST_LISTED = 100;
const SHOWN = 4;

/** Reads cells as a table and tells what is in it. With `drop` the cells are used up by it, which spares their memory. */
export function inspectCells(cells: CellTable, schema: Schema = {}, { drop = false }: Pick<InferenceOptions, 'drop'> = {}): Inspection {
  const { file, rows } = cells;
  checkSchema(
    schema,
    cells.columns.map(({ name }) => name),
    file,
  );
  const columnFaults: ColumnFault[] = [];
  const { columns, warnings } = inferColumns(cells, schema, { onFault: (fault) => columnFaults.push(fault), drop });
  const table = { rows, columns, file, lines: cells.lines, counted: cells.counted, warnings };
  const room = new Float64Array(rows);
  const inspected = columns.map((column): InspectedColumn => {
    const known = inspectColumn(column, schema, room);
    return columnFaults.some((fault) => fault.column === column.name) ? { ...known, role: 'feature', values: 'refused as it is' } : known;
  });
  const told = [...(cells.warnings ?? []), ...warnings].map((text) => `${file}: ${text}`);
  let targetFault: string | null = null;
  if (schema.target !== undefined) {
    try {
      const { warnings: more, y, target } = targetOf(table, schema);
      told.push(...more);
      const positives = y.reduce((sum, value) => sum + value, 0);
      if (positives < 2) targetFault = tooFew(file, target.column, target.positive, positives);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      targetFault = error.message;
    }
  }
  return {
    rows,
    columns: inspected,
    warnings: told,
    faults: columnFaults.map(({ message }) => message),
    targetFault,
    balance:
      schema.target === undefined ? candidates(columns, rows) : balanceOf(columns.find(({ name }) => name === schema.target) as Column),
    schema: schemaFor(columns, inspected, schema, columnFaults),
  };
}

const targetOf = (table: ReadTable, { target, positive, group, exclude }: Schema) =>
  toDataset(table, { name: table.file, target: target as string, positive, group, exclude });

/** `room` is overwritten; (N). */
function inspectColumn(column: Column, schema: Schema, room: Float64Array<ArrayBuffer>): InspectedColumn {
  const { name, kind } = column;
  if (isNumberColumn(column)) {
    const { values } = column;
    const missing = countMissing(values);
    const words = missing === values.length ? 'no values' : rangeWords(column);
    return { name, role: roleOf(column, schema, []), kind, missing, distinct: countDifferent(values, room), values: words };
  }
  if (column.kind === 'text') return inspectTexts(column, schema);
  const counts = countsOf(column);
  const missing = counts.get('') ?? 0;
  counts.delete('');
  const role = roleOf(column, schema, [...counts.keys()]);
  return { name, role, kind, missing, distinct: counts.size, values: valuesOf(role, counts) };
}

/** Texts of patients are not shown. */
function inspectTexts(column: TextColumn, schema: Schema): InspectedColumn {
  const { name, kind, texts } = column;
  const seen = new SeenTexts(texts);
  const isNew = new Uint8Array(texts.length);
  let missing = 0;
  for (let row = 0; row < texts.length; row++) {
    if (isMissingText(texts[row] as string)) missing += 1;
    else if (seen.firstRow(row) === row) isNew[row] = 1;
  }
  const rows = rowsWhere(isNew, 1);
  const distinct = rows.length;
  const present = new Array<string>(distinct);
  for (let i = 0; i < distinct; i++) present[i] = texts[rows[i] as number] as string;
  const role = roleOf(column, schema, present);
  const words = role === 'date' ? datesIn(present) : `${distinct} different texts`;
  return { name, role, kind, missing, distinct, values: distinct === 0 ? 'no values' : words };
}

const datesIn = (present: readonly string[]): string => `dates, ${dateOrder(present).words}`;

/** Rows of each value; '' is missing. */
function countsOf(column: Column): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (text: string, rows: number) => counts.set(text, (counts.get(text) ?? 0) + rows);
  if (column.kind === 'text') for (const text of column.texts) add(isMissingText(text) ? '' : text, 1);
  else {
    const rows = new Map<number, number>();
    for (const value of isNumberColumn(column) ? column.values : column.codes) rows.set(value, (rows.get(value) ?? 0) + 1);
    const textOf = isNumberColumn(column)
      ? (value: number) => (Number.isNaN(value) ? '' : String(value))
      : (code: number) => column.levels[code] ?? '';
    for (const [value, count] of rows) add(textOf(value), count);
  }
  return counts;
}

function roleOf(column: Column, schema: Schema, present: readonly string[]): Role {
  const { name } = column;
  if (name === schema.target) return 'target';
  if (name === schema.group) return 'group';
  const said = declared(schema, name)?.role;
  if (said !== undefined) return said;
  if (schema.exclude?.includes(name)) return 'excluded';
  if (column.kind !== 'text') return 'feature';
  if (present.length > 0 && present.filter(isDate).length >= 0.9 * present.length) return 'date';
  if (present.length === 0) return 'excluded';
  const long = present.some((text) => text.length > 100 || /[\r\n]/.test(text));
  return !long && present.every((text) => !/\s\S+\s/.test(text)) ? 'identifier' : 'free text';
}

function rangeWords({ values, suspected, unit }: NumberColumn): string {
  const [low, high] = rangeOf(values, suspected);
  const behind = unit === undefined ? '' : ` ${unit}`;
  return low === high ? `${low}${behind} alone` : `${low} to ${high}${behind}`;
}

function valuesOf(role: Role, counts: ReadonlyMap<string, number>): string {
  if (counts.size === 0) return 'no values';
  if (role === 'date') return datesIn([...counts.keys()]);
  const often = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const words = often.slice(0, SHOWN).map(([level, count]) => `${quoted(level)} ${count}`);
  return often.length > SHOWN ? `${words.join(', ')} and ${often.length - SHOWN} more` : words.join(', ');
}

function rangeOf(values: Float64Array, suspected: readonly number[] = []): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (Number.isNaN(value) || (suspected.length > 0 && suspected.includes(value))) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

const percent = (count: number, rows: number): string => `${Math.round((1000 * count) / Math.max(1, rows)) / 10}%`;

function balanceOf(column: Column): string {
  const counts = countsOf(column);
  const none = counts.get('') ?? 0;
  counts.delete('');
  const rows = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const classes = [...counts].sort(([a, m], [b, n]) => m - n || (a < b ? -1 : 1));
  const words = classes.map(([label, count]) => `${quoted(label)} in ${count} of ${rows} rows (${percent(count, rows)})`);
  const [first, last] = [classes[0]?.[1] ?? 0, classes[classes.length - 1]?.[1] ?? 0];
  const ratio = classes.length === 2 ? `; 1 to ${Math.round((10 * last) / Math.max(1, first)) / 10}` : '';
  return `target ${quoted(column.name)}: ${listed(words, 8)}${ratio}${none > 0 ? `; ${none} rows without a value` : ''}`;
}

/** Columns of two values, the rarest first. */
function candidates(columns: readonly Column[], rows: number): string {
  const found = columns.flatMap((column) => {
    if (!isLevelColumn(column) || column.levels.length !== 2) return [];
    const counts = [0, 0];
    for (const code of column.codes) if (code >= 0) (counts[code] as number)++;
    const rarer = (counts[0] as number) < (counts[1] as number) ? 0 : 1;
    return [{ name: column.name, level: column.levels[rarer] as string, count: counts[rarer] as number }];
  });
  if (found.length === 0) return 'no target is named, and no column has two values; name it with --target';
  found.sort((a, b) => a.count - b.count);
  const words = found.map(
    ({ name, level, count }) => `${quoted(name)} (${quoted(level)} in ${count} of ${rows} rows, ${percent(count, rows)})`,
  );
  return `no target is named (--target); columns of two values: ${listed(words, 5)}`;
}

/** What was found, as a declaration; what was declared stays as it is. */
function schemaFor(
  columns: readonly Column[],
  inspected: readonly InspectedColumn[],
  schema: Schema,
  faults: readonly ColumnFault[],
): Schema {
  const entries = columns.map((column, c): [string, ColumnSchema] => {
    const own = declared(schema, column.name) ?? {};
    const { role } = inspected[c] as InspectedColumn;
    const fault = faults.find((one) => one.column === column.name);
    if (fault) return [column.name, { ...own, role: 'feature', ...fault.proposal }];
    const base = { kind: column.kind, role, ...own };
    if (isNumberColumn(column)) {
      const [low, high] = rangeOf(column.values, column.suspected);
      const range = low <= high && !column.suspected ? { range: [low, high] as [number, number] } : {};
      return [column.name, { ...base, ...(column.unit !== undefined && { unit: column.unit }), ...range, ...own }];
    }
    const lists = isLevelColumn(column) && column.levels.length > 0 && column.levels.length <= MOST_LISTED;
    return [column.name, lists ? { ...base, levels: column.levels, ...own } : base];
  });
  return { ...schema, columns: Object.fromEntries(entries) };
}
