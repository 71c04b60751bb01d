/** Made-up lines of trade-offs, for tests of what is made of them. */
import { Stream } from '../../ts/random.js';
import { FEW_STEPS, LONG_SPLITS, REFERENCE, samplingWays, type TradeoffLine, wayKey } from '../../ts/study/tradeoff-lines.js';

const VERSION = '0.1.0';

/** What few steps of a sampler lose on average on a table; nothing where it is not named. */
export type Losses = Readonly<Record<string, Readonly<Record<string, number>>>>;

const METHODS: Readonly<Record<string, { excess: number; near: number; train_s: number; ms: number; kb: number | null; peak: number }>> = {
  smote: { excess: 0.004, near: 0.3, train_s: 0.01, ms: 5, kb: null, peak: 1 },
  ctgan: { excess: 0.04, near: 1.4, train_s: 30, ms: 60, kb: 900, peak: 18 },
  tabddpm: { excess: 0.002, near: 0.98, train_s: 4, ms: 300, kb: 560, peak: 5 },
};

/** Lines of every table: `losses[dataset][sampler]` is added to MMD² at few steps, with a spread of 0.0004 over splits. */
export function tradeoffLinesOf(datasets: readonly string[], splits: number, losses: Losses = {}): TradeoffLine[] {
  const lines: TradeoffLine[] = [];
  for (const dataset of datasets) {
    for (let split = 0; split < splits; split++) {
      const stream = Stream.fromSeed(3).child(dataset).child(split);
      const noise = (spread: number) => spread * (2 * stream.uniform() - 1);
      const identity = { dataset, split, seed: 1, version: VERSION };
      const floor = noise(0.01);
      const reference = floor + 0.003 + noise(0.002);
      for (const way of samplingWays(split)) {
        const lost = way.steps === FEW_STEPS ? (losses[dataset]?.[way.sampler] ?? 0) : way.steps < FEW_STEPS ? 0.02 / way.steps : 0;
        const above = wayKey(way) === wayKey(REFERENCE) ? 0 : lost + noise(0.0004);
        const measured = { mmd2_u: reference + above, mmd2_u_floor: floor, nearest_ratio: 1 + noise(0.02) };
        lines.push({ kind: 'sampling', ...identity, ...way, timesteps: REFERENCE.steps, ...measured, ms_per_1000: 6 * way.steps });
      }
      if (split >= LONG_SPLITS) continue;
      for (const [method, { excess, near, train_s, ms, kb, peak }] of Object.entries(METHODS)) {
        const at = (more: number) => ({ mmd2_u: floor + excess + more, mmd2_u_floor: floor, nearest_ratio: near });
        if (method !== 'smote') {
          for (const share of [0.125, 0.25, 0.5, 1]) {
            const more = share < 0.5 ? 0.05 / share : 0;
            const step = Math.round(400 * share) + split;
            lines.push({ kind: 'convergence', ...identity, method, step, seconds: share * train_s, loss: 1 / share - 2, ...at(more) });
          }
        }
        lines.push({ kind: 'cost', ...identity, method, train_s, ms_per_1000: ms, model_kb: kb, peak_mb: peak, ...at(0) });
      }
    }
  }
  return lines;
}
