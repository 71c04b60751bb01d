/** Damaged Parquet files: read, or refused by an InputError in one sentence; no cell becomes missing silently. Seeded: a finding comes again. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { InputError } from '../../ts/errors.js';
import { type CellTable, cellText } from '../../ts/table/cells.js';
import { parquetCells } from '../../ts/table/parquet.js';

const test = suite('damaged Parquet files');
const made = fileURLToPath(new URL('./parquet', import.meta.url));

/** A small file of each encoding that the writer has. */
function small(codec: 'SNAPPY' | 'UNCOMPRESSED'): Uint8Array {
  const rows = Array.from({ length: 40 }, (_, i) => i);
  const some = <T>(value: (i: number) => T) => rows.map((i) => (i % 5 === 1 ? null : value(i)));
  const columnData: Parameters<typeof parquetWriteBuffer>[0]['columnData'] = [
    { name: 'age', type: 'INT32', data: some((i) => 40 + (i % 7)) },
    { name: 'row', type: 'INT64', data: rows.map((i) => BigInt(i * i)), encoding: 'DELTA_BINARY_PACKED', nullable: false },
    { name: 'lactate', type: 'DOUBLE', data: some((i) => i * 1.25) },
    { name: 'split', type: 'FLOAT', data: some((i) => i / 4), encoding: 'BYTE_STREAM_SPLIT' },
    { name: 'ward', type: 'STRING', data: some((i) => ['icu', 'b', 'éc'][i % 3]) },
    { name: 'note', type: 'STRING', data: rows.map((i) => `x ${i}`), encoding: 'DELTA_LENGTH_BYTE_ARRAY' },
    { name: 'patient', type: 'STRING', data: some((i) => `p/${i}`), encoding: 'DELTA_BYTE_ARRAY' },
    { name: 'died', type: 'BOOLEAN', data: some((i) => i % 3 === 0) },
  ];
  return new Uint8Array(parquetWriteBuffer({ columnData, codec, rowGroupSize: 25, pageSize: 60 }));
}

const seeds = [
  small('SNAPPY'),
  small('UNCOMPRESSED'),
  ...readdirSync(made)
    .filter((name) => name.endsWith('.parquet'))
    .map((name) => new Uint8Array(readFileSync(join(made, name)))),
];

/** A number of up to 2⁶³ as the format writes it, to be put over another one. */
const INFLATED = [
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0xfe, 0xff, 0xff, 0xff, 0x0f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
  [0x80, 0x80, 0x04],
  [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80],
];

const change = fc.record({
  at: fc.integer({ min: 0, max: 9999 }), // of ten thousand; half of them in the last quarter, where the footer is
  kind: fc.constantFrom('flip', 'set', 'inflate', 'copy', 'cut', 'insert', 'delete', 'grow'),
  from: fc.nat(9999),
  value: fc.nat(255),
  length: fc.integer({ min: 1, max: 30 }),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function changed(bytes: Uint8Array, { at, kind, from, value, length }: Change): Uint8Array {
  const share = at < 5000 ? at / 5000 : 0.75 + (at - 5000) / 20000;
  const place = Math.floor(share * bytes.length);
  const source = Math.floor((from / 10000) * bytes.length);
  const out = bytes.slice();
  const joined = (...parts: ArrayLike<number>[]) => Uint8Array.from(parts.flatMap((part) => Array.from(part)));
  switch (kind) {
    case 'flip':
      out[place]! ^= 1 << (value & 7);
      return out;
    case 'set':
      out[place] = value;
      return out;
    case 'inflate':
      out.set(INFLATED[value % INFLATED.length]!.slice(0, bytes.length - place), place);
      return out;
    case 'copy':
      out.set(bytes.subarray(source, Math.min(source + length, source + bytes.length - place)), place);
      return out;
    case 'cut':
      return value < 64 ? bytes.slice(0, place) : joined(bytes.subarray(0, place), bytes.subarray(bytes.length - 8)); // the end stays
    case 'insert':
      return joined(bytes.subarray(0, place), bytes.subarray(source, source + length), bytes.subarray(place));
    case 'delete':
      return joined(bytes.subarray(0, place), bytes.subarray(place + length));
    default:
      return longerFooter(out, place, INFLATED[value % INFLATED.length]!);
  }
}

/** With bytes put into the footer, whose length tells of them. */
function longerFooter(bytes: Uint8Array, place: number, added: readonly number[]): Uint8Array {
  if (bytes.length < 12) return bytes;
  const view = new DataView(bytes.buffer);
  const length = view.getUint32(bytes.length - 8, true);
  const start = bytes.length - 8 - length;
  if (place < start || place > bytes.length - 8) return bytes;
  view.setUint32(bytes.length - 8, length + added.length, true);
  return Uint8Array.from([...bytes.subarray(0, place), ...added, ...bytes.subarray(place)]);
}

/** Missing cells by column. pyarrow does not count values that are no numbers: there NaN is a value of the file like any other. */
const missing = ({ columns }: CellTable) =>
  columns
    .filter(({ name }) => name !== 'f32' && name !== 'f64')
    .map((column) => column.keys.reduce((sum, _, row) => sum + Number(cellText(column, row) === ''), 0));

test('4,000 damaged Parquet files are read or refused', async () => {
  const sound = await Promise.all(seeds.map(async (bytes) => missing(await parquetCells(bytes, 'f.parquet'))));
  let read = 0;
  await fc.assert(
    fc.asyncProperty(fc.nat(seeds.length - 1), fc.array(change, { minLength: 1, maxLength: 3 }), async (seed, changes) => {
      const bytes = changes.reduce(changed, seeds[seed]!);
      let table: CellTable;
      try {
        table = await parquetCells(bytes, 'f.parquet');
      } catch (error) {
        assert.instance(error, InputError, (error as Error).stack);
        const { message } = error as Error;
        assert.match(message, /^f\.parquet[:,] /);
        assert.match(message, /; \w/, message);
        assert.not.match(message, /[\r\n]|undefined|\[object|NaN/, message);
        assert.ok(message.length < 400, message);
        return;
      }
      read += 1;
      for (const column of table.columns) {
        assert.is(column.keys.length, table.rows);
        for (let row = 0; row < table.rows; row++) assert.type(cellText(column, row), 'string');
        assert.is(new Set(column.listed).size, column.listed.length);
      }
      assert.equal(missing(table), sound[seed]);
    }),
    { seed: 47, numRuns: 4000 },
  );
  assert.ok(read > 100, `only ${read} were read`);
});

test.run();
