/**
 * Safetensors: 8 bytes with the length of the header, the header as JSON (names, kinds, shapes and places of the arrays, and texts under
 * `__metadata__`), then the arrays one behind the other, little-endian (https://github.com/huggingface/safetensors, "Format").
 *
 * Ours also carry a checksum of the whole file: the first text is `crc32`, eight digits at a fixed place, taken with zeros in their place.
 * Arrays are sorted by the size of their numbers, greatest first, and the header is filled up with spaces, so that each array is aligned.
 *
 * Reading checks everything before it allocates anything: a file can make it throw an {@link InputError}, and nothing else.
 */

import { crc32, hex } from '../checksum.js';
import { InputError } from '../errors.js';
import { fromHalves, toHalf } from './half.js';

/** Half-precision numbers are given and taken as float32. */
const KINDS = {
  F64: Float64Array,
  F32: Float32Array,
  F16: Float32Array,
  I32: Int32Array,
  U32: Uint32Array,
  U16: Uint16Array,
  U8: Uint8Array,
} as const;

export type Dtype = keyof typeof KINDS;

interface ValuesOf {
  readonly F64: Float64Array;
  readonly F32: Float32Array;
  readonly F16: Float32Array;
  readonly I32: Int32Array;
  readonly U32: Uint32Array;
  readonly U16: Uint16Array;
  readonly U8: Uint8Array;
}

export interface Tensor<D extends Dtype = Dtype> {
  readonly dtype: D;
  readonly shape: readonly number[];
  readonly values: ValuesOf[D];
}

export interface Safetensors {
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** An array for a file; one dimension unless told otherwise. */
export const tensor = <D extends Dtype>(dtype: D, values: ValuesOf[D], shape: readonly number[] = [values.length]): Tensor<D> => ({
  dtype,
  shape,
  values,
});

const SIZES: Readonly<Record<Dtype, number>> = { F64: 8, F32: 4, F16: 2, I32: 4, U32: 4, U16: 2, U8: 1 };
const METADATA = '__metadata__';
const CHECKSUM = 'crc32';
const HEAD = `{"${METADATA}":{"${CHECKSUM}":"`;
/** Where the digits of the checksum stand. */
const DIGITS_AT = 8 + HEAD.length;
const NO_DIGITS = '00000000';
/** Longer headers are refused; ours take some kB, and the largest that the format knows is 100 MB. */
const LONGEST_HEADER = 1 << 25;
const MOST_DIMENSIONS = 8;

export function writeSafetensors(metadata: Readonly<Record<string, string>>, tensors: Readonly<Record<string, Tensor>>): Uint8Array {
  const entries = Object.entries(tensors).sort(([a, x], [b, y]) => SIZES[y.dtype] - SIZES[x.dtype] || (a < b ? -1 : 1));
  let end = 0;
  const places = entries.map(([name, { dtype, shape, values }]) => {
    const begin = end;
    end += values.length * SIZES[dtype];
    return [name, { dtype, shape, data_offsets: [begin, end] }];
  });
  const header = JSON.stringify({ [METADATA]: { [CHECKSUM]: NO_DIGITS, ...metadata }, ...Object.fromEntries(places) });
  const text = new TextEncoder().encode(header);
  const length = Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(8 + length + end);
  new DataView(file.buffer).setUint32(0, length, true);
  file.fill(32, 8, 8 + length).set(text, 8);
  let at = 8 + length;
  for (const [, { dtype, values }] of entries) {
    const stored = dtype === 'F16' ? Uint16Array.from(values, toHalf) : values;
    file.set(new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength), at);
    at += stored.byteLength;
  }
  file.set(new TextEncoder().encode(hex(crc32(file))), DIGITS_AT);
  return file;
}

/** Every array and text of a file. `file` is its name in messages. */
export function readSafetensors(bytes: Uint8Array, file: string): Safetensors {
  const { length, header } = readHeader(bytes, file);
  const data = new Uint8Array(bytes.buffer, bytes.byteOffset + 8 + length, bytes.length - 8 - length); // a Buffer slices otherwise
  const { [METADATA]: texts = {}, ...described } = header;
  const metadata = readTexts(texts, file);
  const places = Object.entries(described).map(([name, entry]) => placeOf(name, entry, data.length, file));
  checkPlaces(places, data.length, file);
  const checksum = metadata.get(CHECKSUM);
  if (checksum !== undefined) checkSum(bytes, checksum, file);
  return { metadata, tensors: new Map(places.map((place) => [place.name, valuesOf(place, data)])) };
}

