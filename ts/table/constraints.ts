/**
 * What must hold in every row, as a schema says it: `{"kind": "order", "columns": ["dbp", "sbp"]}`, or in short `"sbp >= dbp"`. A missing
 * cell breaks nothing, except that a sum with a missing part is missing. Numbers are compared as the decimal numbers that they are written as.
 */
import { InputError } from '../errors.js';
import { listed, quoted, unknownName } from './names.js';
import { decimalsOf, powerOfTen } from './numerals.js';
import { type Column, isLevelColumn, isNumberColumn, type LevelColumn, type NumberColumn, type Table } from './table.js';

export type Constraint =
  | { readonly kind: 'range'; readonly column: string; readonly min?: number; readonly max?: number }
  /** Multiples of `step`: 1 for whole numbers, 0.5, 0.01 … */
  | { readonly kind: 'grid'; readonly column: string; readonly step: number }
  /** Ascending from left to right; none equal where `strict`. */
  | { readonly kind: 'order'; readonly columns: readonly string[]; readonly strict?: boolean }
  | { readonly kind: 'sum'; readonly total: string; readonly parts: readonly string[] }
  /** Where every column of `if` has one of its values, every column of `must` has one of its own. */
  | { readonly kind: 'implies'; readonly if: Values; readonly must: Values }
  /** Only combinations that are listed; without a list those of the real rows. */
  | { readonly kind: 'combination'; readonly columns: readonly string[]; readonly allowed?: readonly (readonly string[])[] };

export type Values = Readonly<Record<string, readonly string[]>>;

/** The constraint in words, for messages. */
export function wordsOf(constraint: Constraint): string {
  switch (constraint.kind) {
    case 'range':
      return `${constraint.column} in ${constraint.min ?? '…'} to ${constraint.max ?? '…'}`;
    case 'grid':
      return `${constraint.column} in steps of ${constraint.step}`;
    case 'order':
      return constraint.columns.join(constraint.strict ? ' < ' : ' <= ');
    case 'sum':
      return `${constraint.total} = ${constraint.parts.join(' + ')}`;
    case 'implies':
      return `${valueWords(constraint.if)} implies ${valueWords(constraint.must)}`;
    default:
      return `combinations of ${constraint.columns.join(', ')}`;
  }
}

const valueWords = (values: Values): string =>
  Object.entries(values)
    .map(([name, list]) => `${name} = ${list.slice(0, 3).join(' or ')}${list.length > 3 ? ' …' : ''}`)
    .join(' and ');

/** Columns that a constraint is about. */
export function columnsOf(constraint: Constraint): string[] {
  switch (constraint.kind) {
    case 'range':
    case 'grid':
      return [constraint.column];
    case 'order':
    case 'combination':
      return [...constraint.columns];
    case 'sum':
      return [constraint.total, ...constraint.parts];
    default:
      return [...Object.keys(constraint.if), ...Object.keys(constraint.must)];
  }
}

/** The sum as a decimal number; NaN where a part is missing. */
export function decimalSum(parts: readonly number[]): number {
  let decimals = 0;
  for (const value of parts) {
    if (Number.isNaN(value)) return Number.NaN;
    const own = decimalsOf(value);
    if (own < 0) return parts.reduce((sum, part) => sum + part, 0);
    if (own > decimals) decimals = own;
  }
  const power = powerOfTen(decimals);
  const sum = parts.reduce((total, value) => total + Math.round(value * power), 0);
  return Number.isSafeInteger(sum) ? sum / power + 0 : parts.reduce((total, part) => total + part, 0);
}

/** The multiple of `step` that is nearest to a value, as a decimal number. */
export function onStep(value: number, step: number): number {
  if (Number.isNaN(value)) return value;
  const decimals = decimalsOf(step);
  if (decimals < 0) return Math.round(value / step) * step;
  const power = powerOfTen(decimals);
  const scaled = Math.round(value / step) * Math.round(step * power);
  return Number.isSafeInteger(scaled) ? scaled / power + 0 : value;
}

type Holds = (row: number) => boolean;

/** For each row the first constraint that it breaks, −1 where all hold; (N). The table has all columns that they are about. */
export function brokenBy(table: Table, constraints: readonly Constraint[]): Int32Array {
  const columns = new Map(table.columns.map((column) => [column.name, column]));
  const tests = constraints.map((constraint) => testOf(constraint, (name) => columns.get(name) as Column));
  return Int32Array.from({ length: table.rows }, (_, row) => tests.findIndex((holds) => !holds(row)));
}

function testOf(constraint: Constraint, column: (name: string) => Column): Holds {
  const numbers = (name: string) => (column(name) as NumberColumn).values;
  switch (constraint.kind) {
    case 'range': {
      const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = constraint;
      const values = numbers(constraint.column);
      return (row) => !((values[row] as number) < min || (values[row] as number) > max);
    }
    case 'grid': {
      const values = numbers(constraint.column);
      return (row) => Number.isNaN(values[row]) || onStep(values[row] as number, constraint.step) === values[row];
    }
    case 'order': {
      const values = constraint.columns.map(numbers);
      return (row) => ascending(values, row, constraint.strict ?? false);
    }
    case 'sum': {
      const total = numbers(constraint.total);
      const parts = constraint.parts.map(numbers);
      const { kind } = column(constraint.total);
      return (row) => {
        const sum = decimalSum(parts.map((values) => values[row] as number));
        const own = total[row] as number;
        return Number.isNaN(sum) ? Number.isNaN(own) : Number.isNaN(own) || (own === sum && (kind !== 'integer' || Number.isInteger(sum)));
      };
    }
    case 'implies': {
      const [when, must] = [constraint.if, constraint.must].map((values) =>
        Object.entries(values).map(([name, allowed]) => cellIn(column(name), new Set(allowed))),
      ) as [CellTest[], CellTest[]];
      return (row) => !when.every((test) => test(row) === true) || must.every((test) => test(row) !== false);
    }
    default: {
      const texts = constraint.columns.map((name) => textAt(column(name)));
      const allowed = new Set((constraint.allowed ?? []).map((cells) => JSON.stringify(cells)));
      return (row) => {
        const cells = texts.map((text) => text(row));
        return cells.includes('') || allowed.has(JSON.stringify(cells));
      };
    }
  }
}

