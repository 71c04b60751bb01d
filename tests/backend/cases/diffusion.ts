/** The diffusion of mixed tables: noising, loss, reverse steps. Draws are made again from a stream of the same place. */
import * as assert from 'uvu/assert';
import type { Backend, Matrix } from '../../../ts/backend/backend.js';
import type { DiffusionProcess, DiffusionSampler, Prediction } from '../../../ts/backend/ops-diffusion.js';
import { Stream } from '../../../ts/random.js';
import { allClose, close } from '../../close.js';
import { categoryLoss, oneHot, posterior, softmax } from '../../ref/diffusion.js';
import { integers, numbers } from '../../ref/numbers.js';
import { type OpCase, put, scoped, type Units } from './cases.js';

interface Layout {
  readonly numeric: number;
  readonly levels: readonly number[];
}

const LAYOUTS: readonly Layout[] = [
  { numeric: 3, levels: [] },
  { numeric: 0, levels: [3, 1, 2] },
  { numeric: 5, levels: [6, 2, 17, 5] },
];
const [STEPS, ROWS, FLOOR] = [20, 9, 1e-2];
const words = ({ numeric, levels }: Layout) => `${numeric} numbers, ${levels.length} categories`;

const process = (backend: Backend, layout: Layout, prediction: Prediction = 'v', clip = 0): DiffusionProcess =>
  backend.diffusion.process({ layout, steps: STEPS, schedule: 'cosine', prediction, oneHotFloor: FLOOR, clip });

const codesOf = (label: string, rows: number, { levels }: Layout) =>
  integers(label, rows * levels.length, 1 << 20).map((value, i) => value % levels[i % levels.length]!);

/** A batch of rows of a table: which ones, and at which t; the first at t = 0. */
function batchOf(backend: Backend, layout: Layout, B: number) {
  const [index, times] = [integers('index', B, ROWS), integers('times', B, STEPS)];
  times[0] = 0;
  const codes = codesOf('codes', ROWS, layout);
  return {
    index,
    times,
    codes,
    on: { index: backend.words(B, index), times: backend.words(B, times), codes: backend.words(codes.length, codes) },
  };
}

/** Network columns of the categories: 0 at the code, the log of the floor elsewhere. */
const logged = ({ levels }: Layout, codes: ArrayLike<number>, row: number): number[] =>
  levels.flatMap((k, c) => oneHot(k, codes[row * levels.length + c]!).map((one) => (one ? 0 : Math.log(FLOOR))));

async function noises(backend: Backend, { u }: Units, layout: Layout, B: number, prediction: Prediction): Promise<void> {
  const [F, C] = [layout.numeric, layout.levels.length];
  const chain = process(backend, layout, prediction);
  const { index, times, codes, on } = batchOf(backend, layout, B);
  const x0 = numbers('x0', ROWS * F);
  const [input, target, noised] = [backend.matrix(B, chain.width), backend.matrix(B, F), backend.words(B * C)];
  backend.diffusion.noise(chain, put(backend, ROWS, F, x0), on.codes, on.index, on.times, Stream.fromSeed(B), input, target, noised);

  const again = Stream.fromSeed(B);
  const [epsilon, drawn] = [backend.matrix(B, F), backend.words(B * C)];
  if (F > 0) backend.random.normal(epsilon, again);
  if (C > 0) backend.random.words(drawn, again);
  const [noise, random] = [await backend.read(epsilon), await backend.readWords(drawn)];
  const [gotInput, gotTarget, gotCodes] = [await backend.read(input), await backend.read(target), await backend.readWords(noised)];
  const wantCodes = Uint32Array.from(random, (word, i) => {
    const [row, k] = [Math.floor(i / C), layout.levels[i % C]!];
    return noisedLevel(chain.schedule.alphaBar[times[row]!]!, k, codes[index[row]! * C + (i % C)]!, word);
  });
  assert.equal([...gotCodes], [...wantCodes], 'noised codes');
  for (let i = 0; i < B; i++) {
    const abar = chain.schedule.alphaBar[times[i]!]!;
    const [signal, spread] = [Math.sqrt(abar), Math.sqrt(1 - abar)];
    for (let j = 0; j < F; j++) {
      const [x, e] = [x0[index[i]! * F + j]!, noise[i * F + j]!];
      const near = { abs: 4 * u * (Math.abs(x) + Math.abs(e)) };
      close(gotInput[i * chain.width + j]!, signal * x + spread * e, near, `x_t ${i} ${j}`);
      const want = prediction === 'v' ? signal * e - spread * x : prediction === 'epsilon' ? e : x;
      close(gotTarget[i * F + j]!, want, near, `target ${i} ${j}`);
    }
    allClose(gotInput.subarray(i * chain.width + F, (i + 1) * chain.width), logged(layout, gotCodes, i), { rel: 2 * u }, `row ${i}`);
  }
}

