/**
 * From cells to columns: a declared kind is checked, an undeclared one inferred.
 *
 * Inferred kinds: whole numbers → integer (0 and 1 alone → binary), other numbers → numeric, two levels → binary, few levels →
 * categorical; identifiers, dates and free text → text, which is carried along but not modelled, with a warning. Ordinal only by
 * declaration. A column of numbers with some words in it is an error, never a categorical with a hundred levels.
 */
import { InputError } from '../errors.js';
import { type Cells, type CellTable, ownCopy } from './cells.js';
import { listed, quoted } from './names.js';
import { finestGrid, isCode, isMissingText, parseDecimalComma, parseNumber } from './numerals.js';
import { type ColumnSchema, declared, type Schema } from './schema.js';
import type { Column, LevelColumn, NumberColumn, TextColumn } from './table.js';

/** A level column by inference has at most this many levels, or up to MANY_LEVELS when each is seen often. */
const FEW_LEVELS = 20;
const MANY_LEVELS = 100;
/** From this share of numbers on, a column with many different numbers is taken for numbers with faults in it. */
const MOSTLY_NUMBERS = 0.8;

/** What inference knows about one column. */
interface Reading {
  readonly table: CellTable;
  readonly cells: Cells;
  readonly missing: readonly boolean[]; // by text
  readonly declaredMissing: ReadonlySet<string>;
  readonly present: readonly string[]; // different texts that are not missing
  readonly counts: readonly number[]; // rows of each of `present`
  readonly rows: number; // rows that are not missing
  readonly warn: (sentence: string) => void;
}

export function inferColumns(table: CellTable, schema: Schema): { columns: Column[]; warnings: string[] } {
  const warnings: string[] = [];
  const excluded = new Set(schema.exclude ?? []);
  const roles = new Set([schema.target, schema.group]);
  const columns = table.columns.map((cells) => {
    const rule = declared(schema, cells.name) ?? {};
    if (excluded.has(cells.name)) return textColumn(read(table, cells, rule, () => {}));
    const quiet = roles.has(cells.name);
    const reading = read(table, cells, rule, (sentence) => {
      if (!quiet) warnings.push(`column ${quoted(cells.name)} ${sentence}`);
    });
    return rule.kind === undefined ? inferred(reading, rule) : asDeclared(reading, rule, rule.kind);
  });
  return { columns, warnings };
}

