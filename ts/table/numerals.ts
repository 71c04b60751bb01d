/**
 * How cells are read as numbers or as missing.
 *
 * A number is written with digits, at most one decimal point and at most one exponent: `0x10`, `1_000`, `Infinity` and numbers
 * beyond the range of a double (`1e309`) are no numbers. Codes that would lose something as numbers stay text: leading zeros
 * (`007`) and whole numbers beyond 2^53.
 */

/** Cells that stand for "not known", after trimming. A column's declaration may add its own (999, "pending"). */
const MISSING_TEXTS: ReadonlySet<string> = new Set(['', 'NA', 'N/A', 'n/a', '#N/A', '<NA>', 'NaN', 'nan', 'null', 'NULL', '.', '?']);

export const isMissingText = (text: string): boolean => MISSING_TEXTS.has(text.trim());

// No part of this pattern can match the same digits in two ways, so it runs in linear time on any cell.
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
const DECIMAL_COMMA = /^[+-]?\d+(?:,\d+)?$/;
const LEADING_ZERO = /^[+-]?0\d/;
const DIGITS = /^[+-]?\d+$/;

/** The number that a cell holds, NaN where it holds none. */
export function parseNumber(text: string): number {
  const trimmed = text.trim();
  if (!NUMBER.test(trimmed)) return Number.NaN;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value + 0 : Number.NaN; // −0 becomes 0
}

/** The same for cells with a decimal comma ("36,5"). */
export function parseDecimalComma(text: string): number {
  const trimmed = text.trim();
  return DECIMAL_COMMA.test(trimmed) ? parseNumber(trimmed.replace(',', '.')) : Number.NaN;
}

/** Whether a cell that reads as a number is rather a code: as a number it would lose leading zeros or digits. */
export function isCode(text: string): boolean {
  const trimmed = text.trim();
  return LEADING_ZERO.test(trimmed) || (DIGITS.test(trimmed) && !Number.isSafeInteger(Number(trimmed)));
}

/** 10^n for the decimals that a double can hold; each is exact. */
const POWERS = Array.from({ length: 16 }, (_, n) => Number(`1e${n}`));

/** 10^decimals, exact; 0 … 15. */
export const powerOfTen = (decimals: number): number => POWERS[decimals] as number;

/** Decimal places of a number's shortest form; −1 beyond 15, where there is no grid to keep. */
export function decimalsOf(value: number): number {
  const text = String(value);
  const exponentAt = text.indexOf('e');
  const mantissa = exponentAt < 0 ? text : text.slice(0, exponentAt);
  const point = mantissa.indexOf('.');
  const places = (point < 0 ? 0 : mantissa.length - point - 1) - (exponentAt < 0 ? 0 : Number(text.slice(exponentAt + 1)));
  return places <= 0 ? 0 : places < POWERS.length ? places : -1;
}

/** The finest grid that a set of numbers lies on; −1 where one of them has none, and for an empty set. */
export function finestGrid(values: Iterable<number>): number {
  let finest = -1;
  for (const value of values) {
    if (Number.isNaN(value) || (finest >= 0 && onGrid(value, finest) === value)) continue;
    const places = decimalsOf(value);
    if (places < 0) return -1;
    if (places > finest) finest = places;
  }
  return finest;
}

/** How many of the values are NaN. */
export function countMissing(values: Float64Array): number {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) count += 1;
  return count;
}

/** How many different numbers there are; NaN is none. `room` is overwritten: as many numbers as there are values. */
export function countDifferent(values: Float64Array, room = new Float64Array(values.length)): number {
  room.set(values);
  room.sort(); // NaN last
  let count = 0;
  for (let i = 0; i < room.length && !Number.isNaN(room[i]); i++) if (i === 0 || room[i] !== room[i - 1]) count += 1;
  return count;
}

/** The nearest number with that many decimals; the number itself without a grid, and where doubles are coarser than it. */
export function onGrid(value: number, decimals: number): number {
  if (decimals < 0) return value;
  const power = POWERS[decimals] as number;
  const scaled = Math.round(value * power);
  return Number.isSafeInteger(scaled) ? scaled / power + 0 : value; // + 0: no negative zero
}
