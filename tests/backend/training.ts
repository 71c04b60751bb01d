/** TabDDPM's denoiser trained and drawn from on one backend and another: the same streams, so that only rounding tells them apart. */
import * as assert from 'uvu/assert';
import type { Backend, Matrix } from '../../ts/backend/backend.js';
import type { DiffusionLayout } from '../../ts/backend/ops-diffusion.js';
import { drawRows, type Sampling } from '../../ts/generate/diffusion-sampling.js';
import { type DenoiserShape, denoiser, denoiserSize, initialWeights } from '../../ts/nn/denoiser.js';
import { batchTimes } from '../../ts/nn/times.js';
import { Stream } from '../../ts/random.js';
import { integers, numbers } from '../ref/numbers.js';
import { type Units, unitsOf } from './cases/cases.js';

export interface Job {
  readonly layout: DiffusionLayout;
  readonly hidden: number;
  readonly layers: readonly number[];
  readonly batch: number;
  readonly activation: 'relu' | 'silu';
}

export interface Curve {
  readonly losses: number[]; // numeric and categorical part of each step
  readonly weights: Float32Array; // averaged
}

const [ROWS, TIMES, RATE] = [100, 50, 3e-3];
export const STEPS = 50;

export const shapeOf = ({ layout, hidden, layers, activation }: Job): DenoiserShape => ({
  width: layout.levels.reduce((sum, k) => sum + k, layout.numeric),
  hidden,
  layers,
  labels: 2,
  activation,
});

const sampling = (job: Job): Sampling & { layout: DiffusionLayout; steps: number } => ({
  layout: job.layout,
  steps: TIMES,
  timesteps: TIMES,
  schedule: 'cosine',
  prediction: 'v',
  oneHotFloor: 1e-2,
  clip: 5,
  sampler: 'dpm++',
  samplingSteps: 20,
  eta: null,
});

/** Each element moved by up to `by` of itself. */
export function shaken(values: Float32Array, by: number): Float32Array {
  const noise = numbers('shake', values.length);
  return values.map((v, i) => v * (1 + (by * noise[i]!) / 2));
}

/** Takes {@link STEPS} steps; the losses are read once, at the end. */
export async function trainingCurve(backend: Backend, job: Job, shake = 0, onStep?: (step: number) => void): Promise<Curve> {
  const mark = backend.mark();
  const { layout, batch: B } = job;
  const [F, C] = [layout.numeric, layout.levels.length];
  const shape = shapeOf(job);
  const stream = Stream.fromSeed(5);
  const { diffusion, network } = backend;
  const chain = diffusion.process(sampling(job));
  const start = shaken(await initialWeights(backend, shape, stream.child('weights')), shake);
  const P = denoiserSize(shape);
  const [weights, ema] = [backend.matrix(1, P, start), backend.matrix(1, P, start)];
  const [gradients, first, second] = [backend.matrix(1, P), backend.matrix(1, P), backend.matrix(1, P)];
  const x0 = backend.matrix(ROWS, F, numbers('x0', ROWS * F));
  const codes = backend.words(ROWS * C, codesOf(layout));
  const times = batchTimes(backend, TIMES, B, job.hidden);
  const [index, labels, noised] = [backend.words(B), backend.words(B), backend.words(B * C)];
  const net = denoiser(backend, shape, weights, gradients, B, times.most);
  const [input, output, dOutput, target] = [shape.width, shape.width, shape.width, F].map((cols) => backend.matrix(B, cols)) as [
    Matrix,
    Matrix,
    Matrix,
    Matrix,
  ];
  const losses = backend.matrix(1, 2 * STEPS);
  const [draws, noise] = [stream.child('draws'), stream.child('noise')];
  for (let i = 0; i < STEPS; i++) {
    backend.random.below(index, ROWS, draws);
    backend.random.below(labels, 2, draws);
    const embedded = times.draw(draws);
    diffusion.noise(chain, x0, codes, index, times.words, noise, input, target, noised);
    net.forward(input, embedded, labels, output);
    diffusion.loss(chain, output, target, codes, index, noised, times.words, dOutput, losses, 2 * i);
    net.backward(input, embedded, labels, dOutput);
    const rates = { learningRate: RATE, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01, emaDecay: 0.9 };
    network.adamw(weights, gradients, first, second, ema, { ...rates, step: i + 1 });
    onStep?.(i);
  }
  const curve = { losses: [...(await backend.read(losses))], weights: await backend.read(ema) };
  backend.release(mark);
  return curve;
}

