/**
 * Flow matching with boosted trees: at each noise level t one regression a column tells how fast a row on its way from noise z to
 * data x moves, x_t = (1 − t) z + t x, dx_t/dt = x − z. New rows start as noise at t = 0 and follow it to t = 1.
 *
 * Normal rows would move by a velocity that is linear in x_t, along a path of closed form (linear-flow.ts). The trees learn only what is
 * left of x − z, and a step follows that path exactly and adds what they say. Without this the few steps shrink every column, and trees
 * spend themselves on straight lines. At t = 0 nothing is left: z tells nothing about x.
 *
 * flow-training.ts trains it. Dimensions: N rows, W columns, L levels of noise.
 */
import type { TreeEnsemble } from '../backend/ops-trees.js';
import { turnsFor } from '../backend/turns.js';
import type { Stream } from '../random.js';
import { type FlowLayout, markGaps } from './flow-rows.js';
import type { Run } from './generator.js';
import { followLinear, type LinearFlow } from './linear-flow.js';

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

/** Trees `from` … `to` − 1 of an ensemble, as one of its own. */
export function treesBetween(ensemble: TreeEnsemble, from: number, to: number): TreeEnsemble {
  const roots = ensemble.roots.subarray(from, to + 1);
  const [start, end] = [roots[0], roots[to - from]] as [number, number];
  return {
    ...ensemble,
    roots: roots.map((root) => root - start),
    feature: ensemble.feature.subarray(start, end),
    threshold: ensemble.threshold.subarray(start, end),
    left: ensemble.left.subarray(start, end).map((child) => child - start),
    defaultLeft: ensemble.defaultLeft.subarray(start, end),
    value: ensemble.value.subarray(start, end),
    gain: ensemble.gain.subarray(start, end),
    cover: ensemble.cover.subarray(start, end),
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
