import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { crc32, hex } from '../../ts/checksum.js';
import { InputError } from '../../ts/errors.js';
import { readSafetensors, type Tensor, tensor, writeSafetensors } from '../../ts/store/safetensors.js';
import { bytesOf } from '../contract/fingerprint.js';

const test = suite('safetensors');

const arrays = (): Record<string, Tensor> => ({
  bytes: tensor('U8', Uint8Array.of(1, 2, 3)),
  halves: tensor('F16', Float32Array.of(0.5, -2, 65504, 0.1), [2, 2]),
  single: tensor('F32', Float32Array.of(0.1, Number.NaN)),
  double: tensor('F64', Float64Array.of(0.1, -1e300, Number.POSITIVE_INFINITY)),
  counts: tensor('U32', Uint32Array.of(4294967295)),
  codes: tensor('I32', Int32Array.of(-1, 7), [1, 2]),
  short: tensor('U16', Uint16Array.of(65535)),
  nothing: tensor('F32', new Float32Array(0), [0, 5]),
});
const texts = { format: 'test', name: 'Zoë "quoted"\n' };
const file = () => writeSafetensors(texts, arrays());

test('what is written is read: arrays, shapes and texts', () => {
  const bytes = file();
  const { metadata, tensors } = readSafetensors(bytes, 'a.model');
  for (const [name, text] of Object.entries(texts)) assert.is(metadata.get(name), text);
  assert.is(tensors.size, 8);
  for (const [name, { dtype, shape, values }] of Object.entries(arrays())) {
    const found = tensors.get(name)!;
    assert.equal([found.dtype, found.shape], [dtype, shape]);
    if (name !== 'halves') assert.is(bytesOf(found.values), bytesOf(values), name);
  }
  assert.equal(tensors.get('halves')!.values, Float32Array.of(0.5, -2, 65504, 0.0999755859375));
  assert.equal(file(), bytes, 'the same bytes each time');
});

test('the layout is that of the format: a padded header, aligned arrays that fill the rest', () => {
  const bytes = file();
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  assert.is(length % 8, 0);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  const sizes: Record<string, number> = { F64: 8, F32: 4, F16: 2, I32: 4, U32: 4, U16: 2, U8: 1 };
  let end = 0;
  for (const [name, entry] of Object.entries<{ dtype: string; data_offsets: [number, number] }>(header)) {
    if (name === '__metadata__') continue;
    assert.is(entry.data_offsets[0], end, name);
    assert.is(end % sizes[entry.dtype]!, 0, `${name} is aligned`);
    end = entry.data_offsets[1];
  }
  assert.is(8 + length + end, bytes.length);
  // the checksum, as docs/formats.md tells to compute it
  const at = new TextDecoder().decode(bytes).indexOf('"crc32":"') + 9;
  const zeroed = bytes.slice().fill(48, at, at + 8);
  assert.is(new TextDecoder().decode(bytes.subarray(at, at + 8)), hex(crc32(zeroed)));
  assert.is(hex(crc32(new TextEncoder().encode('123456789'))), 'cbf43926', "the checksum's published check value");
});

test('a Buffer in the middle of a pool is read like any other bytes', () => {
  const bytes = file();
  const pooled = Buffer.concat([Buffer.from('xyz'), bytes]).subarray(3);
  const { tensors } = readSafetensors(pooled, 'a.model');
  pooled.fill(0);
  assert.equal(tensors.get('codes')!.values, Int32Array.of(-1, 7), 'and not kept');
});

/** A file with a header of one's own; `data` bytes behind it. */
function made(header: unknown, data = 0, length?: bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data);
  new DataView(bytes.buffer).setBigUint64(0, length ?? BigInt(text.length), true);
  bytes.set(text, 8);
  return bytes;
}
const one = (entry: object) => ({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...entry } });