const codesOf = ({ levels }: DiffusionLayout) =>
  integers('codes', ROWS * levels.length, 1 << 20).map((value, i) => value % levels[i % levels.length]!);

/** The relative error of one operation of a kernel, in float32. */
const roundingOf = ({ exp }: Units) => exp;

/**
 * Holds a backend's curve against WASM's. What a difference of rounding may grow to in training is measured on WASM itself: by how much
 * its losses move when its starting weights move by as much as one operation may be off.
 */
export async function sameCurve(backend: Backend, wasm: Backend, job: Job, onStep?: (step: number) => void): Promise<void> {
  const by = roundingOf(unitsOf(backend));
  const want = await trainingCurve(wasm, job);
  const moved = await trainingCurve(wasm, job, by);
  const got = await trainingCurve(backend, job, 0, onStep);
  let reach = 0;
  want.losses.forEach((loss, i) => {
    reach = Math.max(reach, Math.abs(moved.losses[i]! - loss) / (1 + loss));
    const tolerance = (4 * reach + 4 * by) * (1 + loss);
    const what = `part ${i % 2} of the loss of step ${Math.floor(i / 2) + 1}`;
    assert.ok(Math.abs(got.losses[i]! - loss) <= tolerance, `${what}: expected ${loss} ± ${tolerance}, got ${got.losses[i]}`);
  });
  const first = want.losses[0]! + want.losses[1]!;
  const last = want.losses.at(-1)! + want.losses.at(-2)!;
  assert.ok(last < first, `the loss was to fall, from ${first} to ${last}`);
}

/** Rows that both backends draw from the same weights in 20 steps; only a draw beside the border of two levels may tell them apart. */
export async function sameRows(backend: Backend, wasm: Backend, job: Job): Promise<void> {
  const by = roundingOf(unitsOf(backend));
  const { weights } = await trainingCurve(wasm, job);
  const [rows, F, C] = [64, job.layout.numeric, job.layout.levels.length];
  const draw = (on: Backend, block: Float32Array) => {
    const model = { layout: job.layout, shape: shapeOf(job), weights: block, steps: [], losses: [], seconds: [] };
    return drawRows(model, sampling(job), { label: 1, guidance: 0 }, rows, Stream.fromSeed(6), { backend: on });
  };
  const [want, moved, got] = [await draw(wasm, weights), await draw(wasm, shaken(weights, by)), await draw(backend, weights)];
  const same = (a: typeof want, b: typeof want, row: number) =>
    a.codes.subarray(row * C, (row + 1) * C).every((code, c) => code === b.codes[row * C + c]);
  let reach = 0;
  for (let i = 0; i < rows * F; i++) {
    if (same(want, moved, Math.floor(i / F))) reach = Math.max(reach, Math.abs(moved.numeric[i]! - want.numeric[i]!));
  }
  const tolerance = 4 * reach + 4 * by;
  let apart = 0;
  for (let row = 0; row < rows; row++) {
    if (!same(want, got, row)) {
      apart++;
      continue;
    }
    for (let i = row * F; i < (row + 1) * F; i++) {
      const off = Math.abs(got.numeric[i]! - want.numeric[i]!);
      assert.ok(off <= tolerance, `row ${row}: expected ${want.numeric[i]} ± ${tolerance}, got ${got.numeric[i]}`);
    }
  }
  // each of 20 draws of a category has a chance of some units of rounding to fall beside its border
  const allowed = Math.ceil(64 * 20 * C * 16 * by);
  assert.ok(apart <= allowed, `${apart} of ${rows} rows have other categories, at most ${allowed} expected`);
}
