/** The parts of a Parquet file by hand: what each reads, and the counts and lengths that would keep a trusting reader in a loop or fill the memory. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { cursorOf, ParquetFault, varint, zigzag, zigzag64 } from '../../ts/table/parquet/cursor.js';
import { readDeltas, readLengths } from '../../ts/table/parquet/delta.js';
import { readRuns } from '../../ts/table/parquet/runs.js';
import { unpackSnappy } from '../../ts/table/parquet/snappy.js';
import { readStruct } from '../../ts/table/parquet/thrift.js';

const test = suite('parts of a Parquet file');
const at = (...bytes: number[]) => cursorOf(Uint8Array.from(bytes));
const refuses = (work: () => unknown, words: RegExp) =>
  assert.throws(work, (error: Error) => error instanceof ParquetFault && words.test(error.message));
const HUGE = [0xfe, 0xff, 0xff, 0xff, 0x0f]; // 2³² − 2

test('numbers of seven bits a byte', () => {
  assert.is(varint(at(0xac, 0x02)), 300);
  assert.is(varint(at(...HUGE)), 2 ** 32 - 2);
  assert.equal([zigzag(at(3)), zigzag(at(4))], [-2, 2]);
  assert.is(zigzag64(at(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01)), -(2n ** 63n));
  refuses(() => varint(at(0x80)), /ends in the middle/);
  refuses(() => varint(at(...new Array(11).fill(0x80))), /longer than 64 bits/);
  refuses(() => zigzag64(at(...new Array(11).fill(0x80))), /longer than 64 bits/);
});

test('structures: lists no longer than their bytes, levels no deeper than the format has', () => {
  const struct = readStruct(at(0x15, 0x06, 0x19, 0x25, 0x02, 0x04, 0x18, 0x01, 0x61, 0x00));
  assert.equal(
    [...struct],
    [
      [1, 3],
      [2, [1, 2]],
      [3, Uint8Array.of(0x61)],
    ],
  );
  refuses(() => readStruct(at(0x19, 0xf5, ...HUGE, 0x00)), /a list should have 4294967294 entries, but 1 bytes are there/);
  refuses(() => readStruct(at(0x18, ...HUGE)), /a text should have 4294967294 bytes, but 0 are there/);
  refuses(() => readStruct(at(...new Array(100).fill(0x1c))), /more than 16 levels deep/);
  refuses(() => readStruct(at(0x19, ...new Array(100).fill(0x19))), /more than 16 levels deep/);
  refuses(() => readStruct(at(0x1a, 0x00)), /unknown type 10/);
});

test('runs of one value, and groups of eight', () => {
  assert.equal(readRuns(at(0x06, 5, 0x03, 0b10001000, 0b11000110, 0b11111010), 3, 11), Uint32Array.of(5, 5, 5, 0, 1, 2, 3, 4, 5, 6, 7));
  assert.equal(readRuns(at(0x04), 0, 2), Uint32Array.of(0, 0));
  refuses(() => readRuns(at(...HUGE, 1), 1, 8), /a run of 2147483647 values where 8 are missing/);
  refuses(() => readRuns(at(0xff, 0xff, 0xff, 0xff, 0x0f), 0, 8), /2147483647 groups of values where 8 are missing/);
  refuses(() => readRuns(at(0x03), 8, 8), /end too early/);
  refuses(() => readRuns(at(0x00, 0x00), 0, 1), /ends in the middle/);
  refuses(() => readRuns(at(0x02, 1), 33, 1), /indices of 33 bits/);
});

test('packed pages: literals, copies that overlap, and nothing from outside', () => {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  assert.is(text(unpackSnappy(Uint8Array.of(9, 0x08, 0x61, 0x62, 0x63, 0x09, 3), 9)), 'abcabcabc');
  assert.is(text(unpackSnappy(Uint8Array.of(9, 0x08, 0x61, 0x62, 0x63, 0x16, 3, 0), 9)), 'abcabcabc');
  assert.is(text(unpackSnappy(Uint8Array.of(9, 0x08, 0x61, 0x62, 0x63, 0x17, 3, 0, 0, 0), 9)), 'abcabcabc');
  assert.is(text(unpackSnappy(Uint8Array.of(2, 0xf0, 1, 0x61, 0x62), 2)), 'ab');
  const long = (bytes: number[]) => () => unpackSnappy(Uint8Array.from(bytes), 9);
  refuses(long([9, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x61]), /a run of a packed page should have 4294967296 bytes/);
  refuses(long([9, 0x08, 0x61, 0x62, 0x63, 0x09, 4]), /copies from outside/);
  refuses(long([9, 0x08, 0x61, 0x62, 0x63, 0x09, 0]), /copies from outside/);
  refuses(long([9, 0x08, 0x61, 0x62, 0x63, 0x17, 0xff, 0xff, 0xff, 0xff]), /copies from outside/);
  refuses(long([9, 0x08, 0x61, 0x62, 0x63]), /unpacks to 3 bytes, its header says 9/);
  refuses(long([8, 0x08, 0x61]), /unpacks to 8 bytes, its header says 9/);
  refuses(() => unpackSnappy(Uint8Array.of(0, 0), 2 ** 30), /a page of 2 bytes cannot hold 1073741824/);
});

test('differences: blocks that are there, of the widths that are there', () => {
  const block = [0x80, 0x01, 0x04]; // 128 values in 4 parts
  assert.equal(readDeltas(at(...block, 3, 14, 4, 0, 0, 0, 0), 3), BigInt64Array.of(7n, 9n, 11n));
  const wide = at(...block, 3, 14, 4, 2, 0, 0, 0, 0b1101, 0, 0, 0, 0, 0, 0, 0);
  assert.equal(readDeltas(wide, 3), BigInt64Array.of(7n, 10n, 15n));
  refuses(() => readDeltas(at(0x80, 0x01, 0x00, 3, 14, 4), 3), /blocks of 128 differences in 0 parts/);
  refuses(() => readDeltas(at(0x80, 0x01, ...HUGE, 3, 14, 4), 3), /blocks of 128 differences in 4294967294 parts/);
  refuses(() => readDeltas(at(0x00, 0x04, 3, 14, 4), 3), /blocks of 0 differences/);
  refuses(() => readDeltas(at(...block, ...HUGE, 14, 4), 3), /4294967294 differences where 3 values are missing/);
  refuses(() => readDeltas(at(...block, 3, 14, 4, 65, 0, 0, 0), 3), /differences of 65 bits/);
  refuses(() => readDeltas(at(...block, 3, 14, 4, 8, 0, 0, 0, 1), 3), /a block of differences should have 32 bytes, but 1 are there/);
  refuses(() => readLengths(at(...block, 2, 1, 0, 0, 0, 0, 0), 2, 10), /a value of -1 bytes/);
  refuses(() => readLengths(at(...block, 2, 12, 0, 0, 0, 0, 0), 2, 10), /values of 12 bytes where 10 can be/);
});

test.run();
