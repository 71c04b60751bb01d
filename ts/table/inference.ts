/**
 * From cells to columns: a declared kind is checked, an undeclared one inferred.
 *
 * Inferred kinds: whole numbers → integer (0 and 1 alone → binary), other numbers → numeric, two levels → binary, few levels →
 * categorical; identifiers, dates and free text → text, which is carried along but not modelled, with a warning. Ordinal only by
 * declaration. A column of numbers with some words in it is an error, never a categorical with a hundred levels.
 */
import { InputError } from '../errors.js';
import { type CellTable, ownCopy } from './cells.js';
import { dateOrder, isDate } from './dates.js';
import { isMeasured, type Measurements, measurementsOf } from './measurements.js';
import { listed, quoted } from './names.js';
import { finestGrid, isCode, parseDecimalComma, parseNumber } from './numerals.js';
import { ColumnFault, extent, firstLine, numberParser, type Reading, readColumn } from './reading.js';
import { repeatedRows } from './repeats.js';
import { type ColumnSchema, declared, type Schema } from './schema.js';
import type { Column, LevelColumn, NumberColumn, TextColumn } from './table.js';

/** A level column by inference has at most this many levels, or up to MANY_LEVELS when each is seen often. */
const FEW_LEVELS = 20;
const MANY_LEVELS = 100;
/** From this share of numbers on, a column with many different numbers is taken for numbers with faults in it. */
const MOSTLY_NUMBERS = 0.8;

/** With `onFault` a column that cannot be read is carried along as text, and told to it instead of being thrown. */
export function inferColumns(
  table: CellTable,
  schema: Schema,
  onFault?: (fault: ColumnFault) => void,
): { columns: Column[]; warnings: string[] } {
  const warnings: string[] = [];
  const excluded = new Set(schema.exclude ?? []);
  const roles = new Set([schema.target, schema.group]);
  const columns = table.columns.map((cells) => {
    const rule = declared(schema, cells.name) ?? {};
    if (excluded.has(cells.name)) return textColumn(readColumn(table, cells, rule, schema, () => {}));
    const quiet = roles.has(cells.name);
    const reading = readColumn(table, cells, rule, schema, (sentence) => {
      if (!quiet) warnings.push(`column ${quoted(cells.name)} ${sentence}`);
    });
    try {
      return rule.kind === undefined ? inferred(reading, rule, schema) : asDeclared(reading, rule, rule.kind, schema);
    } catch (error) {
      if (!(error instanceof ColumnFault && onFault)) throw error;
      onFault(error);
      return textColumn(reading);
    }
  });
  const repeats = repeatedRows(table);
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
  const numbers = numbersOf(reading);
  if (numbers.every((value) => !Number.isNaN(value))) {
    if (present.some(isCode)) {
      if (present.length > FEW_LEVELS) {
        const code = present.find(isCode) as string;
        warn(
          `holds codes (leading zeros, or more digits than a number keeps: ${at(reading, code)}): carried along, not modelled; declare it numeric or categorical in a schema to use it`,
        );
      }
      return present.length > FEW_LEVELS ? textColumn(reading) : levelColumn(reading, present.length === 2 ? 'binary' : 'categorical');
    }
    return inferredNumbers(reading, numbers, rule);
  }
  const measured = measurementsOf(reading, rule, schema);
  if (measured !== null) return measuredColumn(reading, measured, rule, 'numeric');
  refuseMixed(reading, numbers);
  return inferredLevels(reading);
}

/** A text as it is typed on a command line. */
const asArgument = (text: string): string => (/^[\w.,=-]+$/.test(text) ? text : quoted(text));

/** A text and where it is first seen. */
const at = (reading: Reading, text: string): string => `${quoted(text)} in line ${firstLine(reading, text)}`;

function measuredColumn(reading: Reading, { numbers, unit }: Measurements, rule: ColumnSchema, kind: NumberColumn['kind']): NumberColumn {
  const column = numberColumn(reading, kind, numbers, rule);
  const own = rule.unit ?? unit;
  return own === null ? column : { ...column, unit: own };
}

