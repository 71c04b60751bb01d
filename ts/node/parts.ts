/** The tables of an audit, read alike: what synthetic and held-out rows are, in the terms of the real table. */

import type { AuditParts, Part } from '../audit/parts.js';
import { InputError } from '../errors.js';
import { MARK } from '../table/augmented.js';
import { type ReadTable, tableOfCells } from '../table/csv.js';
import { parseNumber } from '../table/numerals.js';
import type { ColumnSchema, Schema } from '../table/schema.js';
import { type Column, isNumberColumn, type Table, takeRows } from '../table/table.js';
import { cellsOf, declaredOf, type FileRequest, type LoadedFile } from './datasets.js';

export interface PartFiles {
  readonly real: string;
  readonly synthetic: string;
  readonly holdout: string | null;
}

export interface ReadParts {
  readonly parts: AuditParts;
  readonly warnings: readonly string[];
}

/** Reads the synthetic and the held-out table beside the real one. */
export async function readParts(loaded: LoadedFile, request: FileRequest, files: PartFiles): Promise<ReadParts> {
  const { dataset, roles, table } = loaded;
  const patients = new Map<string, number>();
  const numberOf = (text: string): number => {
    const known = patients.get(text);
    if (known !== undefined) return known;
    patients.set(text, patients.size);
    return patients.size - 1;
  };
  const own = roles.group === null ? null : textsOf(columnOf(table, roles.group, files.real));
  const rows = dataset.rows ?? Uint32Array.from({ length: table.rows }, (_, row) => row);
  const training: Part = {
    features: dataset.features,
    y: dataset.y,
    patients: Int32Array.from(rows, (row) => numberOf(own === null ? `real ${row}` : (own[row] as string))),
  };
  const warnings: string[] = [];
  const read = (file: string) => readLike(file, loaded, request, warnings);
  const synthetic = syntheticPart(await read(files.synthetic), files.synthetic, loaded, warnings);
  const holdout =
    files.holdout === null ? null : holdoutPart(await read(files.holdout), files.holdout, loaded, patients, numberOf, warnings);
  const parts = { training, synthetic, holdout, target: dataset.target, grouped: roles.group !== null };
  return { parts, warnings };
}

/** The rows that are marked as synthetic; all where none is marked. */
function syntheticPart(all: Table, file: string, loaded: LoadedFile, warnings: string[]): AuditParts['synthetic'] {
  const mark = markOf(all);
  const marked = mark ? rowsOf(all.rows, (row) => mark[row] === '1') : null;
  if (marked?.length === 0)
    throw new InputError(`${file}: no row has ${MARK} = 1; give the table with the synthetic rows, or without that column`);
  return labelled(marked ? takeRows(all, marked) : all, file, loaded, warnings);
}

/** The cells of a column "synthetic" that says of each row whether it is; null without one. */
function markOf(table: Table): readonly string[] | null {
  const column = table.columns.find(({ name }) => name === MARK);
  const texts = column && textsOf(column);
  return texts?.every((text) => text === '0' || text === '1') ? texts : null;
}

/** Rows of patients who are in the real table are no held-out rows; they are left out. */
function holdoutPart(
  all: Table,
  file: string,
  loaded: LoadedFile,
  known: ReadonlyMap<string, number>,
  numberOf: (text: string) => number,
  warnings: string[],
): Part {
  const { group } = loaded.roles;
  const texts = group === null ? null : textsOf(columnOf(all, group, file));
  const strange = texts ? rowsOf(all.rows, (row) => !known.has(texts[row] as string)) : null;
  if (strange?.length === 0)
    throw new InputError(`${file}: every row is of a patient of the real table; hold out patients whom the generator never saw`);
  if (strange && strange.length < all.rows) {
    warnings.push(`${file}: ${all.rows - strange.length} of ${all.rows} rows are of patients of the real table and were left out`);
  }
  const kept = strange ? takeRows(all, strange) : all;
  const { rows, ...part } = labelled(kept, file, loaded, warnings);
  const patients = Int32Array.from(rows, (row) =>
    numberOf(texts ? (texts[strange ? (strange[row] as number) : row] as string) : `held out ${row}`),
  );
  return { ...part, patients };
}

/** Rows with a class, their features, and where they were. */
function labelled(
  table: Table,
  file: string,
  { dataset, roles }: LoadedFile,
  warnings: string[],
): AuditParts['synthetic'] & { rows: Uint32Array } {
  const cells = textsOf(columnOf(table, roles.target, file));
  const rows = rowsOf(table.rows, (row) => cells[row] !== '');
  if (rows.length < table.rows)
    warnings.push(`${file}: ${table.rows - rows.length} rows without a value of the target "${roles.target}" were left out`);
  if (rows.length === 0) throw new InputError(`${file}: the target "${roles.target}" has no value in any row`);
  const { positive } = dataset.target;
  const isPositive = (text: string) => text === positive || parseNumber(text) === parseNumber(positive);
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const columns = dataset.features.columns.map(({ name }) => byName.get(name) as Column);
  return {
    features: takeRows({ rows: table.rows, columns }, rows),
    y: Uint8Array.from(rows, (row) => (isPositive(cells[row] as string) ? 1 : 0)),
    rows,
  };
}

/** Another file with the features in the kinds that they have in the real table; levels that are not there may occur. */
async function readLike(file: string, { dataset, table }: LoadedFile, request: FileRequest, warnings: string[]): Promise<ReadTable> {
  const { schema } = declaredOf(request);
  const declared = schema.columns ?? {};
  const kinds = dataset.features.columns.map((column): [string, ColumnSchema] => {
    const { missing, unit, censored } = (Object.hasOwn(declared, column.name) && declared[column.name]) || {};
    const own = table.columns.find(({ name }) => name === column.name) as Column;
    const suspected = isNumberColumn(own) ? (own.suspected ?? []).map(String) : [];
    const rule = { missing: [...(missing ?? []), ...suspected], unit, censored };
    if (column.kind === 'ordinal') return [column.name, { ...rule, kind: 'ordinal', levels: column.levels }];
    return [column.name, { ...rule, kind: column.kind === 'binary' ? 'categorical' : column.kind === 'integer' ? 'numeric' : column.kind }];
  });
  const { missing, censored, encoding } = schema;
  const alike: Schema = { columns: Object.fromEntries(kinds), missing, censored, encoding };
  const read = tableOfCells(await cellsOf(file, alike), alike);
  if (read.rows === 0) throw new InputError(`${file}: there is no row below the header`);
  const names = new Set(table.columns.map(({ name }) => name));
  const more = read.columns.filter(({ name }) => !names.has(name) && name !== MARK);
  if (more.length > 0)
    warnings.push(`${file}: ${more.map(({ name }) => `"${name}"`).join(', ')} is not in the real table and was left out`);
  return read;
}

function columnOf(table: Table, name: string, file: string): Column {
  const found = table.columns.find((column) => column.name === name);
  if (!found) throw new InputError(`${file}: there is no column "${name}", which the real table has; give a table with the same columns`);
  return found;
}

function textsOf(column: Column): readonly string[] {
  if (column.kind === 'text') return column.texts;
  if (isNumberColumn(column)) return Array.from(column.values, (value) => (Number.isNaN(value) ? '' : String(value)));
  return Array.from(column.codes, (code) => column.levels[code] ?? '');
}

const rowsOf = (count: number, test: (row: number) => boolean): Uint32Array =>
  Uint32Array.from({ length: count }, (_, row) => row).filter(test);
