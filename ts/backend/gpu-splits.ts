/**
 * The split of a node among the best of each feature and side, which the kernels found: scored again in float64 from sums that are
 * exact, and taken by the core's rule, the first of equals. Formulas as in assembly/split.ts.
 */
import type { BoostingOptions } from './ops-trees.js';

/** Fields of a split in the table (slots, 8) of kernels/split.ts' sums: limbs of g, limbs of 4h, place, 0. */
export const SUMS = 8;
const DIGIT = 1 / 16_384;

/** A gain up to this counts as none, as in assembly/boosting.ts. */
const LEAST_GAIN = 1e-6;

export interface Split {
  readonly gain: number;
  readonly feature: number;
  /** The last bin that goes left, −1 where only missing does. */
  readonly bin: number;
  readonly missingLeft: boolean;
  /** Sums of the left child. */
  readonly g: number;
  readonly h: number;
}

export type Penalty = Pick<BoostingOptions, 'lambda' | 'alpha' | 'maxDeltaStep' | 'minChildWeight' | 'gamma'>;

/** A sum of whole digits: at·unit, exactly. */
export const limbs = (sums: ArrayLike<number>, at: number): number =>
  (sums[at] as number) + ((sums[at + 1] as number) + (sums[at + 2] as number) * DIGIT) * DIGIT;

const softThreshold = (g: number, alpha: number): number => (g > alpha ? g - alpha : g < -alpha ? g + alpha : 0);

/** −T(g, α)/(h + λ), at most maxDeltaStep in size. */
export function leafWeight(g: number, h: number, { lambda, alpha = 0, maxDeltaStep = 0 }: Penalty): number {
  const size = h + lambda;
  if (!(size > 0)) return 0;
  const weight = -softThreshold(g, alpha) / size;
  return maxDeltaStep > 0 ? Math.max(-maxDeltaStep, Math.min(maxDeltaStep, weight)) : weight;
}

/** How much a leaf with sums g and h lowers twice the loss. */
function leafScore(g: number, h: number, penalty: Penalty): number {
  const { lambda, alpha = 0, maxDeltaStep = 0 } = penalty;
  const size = h + lambda;
  if (!(size > 0)) return 0;
  if (maxDeltaStep > 0) {
    const weight = leafWeight(g, h, penalty);
    return -(2 * g * weight + size * weight * weight + 2 * alpha * Math.abs(weight));
  }
  const t = softThreshold(g, alpha);
  return (t * t) / size;
}

export interface Units {
  readonly g: number;
  readonly h: number;
}

/**
 * The split of slot `slot`, a node with sums (g, h); null where none gains enough. sums (D, slots, 2, 8) of nearSums, bins (D).
 */
export function bestSplit(
  sums: Float32Array,
  bins: Int32Array,
  slot: number,
  slots: number,
  node: Units,
  units: Units,
  penalty: Penalty,
): Split | null {
  const parent = leafScore(node.g, node.h, penalty);
  let best: Split | null = null;
  for (let feature = 0; feature < bins.length; feature++) {
    for (const side of [0, 1]) {
      const at = ((feature * slots + slot) * 2 + side) * SUMS;
      const place = sums[at + 6] as number;
      if (place < 0) continue;
      const near = { g: limbs(sums, at) * units.g, h: limbs(sums, at + 3) * units.h };
      const far = { g: node.g - near.g, h: node.h - near.h };
      if (!(near.h > 0 && far.h > 0 && Math.min(near.h, far.h) >= penalty.minChildWeight)) continue;
      const gain = leafScore(near.g, near.h, penalty) + leafScore(far.g, far.h, penalty) - parent;
      if (!(gain > (best?.gain ?? 0))) continue;
      const missingLeft = side === 1;
      const bin = missingLeft ? (bins[feature] as number) - 2 - place : place;
      best = { gain, feature, bin, missingLeft, ...(missingLeft ? far : near) };
    }
  }
  return best && best.gain > LEAST_GAIN && best.gain >= penalty.gamma ? best : null;
}

/** Where a split's right child begins: a data value, or beyond all of them; as in assembly/boosting.ts. */
export function threshold({ feature, bin }: Split, bins: Int32Array, lower: Float32Array, upper: Float32Array): number {
  const at = feature * (lower.length / bins.length);
  const margin = (value: number) => Math.fround(Math.abs(value) + Math.fround(1e-5));
  if (bin < 0) return Math.fround((lower[at] as number) - margin(lower[at] as number));
  if (bin + 1 < (bins[feature] as number)) return lower[at + bin + 1] as number;
  const most = upper[at + bin] as number;
  return Math.fround(most + margin(most));
}
