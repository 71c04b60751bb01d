/** What the values of a column mean, and their texts: those that a CSV of the same table would have. */
import { ParquetFault } from './cursor.js';
import { count, optionalCount, type Struct, structure, utf8, type Value } from './thrift.js';

/** How values lie in the file, by the format's numbers. */
export const PHYSICAL = ['BOOLEAN', 'INT32', 'INT64', 'INT96', 'FLOAT', 'DOUBLE', 'BYTE_ARRAY', 'FIXED_LEN_BYTE_ARRAY'] as const;
export type Physical = (typeof PHYSICAL)[number];

/** Ticks a second. */
const UNITS = [1_000, 1_000_000, 1_000_000_000] as const;

export type Meaning =
  | { readonly kind: 'plain' | 'unsigned' | 'date' | 'uuid' }
  | { readonly kind: 'decimal'; readonly scale: number }
  | { readonly kind: 'time' | 'timestamp'; readonly ticks: number };

const PLAIN: Meaning = { kind: 'plain' };
const MOST_DIGITS = 76; // of a decimal number

/** By the numbers of logical types. */
const NOT_READ = new Map([
  [13, 'BSON'],
  [15, 'numbers of half precision'],
  [16, 'variants'],
  [17, 'shapes'],
  [18, 'shapes'],
]);

const refused = (what: string) => new ParquetFault(`it holds ${what}, which is no text, number or date`, 'write it as text');

/** Of an element of the schema; the older "converted type" and the newer "logical type" say the same where both are there. */
export function meaningOf(element: Struct, physical: Physical): Meaning {
  const logical = element.get(10);
  if (logical instanceof Map && logical.size > 0) return logicalMeaning(logical, physical);
  const converted = optionalCount(element, 6, 'converted type', 30);
  if (converted === null) return physical === 'INT96' ? { kind: 'timestamp', ticks: UNITS[2] } : unannotated(physical);
  if (converted === 5) return decimal(count(element, 7, 'scale', MOST_DIGITS), physical);
  if (converted === 6) return whole({ kind: 'date' }, physical, 'INT32');
  if (converted === 7 || converted === 8) return whole({ kind: 'time', ticks: UNITS[converted - 7] as number }, physical);
  if (converted === 9 || converted === 10) return whole({ kind: 'timestamp', ticks: UNITS[converted - 9] as number }, physical, 'INT64');
  if (converted >= 11 && converted <= 14) return whole({ kind: 'unsigned' }, physical);
  if (converted === 20 || converted === 21) throw refused(converted === 20 ? 'BSON' : 'intervals');
  return unannotated(physical);
}

function logicalMeaning(logical: Struct, physical: Physical): Meaning {
  const [[id, value]] = logical as unknown as [[number, Value]];
  const own = structure(value, 'logical type');
  const unit = () => {
    const [first] = structure(own.get(2), 'unit').keys();
    return UNITS[(first ?? 0) - 1] ?? fail('a unit of time is unknown');
  };
  switch (id) {
    case 5:
      return decimal(count(own, 1, 'scale', MOST_DIGITS), physical);
    case 6:
      return whole({ kind: 'date' }, physical, 'INT32');
    case 7:
      return whole({ kind: 'time', ticks: unit() }, physical);
    case 8:
      return whole({ kind: 'timestamp', ticks: unit() }, physical, 'INT64');
    case 10:
      return whole(own.get(2) === false ? { kind: 'unsigned' } : PLAIN, physical);
    case 14:
      return { kind: 'uuid' };
    default:
      if (NOT_READ.has(id)) throw refused(NOT_READ.get(id) as string);
      return unannotated(physical);
  }
}

function unannotated(physical: Physical): Meaning {
  if (physical === 'FIXED_LEN_BYTE_ARRAY') throw refused('bytes');
  return PLAIN;
}

const fail = (why: string): never => {
  throw new ParquetFault(why);
};

/** Whole numbers only are such. */
function whole(meaning: Meaning, physical: Physical, only?: Physical): Meaning {
  if (physical === 'INT32' || physical === 'INT64') if (only === undefined || physical === only) return meaning;
  return fail(`values of the type ${physical} are no ${meaning.kind === 'plain' ? 'integers' : `${meaning.kind}s`}`);
}

const decimal = (scale: number, physical: Physical): Meaning =>
  physical === 'BOOLEAN' || physical === 'INT96' || physical === 'FLOAT' || physical === 'DOUBLE'
    ? fail(`values of the type ${physical} are no decimals`)
    : { kind: 'decimal', scale };

/** The text of a whole number of `bits` bits. */
export function integerText(value: bigint, meaning: Meaning, bits: number): string {
  switch (meaning.kind) {
    case 'unsigned':
      return String(BigInt.asUintN(bits, value));
    case 'decimal':
      return decimalText(value, meaning.scale);
    case 'date':
      return dayText(Number(value) * 86_400_000);
    case 'time':
    case 'timestamp':
      return momentText(value, meaning);
    default:
      return String(value);
  }
}

const MOST_DECIMAL_BYTES = 32;

/** The text of the bytes of a value. */
export function bytesText(bytes: Uint8Array, meaning: Meaning): string {
  if (meaning.kind === 'uuid') return uuidText(bytes);
  if (meaning.kind !== 'decimal') return utf8(bytes, 'a text');
  if (bytes.length > MOST_DECIMAL_BYTES) throw new ParquetFault(`a decimal number of ${bytes.length} bytes`);
  let value = 0n;
  for (const one of bytes) value = value * 256n + BigInt(one);
  return decimalText(BigInt.asIntN(bytes.length * 8, value), meaning.scale);
}

function uuidText(bytes: Uint8Array): string {
  if (bytes.length !== 16) throw new ParquetFault(`a UUID of ${bytes.length} bytes`);
  const hex = Array.from(bytes, (one) => one.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** value · 10^−scale, without zeros at its end. */
function decimalText(value: bigint, scale: number): string {
  if (scale === 0) return String(value);
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -scale)}${fraction === '' ? '' : `.${fraction}`}`;
}

const YEAR_1 = -62_135_596_800_000; // milliseconds since 1970
const YEAR_10000 = 253_402_300_800_000;

function dayText(milliseconds: number): string {
  if (!(milliseconds >= YEAR_1 && milliseconds < YEAR_10000)) throw new ParquetFault('a date is not of the years 1 to 9999');
  return new Date(milliseconds).toISOString().slice(0, 10);
}

/** A time of day, or a date with one; midnight is not written. */
function momentText(value: bigint, { kind, ticks }: Extract<Meaning, { ticks: number }>): string {
  const perDay = BigInt(ticks) * 86_400n;
  const within = ((value % perDay) + perDay) % perDay;
  if (kind === 'time' && within !== value) throw new ParquetFault('a time of day is not within 24 hours');
  const seconds = Number(within / BigInt(ticks));
  const fraction = String(within % BigInt(ticks))
    .padStart(String(ticks).length - 1, '0')
    .replace(/0+$/, '');
  const clock = new Date(seconds * 1000).toISOString().slice(11, 19) + (fraction === '' ? '' : `.${fraction}`);
  if (kind === 'time') return clock;
  const day = dayText(Number((value - within) / perDay) * 86_400_000);
  return within === 0n ? day : `${day} ${clock}`;
}

/** The shortest decimal number that is this number of 32 bits: 0.1 rather than 0.10000000149011612. */
export function singleText(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
}
