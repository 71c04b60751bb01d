/** Bytes of a file as a worker reads them: in chunks, with the digest that Node finds of the whole. */
import { createHash } from 'node:crypto';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { InputError } from '../../ts/index.js';
import { chunksOf, wholeOf } from '../../web/file-bytes.js';

const test = suite('file bytes');
const bytesOf = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 197 + (i >> 8)) % 256);
const known = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

test('each way through gives all bytes; they are hashed once', async () => {
  const bytes = bytesOf(9_000_001);
  const hash = sha256.create();
  const chunks = chunksOf({ file: 't.csv', content: new Blob([bytes]) }, hash);
  for (let way = 0; way < 2; way++) {
    const again = createHash('sha256');
    let largest = 0;
    for await (const chunk of chunks()) {
      again.update(chunk);
      largest = Math.max(largest, chunk.length);
    }
    assert.is(again.digest('hex'), known(bytes));
    assert.ok(largest < bytes.length, `${largest} bytes at once`);
  }
  assert.is(bytesToHex(hash.digest()), known(bytes));
});

test('a file that is not any more what was chosen is refused in one sentence', async () => {
  const gone = () => Promise.reject(new DOMException('could not be read', 'NotReadableError'));
  const content = { size: 9, slice: () => ({ arrayBuffer: gone }), arrayBuffer: gone } as unknown as Blob;
  const through = async () => {
    for await (const _ of chunksOf({ file: 't.csv', content })());
  };
  const readers = [() => wholeOf('t.csv', content), through];
  for (const read of readers) {
    const error = await read().then(
      () => null,
      (thrown) => thrown,
    );
    assert.ok(error instanceof InputError);
    assert.match(error.message, /^t\.csv cannot be read: .*choose it again$/);
  }
});

test.run();