function inferredNumbers(reading: Reading, numbers: readonly number[], rule: ColumnSchema): Column {
  const { cells, rows, warn } = reading;
  const distinct = new Set(numbers);
  if (distinct.size === 2 && distinct.has(0) && distinct.has(1)) return levelColumn(reading, 'binary');
  const whole = numbers.every((value) => Number.isSafeInteger(value));
  if (whole && rows > FEW_LEVELS && distinct.size === rows) {
    const [low, high] = extent(numbers);
    if (high - low === rows - 1 || /(^|[^a-z])(id|mrn|nr|no|number|index|row)$/i.test(cells.name)) {
      warn(
        'has another whole number in every row: taken for an identifier, carried along, not modelled; declare it integer in a schema to use it',
      );
      return textColumn(reading);
    }
  }
  warnConstant(reading, distinct.size);
  return numberColumn(reading, whole ? 'integer' : 'numeric', numbers, rule);
}

function inferredLevels(reading: Reading): Column {
  const { present, rows, warn } = reading;
  const share = (test: (text: string) => boolean) => present.filter(test).length / present.length;
  if (share(isDate) >= 0.9) {
    warnDates(reading);
    return textColumn(reading);
  }
  const long = present.find((text) => text.length > 100 || /[\r\n]/.test(text));
  if (long !== undefined) {
    warn(`holds free text (line ${firstLine(reading, long)}): carried along, not modelled; declare it categorical in a schema to use it`);
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
  if (beyond !== undefined)
    warn(
      `holds ${at(reading, beyond)}, which is not a finite number, and is read as levels; correct it, or declare it missing (--missing)`,
    );
  warnConstant(reading, present.length);
  warnAlike(reading);
  return levelColumn(reading, present.length === 2 ? 'binary' : 'categorical');
}

function warnConstant({ cells, present, rows, warn }: Reading, different: number): void {
  if (different !== 1 || rows < 2) return;
  warn(
    `has one value only (${quoted(present[0] as string)}): kept as it is in all rows, but nothing can be learnt from it; leave it out with --exclude ${asArgument(cells.name)} if it is of no use`,
  );
}

function warnDates(reading: Reading): void {
  const { words, toldBy, certain } = dateOrder(reading.present);
  const why = toldBy === null ? '' : `, as ${at(reading, toldBy)} tells`;
  const remedy = certain ? '' : 'write them as 2026-11-24; ';
  reading.warn(`holds dates (${words}${why}): carried along, not modelled; ${remedy}give days since a start as a number to use them`);
}

/** Levels that differ in case or spaces alone are often one. */
function warnAlike(reading: Reading): void {
  const seen = new Map<string, string>();
  for (const text of reading.present) {
    const plain = text.trim().toLowerCase();
    const before = seen.get(plain);
    if (before !== undefined) {
      reading.warn(
        `has levels that differ in case or spaces alone (${at(reading, before)}, ${at(reading, text)}): read as different ones; write them alike if they are one`,
      );
      return;
    }
    seen.set(plain, text);
  }
}

/** The number of each of the present texts, NaN where it is none; decimal commas where the file's delimiter allows them. */
function numbersOf(reading: Reading): number[] {
  const parse = numberParser(reading);
  const numbers = reading.present.map(parse);
  if (parse === parseDecimalComma && !numbers.some(Number.isNaN)) {
    const comma = reading.present.find((text) => text.includes(',')) as string;
    reading.warn(
      `is written with decimal commas (${at(reading, comma)}): read as numbers, written again with decimal points; export with points to keep them`,
    );
  }
  return numbers;
}

function refuseMixed(reading: Reading, numbers: readonly number[]): void {
  const { table, cells, present, counts, rows } = reading;
  const isWord = present.map((text, i) => Number.isNaN(numbers[i]) && !isMeasured(text));
  const rowsOf = (wanted: (i: number) => boolean) => counts.reduce((sum, count, i) => sum + (wanted(i) ? count : 0), 0);
  const near = present.filter((_, i) => !isWord[i]).length; // numbers, also with a unit or a limit
  if (near <= FEW_LEVELS || rowsOf((i) => !isWord[i]) < MOSTLY_NUMBERS * rows) return;
  const words = present.filter((_, i) => Number.isNaN(numbers[i]));
  const faults = rowsOf((i) => Number.isNaN(numbers[i]));
  const shown = words.slice(0, 4).map((word) => at(reading, word));
  const example = JSON.stringify({
    columns: { [cells.name]: { kind: 'numeric', missing: words.slice(0, 4).map((word) => word.slice(0, 40)) } },
  });
  const more = words.length > 4 ? ` and ${words.length - 4} more texts` : '';
  throw new ColumnFault(
    `${table.file}: column ${quoted(cells.name)} holds numbers, but other text in ${faults} of ${rows} cells (${listed(shown, 4)}${more}); correct them, leave the column out (--exclude), or say in a schema or by --missing that they are missing: ${example}`,
    cells.name,
    { kind: 'numeric', missing: words },
  );
}

function asDeclared(reading: Reading, rule: ColumnSchema, kind: Column['kind'], schema: Schema): Column {
  switch (kind) {
    case 'text':
      return textColumn(reading);
    case 'numeric':
    case 'integer': {
      let numbers = numbersOf(reading);
      let unit: string | null = null;
      if (numbers.some(Number.isNaN)) {
        const measured = measurementsOf(reading, rule, schema);
        if (measured !== null) {
          if (kind === 'numeric') return measuredColumn(reading, measured, rule, kind);
          unit = measured.unit;
          numbers = [...measured.numbers];
        }
      }
      const fault = numbers.findIndex((value) => Number.isNaN(value) || (kind === 'integer' && !Number.isInteger(value)));
      if (fault >= 0) throw notDeclared(reading, reading.present[fault] as string, kind === 'integer' ? 'a whole number' : 'a number');
      return measuredColumn(reading, { numbers, unit }, rule, kind);
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

function numberColumn(reading: Reading, kind: NumberColumn['kind'], numbers: readonly number[], rule: ColumnSchema): NumberColumn {
  const { cells, missing } = reading;
  const byText = new Float64Array(cells.texts.length).fill(Number.NaN);
  let at = 0;
  for (let i = 0; i < byText.length; i++) if (!missing[i]) byText[i] = numbers[at++] as number;
  const suspected = rule.missing === undefined ? suspectedCodes(reading, numbers) : [];
  warnOutside(reading, numbers, rule);
  const values = new Float64Array(cells.codes.length);
  for (let row = 0; row < values.length; row++) values[row] = byText[cells.codes[row] as number] as number;
  const decimals = kind === 'integer' ? 0 : finestGrid(numbers);
  const column: NumberColumn = { name: cells.name, kind, values, decimals };
  const unit = rule.unit === undefined ? {} : { unit: rule.unit };
  return suspected.length === 0 ? { ...column, ...unit } : { ...column, ...unit, suspected };
}

/** Numbers that often stand for "missing" and lie far from all others. */
const SENTINELS = new Set([-1, -9, -99, -999, -9999, 99, 999, 9999, 99999, 999999]);
/** Of these, the ones that are real values too often to be suspected without being apart and repeated. */
const COMMON = new Set([-1, 99]);

/** They stay as they are in real rows, but are not learnt from until a declaration says that they are values. */
function suspectedCodes(reading: Reading, numbers: readonly number[]): number[] {
  const { cells, counts, present, warn } = reading;
  const others = numbers.filter((value) => !SENTINELS.has(value) && !Number.isNaN(value));
  if (others.length < 5 || others.length === numbers.length) return [];
  const [low, high] = extent(others);
  const often = (i: number) => !COMMON.has(numbers[i] as number) || (counts[i] as number) >= 3;
  const far = (value: number) => (value < 0 ? low >= 0 : value - high > high - low);
  const found = numbers.flatMap((value, i) => (SENTINELS.has(value) && often(i) && far(value) ? [i] : []));
  if (found.length === 0) return [];
  const codes = [...new Set(found.map((i) => numbers[i] as number))];
  const words = found.map(
    (i) => `${numbers[i]} in ${counts[i]} ${counts[i] === 1 ? 'cell' : 'cells'} from line ${firstLine(reading, present[i] as string)}`,
  );
  const entry = asArgument(`${cells.name}=${codes.join(',')}`);
  warn(
    `holds ${listed(words)}, far from all other values: kept in real rows, but not learnt from, so that synthetic rows have none; say --missing ${entry} if they mean missing, or "missing": [] in a schema if they are values`,
  );
  return codes;
}

function warnOutside(reading: Reading, numbers: readonly number[], { range }: ColumnSchema): void {
  if (range === undefined) return;
  const [low, high] = [range[0] ?? Number.NEGATIVE_INFINITY, range[1] ?? Number.POSITIVE_INFINITY];
  const outside = numbers.flatMap((value, i) => (value < low || value > high ? [i] : []));
  if (outside.length === 0) return;
  const cells = outside.reduce((sum, i) => sum + (reading.counts[i] as number), 0);
  reading.warn(
    `holds ${cells} ${cells === 1 ? 'value' : 'values'} outside its range ${range[0] ?? '…'} to ${range[1] ?? '…'} (${at(reading, reading.present[outside[0] as number] as string)}); correct them, or the range in the schema`,
  );
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
