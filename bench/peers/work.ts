/** The sizes of the work items, the same for all systems: those in other languages read them from work.json in the data's folder. */
export const WORK = {
  /** 32 → 128 (+ time 128 → 128 silu → 128) → 256 → 256 → 32 with relu, mean squared error, Adam. */
  network: { width: 32, hidden: 128, layers: [256, 256], timesteps: 1000, learningRate: 1e-3 },
  train: { rows: 16384, steps: { 'train-256': 40, 'train-4096': 4 } },
  tabddpm: { rows: 2048, numeric: 30, levels: [2, 3, 4, 5, 8], batch: 256, steps: 100, learningRate: 1e-3, oneHotFloor: 1e-2 },
  sample: { rows: 10_000, steps: 20 },
  job: { rows: 10_000, steps: 20, measured: 50 },
  trees: { cols: 25, rounds: 100, depth: 6, learningRate: 0.3, bins: 256, trees: 100, featuresPerSplit: 5 },
  /** What ydf-training grows, by its defaults. */
  limited: { trees: 300, minLeaf: 5, maxDepth: 16 },
  predict: { calls: 5 },
  mmd: { rows: 5000, cols: 30, gamma: 1 / 30 },
  smote: { minority: 1500, cols: 30, rows: 30_000, k: 5, calls: 5 },
  gemm: { 'gemm-256': { m: 256, calls: 40 }, 'gemm-4096': { m: 4096, calls: 4 }, n: 256, k: 256 },
} as const;

export type Work = typeof WORK;
