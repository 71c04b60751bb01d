/**
 * Whether the GPU wins on the work ahead: a few training steps, kernel sums and boosting rounds of the real shapes, timed on both
 * backends after one of each that does not count (kernels are compiled then).
 *
 * Dimensions: B batch rows, W width of the table, N and M rows, D columns.
 */
import { Stream } from '../random.js';
import type { Backend, Matrix } from './backend.js';
import type { AdamW } from './ops-network.js';
import type { BoostingOptions } from './ops-trees.js';

/** What is ahead, and how often; null where the job has none of it. */
export interface Workload {
  readonly steps: { readonly count: number; readonly batch: number; readonly width: number; readonly layers: readonly number[] } | null;
  readonly sums: { readonly count: number; readonly rows: number; readonly others: number; readonly cols: number } | null;
  readonly boosting: { readonly rounds: number; readonly rows: number; readonly cols: number } | null;
  /** Work that is there already and need not be imitated. */
  readonly own?: Job | undefined;
}

export const NO_WORK: Workload = { steps: null, sums: null, boosting: null };

export interface Measured {
  /** "a training step of 256 rows". */
  readonly what: string;
  readonly count: number;
  /** Of one. */
  readonly wasmMs: number;
  readonly gpuMs: number;
}

export interface Calibration {
  readonly winner: 'wasm' | 'gpu';
  readonly measured: readonly Measured[];
}

export interface Job {
  /** The operation without which the GPU has no part in it. */
  readonly operation: string;
  readonly what: string;
  readonly count: number;
  /** Lays out the data; what it gives runs the work once and ends when the result is there. */
  readonly prepare: (backend: Backend) => () => Promise<unknown>;
}

/** A backend on a GPU, and the operations that it runs there. */
interface Contender {
  readonly backend: Backend;
  readonly placement: readonly string[];
}

/** Samples until this much time has gone, at least two. */
const BUDGET_MS = 250;

/** The winner is whose estimate for the whole workload is less; the WASM core where there is nothing to compare. */
export async function calibrate(wasm: Backend, gpu: Contender, workload: Workload): Promise<Calibration> {
  const measured: Measured[] = [];
  for (const { operation, what, count, prepare } of jobsOf(workload)) {
    if (!gpu.placement.includes(operation)) continue;
    measured.push({ what, count, wasmMs: await bestOf(wasm, prepare), gpuMs: await bestOf(gpu.backend, prepare) });
  }
  const total = (of: (one: Measured) => number) => measured.reduce((sum, one) => sum + one.count * of(one), 0);
  return { winner: total(({ gpuMs }) => gpuMs) < total(({ wasmMs }) => wasmMs) ? 'gpu' : 'wasm', measured };
}

/** "a training step of 256 rows 6.2 ms on WASM, 41 ms on the GPU". */
export const calibrationWords = ({ measured }: Calibration): string =>
  measured.map(({ what, wasmMs, gpuMs }) => `${what} ${shown(wasmMs)} ms on WASM, ${shown(gpuMs)} ms on the GPU`).join('; ');

const shown = (ms: number): string => Number(ms.toPrecision(2)).toString();

function jobsOf({ steps, sums, boosting, own }: Workload): Job[] {
  const jobs: Job[] = own ? [own] : [];
  if (steps)
    jobs.push({
      operation: 'network.linear',
      what: `a training step of ${steps.batch} rows`,
      count: steps.count,
      prepare: (on) => trainingStep(on, steps),
    });
  if (sums)
    jobs.push({
      operation: 'distance.rbfSums',
      what: `a kernel sum of ${sums.rows} × ${sums.others} rows`,
      count: sums.count,
      prepare: (on) => kernelSum(on, sums),
    });
  if (boosting) {
    jobs.push({
      operation: 'trees.fitBoosting',
      what: `a boosting round of ${boosting.rows} rows`,
      count: boosting.rounds,
      prepare: (on) => boostingRound(on, boosting),
    });
  }
  return jobs;
}

