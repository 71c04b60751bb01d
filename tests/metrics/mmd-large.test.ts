/** MMD² by blocks: unbiased, its standard error holds, and one block is the exact value. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { InputError } from '../../ts/errors.js';
import { mmd } from '../../ts/metrics/mmd.js';
import { mmdLarge } from '../../ts/metrics/mmd-large.js';
import type { Rows } from '../../ts/metrics/rows.js';
import { Stream } from '../../ts/random.js';
import { close } from '../close.js';

const backend = await wasmBackend();
const large = suite('mmd by blocks');

const COLS = 3;

/** Standard normal rows about (shift, shift, …). */
async function normalRows(rows: number, shift: number, stream: Stream): Promise<Rows> {
  const mark = backend.mark();
  const out = backend.matrix(rows, COLS);
  backend.random.normal(out, stream);
  const values = (await backend.read(out)).map((z) => z + shift);
  backend.release(mark);
  return { rows, cols: COLS, values };
}

/** MMD² of N(0, I) and N(m, I) with the kernel exp(−d² / 2s²): d² of two normal rows has the scale 2, so that means of k have a closed form. */
function normalMmd2(shift: number, s: number): number {
  const wide = s * s + 2;
  return 2 * ((s * s) / wide) ** (COLS / 2) * (1 - Math.exp((-COLS * shift * shift) / (2 * wide)));
}

large('one block is the exact value', async () => {
  const stream = Stream.fromSeed(1);
  const [a, b] = [await normalRows(157, 0, stream.child('a')), await normalRows(93, 0.5, stream.child('b'))];
  const exact = (await mmd(backend, a, b, 1.7, stream)).unbiased;
  const { mmd2, standardError, blocks } = await mmdLarge(backend, a, b, 1.7, stream, { blocks: 1 });
  close(mmd2, exact, { abs: 3e-6 }, 'mmd²'); // three kernel means, each within 1e-6 of float64
  assert.is(blocks, 1);
  assert.ok(Number.isNaN(standardError));
});

large('unbiased, and as far from the truth as the standard error says', async () => {
  const [repeats, blocks] = [200, 25];
  for (const [shift, n, m] of [
    [0, 250, 250],
    [0.4, 250, 250],
    [0.4, 260, 131], // unequal sides, rows left over
  ] as const) {
    const truth = normalMmd2(shift, 1.5);
    let sum = 0;
    let variance = 0;
    let scores = 0;
    for (let r = 0; r < repeats; r++) {
      const stream = Stream.fromSeed(2).child(r);
      const rows = [await normalRows(n, 0, stream.child('a')), await normalRows(m, shift, stream.child('b'))] as const;
      const { mmd2, standardError } = await mmdLarge(backend, ...rows, 1.5, stream, { blocks });
      sum += mmd2 - truth;
      variance += standardError * standardError;
      scores += ((mmd2 - truth) / standardError) ** 2;
    }
    const error = Math.sqrt(variance) / repeats; // of the mean of the repeats
    assert.ok(Math.abs(sum / repeats) < 4 * error, `shift ${shift}: mean error ${sum / repeats}, standard error ${error}`);
    // Scores have Student's t distribution with 24 degrees: variance 24/22, and of their squares about 2.6 ÷ repeats
    const expected = (blocks - 1) / (blocks - 3);
    assert.ok(
      Math.abs(scores / repeats - expected) < 4 * Math.sqrt(2.9 / repeats),
      `shift ${shift}: mean square score ${scores / repeats}`,
    );
  }
});

large('over random partings of the same rows the mean is the exact value', async () => {
  const stream = Stream.fromSeed(3);
  const [a, b] = [await normalRows(80, 0, stream.child('a')), await normalRows(80, 0.3, stream.child('b'))];
  const exact = (await mmd(backend, a, b, 1.5, stream)).unbiased;
  const found: number[] = [];
  for (let r = 0; r < 200; r++) found.push((await mmdLarge(backend, a, b, 1.5, stream.child(r), { blocks: 8 })).mmd2);
  const mean = found.reduce((sum, x) => sum + x, 0) / found.length;
  const sd = Math.sqrt(found.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (found.length - 1));
  close(mean, exact, { abs: (4 * sd) / Math.sqrt(found.length) }, 'mean');
  assert.ok(sd > 0);
  assert.is(found[0], (await mmdLarge(backend, a, b, 1.5, stream.child(0), { blocks: 8 })).mmd2, 'the same stream, the same number');
});

large('more rows, by default in blocks of a thousand', async () => {
  const stream = Stream.fromSeed(4);
  const [a, b] = [await normalRows(20_000, 0, stream.child('a')), await normalRows(12_000, 0.4, stream.child('b'))];
  const { mmd2, standardError, blocks } = await mmdLarge(backend, a, b, 1.5, stream);
  assert.is(blocks, 20);
  assert.ok(standardError > 0 && standardError < 0.01, `standard error ${standardError}`);
  close(mmd2, normalMmd2(0.4, 1.5), { abs: 5 * standardError }, 'mmd²');
});

large('what cannot be taken', async () => {
  const stream = Stream.fromSeed(5);
  const few = await normalRows(7, 0, stream);
  assert.ok(Number.isNaN((await mmdLarge(backend, few, { ...few, rows: 1, values: few.values.slice(0, COLS) }, 1, stream)).mmd2));
  assert.ok(Number.isNaN((await mmdLarge(backend, few, few, 0, stream)).mmd2));
  for (const blocks of [0, 1.5, 4]) {
    try {
      await mmdLarge(backend, few, few, 1, stream, { blocks });
      assert.unreachable();
    } catch (error) {
      assert.instance(error, InputError);
      assert.match((error as Error).message, '"blocks" expected an integer in 1..3');
    }
  }
});

large.run();
