/**
 * From cells to columns: a declared kind is checked, an undeclared one inferred.
 *
 * Inferred kinds: whole numbers → integer (0 and 1 alone → binary), other numbers → numeric, two levels → binary, few levels →
 * categorical; identifiers, dates and free text → text, which is carried along but not modelled, with a warning. Ordinal only by
 * declaration. A column of numbers with some words in it is an error, never a categorical with a hundred levels.
 */

import { declared } from './cell-rules.js';
import { type CellColumn, type CellTable, dropCells } from './cells.js';
import { dateOrder, isDate } from './dates.js';
import type { Numerals } from './different.js';
import { FEW_LEVELS, levelColumn } from './level-column.js';
import { type Measurements, measurementsOf } from './measurements.js';
import { refuseMixed } from './mixed-column.js';
import { asArgument, quoted } from './names.js';
import { numberColumn } from './number-column.js';
import { countDifferent, countMissing, isCode, parseNumber } from './numerals.js';
import { ColumnFault, columnReader, extent, firstPlace, notDeclared, numeralsOf, type Reading, readColumn, textAt } from './reading.js';
import { repeatedRows } from './repeats.js';
import type { ColumnSchema, Schema } from './schema.js';
import type { Column, NumberColumn, TextColumn } from './table.js';

/** A level column by inference has more than a few levels, up to this many, where each is seen often. */
const MANY_LEVELS = 100;

export interface InferenceOptions {
  /** A column that cannot be read is carried along as text, and told here instead of being thrown. */
  readonly onFault?: (fault: ColumnFault) => void;
  /** The table's cells are not wanted any more: each column's are let go as soon as it is settled. */
  readonly drop?: boolean;
}

/** Settles the kinds of all columns. */
export function inferColumns(
  table: CellTable,
  schema: Schema,
  { onFault, drop = false }: InferenceOptions = {},
): { columns: Column[]; warnings: string[] } {
  const repeats = repeatedRows(table); // before any cells are gone
  const warnings: string[] = [];
  const excluded = new Set(schema.exclude ?? []);
  const roles = new Set([schema.target, schema.group]);
  const reader = columnReader(table);
  const settled = (cells: CellColumn): Column => {
    const rule = declared(schema, cells.name) ?? {};
    if (excluded.has(cells.name)) return textColumn(readColumn(reader, cells, rule, schema, () => {}));
    const quiet = roles.has(cells.name);
    const reading = readColumn(reader, cells, rule, schema, (sentence) => {
      if (!quiet) warnings.push(`column ${quoted(cells.name)} ${sentence}`);
    });
    try {
      return rule.kind === undefined ? inferred(reading, rule, schema) : asDeclared(reading, rule, rule.kind, schema);
    } catch (error) {
      if (!(error instanceof ColumnFault && onFault)) throw error;
      onFault(error);
      return textColumn(reading);
    }
  };
  const columns = table.columns.map((cells, c) => {
    const column = settled(cells);
    if (drop) dropCells(table, c);
    return column;
  });
  if (repeats !== null) warnings.push(repeats);
  return { columns, warnings };
}

function inferred(reading: Reading, rule: ColumnSchema, schema: Schema): Column {
  const { present, rows, warn } = reading;
  if (rule.levels !== undefined) return levelColumn(reading, rule.levels.length === 2 ? 'binary' : 'categorical', rule.levels);
  if (rows === 0) {
    warn('has no values at all: carried along, not modelled; remove it, or fill it in');
    return textColumn(reading);
  }
  const numerals = numeralsOf(reading);
  if (present.areNumbers(numerals)) {
    const numbers = numbersOf(reading, numerals);
    const code = present.find(isCode);
    if (code >= 0) {
      if (present.length > FEW_LEVELS) {
        warn(
          `holds codes (leading zeros, or more digits than a number keeps: ${textAt(reading, code)}): carried along, not modelled; declare it numeric or categorical in a schema to use it`,
        );
      }
      return present.length > FEW_LEVELS ? textColumn(reading) : levelColumn(reading, present.length === 2 ? 'binary' : 'categorical');
    }
    return inferredNumbers(reading, numbers, rule);
  }
  const measured = measurementsOf(reading, rule, schema);
  if (measured !== null) return measuredColumn(reading, measured, rule, 'numeric');
  refuseMixed(reading, numerals);
  return inferredLevels(reading);
}

function measuredColumn(reading: Reading, { numbers, unit }: Measurements, rule: ColumnSchema, kind: NumberColumn['kind']): NumberColumn {
  const column = numberColumn(reading, kind, numbers, rule);
  const own = rule.unit ?? unit;
  return own === null ? column : { ...column, unit: own };
}

function inferredNumbers(reading: Reading, numbers: Float64Array, rule: ColumnSchema): Column {
  const { name, rows, warn } = reading;
  if (numbers.includes(0) && numbers.includes(1) && numbers.every((value) => value === 0 || value === 1))
    return levelColumn(reading, 'binary');
  const whole = numbers.every((value) => Number.isSafeInteger(value));
  if (whole && rows > FEW_LEVELS && numbers.length === rows && countDifferent(numbers) === rows) {
    const [low, high] = extent(numbers);
    if (high - low === rows - 1 || /(^|[^a-z])(id|mrn|nr|no|number|index|row)$/i.test(name)) {
      warn(
        'has another whole number in every row: taken for an identifier, carried along, not modelled; declare it integer in a schema to use it',
      );
      return textColumn(reading);
    }
  }
  warnConstant(
    reading,
    numbers.every((value) => value === numbers[0]),
  );
  return numberColumn(reading, whole ? 'integer' : 'numeric', numbers, rule);
}