/** The lowest share of [0, 1) belongs to x0, the rest in equal parts to the other levels. */
function noisedLevel(abar: number, k: number, x0: number, word: number): number {
  if (k === 1) return 0;
  const other = (1 - abar) / k;
  const beyond = word / 4294967296 - (abar + other);
  if (beyond < 0) return x0;
  const at = Math.floor(Math.min(beyond / other, k - 2));
  return at < x0 ? at : at + 1;
}

async function losses(backend: Backend, units: Units, layout: Layout, B: number): Promise<void> {
  const [F, C] = [layout.numeric, layout.levels.length];
  const chain = process(backend, layout);
  const { index, times, codes, on } = batchOf(backend, layout, B);
  const [output, target] = [numbers('output', B * chain.width), numbers('target', B * F)];
  const noised = codesOf('noised', B, layout);
  const [dOutput, loss] = [backend.matrix(B, chain.width), put(backend, 1, 4, [7, 8, 9, 10])];
  const xt = backend.words(B * C, noised);
  const [out, goal] = [put(backend, B, chain.width, output), put(backend, B, F, target)];
  backend.diffusion.loss(chain, out, goal, on.codes, on.index, xt, on.times, dOutput, loss, 1);
  const [before, numeric, categorical, after] = await backend.read(loss);
  assert.equal([before, after], [7, 10]);
  const gradient = await backend.read(dOutput);
  const scale = STEPS / (B * Math.max(1, C));
  const term = 8 * (units.exp + units.divide + 40 * units.u); // of one divergence
  let [wantNumeric, wantCategorical] = [0, 0];
  for (let i = 0; i < B; i++) {
    for (let j = 0; j < F; j++) {
      const d = output[i * chain.width + j]! - target[i * F + j]!;
      wantNumeric += (d * d) / (B * F);
      close(gradient[i * chain.width + j]!, (2 * d) / (B * F), { rel: 4 * units.u, abs: 8 * units.u }, `numeric gradient ${i} ${j}`);
    }
    let at = i * chain.width + F;
    layout.levels.forEach((k, c) => {
      const one = { levels: k, t: times[i]!, x0: codes[index[i]! * C + c]!, xt: noised[i * C + c]! };
      const logits = Array.from(output.subarray(at, at + k));
      const of = (l: readonly number[]) => categoryLoss(chain.schedule.alphaBar, STEPS, one, l) / (B * C);
      wantCategorical += of(logits);
      const h = 1e-4;
      logits.forEach((_, j) => {
        const moved = (by: number) => logits.map((l, m) => (m === j ? l + by : l));
        const slope = (of(moved(h)) - of(moved(-h))) / (2 * h);
        close(gradient[at + j]!, slope, { abs: scale * (term + h * h) }, `gradient of row ${i}, column ${c}, level ${j}`);
      });
      at += k;
    });
  }
  close(numeric!, wantNumeric, { rel: (B + F + 8) * units.u }, 'numeric loss');
  close(categorical!, wantCategorical, { rel: 64 * units.u, abs: STEPS * term }, 'categorical loss');
}