const hostile: [what: string, bytes: Uint8Array, says: RegExp][] = [
  ['nothing', new Uint8Array(0), /has 0 bytes, fewer than/],
  ['a few bytes', new Uint8Array(7), /has 7 bytes/],
  ['a header beyond any size', made({}, 0, 2n ** 63n), /header would have \d+ bytes/],
  ['a header beyond the limit', made({}, 0, 2n ** 26n), /header would have 67108864 bytes, at most 33554432/],
  ['a header longer than the file', made({}, 0, 1000n), /header has 1000 bytes, but only 2 are left/],
  ['no JSON', made('{"a": '), /not valid JSON/],
  ['a list', made([]), /not a JSON object/],
  ['bytes that are no UTF-8', made('').length ? Uint8Array.of(2, 0, 0, 0, 0, 0, 0, 0, 0xc3, 0x28) : new Uint8Array(0), /not valid JSON/],
  ['a deep header', made('['.repeat(1_000_000), 0), /not valid JSON/],
  ['texts that are none', made({ __metadata__: { a: 1 } }), /"__metadata__" is not an object of texts/],
  ['texts in a list', made({ __metadata__: ['a'] }), /"__metadata__" is not an object of texts/],
  ['an array described by a text', made({ a: 'F32' }), /"a" is not described by an object/],
  ['an unknown kind', made(one({ dtype: 'BF16' }), 8), /"a" is of kind "BF16", read are F64, F32/],
  ['a kind of every object', made(one({ dtype: 'constructor' }), 8), /is of kind "constructor"/],
  ['a negative shape', made(one({ shape: [-2] }), 8), /"a" has no valid shape/],
  ['a shape in fractions', made(one({ shape: [0.5, 4] }), 8), /no valid shape/],
  ['too many dimensions', made(one({ shape: new Array(9).fill(1) }), 4), /no valid shape/],
  ['a huge shape', made(one({ shape: [2 ** 31, 2 ** 31] }), 8), /8 bytes for 4611686018427388000 numbers/],
  ['a shape whose product wraps to 0 in 64 bits', made(one({ shape: [2 ** 32, 2 ** 32], data_offsets: [0, 0] })), /0 bytes for/],
  ['one place only', made(one({ data_offsets: [0] }), 8), /no valid place/],
  ['places that are texts', made(one({ data_offsets: ['0', '8'] }), 8), /no valid place/],
  ['a place before the file', made(one({ data_offsets: [-8, 0] }), 8), /no valid place/],
  ['a place behind the file', made(one({ data_offsets: [8, 16] }), 8), /lies at 8\.\.16 of 8 bytes/],
  ['a place that ends before it begins', made(one({ data_offsets: [8, 0] }), 8), /lies at 8\.\.0/],
  ['more numbers than bytes', made(one({ shape: [3] }), 8), /8 bytes for 3 numbers/],
  ['overlapping arrays', made({ ...one({}), b: { dtype: 'F32', shape: [2], data_offsets: [4, 12] } }, 12), /"b" begins at 4, not at 8/],
  ['a gap', made({ ...one({}), b: { dtype: 'U8', shape: [1], data_offsets: [9, 10] } }, 10), /"b" begins at 9, not at 8/],
  ['bytes behind the last array', made(one({}), 9), /arrays end at 8 of 9 bytes/],
];

for (const [what, bytes, says] of hostile) {
  test(`refused: ${what}`, () => {
    assert.throws(
      () => readSafetensors(bytes, 'a.model'),
      (error: Error) =>
        error instanceof InputError && /^a\.model is damaged or no model file: /.test(error.message) && says.test(error.message),
    );
  });
}

test('names of every object are names like any other', () => {
  const header = '{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"__metadata__":{"__proto__":"x"}}';
  const { tensors, metadata } = readSafetensors(made(header, 1), 'a.model');
  assert.equal([...tensors.keys(), ...metadata.keys()], ['__proto__', '__proto__']);
  assert.is(({} as { polluted?: unknown }).polluted, undefined);
});

test('any cut and any flipped bit is noticed; one in the name of the checksum by its absence', () => {
  const bytes = file();
  const refused = (damaged: Uint8Array) =>
    assert.throws(
      () => readSafetensors(damaged, 'a.model'),
      (error: Error) => error instanceof InputError,
    );
  const readable = (damaged: Uint8Array) => {
    try {
      return readSafetensors(damaged, 'a.model');
    } catch {
      return null;
    }
  };
  const start = new TextDecoder().decode(bytes).indexOf('__metadata__');
  const nameless = (at: number) => at >= start && at < start + '__metadata__":{"crc32'.length;
  for (let length = 0; length < bytes.length; length++) refused(bytes.subarray(0, length));
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const damaged = bytes.slice();
    damaged[bit >> 3]! ^= 1 << (bit & 7);
    if (nameless(bit >> 3)) assert.not.ok(readable(damaged)?.metadata.has('crc32'));
    else refused(damaged);
  }
});

test('no bytes at all make it crash or hang', () => {
  const outcome = (bytes: Uint8Array) => {
    try {
      readSafetensors(bytes, 'a.model');
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
  };
  const bytes = file();
  const edits = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(edits, fc.nat(bytes.length), (changes, length) => {
      const damaged = bytes.slice(0, Math.max(length, bytes.length >> 1));
      for (const [at, value] of changes) if (at < damaged.length) damaged[at] = value;
      outcome(damaged);
    }),
    { numRuns: 500, seed: 1 },
  );
  const entry = fc.record({
    dtype: fc.constantFrom('F32', 'U8', 'F16', 'X'),
    shape: fc.array(fc.oneof(fc.nat(4), fc.double())),
    data_offsets: fc.array(fc.nat(20)),
  });
  fc.assert(
    fc.property(fc.oneof(fc.dictionary(fc.string(), fc.oneof(entry, fc.jsonValue())), fc.jsonValue()), fc.nat(20), (header, data) =>
      outcome(made(header, data)),
    ),
    { numRuns: 500, seed: 2 },
  );
  fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), outcome), { numRuns: 500, seed: 3 });
});

test.run();