function read(table: CellTable, cells: Cells, rule: ColumnSchema, warn: Reading['warn']): Reading {
  const levels = new Set(rule.levels ?? []);
  const own = new Set((rule.missing ?? []).map((text) => text.trim()));
  const missing = cells.texts.map((text) => {
    const trimmed = text.trim();
    return own.has(trimmed) || (isMissingText(text) && !levels.has(text));
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

function inferred(reading: Reading, rule: ColumnSchema): Column {
  const { present, rows, warn } = reading;
  if (rule.levels !== undefined) return levelColumn(reading, rule.levels.length === 2 ? 'binary' : 'categorical', rule.levels);
  if (rows === 0) {
    warn('has no values at all: carried along, not modelled');
    return textColumn(reading);
  }
  const numbers = numbersOf(reading);
  if (numbers.every((value) => !Number.isNaN(value))) {
    if (present.some(isCode)) {
      if (present.length > FEW_LEVELS) warn('holds codes (leading zeros, or more digits than a number keeps): carried along, not modelled');
      return present.length > FEW_LEVELS ? textColumn(reading) : levelColumn(reading, present.length === 2 ? 'binary' : 'categorical');
    }
    return inferredNumbers(reading, numbers);
  }
  refuseMixed(reading, numbers);
  return inferredLevels(reading);
}

function inferredNumbers(reading: Reading, numbers: readonly number[]): Column {
  const { cells, rows, warn } = reading;
  const distinct = new Set(numbers);
  if (distinct.size === 2 && distinct.has(0) && distinct.has(1)) return levelColumn(reading, 'binary');
  const whole = numbers.every((value) => Number.isSafeInteger(value));
  if (whole && rows > FEW_LEVELS && distinct.size === rows) {
    const [low, high] = extent(numbers);
    if (high - low === rows - 1 || /(^|[^a-z])(id|mrn|nr|no|number|index|row)$/i.test(cells.name)) {
      warn('has another whole number in every row: taken for an identifier, carried along, not modelled');
      return textColumn(reading);
    }
  }
  if (distinct.size === 1 && rows > 1) warn('has one value only: kept, but nothing can be learnt from it');
  return numberColumn(reading, whole ? 'integer' : 'numeric', numbers);
}

function inferredLevels(reading: Reading): Column {
  const { present, rows, warn } = reading;
  const share = (test: (text: string) => boolean) => present.filter(test).length / present.length;
  if (share(isDate) >= 0.9) {
    warn('holds dates: carried along, not modelled (give days since a start as a number instead)');
    return textColumn(reading);
  }
  if (present.some((text) => text.length > 100 || /[\r\n]/.test(text))) {
    warn('holds free text: carried along, not modelled');
    return textColumn(reading);
  }
  if (present.length === rows && rows > 10) {
    warn('has another text in every row: taken for an identifier, carried along, not modelled');
    return textColumn(reading);
  }
  if (present.length > FEW_LEVELS && (present.length > MANY_LEVELS || present.length * 5 > rows)) {
    warn(
      `has ${present.length} different texts in ${rows} rows: taken for free text, carried along, not modelled (declare it categorical to use it)`,
    );
    return textColumn(reading);
  }
  const beyond = present.find((text) => /^[+-]?(?:inf(?:inity)?|\d[\d.]*e\+?\d+)$/i.test(text.trim()) && Number.isNaN(parseNumber(text)));
  if (beyond !== undefined)
    warn(`holds ${quoted(beyond)}, which is not a finite number, and is read as levels; correct it, or declare it missing in a schema`);
  if (present.length === 1 && rows > 1) warn('has one value only: kept, but nothing can be learnt from it');
  return levelColumn(reading, present.length === 2 ? 'binary' : 'categorical');
}

/** 2026-11-24, 24.11.2026, 11/24/26, each perhaps with a time; 13:45. */
const isDate = (text: string): boolean =>
  /^(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4}\/\d{1,2}\/\d{1,2})(?:[T ].{1,30})?$|^\d{1,2}:\d{2}(?::\d{2})?$/.test(
    text.trim(),
  );

/** The number of each of the present texts, NaN where it is none; decimal commas where the file's delimiter allows them. */
function numbersOf(reading: Reading): number[] {
  const numbers = reading.present.map(parseNumber);
  if (reading.table.delimiter === ',' || !reading.present.some((text) => text.includes(','))) return numbers;
  const commas = reading.present.map(parseDecimalComma);
  const words = (values: readonly number[]) => values.filter(Number.isNaN).length;
  if (words(commas) >= words(numbers)) return numbers;
  if (words(commas) === 0) reading.warn('is written with decimal commas: read as numbers, written again with decimal points');
  return commas;
}

/** Where a text is first seen, as "line 12". */
function firstLine({ table, cells }: Reading, text: string): number {
  const code = cells.texts.indexOf(text);
  return table.lines[cells.codes.indexOf(code)] as number;
}

function refuseMixed(reading: Reading, numbers: readonly number[]): void {
  const { table, cells, present, counts, rows } = reading;
  const words = present.filter((_, i) => Number.isNaN(numbers[i]));
  const faults = counts.reduce((sum, count, i) => sum + (Number.isNaN(numbers[i]) ? count : 0), 0);
  if (present.length - words.length <= FEW_LEVELS || rows - faults < MOSTLY_NUMBERS * rows) return;
  const shown = words.slice(0, 4).map((word) => `${quoted(word)} in line ${firstLine(reading, word)}`);
  const example = JSON.stringify({
    columns: { [cells.name]: { kind: 'numeric', missing: words.slice(0, 4).map((word) => word.slice(0, 40)) } },
  });
  throw new InputError(
    `${table.file}: column ${quoted(cells.name)} holds numbers, but other text in ${faults} of ${rows} cells (${listed(shown, 4)}); correct them, leave the column out (--exclude), or say in a schema that they are missing: ${example}`,
  );
}

function asDeclared(reading: Reading, rule: ColumnSchema, kind: Column['kind']): Column {
  switch (kind) {
    case 'text':
      return textColumn(reading);
    case 'numeric':
    case 'integer': {
      const numbers = numbersOf(reading);
      const fault = numbers.findIndex((value) => Number.isNaN(value) || (kind === 'integer' && !Number.isInteger(value)));
      if (fault >= 0) throw notDeclared(reading, reading.present[fault] as string, kind === 'integer' ? 'a whole number' : 'a number');
      return numberColumn(reading, kind, numbers);
    }
    default:
      return levelColumn(reading, kind, rule.levels);
  }
}

function notDeclared(reading: Reading, text: string, expected: string): InputError {
  const where = `${reading.table.file}, line ${firstLine(reading, text)}, column ${quoted(reading.cells.name)}`;
  return new InputError(
    `${where}: expected ${expected}, as the schema declares, got ${quoted(text)}; correct the cell or list it under "missing"`,
  );
}

function numberColumn(reading: Reading, kind: NumberColumn['kind'], numbers: readonly number[]): NumberColumn {
  const { cells, missing } = reading;
  const byText = new Float64Array(cells.texts.length).fill(Number.NaN);
  let at = 0;
  for (let i = 0; i < byText.length; i++) if (!missing[i]) byText[i] = numbers[at++] as number;
  warnSentinels(reading, numbers);
  const values = new Float64Array(cells.codes.length);
  for (let row = 0; row < values.length; row++) values[row] = byText[cells.codes[row] as number] as number;
  return { name: cells.name, kind, values, decimals: kind === 'integer' ? 0 : finestGrid(numbers) };
}

/** Numbers that often stand for "missing" and lie far from all others. They stay numbers until declared missing. */
const SENTINELS = new Set([-9, -99, -999, -9999, 999, 9999, 99999]);

function warnSentinels({ cells, counts, warn }: Reading, numbers: readonly number[]): void {
  const others = numbers.filter((value) => !SENTINELS.has(value));
  if (others.length < 5 || others.length === numbers.length) return;
  const [low, high] = extent(others);
  const stray = (value: number) => SENTINELS.has(value) && (value < 0 ? low >= 0 : value - high > high - low);
  const found = numbers.flatMap((value, i) => (stray(value) ? [`${value} in ${counts[i]} ${counts[i] === 1 ? 'cell' : 'cells'}`] : []));
  if (found.length === 0) return;
  const example = JSON.stringify({ columns: { [cells.name]: { missing: numbers.filter(stray).map(String) } } });
  warn(`holds ${listed(found)}, far from all other values; if that stands for missing, say so in a schema: ${example}`);
}

function extent(values: readonly number[]): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/**
 * Levels are sorted by their text, unless declared. Texts of one number ("1" and "1.0") are one level where the kind says that
 * they are numbers: binary 0/1 and an ordinal column without listed levels, which is sorted by value.
 */
function levelColumn(reading: Reading, kind: LevelColumn['kind'], listedLevels?: readonly string[]): LevelColumn {
  const { cells, missing, present } = reading;
  const numbers = present.map(parseNumber);
  const numeric = numbers.every((value) => !Number.isNaN(value)) && !present.some(isCode);
  if (kind === 'ordinal' && listedLevels === undefined && !numeric) {
    const word = present[numbers.findIndex(Number.isNaN)] ?? (present.find(isCode) as string);
    throw notDeclared(reading, word, 'a number, since no "levels" are listed for this ordinal column');
  }
  const byValue = numeric && (kind === 'ordinal' || (kind === 'binary' && numbers.every((value) => value === 0 || value === 1)));
  const levelOf = (text: string): string => (byValue ? String(parseNumber(text)) : text);
  const seen = [...new Set(present.map(levelOf))];
  seen.sort(kind === 'ordinal' && byValue ? (a, b) => Number(a) - Number(b) : (a, b) => (a < b ? -1 : 1));
  const levels = listedLevels === undefined ? seen.map(ownCopy) : byValue ? listedLevels.map(levelOf) : [...listedLevels];
  if (kind === 'binary' && levels.length > 2) {
    throw new InputError(
      `${reading.table.file}: column ${quoted(cells.name)} is declared binary, but has ${levels.length} levels: ${listed(levels.map(quoted))}`,
    );
  }
  const index = new Map(levels.map((level, code) => [level, code]));
  const byText = new Int32Array(cells.texts.length).fill(-1);
  cells.texts.forEach((text, i) => {
    if (missing[i]) return;
    const code = index.get(levelOf(text)) ?? index.get(text.trim());
    if (code === undefined) throw notDeclared(reading, text, `one of the levels ${listed(levels.map(quoted), 8)}`);
    byText[i] = code;
  });
  return { name: cells.name, kind, levels, codes: cells.codes.map((code) => byText[code] as number) };
}

/** Carried along as it is in the file; of the usual texts for "missing" only the empty one counts here. */
function textColumn({ cells, declaredMissing }: Reading): TextColumn {
  const texts = cells.texts.map((text) => (declaredMissing.has(text.trim()) ? '' : text));
  return { name: cells.name, kind: 'text', texts: Array.from(cells.codes, (code) => texts[code] as string) };
}
