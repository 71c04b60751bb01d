/** What is known of one column before its kind is settled. */
import { InputError } from '../errors.js';
import type { CellColumn, CellTable } from './cells.js';
import { type Numerals, TextIndex, type Texts, unmarked } from './different.js';
import { quoted } from './names.js';
import { isMissingText, parseNumber } from './numerals.js';
import { whereOf } from './place.js';
import type { ColumnSchema, Schema } from './schema.js';

/** P of its D different texts are not missing. */
export interface Reading {
  readonly table: CellTable;
  readonly name: string;
  readonly texts: Texts; // (D)
  readonly codes: Int32Array; // (N), index into `texts`
  readonly missing: Uint8Array; // (D), 1 = missing
  readonly declaredMissing: ReadonlySet<string>;
  readonly present: Texts; // (P)
  readonly counts: Uint32Array; // (P), rows of each
  readonly firstRows: Uint32Array; // (P), row in which each is first seen
  readonly rows: number; // rows that are not missing
  readonly warn: (sentence: string) => void;
}

/** A column that cannot be read as it is, with the declaration that would settle it. */
export class ColumnFault extends InputError {
  readonly column: string;
  readonly proposal: ColumnSchema;

  constructor(message: string, column: string, proposal: ColumnSchema) {
    super(message);
    this.column = column;
    this.proposal = proposal;
  }
}

/** What is read of one column after the other; a reading holds until the next one. */
export interface ColumnReader {
  readonly table: CellTable;
  readonly index: TextIndex;
}

export const columnReader = (table: CellTable): ColumnReader => ({ table, index: new TextIndex(table.rows) });

export function readColumn(
  { table, index }: ColumnReader,
  cells: CellColumn,
  rule: ColumnSchema,
  schema: Schema,
  warn: Reading['warn'],
): Reading {
  const declared = [...(rule.missing ?? []), ...(schema.missing ?? [])].map((text) => text.trim());
  const declaredMissing = new Set(declared);
  const { texts, codes, counts, firstRows } = index.tell(cells);
  const missing = missingOf(texts, declaredMissing, new Set(rule.levels ?? []));
  const present = unmarked(counts, missing);
  return {
    table,
    name: cells.name,
    texts,
    codes,
    missing,
    declaredMissing,
    present: texts.without(missing),
    counts: present,
    firstRows: unmarked(firstRows, missing),
    rows: present.reduce((sum, count) => sum + count, 0),
    warn,
  };
}

function missingOf(texts: Texts, declared: ReadonlySet<string>, levels: ReadonlySet<string>): Uint8Array {
  const numbers = new Set([...declared].map(parseNumber).filter((value) => !Number.isNaN(value)));
  const missing = new Uint8Array(texts.length);
  for (let i = 0; i < missing.length; i++) {
    if (numbers.size > 0 && numbers.has(texts.number(i))) missing[i] = 1; // 999.0 where 999 is declared
    if (texts.isPlain(i)) continue;
    const text = texts.at(i);
    if (declared.has(text.trim()) || (isMissingText(text) && !levels.has(text))) missing[i] = 1;
  }
  return missing;
}

/** Where the `i`th of the present texts is first seen. */
export const firstPlace = ({ table, firstRows }: Reading, i: number): string => whereOf(table, firstRows.subarray(i, i + 1));

/** That text and where it is first seen. */
export const textAt = (reading: Reading, i: number): string => `${quoted(reading.present.at(i))} in ${firstPlace(reading, i)}`;

/** Why a cell is not of the declared kind. */
export function notDeclared(reading: Reading, i: number, expected: string): InputError {
  const where = `${reading.table.file}, ${firstPlace(reading, i)}, column ${quoted(reading.name)}`;
  return new InputError(
    `${where}: expected ${expected}, as the schema declares, got ${quoted(reading.present.at(i))}; correct the cell or list it under "missing"`,
  );
}

/** How numbers of this column are written. */
export function numeralsOf({ table, present }: Reading): Numerals {
  if (table.delimiter === ',' || present.find((text) => text.includes(',')) < 0) return 'point';
  const words = (numerals: Numerals) => present.numbers(numerals).reduce((sum, value) => sum + (Number.isNaN(value) ? 1 : 0), 0);
  return words('comma') < words('point') ? 'comma' : 'point';
}

export function extent(values: Float64Array): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