async function bestOf(backend: Backend, prepare: Job['prepare']): Promise<number> {
  const mark = backend.mark();
  try {
    const once = prepare(backend);
    await once();
    let best = Number.POSITIVE_INFINITY;
    const started = performance.now();
    for (let samples = 0; samples < 2 || performance.now() - started < BUDGET_MS; samples++) {
      const begun = performance.now();
      await once();
      best = Math.min(best, performance.now() - begun);
    }
    return best;
  } finally {
    backend.release(mark);
  }
}

/** Numbers in −1 … 1 that repeat nowhere near. */
const numbers = (length: number): Float32Array => Float32Array.from({ length }, (_, at) => ((at * 0.618034) % 1) * 2 - 1);

/** Forward, loss, backward and optimiser of a chain of linear layers with relu between them. */
function trainingStep(backend: Backend, { batch, width, layers }: NonNullable<Workload['steps']>): () => Promise<unknown> {
  const { network } = backend;
  const widths = [width, ...layers, width];
  const shapes = widths.slice(1).map((to, l) => [to, widths[l] as number] as const);
  const size = shapes.reduce((sum, [to, from]) => sum + to * from + to, 0);
  const weights = backend.matrix(1, size, numbers(size));
  const [gradients, first, second] = [0, 1, 2].map(() => backend.matrix(1, size)) as [Matrix, Matrix, Matrix];
  let offset = 0;
  const chain = shapes.map(([to, from]) => {
    const [w, b] = [offset, offset + to * from];
    offset = b + to;
    const on = (block: Matrix) => [backend.view(block, w, to, from), backend.view(block, b, 1, to)] as const;
    return { w: on(weights), d: on(gradients) };
  });
  const h = widths.map((columns, l) => backend.matrix(batch, columns, l === 0 ? numbers(batch * columns) : undefined));
  const dh = widths.map((columns) => backend.matrix(batch, columns));
  const at = (list: readonly Matrix[], l: number): Matrix => list[l] as Matrix;
  const last = chain.length - 1;
  const loss = backend.matrix(1, 1);
  const one = backend.view(weights, 0, 1, 1);
  return () => {
    chain.forEach(({ w: [w, b] }, l) => {
      network.linear(at(h, l), w, b, at(h, l + 1), l === last ? 'none' : 'relu');
    });
    network.mse(at(h, last + 1), at(h, 0), at(dh, last + 1), loss, 0);
    for (const [l, { w, d }] of [...chain.entries()].reverse()) {
      const dz = at(dh, l + 1);
      if (l !== last) network.activationBackward(at(h, l + 1), dz, dz, 'relu');
      network.linearBackward(at(h, l), w[0], dz, l === 0 ? null : at(dh, l), d[0], d[1]);
    }
    network.adamw(weights, gradients, first, second, null, ADAMW);
    return Promise.all([backend.read(loss), backend.read(one)]);
  };
}

const ADAMW: AdamW = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, step: 1, emaDecay: 0 };

function kernelSum(backend: Backend, { rows, others, cols }: NonNullable<Workload['sums']>): () => Promise<unknown> {
  const x = backend.matrix(rows, cols, numbers(rows * cols));
  const y = backend.matrix(others, cols, numbers(others * cols));
  return async () => backend.distance.rbfSums(x, y, [1]);
}

function boostingRound(backend: Backend, { rows, cols }: NonNullable<Workload['boosting']>): () => Promise<unknown> {
  const x = numbers(rows * cols);
  const y = Uint8Array.from({ length: rows }, (_, row) => (row % 7 === 0 ? 1 : 0));
  return () => backend.trees.fitBoosting(x, y, cols, ROUND, Stream.fromSeed(1));
}

const ROUND: BoostingOptions = {
  rounds: 1,
  depth: 6,
  learningRate: 0.3,
  lambda: 1,
  gamma: 0,
  minChildWeight: 1,
  subsample: 1,
  positiveWeight: 1,
  maxBins: 256,
};
