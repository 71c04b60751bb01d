import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { crc32, hex } from '../ts/checksum.js';

const test = suite('checksum');

/** The definition, bit by bit. */
function defined(bytes: Uint8Array): number {
  let c = 0xffffffff;
  for (const byte of bytes) {
    c ^= byte;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  }
  return ~c >>> 0;
}

test('the check value of ISO 3309', () => {
  assert.is(hex(crc32(new TextEncoder().encode('123456789'))), 'cbf43926');
});

test('every length at every place, whole and in two parts', () => {
  const all = Uint8Array.from({ length: 64 }, (_, i) => (i * 197 + 13) & 255);
  for (let at = 0; at < 9; at++) {
    for (let length = 0; length <= 40; length++) {
      const bytes = all.subarray(at, at + length);
      const expected = defined(bytes);
      assert.is(crc32(bytes), expected, `${length} bytes at ${at}`);
      const cut = length >> 1;
      assert.is(crc32(bytes.subarray(cut), crc32(bytes.subarray(0, cut))), expected, `${length} bytes at ${at}, in two parts`);
    }
  }
});

test.run();
