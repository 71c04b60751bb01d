/** The whole denoiser: golden training steps of PyTorch, and gradients against finite differences of a float64 oracle. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { wasmBackend } from '../../ts/backend/select.js';
import { type DenoiserShape, denoiser, denoiserParameters, denoiserSize, initialWeights, predictor } from '../../ts/nn/denoiser.js';
import { Stream } from '../../ts/random.js';
import { allClose, close } from '../close.js';
import { type GoldenCase, golden } from '../golden.js';
import { denoise, type Parameters } from '../ref/denoiser.js';

const EPS = 2 ** -24;
const network = suite('denoiser');
const backend = await wasmBackend();

/** A network on the backend with its times embedded, and what it holds. */
function setUp(shape: DenoiserShape, block: Float32Array, times: readonly number[], distinct = times.length, index?: readonly number[]) {
  const [weights, gradients] = [backend.matrix(1, block.length, block), backend.matrix(1, block.length)];
  const B = index?.length ?? times.length;
  const table = backend.matrix(distinct, shape.hidden);
  backend.diffusion.timeEmbedding(backend.words(distinct, Uint32Array.from(times)), table);
  const embedded = { table, index: backend.words(B, Uint32Array.from(index ?? times.keys())) };
  const [output, dOutput] = [backend.matrix(B, shape.width), backend.matrix(B, shape.width)];
  return { weights, gradients, embedded, output, dOutput, net: denoiser(backend, shape, weights, gradients, B, distinct) };
}

function toBlock(shape: DenoiserShape, named: Record<string, number[] | number[][]>): Float32Array {
  const block = new Float32Array(denoiserSize(shape));
  for (const p of denoiserParameters(shape)) block.set((named[p.name] as number[][]).flat(), p.offset);
  return block;
}

/** Calls `check` with each parameter's share of a block and its golden values. */
function eachParameter(
  shape: DenoiserShape,
  block: Float32Array,
  want: Record<string, number[]>,
  check: (got: Float32Array, want: number[], name: string) => void,
) {
  for (const p of denoiserParameters(shape))
    check(block.subarray(p.offset, p.offset + p.rows * p.cols), (want[p.name] as number[]).flat(), p.name);
}

network('golden training of an MLP with time embedding', async () => {
  for (const c of golden('nn', 'mlp_time_mse')) await goldenTraining(c);
});

async function goldenTraining(c: GoldenCase): Promise<void> {
  const shape: DenoiserShape = {
    width: c.x[0].length,
    hidden: c.init['in.b'].length,
    layers: Object.keys(c.init).flatMap((name) => (/^l\d+\.b$/.test(name) ? [c.init[name].length] : [])),
    labels: 0,
    activation: c.act,
  };
  const { weights, gradients, embedded, output, dOutput, net } = setUp(shape, toBlock(shape, c.init), c.t);
  const [B, W] = [c.x.length, shape.width];
  const [x, y] = [backend.matrix(B, W, Float32Array.from(c.x.flat())), backend.matrix(B, W, Float32Array.from(c.y.flat()))];
  const loss = backend.matrix(1, c.losses.length);
  const [first, second] = [backend.matrix(1, weights.cols), backend.matrix(1, weights.cols)];
  const { lr, betas, eps, weight_decay: decay } = c.opt;
  const decoupled = c.optimizer === 'AdamW';
  const start = toBlock(shape, c.grads_step0);
  for (let i = 0; i < c.losses.length; i++) {
    net.forward(x, embedded, null, output);
    if (i === 0) allClose(await backend.read(output), c.out.flat(), { rel: 1e-4, abs: 1e-6 }, 'output');
    backend.network.mse(output, y, dOutput, loss, i);
    net.backward(x, embedded, null, dOutput);
    const g = await backend.read(gradients);
    if (i === 0) {
      eachParameter(shape, g, c.grads_step0, (got, want, name) => allClose(got, want, { rel: 1e-4, abs: 1e-6 }, `gradient of ${name}`));
      close(Math.sqrt(g.reduce((sum, v) => sum + v * v, 0)), c.global_grad_norm, { rel: 1e-5 }, 'norm');
    }
    if (!decoupled) {
      const w = await backend.read(weights);
      backend.write(
        gradients,
        g.map((v, k) => v + decay * w[k]!),
      );
    }
    backend.network.adamw(weights, gradients, first, second, null, {
      learningRate: lr,
      beta1: betas[0],
      beta2: betas[1],
      epsilon: eps,
      weightDecay: decoupled ? decay : 0,
      step: i + 1,
      emaDecay: 0,
    });
    const after = i === 0 ? c.after_step1 : i === c.losses.length - 1 ? c[`after_step${c.losses.length}`] : null;
    if (!after) continue;
    // where a gradient is all but 0 the first step's size, lr·g/|g|, hangs on its last digits
    const clear = (k: number) => Math.abs(start[k]!) > 1e-4;
    const want = toBlock(shape, after);
    (await backend.read(weights)).forEach((v, k) => {
      if (clear(k)) close(v, want[k]!, { abs: 2e-4 }, `weight ${k} after step ${i + 1}`);
    });
  }
  // float32 weights carry into later losses; the first is the network's own
  (await backend.read(loss)).forEach((got, i) => {
    close(got, c.losses[i], { rel: i === 0 ? 2e-6 : 2e-4 }, `loss ${i}`);
  });
}

