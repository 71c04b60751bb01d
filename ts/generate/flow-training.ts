/** Training of a flow (flow-model.ts). Dimensions: N rows, K noise copies of each, W columns, L levels of noise. */
import type { Backend, Matrix } from '../backend/backend.js';
import type { RegressionOptions, TreeEnsemble } from '../backend/ops-trees.js';
import { turnsFor } from '../backend/turns.js';
import type { Stream } from '../random.js';
import { type FlowModel, treesBetween } from './flow-model.js';
import type { FlowLayout } from './flow-rows.js';
import type { Run } from './generator.js';
import { type LinearFlow, subtractLinear } from './linear-flow.js';
import { fitLinearFlow } from './linear-flow-fit.js';

export interface FlowTraining extends RegressionOptions {
  readonly levels: number; // L
  readonly copies: number; // K
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
  const levels = model.levels.map((ensembles) => ensembles.map((ensemble) => treesBetween(ensemble, 0, rounds)));
  return { ...model, levels };
}
