/** The two ways into a denoiser give the same function and the same gradients; times drawn for a batch. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { type DenoiserShape, denoiserParameters, initialWeights } from '../../ts/nn/denoiser.js';
import { directEntry, foldedEntry } from '../../ts/nn/entry.js';
import { views } from '../../ts/nn/parameters.js';
import { batchTimes } from '../../ts/nn/times.js';
import { Stream } from '../../ts/random.js';
import { allClose } from '../close.js';

const EPS = 2 ** -24;
const ways = suite('ways into a denoiser');
const backend = await wasmBackend();

ways('direct and folded agree', async () => {
  for (const [B, W, H, O, U, L] of [
    [7, 3, 4, 5, 3, 2],
    [16, 17, 15, 16, 5, 0],
    [33, 1, 1, 3, 4, 3],
    [9, 30, 16, 17, 9, 2],
  ] as const) {
    const shape: DenoiserShape = { width: W, hidden: H, layers: [O], labels: L, activation: 'relu' };
    const stream = Stream.fromSeed(B);
    const block = await initialWeights(backend, shape, stream);
    const random = (rows: number, cols: number) =>
      backend.matrix(
        rows,
        cols,
        Float32Array.from({ length: rows * cols }, () => 2 * stream.uniform() - 1),
      );
    const below = (n: number) =>
      backend.words(
        B,
        Uint32Array.from({ length: B }, () => stream.below(n)),
      );
    const [input, dz, times] = [random(B, W), random(B, O), { table: random(U, H), index: below(U) }];
    const labels = L > 0 ? below(L) : null;
    const results = [];
    for (const make of [directEntry, foldedEntry]) {
      const gradients = backend.matrix(1, block.length, new Float32Array(block.length).fill(Number.NaN));
      const [w, d] = [backend.matrix(1, block.length, block), gradients].map((m) => views(backend, denoiserParameters(shape), m));
      const z = backend.matrix(B, O);
      const sizes = { batch: B, width: W, hidden: H, distinct: U + 2, outputs: O, labels: L }; // fewer times than there is room for
      const entry = make(backend, sizes, 'l1', w as NonNullable<typeof w>, d as NonNullable<typeof d>);
      entry.forward(input, times, labels, z);
      entry.backward(input, times, labels, dz);
      results.push({ z: await backend.read(z), gradients: await backend.read(gradients) });
    }
    const [direct, folded] = results as [(typeof results)[0], (typeof results)[0]];
    const parts = `${B}×${W}→${H}→${O}`;
    allClose(folded.z, direct.z, { abs: 16 * EPS * (W + H) }, `z of ${parts}`);
    for (const p of denoiserParameters(shape).filter(({ name }) => !name.startsWith('out'))) {
      const part = (g: Float32Array) => g.subarray(p.offset, p.offset + p.rows * p.cols);
      allClose(part(folded.gradients), part(direct.gradients), { abs: 16 * EPS * B * (O + H) }, `gradient of ${p.name}, ${parts}`);
    }
  }
});

const times = suite('times of a batch');

times('are those of the stream, each embedded once', async () => {
  for (const [T, B, H] of [
    [1000, 256, 8],
    [100, 300, 5],
    [3, 4, 4],
    [7, 1, 3],
    [50, 17, 4],
  ] as const) {
    const draws = batchTimes(backend, T, B, H);
    const [own, core] = [Stream.fromSeed(T), Stream.fromSeed(T)];
    const all = backend.matrix(T, H);
    backend.diffusion.timeEmbedding(
      backend.words(
        T,
        Uint32Array.from({ length: T }, (_, i) => i),
      ),
      all,
    );
    const embedding = await backend.read(all);
    for (let round = 0; round < 3; round++) {
      const { table, index } = draws.draw(own);
      const want = backend.words(B);
      backend.random.below(want, T, core);
      const drawn = await backend.readWords(draws.words);
      assert.equal(drawn, await backend.readWords(want), `draw ${round} of ${B} in ${T}`);
      const [rows, at] = [await backend.read(table), await backend.readWords(index)];
      const row = (values: Float32Array, i: number) => [...values.subarray(i * H, (i + 1) * H)];
      drawn.forEach((t, i) => {
        assert.equal(row(rows, at[i] as number), row(embedding, t), `time ${t}`);
      });
      const distinct = new Set(drawn).size;
      assert.ok(table.rows <= draws.most && table.rows >= distinct, `${table.rows} rows for ${distinct} times`);
      assert.ok(2 * T <= B ? table.rows === T : table.rows < distinct + 16, `${table.rows} rows for ${distinct} times`);
    }
  }
});

ways.run();
times.run();
