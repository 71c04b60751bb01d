/**
 * Figures of other systems on the same work, one thread of an AMD EPYC (docs/performance.md tells which and when). Their lines are
 * marked with an asterisk; `npm run bench:peers` measures the systems beside ours instead.
 */
export const FIGURES = {
  /** Steps a second. */
  train: { torch: { 256: 197, 4096: 14.2 }, jax: { 256: 62, 4096: 4.7 }, tfjs: { 256: 10.4, 4096: 0.72 } },
  /** Seconds a step, PyTorch: numbers only, five category columns. */
  tabddpm: { numeric: 0.0087, mixed: 0.011 },
  /** Rows a second and step, time embedded once. */
  sample: { torch: 189e3, tfjs: 95e3, onnx: 72e3 },
  /** Seconds of 10,000 rows in 1000 steps, PyTorch. */
  ddpm: 53,
  /** Seconds on 30,000 and 300,000 × 25. */
  boosting: { xgboost: { 30: 0.81, 300: 4.4 }, lightgbm: { 30: 0.64, 300: 4.8 }, mlXgboost: 11.4 },
  forest: { scikit: 18.2, xgboost: 4.65, ydf: 13.5 },
  /** Rows a second, boosting. */
  predict: { xgboost: 754e3 },
  mmd: { scikit: 0.47 },
  smote: { numpy: 0.014, imbalanced: 0.031 },
} as const;