function ascending(values: readonly Float64Array[], row: number, strict: boolean): boolean {
  let before = Number.NaN; // the last value that is not missing
  for (const own of values) {
    const value = own[row] as number;
    if (Number.isNaN(value)) continue;
    if (value < before || (strict && value === before)) return false;
    before = value;
  }
  return true;
}

/** True or false, null where the cell is missing. */
type CellTest = (row: number) => boolean | null;

function cellIn(column: Column, allowed: ReadonlySet<string>): CellTest {
  const text = textAt(column);
  return (row) => (text(row) === '' ? null : allowed.has(text(row)));
}

function textAt(column: Column): (row: number) => string {
  if (isNumberColumn(column)) return (row) => (Number.isNaN(column.values[row]) ? '' : String(column.values[row]));
  if (isLevelColumn(column)) return (row) => column.levels[column.codes[row] as number] ?? '';
  return (row) => column.texts[row] as string;
}

/** The table with values on their steps and totals as the sums of their parts: what can be had by construction. */
export function constructed(table: Table, constraints: readonly Constraint[]): Table {
  const columns = new Map(table.columns.map((column) => [column.name, column]));
  const put = (name: string, value: (row: number) => number) => {
    const column = columns.get(name) as NumberColumn;
    columns.set(name, { ...column, values: column.values.map((_, row) => value(row)) });
  };
  const numbers = (name: string) => (columns.get(name) as NumberColumn).values;
  for (const constraint of constraints) {
    if (constraint.kind !== 'grid') continue;
    const values = numbers(constraint.column);
    put(constraint.column, (row) => onStep(values[row] as number, constraint.step));
  }
  for (const { total, parts } of sumsInOrder(constraints)) {
    const values = parts.map(numbers);
    put(total, (row) => decimalSum(values.map((own) => own[row] as number)));
  }
  return { rows: table.rows, columns: table.columns.map(({ name }) => columns.get(name) as Column) };
}

/** Sums whose parts are totals themselves come after these. */
function sumsInOrder(constraints: readonly Constraint[]): Extract<Constraint, { kind: 'sum' }>[] {
  const left = constraints.filter((one) => one.kind === 'sum');
  const ordered: typeof left = [];
  while (left.length > 0) {
    const at = left.findIndex(({ parts }) => !left.some(({ total }) => parts.includes(total)));
    if (at < 0) throw new InputError(`"constraints" expected sums that do not depend on each other, got ${left.map(wordsOf).join('; ')}`);
    ordered.push(...left.splice(at, 1));
  }
  return ordered;
}

/**
 * The constraints, checked against the columns that synthetic rows have, and with the combinations of the real rows filled in. Throws
 * {@link InputError} for columns that are not there or not learnt from, of another kind, and for levels that there are none of.
 */
export function settledConstraints(constraints: readonly Constraint[], learnt: Table, all: readonly string[]): Constraint[] {
  const byName = new Map(learnt.columns.map((column) => [column.name, column]));
  const settled = constraints.map((constraint): Constraint => {
    for (const name of columnsOf(constraint)) {
      if (byName.has(name)) continue;
      const why = all.includes(name)
        ? `column ${quoted(name)} is not learnt from, so that it is empty in synthetic rows; remove the constraint`
        : unknownName(name, all);
      throw new InputError(`constraint "${wordsOf(constraint)}": ${why}`);
    }
    checkKinds(constraint, (name) => byName.get(name) as Column);
    if (constraint.kind !== 'combination' || constraint.allowed !== undefined) return constraint;
    const texts = constraint.columns.map((name) => textAt(byName.get(name) as Column));
    const seen = new Map<string, string[]>();
    for (let row = 0; row < learnt.rows; row++) {
      const cells = texts.map((text) => text(row));
      if (!cells.includes('')) seen.set(JSON.stringify(cells), cells);
    }
    return { ...constraint, allowed: [...seen].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, cells]) => cells) };
  });
  sumsInOrder(settled);
  return settled;
}

function checkKinds(constraint: Constraint, column: (name: string) => Column): void {
  const where = `constraint "${wordsOf(constraint)}"`;
  if (constraint.kind === 'implies') {
    for (const [name, values] of [...Object.entries(constraint.if), ...Object.entries(constraint.must)])
      checkLevels(where, column(name), values);
  } else if (constraint.kind === 'combination') {
    for (const [c, name] of constraint.columns.entries()) {
      const values = (constraint.allowed ?? []).map((cells) => cells[c] as string);
      checkLevels(where, column(name), values);
    }
  } else {
    const other = columnsOf(constraint).find((name) => !isNumberColumn(column(name)));
    if (other !== undefined) throw new InputError(`${where}: column ${quoted(other)} is ${column(other).kind}; it must hold numbers`);
  }
}

function checkLevels(where: string, column: Column, values: readonly string[]): void {
  if (!isLevelColumn(column)) return;
  const other = values.find((value) => !(column as LevelColumn).levels.includes(value));
  if (other === undefined) return;
  throw new InputError(
    `${where}: column ${quoted(column.name)} has no level ${quoted(other)}; its levels are ${listed(column.levels.map(quoted), 8)}`,
  );
}
