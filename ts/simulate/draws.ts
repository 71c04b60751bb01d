/** Random numbers by name for one patient after another. */
import type { Stream } from '../random.js';

/** The functions of `backend.special` that a simulation needs. */
export interface Special {
  exp(x: number): number;
  log(x: number): number;
  sigmoid(x: number): number;
  ndtri(p: number): number;
}

/** Each name has a stream of its own, so that a draw added under one name shifts none under another. */
export interface Draws {
  /** Uniform in [0, 1). */
  uniform(name: string): number;
  /** Standard normal, within ±8.3. */
  normal(name: string): number;
  /** Whether an event of this probability happens. */
  chance(name: string, p: number): boolean;
  /** An index with probability proportional to its weight. */
  pick(name: string, weights: readonly number[]): number;
}

const HALF_STEP = 1 / 18014398509481984; // 2⁻⁵⁴: half of the step of `uniform`, so that no draw is 0

export function drawsOf(stream: Stream, special: Special): Draws {
  const streams = new Map<string, Stream>();
  const uniform = (name: string): number => {
    let own = streams.get(name);
    if (own === undefined) {
      own = stream.child(name);
      streams.set(name, own);
    }
    return own.uniform();
  };
  return {
    uniform,
    normal: (name) => special.ndtri(uniform(name) + HALF_STEP),
    chance: (name, p) => uniform(name) < p,
    pick: (name, weights) => {
      let rest = uniform(name) * weights.reduce((sum, weight) => sum + weight, 0);
      const found = weights.findIndex((weight) => {
        rest -= weight;
        return rest < 0;
      });
      return found < 0 ? weights.length - 1 : found;
    },
  };
}

export const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));