const damaged = (file: string, why: string): InputError =>
  new InputError(`${file} is damaged or no model file: ${why}; take another copy of it, or train the model again`);

function readHeader(bytes: Uint8Array, file: string): { length: number; header: Record<string, unknown> } {
  if (bytes.length < 8) throw damaged(file, `it has ${bytes.length} bytes, fewer than any safetensors file`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, 8);
  const length = view.getUint32(4, true) * 4294967296 + view.getUint32(0, true);
  if (length > LONGEST_HEADER) throw damaged(file, `its header would have ${length} bytes, at most ${LONGEST_HEADER} are read`);
  if (length > bytes.length - 8) throw damaged(file, `its header has ${length} bytes, but only ${bytes.length - 8} are left of the file`);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(8, 8 + length)));
  } catch {
    throw damaged(file, 'its header is not valid JSON');
  }
  if (!isObject(header)) throw damaged(file, 'its header is not a JSON object');
  return { length, header };
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

function readTexts(texts: unknown, file: string): Map<string, string> {
  const entries = isObject(texts) ? Object.entries(texts) : [['', null] as const];
  return new Map(
    entries.map(([key, text]) => {
      if (typeof text !== 'string') throw damaged(file, `"${METADATA}" is not an object of texts`);
      return [key, text];
    }),
  );
}

interface Place {
  readonly name: string;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function placeOf(name: string, entry: unknown, bytes: number, file: string): Place {
  const what = `the array "${name.slice(0, 40)}"`;
  if (!isObject(entry)) throw damaged(file, `${what} is not described by an object`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== 'string' || !Object.hasOwn(SIZES, dtype)) {
    throw damaged(file, `${what} is of kind ${String(JSON.stringify(dtype)).slice(0, 20)}, read are ${Object.keys(SIZES).join(', ')}`);
  }
  const size = SIZES[dtype as Dtype];
  if (!Array.isArray(shape) || shape.length > MOST_DIMENSIONS || !shape.every(isCount)) throw damaged(file, `${what} has no valid shape`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) throw damaged(file, `${what} has no valid place`);
  const [begin, end] = offsets as [number, number];
  if (begin > end || end > bytes) throw damaged(file, `${what} lies at ${begin}..${end} of ${bytes} bytes`);
  const count = shape.reduce((product: number, n: number) => product * n, 1); // an inexact product is too large to be equal
  if (count * size !== end - begin) throw damaged(file, `${what} has ${end - begin} bytes for ${count} numbers of kind ${dtype}`);
  return { name, dtype: dtype as Dtype, shape, begin, end };
}

/** Arrays lie one behind the other, without overlap or gap, to the end of the file. */
function checkPlaces(places: readonly Place[], bytes: number, file: string): void {
  let end = 0;
  for (const place of [...places].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (place.begin !== end) throw damaged(file, `the array "${place.name.slice(0, 40)}" begins at ${place.begin}, not at ${end}`);
    end = place.end;
  }
  if (end !== bytes) throw damaged(file, `its arrays end at ${end} of ${bytes} bytes`);
}

function checkSum(bytes: Uint8Array, checksum: string, file: string): void {
  const after = DIGITS_AT + NO_DIGITS.length;
  const before = crc32(new TextEncoder().encode(NO_DIGITS), crc32(bytes.subarray(0, DIGITS_AT)));
  const found = hex(crc32(bytes.subarray(after), before));
  const digits = String.fromCharCode(...bytes.subarray(DIGITS_AT, after));
  if (digits !== checksum || found !== checksum) {
    throw damaged(file, `its checksum is ${found}, it should be ${checksum.slice(0, 8)}: something in it was changed`);
  }
}

function valuesOf({ dtype, shape, begin, end }: Place, data: Uint8Array): Tensor {
  const { buffer } = data.slice(begin, end); // aligned, whatever the place in the file
  if (dtype === 'F16') return { dtype, shape, values: fromHalves(new Uint16Array(buffer)) };
  return { dtype, shape, values: new KINDS[dtype](buffer) };
}
