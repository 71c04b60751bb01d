/** What is known of one column before its kind is settled. */
import { InputError } from '../errors.js';
import type { Cells, CellTable } from './cells.js';
import { isMissingText, parseDecimalComma, parseNumber } from './numerals.js';
import type { ColumnSchema, Schema } from './schema.js';

export interface Reading {
  readonly table: CellTable;
  readonly cells: Cells;
  readonly missing: readonly boolean[]; // by text
  readonly declaredMissing: ReadonlySet<string>;
  readonly present: readonly string[]; // different texts that are not missing
  readonly counts: readonly number[]; // rows of each of `present`
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

export function readColumn(table: CellTable, cells: Cells, rule: ColumnSchema, schema: Schema, warn: Reading['warn']): Reading {
  const levels = new Set(rule.levels ?? []);
  const codes = [...(rule.missing ?? []), ...(schema.missing ?? [])].map((text) => text.trim());
  const own = new Set(codes);
  const numbers = new Set(codes.map(parseNumber).filter((value) => !Number.isNaN(value)));
  const missing = cells.texts.map((text) => {
    const trimmed = text.trim();
    if (own.has(trimmed)) return true;
    if (numbers.size > 0 && numbers.has(parseNumber(trimmed))) return true; // 999.0 where 999 is declared
    return isMissingText(text) && !levels.has(text);
  });
  const counts = new Array<number>(cells.texts.length).fill(0);
  for (const code of cells.codes) (counts[code] as number)++;
  const kept = counts.filter((_, i) => !missing[i]);
  return {
    table,
    cells,
    missing,
    declaredMissing: own,
    present: cells.texts.filter((_, i) => !missing[i]),
    counts: kept,
    rows: kept.reduce((sum, count) => sum + count, 0),
    warn,
  };
}

/** Line on which a text is first seen. */
export function firstLine({ table, cells }: Reading, text: string): number {
  const code = cells.texts.indexOf(text);
  return table.lines[cells.codes.indexOf(code)] as number;
}

/** How numbers of this column are written. */
export function numberParser(reading: Reading): (text: string) => number {
  if (reading.table.delimiter === ',' || !reading.present.some((text) => text.includes(','))) return parseNumber;
  const words = (parse: (text: string) => number) => reading.present.filter((text) => Number.isNaN(parse(text))).length;
  return words(parseDecimalComma) < words(parseNumber) ? parseDecimalComma : parseNumber;
}

export function extent(values: readonly number[]): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
