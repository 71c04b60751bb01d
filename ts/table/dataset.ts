/**
 * From a table to a data set: which column is predicted, which class is the rare one, which rows belong to one patient.
 *
 * Rows without a target cell cannot be learnt from or scored; they are left out, and a warning names them. (Refusing the file
 * would only make the user delete the same rows by hand; counting "empty" as a class would be wrong.)
 */
import { InputError } from '../errors.js';
import type { ReadTable } from './csv.js';
import { SeenTexts } from './different.js';
import { type Labels, labelCounts, labelsOf } from './labels.js';
import { leakOf } from './leaks.js';
import { listed, quoted, unknownName } from './names.js';
import { parseNumber } from './numerals.js';
import { whereOf, withoutLines } from './place.js';
import { heldConstraints } from './rules.js';
import { type Column, type Dataset, isNumberColumn, type Table, takeRows } from './table.js';

export interface DatasetRoles {
  readonly name: string;
  readonly target: string;
  /** The class to be predicted, by default the rarer one; of two equally frequent ones the last in sorted order ("1" of "0", "1"). */
  readonly positive?: string | undefined;
  readonly group?: string | undefined;
  readonly exclude?: readonly string[] | undefined;
}

/** A data set with what the reader should know about it. */
export interface ReadDataset extends Dataset {
  /** Row of the table behind each row of the data set; null where they are the same. */
  readonly rows: Uint32Array | null;
  readonly warnings: readonly string[];
}

const MOST_CLASSES_SHOWN = 8;

/** Why one row of a class is none: it cannot be split, and what is made of it tells its patient. */
export const tooFew = (file: string, column: string, positive: string, rows: number, least = 2): string =>
  `${file}: the target ${quoted(column)} has ${rows} ${rows === 1 ? 'row' : 'rows'} of the class ${quoted(positive)}; at least ${least} are needed to learn from, and one row alone cannot be split, and copies of it would disclose that patient: give more rows`;

/**
 * Makes a data set of a table: features, labels (1 = positive) and groups. Rows without a label are left out; warnings tell of them.
 *
 * @throws {InputError} for roles that name no column, a target that has not two values, a table without features, or a constraint of its
 * schema that cannot be held.
 */
export function toDataset(table: Table | ReadTable, roles: DatasetRoles): ReadDataset {
  const source = describeSource(table, roles.name);
  checkRoles(table, roles, source.file);
  const warnings: string[] = [];
  const target = labelsOf(columnOf(table, roles.target));
  const labelled = rowsWhere(table.rows, (row) => target.codes[row] !== -1);
  const dropped = rowsWhere(table.rows, (row) => target.codes[row] === -1);
  if (labelled.length === 0) throw new InputError(`${source.file}: the target ${quoted(roles.target)} has no value in any row`);
  if (dropped.length > 0) {
    const rows = dropped.length === 1 ? '1 row' : `${dropped.length} rows`;
    warnings.push(
      `${rows} without a value of the target ${quoted(roles.target)} left out: ${source.where(dropped)}; fill the cells in to use them`,
    );
  }
  const classes = chooseClasses(labelled, target, roles, source.file, warnings);
  const kept = dropped.length === 0 ? table : takeRows(table, labelled);
  const group = roles.group === undefined ? null : groupsOf(columnOf(table, roles.group), labelled, source, warnings);
  const features = featuresOf(kept, roles, source.file, warnings);
  const y = new Uint8Array(labelled.length);
  const positive = target.names.indexOf(classes.positive);
  for (let i = 0; i < y.length; i++) if (target.codes[labelled[i] as number] === positive) y[i] = 1;
  warnLeaks(features, y, roles.target, warnings);
  const dataset: Dataset = { name: roles.name, features, y, group, target: { column: roles.target, ...classes } };
  const constraints = heldConstraints(table, dataset);
  return {
    ...dataset,
    ...(constraints.length > 0 && { constraints }),
    rows: dropped.length === 0 ? null : labelled,
    warnings: warnings.map((text) => `${source.file}: ${text}`),
  };
}

interface Source {
  readonly file: string;
  /** "line 5 and 7" of a file, or rows where the table was not read from one. */
  where(rows: ArrayLike<number>): string;
}

function describeSource(table: Table | ReadTable, name: string): Source {
  if (!('lines' in table)) return { file: name, where: (rows) => whereOf(withoutLines(table.rows), rows) };
  return { file: table.file, where: (rows) => whereOf(table, rows) };
}

function checkRoles(table: Table, { target, group, exclude = [] }: DatasetRoles, file: string): void {
  const names = table.columns.map((column) => column.name);
  for (const name of [target, ...(group === undefined ? [] : [group]), ...exclude]) {
    if (!names.includes(name)) throw new InputError(`${file}: ${unknownName(name, names)}`);
  }
  if (group === target)
    throw new InputError(`${file}: ${quoted(target)} cannot be the target and the group; name the patient's column as the group`);
  if (exclude.includes(target)) throw new InputError(`${file}: the target ${quoted(target)} cannot be excluded`);
}

const columnOf = (table: Table, name: string): Column => table.columns.find((column) => column.name === name) as Column;

function rowsWhere(count: number, test: (row: number) => boolean): Uint32Array {
  const rows = new Uint32Array(count);
  let n = 0;
  for (let row = 0; row < count; row++) if (test(row)) rows[n++] = row;
  return rows.slice(0, n);
}

