/** A column of numbers from the numbers of its different texts: its values, its grid, and what is doubtful about them. */
import { asArgument, listed } from './names.js';
import { countMissing, finestGrid } from './numerals.js';
import { firstPlace, type Reading, textAt } from './reading.js';
import type { ColumnSchema } from './schema.js';
import type { NumberColumn } from './table.js';

/** `numbers` are those of the present texts, NaN where one is missing by declaration; (P). */
export function numberColumn(reading: Reading, kind: NumberColumn['kind'], numbers: Float64Array, rule: ColumnSchema): NumberColumn {
  const { name, missing, codes } = reading;
  const byText = new Float64Array(missing.length).fill(Number.NaN);
  let at = 0;
  for (let i = 0; i < byText.length; i++) if (!missing[i]) byText[i] = numbers[at++] as number;
  const suspected = rule.missing === undefined ? suspectedCodes(reading, numbers) : [];
  warnOutside(reading, numbers, rule);
  const values = new Float64Array(codes.length);
  for (let row = 0; row < values.length; row++) values[row] = byText[codes[row] as number] as number;
  const decimals = kind === 'integer' ? 0 : finestGrid(numbers);
  const column: NumberColumn = { name, kind, values, decimals };
  const unit = rule.unit === undefined ? {} : { unit: rule.unit };
  return suspected.length === 0 ? { ...column, ...unit } : { ...column, ...unit, suspected };
}

/** Numbers that often stand for "missing" and lie far from all others. */
const SENTINELS = new Set([-1, -9, -99, -999, -9999, 99, 999, 9999, 99999, 999999]);
/** Of these, the ones that are real values too often to be suspected without being apart and repeated. */
const COMMON = new Set([-1, 99]);

const isSentinel = (value: number): boolean => Number.isInteger(value) && SENTINELS.has(value);

/** They stay as they are in real rows, but are not learnt from until a declaration says that they are values. */
function suspectedCodes(reading: Reading, numbers: Float64Array): number[] {
  const { name, counts, warn } = reading;
  const coded = placesOf(numbers, isSentinel);
  if (coded.length === 0 || numbers.length - coded.length - countMissing(numbers) < 5) return [];
  const [low, high] = extentBut(numbers, isSentinel);
  const often = (i: number) => !COMMON.has(numbers[i] as number) || (counts[i] as number) >= 3;
  const far = (value: number) => (value < 0 ? low >= 0 : value - high > high - low);
  const found = coded.filter((i) => often(i) && far(numbers[i] as number));
  if (found.length === 0) return [];
  const codes = [...new Set(found.map((i) => numbers[i] as number))];
  const words = found.map((i) => `${numbers[i]} in ${counts[i]} ${counts[i] === 1 ? 'cell' : 'cells'} from ${firstPlace(reading, i)}`);
  const entry = asArgument(`${name}=${codes.join(',')}`);
  warn(
    `holds ${listed(words)}, far from all other values: kept in real rows, but not learnt from, so that synthetic rows have none; say --missing ${entry} if they mean missing, or "missing": [] in a schema if they are values`,
  );
  return codes;
}

function extentBut(numbers: Float64Array, leftOut: (value: number) => boolean): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of numbers) {
    if (value < low && !leftOut(value)) low = value;
    if (value > high && !leftOut(value)) high = value;
  }
  return [low, high];
}

function warnOutside(reading: Reading, numbers: Float64Array, { range }: ColumnSchema): void {
  if (range === undefined) return;
  const [low, high] = [range[0] ?? Number.NEGATIVE_INFINITY, range[1] ?? Number.POSITIVE_INFINITY];
  const outside = placesOf(numbers, (value) => value < low || value > high);
  if (outside.length === 0) return;
  const cells = outside.reduce((sum, i) => sum + (reading.counts[i] as number), 0);
  reading.warn(
    `holds ${cells} ${cells === 1 ? 'value' : 'values'} outside its range ${range[0] ?? '…'} to ${range[1] ?? '…'} (${textAt(reading, outside[0] as number)}); correct them, or the range in the schema`,
  );
}

function placesOf(numbers: Float64Array, test: (value: number, i: number) => boolean): number[] {
  const places: number[] = [];
  for (let i = 0; i < numbers.length; i++) if (test(numbers[i] as number, i)) places.push(i);
  return places;
}