const SHAPES: readonly DenoiserShape[] = [
  { width: 3, hidden: 4, layers: [5, 3], labels: 2, activation: 'relu' },
  { width: 1, hidden: 3, layers: [], labels: 0, activation: 'relu' },
  { width: 17, hidden: 5, layers: [4], labels: 3, activation: 'silu' },
  { width: 2, hidden: 8, layers: [5, 4], labels: 2, activation: 'relu' }, // folded, see entry.ts
];

network('gradients of every parameter follow finite differences of the oracle', async () => {
  for (const [seed, shape] of SHAPES.entries()) {
    const stream = Stream.fromSeed(seed);
    const block = await initialWeights(backend, shape, stream.child('weights'));
    const times = [0, 7, 99]; // three distinct times for seven rows
    const index = [2, 0, 1, 1, 2, 0, 0];
    const B = index.length;
    const labels = shape.labels > 0 ? Uint32Array.from({ length: B }, (_, i) => i % shape.labels) : null;
    const values = () => Float32Array.from({ length: B * shape.width }, () => 4 * stream.uniform() - 2);
    const [x, y] = [values(), values()];
    const { gradients, embedded, output, dOutput, net } = setUp(shape, block, times, times.length, index);
    const [input, target] = [backend.matrix(B, shape.width, x), backend.matrix(B, shape.width, y)];
    const given = labels && backend.words(B, labels);
    net.forward(input, embedded, given, output);
    backend.network.mse(output, target, dOutput, backend.matrix(1, 1), 0);
    net.backward(input, embedded, given, dOutput);
    const got = await backend.read(gradients);

    const loss = (weights: ArrayLike<number>) => {
      const p: Record<string, number[]> = {};
      for (const { name, offset, rows, cols } of denoiserParameters(shape))
        p[name] = Array.from({ length: rows * cols }, (_, i) => weights[offset + i]!);
      let sum = 0;
      for (let i = 0; i < B; i++) {
        const row = Array.from(x.subarray(i * shape.width, (i + 1) * shape.width));
        const out = denoise(shape, p as Parameters, row, times[index[i]!]!, labels ? labels[i]! : null);
        out.forEach((v, j) => {
          sum += (v - y[i * shape.width + j]!) ** 2;
        });
      }
      return sum / (B * shape.width);
    };
    const h = 1e-6; // small, so that hardly any relu has its kink inside
    const largest = Math.max(...got.map(Math.abs));
    for (let k = 0; k < block.length; k++) {
      const moved = (by: number) => {
        const weights = Float64Array.from(block);
        weights[k] = weights[k]! + by;
        return loss(weights);
      };
      close(got[k]!, (moved(h) - moved(-h)) / (2 * h), { abs: 64 * EPS * (1 + largest) + 1e-8 }, `shape ${seed}, parameter ${k}`);
    }
  }
});

network('sampling computes the same function as training', async () => {
  for (const [seed, shape] of SHAPES.entries()) {
    const block = await initialWeights(backend, shape, Stream.fromSeed(seed));
    const times = [0, 3, 50];
    const B = 5;
    const x = Float32Array.from({ length: B * shape.width }, (_, i) => Math.sin(i));
    const input = backend.matrix(B, shape.width, x);
    const label = shape.labels > 0 ? 1 : null;
    const sampling = predictor(backend, shape, backend.matrix(1, block.length, block), B, Uint32Array.from(times), label);
    for (let i = 0; i < times.length; i++) {
      const { embedded, output, net } = setUp(shape, block, times, 3, new Array(B).fill(i));
      net.forward(input, embedded, label === null ? null : backend.words(B, new Uint32Array(B).fill(label)), output);
      const predicted = backend.matrix(B, shape.width);
      sampling.predict(input, i, predicted);
      allClose(await backend.read(predicted), await backend.read(output), { abs: 32 * EPS }, `time ${times[i]}`);
    }
  }
});

network('starting weights lie evenly within ±1/√inputs', async () => {
  const shape: DenoiserShape = { width: 30, hidden: 128, layers: [256, 256], labels: 2, activation: 'relu' };
  const block = await initialWeights(backend, shape, Stream.fromSeed(1));
  assert.is(block.length, denoiserSize(shape));
  for (const { name, offset, rows, cols } of denoiserParameters(shape)) {
    const part = block.subarray(offset, offset + rows * cols);
    const inputs = name.startsWith('in.') ? 30 : name === 'out.w' || name === 'out.b' || name.startsWith('l2') ? 256 : 128;
    const bound = name === 'label' ? 1 : 1 / Math.sqrt(inputs);
    const largest = part.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
    assert.ok(largest <= bound && largest > 0.5 * bound, `${name}: ${largest} within ${bound}`);
    close(part.reduce((sum, v) => sum + v, 0) / part.length, 0, { abs: (5 * bound) / Math.sqrt(3 * part.length) }, `${name} mean`);
  }
});

network.run();
