/** Encoded values of a column as texts by their number. */
import { type Cursor, left, littleEndian, ParquetFault, take } from './cursor.js';
import { readDeltas, readLengths } from './delta.js';
import type { Field } from './footer.js';
import { bytesText, integerText, singleText } from './meaning.js';
import { readRuns } from './runs.js';

type TextAt = (index: number) => string;

const ENCODINGS = [
  'PLAIN',
  '',
  'PLAIN_DICTIONARY',
  'RLE',
  'BIT_PACKED',
  'DELTA_BINARY_PACKED',
  'DELTA_LENGTH_BYTE_ARRAY',
  'DELTA_BYTE_ARRAY',
  'RLE_DICTIONARY',
  'BYTE_STREAM_SPLIT',
];
/** Bytes of all texts of a page that share their beginnings. */
const MOST_SHARED = 1 << 28;

/** `count` values in one of the format's encodings. Throws {@link ParquetFault} where the bytes do not suffice, and for unknown ones. */
export function valuesOf(cursor: Cursor, encoding: number, field: Field, count: number): TextAt {
  const { physical, meaning } = field;
  const integers = physical === 'INT32' || physical === 'INT64';
  if (encoding === 0) return plain(cursor, field, count);
  if (encoding === 3 && physical === 'BOOLEAN') {
    littleEndian(cursor, 4); // the length of what follows to the page's end
    const runs = readRuns(cursor, 1, count);
    return (i) => String(runs[i] === 1);
  }
  if (encoding === 5 && integers) {
    const values = readDeltas(cursor, count);
    const bits = physical === 'INT32' ? 32 : 64; // differences of 32 bits wrap around at 32
    return (i) => integerText(BigInt.asIntN(bits, values[i] as bigint), meaning, bits);
  }
  if (encoding === 6 && physical === 'BYTE_ARRAY') return slices(cursor, readLengths(cursor, count, left(cursor)), field);
  if (encoding === 7 && (physical === 'BYTE_ARRAY' || physical === 'FIXED_LEN_BYTE_ARRAY')) return shared(cursor, count, field);
  if (encoding === 9 && physical !== 'BOOLEAN' && physical !== 'BYTE_ARRAY' && physical !== 'INT96') {
    return fixed(joined(take(cursor, count * widthOf(field), 'the values of a page'), widthOf(field)), field);
  }
  throw new ParquetFault(`the encoding ${ENCODINGS[encoding] || encoding} of the type ${physical} is not read`, 'write it plainly');
}

/** Values one after the other; they fill the page. */
function plain(cursor: Cursor, field: Field, count: number): TextAt {
  const { physical } = field;
  const block = (bytes: number) => take(cursor, bytes, 'the values of a page');
  const values =
    physical === 'BYTE_ARRAY'
      ? texts(cursor, count, field)
      : physical === 'BOOLEAN'
        ? booleans(block(Math.ceil(count / 8)))
        : fixed(block(count * widthOf(field)), field);
  if (left(cursor) > 0) throw new ParquetFault(`${left(cursor)} bytes are left after the values of a page`);
  return values;
}

const WIDTHS: Readonly<Record<string, number>> = { INT32: 4, FLOAT: 4, INT64: 8, DOUBLE: 8, INT96: 12 };
const widthOf = ({ physical, width }: Field): number => WIDTHS[physical] ?? width;

const booleans =
  (bytes: Uint8Array): TextAt =>
  (i) =>
    String((((bytes[i >> 3] as number) >> (i & 7)) & 1) === 1);

const JULIAN_1970 = 2_440_588; // the Julian day of 1970-01-01
const NANOS_A_DAY = 86_400_000_000_000n;

/** Values of as many bytes each; NaN is a missing number. */
function fixed(bytes: Uint8Array, field: Field): TextAt {
  const { physical, meaning } = field;
  const width = widthOf(field);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const real = (value: number, text: (value: number) => string) => (Number.isNaN(value) ? '' : text(value));
  switch (physical) {
    case 'INT32':
      return (i) => integerText(BigInt(view.getInt32(i * 4, true)), meaning, 32);
    case 'INT64':
      return (i) => integerText(view.getBigInt64(i * 8, true), meaning, 64);
    case 'FLOAT':
      return (i) => real(view.getFloat32(i * 4, true), singleText);
    case 'DOUBLE':
      return (i) => real(view.getFloat64(i * 8, true), String);
    case 'INT96':
      return (i) => {
        const days = BigInt(view.getInt32(i * 12 + 8, true) - JULIAN_1970);
        return integerText(days * NANOS_A_DAY + view.getBigInt64(i * 12, true), meaning, 96);
      };
    default:
      return (i) => bytesText(bytes.subarray(i * width, (i + 1) * width), meaning);
  }
}

/** Texts, each after its length. */
function texts(cursor: Cursor, count: number, { meaning }: Field): TextAt {
  if (count * 4 > left(cursor)) throw new ParquetFault(`${count} texts in ${left(cursor)} bytes`);
  const values = Array.from({ length: count }, () => take(cursor, littleEndian(cursor, 4), 'a text'));
  return (i) => bytesText(values[i] as Uint8Array, meaning);
}

/** Texts side by side. */
function slices(cursor: Cursor, lengths: Float64Array, { meaning }: Field): TextAt {
  const values = Array.from(lengths, (length) => take(cursor, length, 'a text'));
  return (i) => bytesText(values[i] as Uint8Array, meaning);
}

/** Texts that begin as the one before does. */
function shared(cursor: Cursor, count: number, { meaning }: Field): TextAt {
  const prefixes = readLengths(cursor, count, MOST_SHARED);
  const lengths = readLengths(cursor, count, left(cursor));
  let before = new Uint8Array(0);
  const values = Array.from(prefixes, (prefix, i) => {
    if (prefix > before.length) throw new ParquetFault('a text begins as a shorter one does');
    const own = new Uint8Array(prefix + (lengths[i] as number));
    own.set(before.subarray(0, prefix));
    own.set(take(cursor, lengths[i] as number, 'a text'), prefix);
    before = own;
    return own;
  });
  return (i) => bytesText(values[i] as Uint8Array, meaning);
}

/** First all first bytes, then all second ones: put side by side. */
function joined(bytes: Uint8Array, width: number): Uint8Array {
  const count = bytes.length / width;
  return bytes.map((_, at) => bytes[(at % width) * count + Math.floor(at / width)] as number);
}