function chooseClasses(
  rows: Uint32Array,
  target: Labels,
  { target: column, positive }: DatasetRoles,
  file: string,
  warnings: string[],
): { positive: string; negative: string } {
  const counts = labelCounts(target, rows);
  const classes = [...counts.keys()].sort((a, b) => (a < b ? -1 : 1));
  const count = (label: string) => counts.get(label) as number;
  const shown = listed(
    classes.map((label) => `${quoted(label)} in ${count(label)} ${count(label) === 1 ? 'row' : 'rows'}`),
    MOST_CLASSES_SHOWN,
  );
  if (classes.length === 1) throw new InputError(`${file}: the target ${quoted(column)} has one class only (${shown}); it needs two`);
  if (positive !== undefined) {
    const label = classes.find((name) => name === positive) ?? classes.find((name) => parseNumber(name) === parseNumber(positive));
    if (label === undefined)
      throw new InputError(`${file}: "positive" expected a class of the target ${quoted(column)} (${shown}), got ${quoted(positive)}`);
    if (count(label) * 2 > rows.length) {
      warnings.push(
        `the positive class ${quoted(label)} is the more frequent one (${count(label)} of ${rows.length} rows), so that there is nothing to balance; name the other with --positive`,
      );
    }
    return { positive: label, negative: classes.length === 2 ? (classes.find((name) => name !== label) as string) : `not ${label}` };
  }
  if (classes.length > 2) {
    throw new InputError(
      `${file}: the target ${quoted(column)} has ${classes.length} classes (${shown}); name the one to be predicted against all others as positive (--positive)`,
    );
  }
  const [first, second] = classes as [string, string];
  const rarer = count(first) < count(second) ? first : second;
  const negative = rarer === first ? second : first;
  const why = count(first) === count(second) ? 'both classes are equally frequent' : 'the rarer class';
  warnings.push(
    `no positive class of ${quoted(column)} was given: ${quoted(rarer)} taken (${why}, ${count(rarer)} of ${rows.length} rows); name another with --positive`,
  );
  return { positive: rarer, negative };
}

/** Patients as numbers from 0, in order of appearance. */
function groupsOf(column: Column, rows: Uint32Array, source: Source, warnings: string[]): Int32Array {
  const { codes, names } = labelsOf(column);
  const empty = rows.filter((row) => codes[row] === -1);
  if (empty.length > 0) {
    throw new InputError(
      `${source.file}, ${source.where(empty)}: the group ${quoted(column.name)} has no value, so it is unknown whose row it is; fill it in or delete the row`,
    );
  }
  const patients = new Int32Array(names.length).fill(-1); // number of each label's patient
  let met = 0;
  const group = new Int32Array(rows.length);
  for (let i = 0; i < group.length; i++) {
    const code = codes[rows[i] as number] as number;
    if (patients[code] === -1) patients[code] = met++;
    group[i] = patients[code] as number;
  }
  if (met < 2)
    throw new InputError(`${source.file}: the group ${quoted(column.name)} has the same value in every row, so nothing can be split`);
  if (met === rows.length)
    warnings.push(
      `the group ${quoted(column.name)} has another value in every row, so that it keeps no rows together; leave --group out, or name the patients' column`,
    );
  return group;
}

function featuresOf(table: Table, { target, group, exclude = [] }: DatasetRoles, file: string, warnings: string[]): Table {
  const left = new Set([target, ...(group === undefined ? [] : [group]), ...exclude]);
  const columns = table.columns.filter((column) => !left.has(column.name) && column.kind !== 'text');
  if (columns.length === 0) throw new InputError(`${file}: beside the target there is no column to learn from`);
  if (group === undefined) {
    const suspect = table.columns.find((column) => !left.has(column.name) && isPatient(column));
    if (suspect) {
      warnings.push(
        `column ${quoted(suspect.name)} looks like a patient's identifier: name it as the group (--group), so that no patient is on both sides of a split, or leave it out (--exclude)`,
      );
    }
  }
  if (columns.length > table.rows) {
    warnings.push(
      `there are more columns (${columns.length}) than rows (${table.rows}), so expect unstable results; leave columns out (--exclude) or give more rows`,
    );
  }
  return { rows: table.rows, columns: columns.map(withoutSuspected) };
}

/** A column of that name, unless it has another text in every row, which keeps no rows together. */
function isPatient(column: Column): boolean {
  if (!/(patient|subject|person|pat|subj)[ _.-]?(id|nr|no|number)?$|^mrn$/i.test(column.name)) return false;
  if (column.kind !== 'text') return true;
  const seen = new SeenTexts(column.texts);
  return column.texts.some((text, row) => text !== '' && seen.firstRow(row) !== row);
}

/** Values that seem to stand for "missing" are missing in what is learnt from. */
function withoutSuspected(column: Column): Column {
  if (!isNumberColumn(column) || column.suspected === undefined) return column;
  const { suspected, ...rest } = column;
  return { ...rest, values: column.values.map((value) => (suspected.includes(value) ? Number.NaN : value)) };
}

/** Leaks beyond this are one sentence: there is something wrong with the table as a whole. */
const MOST_LEAKS = 3;

function warnLeaks(features: Table, y: Uint8Array, target: string, warnings: string[]): void {
  const found = features.columns.flatMap((column) => {
    const how = leakOf(column, y);
    return how === null ? [] : [{ name: column.name, how }];
  });
  if (found.length > MOST_LEAKS) {
    const names = listed(found.map(({ name }) => quoted(name)));
    warnings.push(
      `columns ${names} each tell the target ${quoted(target)} exactly; leave out (--exclude) what is known only after the outcome`,
    );
    return;
  }
  for (const { name, how } of found) {
    warnings.push(
      `column ${quoted(name)} tells the target ${quoted(target)} exactly (${how}); leave it out (--exclude) if it is known only after the outcome`,
    );
  }
}