function inferredLevels(reading: Reading): Column {
  const { present, rows, warn } = reading;
  if (present.count(isDate) / present.length >= 0.9) {
    warnDates(reading);
    return textColumn(reading);
  }
  const long = present.find((text) => text.length > 100 || /[\r\n]/.test(text));
  if (long >= 0) {
    warn(`holds free text (${firstPlace(reading, long)}): carried along, not modelled; declare it categorical in a schema to use it`);
    return textColumn(reading);
  }
  if (present.length === rows && rows > 10) {
    warn(
      'has another text in every row: taken for an identifier, carried along, not modelled; declare it categorical in a schema to use it',
    );
    return textColumn(reading);
  }
  if (present.length > FEW_LEVELS && (present.length > MANY_LEVELS || present.length * 5 > rows)) {
    warn(
      `has ${present.length} different texts in ${rows} rows: taken for free text, carried along, not modelled; declare it categorical in a schema to use it`,
    );
    return textColumn(reading);
  }
  const beyond = present.find((text) => /^[+-]?(?:inf(?:inity)?|\d[\d.]*e\+?\d+)$/i.test(text.trim()) && Number.isNaN(parseNumber(text)));
  if (beyond >= 0)
    warn(
      `holds ${textAt(reading, beyond)}, which is not a finite number, and is read as levels; correct it, or declare it missing (--missing)`,
    );
  warnConstant(reading, present.length === 1);
  warnAlike(reading);
  return levelColumn(reading, present.length === 2 ? 'binary' : 'categorical');
}

function warnConstant({ name, present, rows, warn }: Reading, constant: boolean): void {
  if (!constant || rows < 2) return;
  warn(
    `has one value only (${quoted(present.at(0))}): kept as it is in all rows, but nothing can be learnt from it; leave it out with --exclude ${asArgument(name)} if it is of no use`,
  );
}

function warnDates(reading: Reading): void {
  const { words, toldBy, certain } = dateOrder(reading.present.toArray());
  const why = toldBy === null ? '' : `, as ${textAt(reading, toldBy)} tells`;
  const remedy = certain ? '' : 'write them as 2026-11-24; ';
  reading.warn(`holds dates (${words}${why}): carried along, not modelled; ${remedy}give days since a start as a number to use them`);
}

/** Levels that differ in case or spaces alone are often one. */
function warnAlike(reading: Reading): void {
  const seen = new Map<string, number>();
  for (const [i, text] of reading.present.toArray().entries()) {
    const plain = text.trim().toLowerCase();
    const before = seen.get(plain);
    if (before !== undefined) {
      reading.warn(
        `has levels that differ in case or spaces alone (${textAt(reading, before)}, ${textAt(reading, i)}): read as different ones; write them alike if they are one`,
      );
      return;
    }
    seen.set(plain, i);
  }
}

/** The number of each of the present texts, NaN where it is none; decimal commas where the file's delimiter allows them. (P) */
function numbersOf(reading: Reading, numerals: Numerals): Float64Array {
  const { present, warn } = reading;
  const numbers = present.numbers(numerals);
  if (numerals === 'comma' && countMissing(numbers) === 0) {
    const comma = present.find((text) => text.includes(','));
    warn(
      `is written with decimal commas (${textAt(reading, comma)}): read as numbers, written again with decimal points; export with points to keep them`,
    );
  }
  return numbers;
}

function asDeclared(reading: Reading, rule: ColumnSchema, kind: Column['kind'], schema: Schema): Column {
  switch (kind) {
    case 'text':
      return textColumn(reading);
    case 'numeric':
    case 'integer': {
      let numbers = numbersOf(reading, numeralsOf(reading));
      let unit: string | null = null;
      if (countMissing(numbers) > 0) {
        const measured = measurementsOf(reading, rule, schema);
        if (measured !== null) {
          if (kind === 'numeric') return measuredColumn(reading, measured, rule, kind);
          unit = measured.unit;
          numbers = measured.numbers;
        }
      }
      const fault = numbers.findIndex((value) => Number.isNaN(value) || (kind === 'integer' && !Number.isInteger(value)));
      if (fault >= 0) throw notDeclared(reading, fault, kind === 'integer' ? 'a whole number' : 'a number');
      return measuredColumn(reading, { numbers, unit }, rule, kind);
    }
    default:
      return levelColumn(reading, kind, rule.levels);
  }
}

/** Carried along as it is in the file; of the usual texts for "missing" only the empty one counts here. */
function textColumn({ name, texts, codes, declaredMissing }: Reading): TextColumn {
  const kept = texts.toArray();
  for (let i = 0; i < kept.length; i++) if (declaredMissing.has((kept[i] as string).trim())) kept[i] = '';
  const column = new Array<string>(codes.length);
  for (let row = 0; row < column.length; row++) column[row] = kept[codes[row] as number] as string;
  return { name, kind: 'text', texts: column };
}
