import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { simd } from '../../build/core.js';
import { inflate } from '../../ts/backend/inflate.js';

const test = suite('inflate');
const same = (bytes: Uint8Array, options: object = {}) =>
  assert.ok(Buffer.from(inflate(deflateRawSync(bytes, options), bytes.length)).equals(bytes), `${bytes.length} bytes`);

test('the core, packed as the build packs it, and in every other way', () => {
  for (const options of [{ level: 9 }, { level: 1 }, { level: 0 }, { strategy: 4 }, { memLevel: 1 }, { windowBits: 9 }])
    same(simd, options);
});

test('text, repetitions, single bytes and nothing', () => {
  same(readFileSync(new URL('../../README.md', import.meta.url)));
  same(new Uint8Array(100_000));
  same(new Uint8Array(0));
  for (let i = 0; i < 300; i++) same(Uint8Array.from({ length: i }, (_, k) => (k % 3 === 0 ? 7 : (k * 31) & 255)));
});

test('any bytes', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 2000 }),
    fc.array(fc.constantFrom(0, 1, 255), { maxLength: 3000 }).map((a) => Uint8Array.from(a)),
  );
  fc.assert(
    fc.property(bytes, fc.integer({ min: 0, max: 9 }), (data, level) => same(data, { level })),
    { numRuns: 200, seed: 1 },
  );
});

test.run();