/** Two steps, so that dpm++ has one to remember. */
async function stepsBack(backend: Backend, units: Units, layout: Layout, B: number, sampler: DiffusionSampler): Promise<void> {
  const [F, C] = [layout.numeric, layout.levels.length];
  const chain = process(backend, layout, 'v', 1.5);
  const [x, codes] = [numbers('x', B * F), codesOf('codes', B, layout)];
  const [onX, onCodes, before] = [put(backend, B, F, x), backend.words(B * C, codes), backend.matrix(B, F)];
  const input = backend.matrix(B, chain.width);
  const stream = Stream.fromSeed(B);
  const again = Stream.fromSeed(B);
  const wantX = Float64Array.from(x);
  const wantX0 = new Float64Array(B * F);
  for (const [t, s, last] of [
    [15, 9, 15],
    [9, 4, 15],
    [4, -1, 9],
  ] as const) {
    const output = numbers(`output ${t}`, B * chain.width);
    const outputs = put(backend, B, chain.width, output);
    const were = await backend.readWords(onCodes);
    backend.diffusion.step(chain, sampler, outputs, t, s, 1, onX, onCodes, stream, input, { t: last, x0: before });
    const c = backend.diffusion.coefficients(chain, sampler, t, s, 1, sampler === 'dpm++' ? last : undefined);
    const z = await drawn(backend, B, F, c.sigma > 0, again);
    for (let i = 0; i < B * F; i++) {
      const out = output[Math.floor(i / F) * chain.width + (i % F)]!;
      const x0 = Math.min(1.5, Math.max(-1.5, c.toX0 * wantX[i]! + c.toX0Output * out));
      wantX[i] = c.fromX0 * x0 + c.fromX * wantX[i]! + c.sigma * z[i]! + c.fromBefore * (x0 - wantX0[i]!);
      wantX0[i] = x0;
    }
    const now = await backend.readWords(onCodes);
    await checkDraws(backend, units, chain, output, t, s, were, now, again);
    const got = await backend.read(input);
    for (let i = 0; i < B; i++) {
      const row = got.subarray(i * chain.width, (i + 1) * chain.width);
      const want = [...wantX.subarray(i * F, (i + 1) * F), ...logged(layout, now, i)];
      allClose(row, want, { rel: 8 * units.u, abs: 100 * units.u }, `input of row ${i} at ${t}`);
    }
  }
  allClose(await backend.read(onX), wantX, { abs: 100 * units.u }, 'x');
}

async function drawn(backend: Backend, B: number, F: number, wanted: boolean, stream: Stream): Promise<Float32Array> {
  const z: Matrix = backend.matrix(B, F);
  if (wanted && F > 0) backend.random.normal(z, stream);
  return backend.read(z);
}

/** Each drawn level is where the shares of the posterior reach u, or beside it where rounding decides. */
async function checkDraws(
  backend: Backend,
  { exp, divide, u }: Units,
  chain: DiffusionProcess,
  output: Float32Array,
  t: number,
  s: number,
  were: Uint32Array,
  now: Uint32Array,
  stream: Stream,
): Promise<void> {
  const { levels, numeric } = chain.layout;
  if (levels.length === 0) return;
  const random = backend.words(now.length);
  backend.random.words(random, stream);
  const uniform = Array.from(await backend.readWords(random), (word) => (word >>> 9) * 2 ** -23);
  const slack = 4 * (exp + divide + 20 * u);
  now.forEach((code, i) => {
    const [row, c] = [Math.floor(i / levels.length), i % levels.length];
    const k = levels[c]!;
    const start = row * chain.width + numeric + levels.slice(0, c).reduce((sum, n) => sum + n, 0);
    const shares = posterior(chain.schedule.alphaBar, t, s, softmax(Array.from(output.subarray(start, start + k))), were[i]!);
    const level = (at: number) => {
      let [reached, drawn] = [0, 0];
      for (const share of shares.slice(0, k - 1)) {
        reached += share;
        if (reached <= at) drawn++;
      }
      return drawn;
    };
    const [least, most] = [level(uniform[i]! - slack), level(uniform[i]! + slack)];
    assert.ok(code >= least && code <= most, `code ${i} at ${t}: expected ${least}..${most}, got ${code}`);
  });
}

export const diffusionCases: readonly OpCase[] = LAYOUTS.flatMap((layout): OpCase[] => [
  {
    op: 'diffusion.noise',
    name: words(layout),
    run: async (backend, units, sizes) => {
      for (const prediction of ['v', 'epsilon', 'x0'] as const) {
        for (const B of sizes) await scoped(backend, () => noises(backend, units, layout, B, prediction));
      }
    },
  },
  {
    op: 'diffusion.loss',
    name: words(layout),
    run: async (backend, units, sizes) => {
      for (const B of sizes) await scoped(backend, () => losses(backend, units, layout, B));
    },
  },
  ...(['ddpm', 'ddim', 'dpm++'] as const).map((sampler) => ({
    op: 'diffusion.step',
    name: `${sampler}, ${words(layout)}`,
    run: async (backend: Backend, units: Units, sizes: readonly number[]) => {
      for (const B of sizes) await scoped(backend, () => stepsBack(backend, units, layout, B, sampler));
    },
  })),
]);
