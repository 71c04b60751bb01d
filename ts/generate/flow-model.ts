/**
 * Flow matching with boosted trees: at each noise level t one regression a column tells how fast a row on its way from noise z to
 * data x moves, x_t = (1 − t) z + t x, dx_t/dt = x − z. New rows start as noise at t = 0 and follow it to t = 1.
 *
 * Normal rows would move by a velocity that is linear in x_t, along a path of closed form (linear-flow.ts). The trees learn only what is
 * left of x − z, and a step follows that path exactly and adds what they say. Without this the few steps shrink every column, and trees
 * spend themselves on straight lines. At t = 0 nothing is left: z tells nothing about x.
 *
 * Dimensions: N rows, K noise copies of each, W columns, L levels of noise.
 */
import type { Backend, Matrix } from '../backend/backend.js';
import type { RegressionOptions, TreeEnsemble } from '../backend/ops-trees.js';
import { turnsFor } from '../backend/turns.js';
import type { Stream } from '../random.js';
import type { FlowLayout } from './flow-rows.js';
import { markGaps } from './flow-rows.js';
import type { Run } from './generator.js';
import { fitLinearFlow, followLinear, type LinearFlow, subtractLinear } from './linear-flow.js';

export interface FlowTraining extends RegressionOptions {
  readonly levels: number; // L
  readonly copies: number; // K
}

export interface FlowModel {
  readonly layout: FlowLayout;
  readonly linear: LinearFlow;
  /** What trees add to the linear velocity at t = 1/L, …, (L − 1)/L; one ensemble a column. */
  readonly levels: readonly (readonly TreeEnsemble[])[]; // (L − 1, W)
  /** Which numbers are missing in the rows that were learnt from, (N, gaps). */
  readonly gaps: Uint8Array;
  /** Mean squared error of the velocities after so many rounds, over columns and levels. */
  readonly losses: readonly number[]; // (rounds)
  readonly seconds: number; // of training
}

/** Learns rows (N, W) as {@link flowRows} gives them. */
export async function fitFlow(
  rows: Float32Array,
  gaps: Uint8Array,
  layout: FlowLayout,
  options: FlowTraining,
  stream: Stream,
  run: Run,
): Promise<FlowModel> {
  const { backend, signal, onProgress } = run;
  const W = layout.width;
  const turn = turnsFor(signal);
  const linear = fitLinearFlow(rows, W);
  const L = W === 0 ? 1 : options.levels;
  const total = (L - 1) * W * options.rounds;
  const losses = new Array<number>(options.rounds).fill(0);
  const levels: (readonly TreeEnsemble[])[] = [];
  const started = performance.now();
  for (let level = 1; level < L; level++) {
    await turn();
    const { x, left } = await noised(backend, rows, linear, options.copies, level / L, stream.child('noise').child(level));
    await turn();
    const done = (level - 1) * W * options.rounds;
    const fit = await backend.trees.fitRegressions(x, left, W, W, options, stream.child('trees').child(level), {
      signal,
      onProgress: onProgress && ((more) => onProgress({ phase: 'train', done: done + more, total })),
    });
    levels.push(fit.ensembles);
    for (let round = 0; round < options.rounds; round++) {
      losses[round] = (losses[round] as number) + (fit.losses[round + 1] as number) / (L - 1);
    }
  }
  return { layout, linear, levels, gaps, losses, seconds: (performance.now() - started) / 1000 };
}

/** K noisy copies of each row at time t, (K·N, W), and what the linear velocity leaves of x − z, NaN where x is missing. */
async function noised(backend: Backend, rows: Float32Array, linear: LinearFlow, copies: number, t: number, stream: Stream) {
  const W = linear.mean.length;
  const N = rows.length / W;
  const mark = backend.mark();
  try {
    const [x, z, velocity] = [0, 1, 2].map(() => backend.matrix(copies * N, W)) as [Matrix, Matrix, Matrix];
    const index = Uint32Array.from({ length: copies * N }, (_, i) => i % N);
    backend.network.gatherRows(backend.matrix(N, W, rows), backend.words(index.length, index), x);
    backend.random.normal(z, stream);
    backend.network.addScaled(x, z, -1, velocity);
    backend.network.addScaled(z, velocity, t, x); // x_t = z + t (x − z)
    const [noisy, left] = [await backend.read(x), await backend.read(velocity)];
    subtractLinear(linear, noisy, t, left);
    return { x: noisy, left };
  } finally {
    backend.release(mark);
  }
}

/** The model that the first `rounds` trees of every regression make. */
export function firstRounds(model: FlowModel, rounds: number): FlowModel {
  const levels = model.levels.map((ensembles) => ensembles.map((ensemble) => firstTrees(ensemble, rounds)));
  return { ...model, levels };
}

function firstTrees(ensemble: TreeEnsemble, trees: number): TreeEnsemble {
  const nodes = ensemble.roots[trees] as number;
  return {
    ...ensemble,
    roots: ensemble.roots.subarray(0, trees + 1),
    feature: ensemble.feature.subarray(0, nodes),
    threshold: ensemble.threshold.subarray(0, nodes),
    left: ensemble.left.subarray(0, nodes),
    defaultLeft: ensemble.defaultLeft.subarray(0, nodes),
    value: ensemble.value.subarray(0, nodes),
    gain: ensemble.gain.subarray(0, nodes),
    cover: ensemble.cover.subarray(0, nodes),
  };
}

/**
 * New rows (count, W). Which numbers are missing is that of a row drawn from those that were learnt from, and they stay missing all the
 * way, as in training: the trees send them in their learned direction.
 */
export async function flow(model: FlowModel, count: number, stream: Stream, run: Run): Promise<Float32Array> {
  const { layout, linear, levels, gaps } = model;
  const { backend } = run;
  const W = layout.width;
  const noise = backend.matrix(count, W);
  backend.random.normal(noise, stream.child('start'));
  const x = await backend.read(noise);
  markGaps(x, drawGaps(gaps, layout.gaps.length, count, stream.child('gaps')), layout);
  const L = levels.length + 1;
  const turn = turnsFor(run.signal);
  for (let level = 0; level < L; level++) {
    await turn();
    const [t, next] = [level / L, (level + 1) / L];
    const more = level === 0 ? null : await backend.trees.predictEach(levels[level - 1] as readonly TreeEnsemble[], x);
    followLinear(linear, x, t, next);
    more?.forEach((velocity, at) => {
      x[at] = (x[at] as number) + (next - t) * velocity;
    });
  }
  return x;
}

/** (count, width) missingness of rows drawn with replacement from `gaps` (N, width). */
function drawGaps(gaps: Uint8Array, width: number, count: number, stream: Stream): Uint8Array {
  const out = new Uint8Array(count * width);
  if (width === 0) return out;
  for (let row = 0; row < count; row++) {
    const from = stream.below(gaps.length / width) * width;
    out.set(gaps.subarray(from, from + width), row * width);
  }
  return out;
}
