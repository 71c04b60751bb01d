/** The core's random numbers: published vectors, equality with ts/random.ts, and the distributions' moments. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Backend } from '../../ts/backend/backend.js';
import { wasmBackend } from '../../ts/backend/select.js';
import { philox, Stream } from '../../ts/random.js';
import { close } from '../close.js';
import { golden } from '../golden.js';
import { unclaimed } from '../unclaimed.js';

const SIZES = [1, 3, 4, 5, 15, 16, 17, 63, 64, 65];
const random = suite('random');
const backend: Backend = await wasmBackend();

/** Philox4x32-10 of the Random123 distribution's kat_vectors: counter, key, words. */
const KNOWN: readonly [number[], [number, number], number[]][] = [
  [
    [0, 0, 0, 0],
    [0, 0],
    [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
  ],
  [
    [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff],
    [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  ],
  [
    [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    [0xa4093822, 0x299f31d0],
    [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  ],
];

random('philox4x32-10 gives the published vectors', () => {
  const out = new Uint32Array(4);
  for (const [counter, key, words] of KNOWN) {
    philox(counter, key[0], key[1], out);
    assert.equal([...out], words);
  }
});

random('the golden generators are all accounted for', () => {
  for (const { gen } of golden('prng'))
    assert.ok(unclaimed.prng?.[gen as string], `a generator that is neither claimed nor listed: ${gen}`);
});

random('words are those of the stream, at every size and after every kind of draw', async () => {
  for (const n of SIZES) {
    const core = Stream.fromSeed(12345).child('words').child(n);
    const own = Stream.fromSeed(12345).child('words').child(n);
    for (let repeat = 0; repeat < 3; repeat++) {
      const out = backend.words(n);
      backend.random.words(out, core);
      own.take(0); // a fill starts at a fresh block
      const want = Uint32Array.from({ length: n }, () => own.uint32());
      assert.equal(await backend.readWords(out), want, `n = ${n}`);
    }
  }
});

random('a fill writes no value beyond its end', async () => {
  for (const n of SIZES) {
    const guard = backend.matrix(1, n + 16, new Float32Array(n + 16).fill(7));
    for (const fill of [backend.random.uniform, backend.random.normal]) {
      fill(backend.view(guard, 0, 1, n), Stream.fromSeed(1));
      assert.equal((await backend.read(guard)).subarray(n), new Float32Array(16).fill(7), `n = ${n}`);
    }
  }
});

random('uniform is the upper 24 bits of each word', async () => {
  const out = backend.matrix(1, 1001);
  backend.random.uniform(out, Stream.fromSeed(3));
  const own = Stream.fromSeed(3);
  const want = Float32Array.from({ length: 1001 }, () => (own.uint32() >>> 8) / 16777216);
  assert.equal(await backend.read(out), want);
});

random('normal is Box and Muller of the words', async () => {
  const n = 4096;
  const out = backend.matrix(1, n);
  backend.random.normal(out, Stream.fromSeed(4));
  const got = await backend.read(out);
  const own = Stream.fromSeed(4);
  for (let i = 0; i < n; i += 2) {
    const u = Math.fround(Math.fround(own.uint32()) / 4294967296 + 1 / 8589934592);
    const turn = (own.uint32() / 4294967296) * 2 * Math.PI;
    const radius = Math.sqrt(-2 * Math.log(u));
    // a few roundings of numbers below 7, and of 1 − u (2⁻²⁴) where the radius is small
    const tolerance = { abs: 2 ** -20 };
    close(got[i]!, radius * Math.cos(turn), tolerance, `cos ${i}`);
    close(got[i + 1]!, radius * Math.sin(turn), tolerance, `sin ${i}`);
  }
});

random('normal has the moments, the tails and the independence of a normal', async () => {
  const n = 400000;
  const out = backend.matrix(1, n);
  backend.random.normal(out, Stream.fromSeed(5));
  const x = await backend.read(out);
  let [m1, m2, m3, m4, lag, pair, beyond3] = [0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const v = x[i]!;
    m1 += v;
    m2 += v * v;
    m3 += v ** 3;
    m4 += v ** 4;
    if (i > 0) lag += v * x[i - 1]!;
    if (i % 2 === 1) pair += v * v * x[i - 1]! * x[i - 1]!;
    if (Math.abs(v) > 3) beyond3++;
  }
  const within = (sum: number, count: number, mean: number, deviation: number, what: string) =>
    close(sum / count, mean, { abs: (5 * deviation) / Math.sqrt(count) }, what);
  within(m1, n, 0, 1, 'mean');
  within(m2, n, 1, Math.sqrt(2), 'variance');
  within(m3, n, 0, Math.sqrt(15), 'third moment');
  within(m4, n, 3, Math.sqrt(96), 'fourth moment');
  within(lag, n, 0, 1, 'neighbours');
  within(pair, n / 2, 1, Math.sqrt(8), 'squares of a pair');
  within(beyond3, n, 0.0026997961, Math.sqrt(0.0027), 'share beyond 3');
});

random('below and permutation draw what the stream draws', async () => {
  for (const n of SIZES) {
    for (const limit of [1, 2, 3, 7, 256, 1000003, 2147483649, 4294967295]) {
      const [core, own] = [Stream.fromSeed(n).child(limit), Stream.fromSeed(n).child(limit)];
      const out = backend.words(n);
      backend.random.below(out, limit, core);
      assert.equal(
        await backend.readWords(out),
        Uint32Array.from({ length: n }, () => own.below(limit)),
        `below ${limit}`,
      );
      own.take(0);
      assert.is(core.uint32(), own.uint32(), 'both streams stand at the same block afterwards');
    }
    const [core, own] = [Stream.fromSeed(n), Stream.fromSeed(n)];
    const order = backend.words(n);
    backend.random.permutation(order, core);
    assert.equal(await backend.readWords(order), own.permutation(n));
    assert.equal(
      [...(await backend.readWords(order))].sort((a, b) => a - b),
      Array.from({ length: n }, (_, i) => i),
    );
  }
});

random('below is even where a plain remainder would not be', async () => {
  const n = 30000;
  const limit = 3221225472; // ¾ · 2³²: the remainder would draw the lowest third twice as often
  const out = backend.words(n);
  backend.random.below(out, limit, Stream.fromSeed(6));
  const low = (await backend.readWords(out)).filter((v) => v < limit / 3).length;
  close(low / n, 1 / 3, { abs: 5 * Math.sqrt(2 / 9 / n) });
});

random('categorical follows exp(logits)', async () => {
  for (const k of [1, 2, 3, 5]) {
    const rows = 20000;
    const logits = Float32Array.from({ length: k }, (_, j) => 0.7 * j - 1000); // a shift changes nothing
    const all = new Float32Array(rows * k).map((_, i) => logits[i % k]!);
    const out = backend.words(rows);
    backend.random.categorical(backend.matrix(rows, k, all), out, Stream.fromSeed(7).child(k));
    const counts = new Array(k).fill(0);
    for (const code of await backend.readWords(out)) counts[code]++;
    const weights = Array.from({ length: k }, (_, j) => Math.exp(0.7 * j));
    const total = weights.reduce((a, b) => a + b);
    for (let j = 0; j < k; j++) {
      const p = weights[j]! / total;
      close(counts[j] / rows, p, { abs: 5 * Math.sqrt((p * (1 - p)) / rows) }, `category ${j} of ${k}`);
    }
  }
});

random('an impossible category is never drawn', async () => {
  const rows = 1000;
  const logits = new Float32Array(rows * 3).map((_, i) => (i % 3 === 1 ? Number.NEGATIVE_INFINITY : 0));
  const out = backend.words(rows);
  backend.random.categorical(backend.matrix(rows, 3, logits), out, Stream.fromSeed(8));
  assert.ok((await backend.readWords(out)).every((code) => code === 0 || code === 2));
});

random('children of a stream differ from each other and from their parent', () => {
  const root = Stream.fromSeed(1);
  const labels = ['a', 'b', 'ab', 'ba', '', 'a ', 1, 2, '1'];
  const firsts = [root, ...labels.map((label) => root.child(label))].map((stream) => stream.uint32());
  assert.is(new Set(firsts).size, firsts.length);
});

random.run();
