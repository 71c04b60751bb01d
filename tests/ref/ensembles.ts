/** Two boosted ensembles of the same table, grown by different arithmetic: the same splits, and sums within what roundings explain. */
import * as assert from 'uvu/assert';
import type { BoostingOptions, TreeEnsemble } from '../../ts/backend/ops-trees.js';
import { close } from '../close.js';
import { goesLeft } from './trees.js';

export interface Roundings {
  /** Of a row's gradient and hessian, absolute, in units of the largest weight: beyond what its exponential is off. */
  readonly row: number;
  /** Of an exponential, relative. */
  readonly exp: number;
}

/** Rows of x (N, D) that reach each node of the ensemble. */
function rowsOfNodes(ensemble: TreeEnsemble, x: Float32Array): Uint32Array {
  const counts = new Uint32Array(ensemble.feature.length);
  for (let at = 0; at < x.length; at += ensemble.features) {
    for (const root of ensemble.roots.subarray(0, -1)) {
      for (let node = root; ; ) {
        counts[node]!++;
        const feature = ensemble.feature[node]!;
        if (feature < 0) break;
        node = ensemble.left[node]! + Number(!goesLeft(x[at + feature]!, ensemble.threshold[node]!, ensemble.defaultLeft[node] === 1));
      }
    }
  }
  return counts;
}

/**
 * Fails unless `got` has the splits of `want` and sums within tolerances: a node of n rows with Σh = H has Σg and Σh off by
 * n·row·(largest weight) + (exp + margin)·H, where margins are off by what the leaves before were. Returns how far margins may be off.
 */
export function sameTrees(
  got: TreeEnsemble,
  want: TreeEnsemble,
  x: Float32Array,
  options: BoostingOptions,
  { row, exp }: Roundings,
  what: string,
): number {
  assert.is(got.roots.length, want.roots.length, `${what}: trees`);
  const counts = rowsOfNodes(want, x);
  const weight = Math.max(1, options.positiveWeight) * (options.weights ? options.weights.reduce((a, b) => Math.max(a, b), 0) : 1);
  const { lambda, learningRate } = options;
  const inner = (e: TreeEnsemble, node: number) => (e.feature[node]! < 0 ? e.value[node]! / learningRate : e.value[node]!);
  let margin = 2 ** -23 * Math.abs(want.base);
  close(got.base, want.base, { abs: margin }, `${what}: base`);
  for (let t = 0; t + 1 < want.roots.length; t++) {
    let worst = 0;
    /** How far a node's sums, its weight and its score may be off. */
    const limits = (node: number) => {
      const [h, w] = [want.cover[node]!, Math.abs(inner(want, node))];
      const sum = counts[node]! * row * weight + (exp + margin) * h;
      const size = Math.max(h + lambda - sum, 1e-30);
      return { sum, weight: (sum * (1 + w)) / size + 2 ** -22 * w, score: sum * (2 * w + w * w) + 2 ** -22 * w * w * size };
    };
    const walk = (a: number, b: number) => {
      const place = `${what}: tree ${t}, node ${a - want.roots[t]!}`;
      assert.is(got.feature[b], want.feature[a], `${place}, feature`);
      assert.is(got.threshold[b], want.threshold[a], `${place}, threshold`);
      assert.is(got.defaultLeft[b], want.defaultLeft[a], `${place}, missing left`);
      const off = limits(a);
      close(inner(got, b), inner(want, a), { abs: off.weight }, `${place}, weight`);
      close(got.cover[b]!, want.cover[a]!, { abs: off.sum, rel: 2 ** -23 }, `${place}, cover`);
      if (want.feature[a]! < 0) {
        worst = Math.max(worst, learningRate * off.weight);
        return;
      }
      const [left, right] = [want.left[a]!, want.left[a]! + 1];
      const gain = off.score + limits(left).score + limits(right).score;
      close(got.gain[b]!, want.gain[a]!, { abs: gain, rel: 2 ** -22 }, `${place}, gain`);
      walk(left, got.left[b]!);
      walk(right, got.left[b]! + 1);
    };
    walk(want.roots[t]!, got.roots[t]!);
    margin += worst + 2 ** -20; // and the rounding of margins up to ±16
  }
  return margin;
}
