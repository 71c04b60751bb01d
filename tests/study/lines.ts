/** Plausible result lines from a seed, for tests of what is made of them. */
import { Stream } from '../../ts/random.js';
import type { DatasetFacts, Manifest } from '../../ts/study/manifest.js';
import type { FailedLine, ResultLine } from '../../ts/study/result.js';

export const facts = (name: string, more: Partial<DatasetFacts> = {}): DatasetFacts => ({
  name,
  title: name,
  file: `${name}.csv`,
  sha256: '0f'.repeat(32),
  rows: 1844,
  positives: 92,
  features: 16,
  groups: null,
  target: 'event',
  positive: '1',
  group_column: null,
  exclude: [],
  schema_sha256: null,
  source: null,
  licence: null,
  simulated: false,
  ...more,
});

export const threeTables: readonly DatasetFacts[] = [
  facts('breast_cancer', {
    title: 'Breast cancer Wisconsin',
    rows: 569,
    positives: 212,
    features: 30,
    source: 'UCI',
    licence: 'CC BY 4.0',
  }),
  facts('pbc_visits', { title: 'PBC visits (rare liver disease)', groups: 281, group_column: 'patient_id', source: 'R survival' }),
  facts('support2_icu', { title: 'SUPPORT2 (ICU mortality)', rows: 9105, positives: 728, features: 25, source: 'UCI' }),
];

export const manifestOf = (more: Partial<Manifest> = {}): Manifest => ({
  format: 'synthward-study-1',
  version: '0.1.0',
  seed: 1,
  backend: 'wasm',
  variant: 'simd',
  datasets: threeTables,
  methods: ['none', 'weight', 'random', 'smote', 'tabddpm'],
  classifiers: ['rf', 'xgb'],
  splits: 10,
  ratios: [1, 0.25],
  tuned: true,
  tradeoffs: false,
  preset: 'paper',
  workers: 2,
  machine: { engine: 'node 20.20.2', platform: 'linux x64', cpu: 'Some processor', cores: 2, memory_mb: 7900 },
  started: '2026-01-02T03:04:05.000Z',
  finished: '2026-01-02T03:24:05.000Z',
  wall_s: 1200,
  cpu_s: 2300,
  cells: { total: 300, done: 300, failed: 0 },
  ...more,
});

const FREE = ['none', 'weight', 'tuned'];
const CURVE_POINTS = 101;

/** A line with every field set, or null where the method makes no rows; `more` overrides. */
export function lineOf(
  stream: Stream,
  cell: Pick<ResultLine, 'dataset' | 'split' | 'method' | 'ratio' | 'classifier'>,
  tuned = true,
): ResultLine {
  const own = stream.child(`${cell.dataset} ${cell.split} ${cell.method} ${cell.ratio} ${cell.classifier}`);
  const rows = stream.child(`rows ${cell.dataset} ${cell.split} ${cell.method} ${cell.ratio}`);
  const around = (mean: number, spread: number, from = own) => mean + spread * (from.uniform() + from.uniform() - 1);
  const makesRows = !FREE.includes(cell.method);
  const fidelity = (mean: number, spread: number) => (makesRows ? around(mean, spread, rows) : null);
  const lift = makesRows ? 0.1 : 0;
  const pr = Array.from({ length: CURVE_POINTS }, (_, i) => Math.min(1, Math.max(0.05, around(0.9 - 0.008 * i, 0.08))));
  const steps = Array.from({ length: 50 }, (_, i) => (i + 1) * 20);
  return {
    ...cell,
    seed: 1,
    n_train: 1475,
    n_pos_train: 74,
    n_pos_test: 18,
    n_synth: makesRows ? 1327 : 0,
    f1: around(0.32 + lift, 0.15),
    precision: around(0.5, 0.15),
    recall: around(0.3 + lift, 0.15),
    f1_tuned: tuned ? around(0.43, 0.12) : null,
    threshold: tuned ? around(0.3, 0.1) : null,
    auroc: around(0.89, 0.05),
    ap: around(0.48, 0.1),
    brier: around(0.036 + 0.3 * lift, 0.005),
    calibration_intercept: around(-10 * lift, 0.5),
    calibration_slope: around(0.9, 0.2),
    brier_prior: around(0.037, 0.005),
    calibration_intercept_prior: around(0, 0.4),
    calibration_slope_prior: around(0.9, 0.2),
    mmd_b: fidelity(0.18, 0.02),
    mmd2_u: fidelity(0.02, 0.01),
    mmd_multi: fidelity(0.02, 0.01),
    mmd_floor: fidelity(0.164, 0.01),
    mmd2_u_floor: fidelity(0.011, 0.005),
    mmd_multi_floor: fidelity(0.01, 0.005),
    nearest_ratio: fidelity(cell.method === 'random' ? 0.05 : cell.method === 'smote' ? 0.4 : 0.9, 0.05),
    ks_mean: fidelity(0.12, 0.03),
    tv_mean: fidelity(0.08, 0.03),
    wasserstein_mean: fidelity(0.2, 0.05),
    pair_difference: fidelity(0.1, 0.02),
    c2st_auc: fidelity(0.6, 0.1),
    coverage: fidelity(0.9, 0.1),
    pr_curve: pr.map((_, i) => Math.max(...pr.slice(i))),
    loss_curve: cell.method === 'tabddpm' ? { steps, losses: steps.map((s) => around(0.3 + 30 / (s + 30), 0.02, rows)) } : null,
    fit_s: makesRows ? around(5, 1, rows) : 0,
    sample_s: makesRows ? around(0.4, 0.1, rows) : 0,
    classifier_s: around(0.6, 0.2),
    cpu_s: around(7, 1),
    memory_mb: around(40, 5, rows),
    backend: 'wasm',
    variant: 'simd',
    version: '0.1.0',
  };
}

/** All lines of a manifest's grid. */
export function linesOf(manifest: Manifest, seed = 7): ResultLine[] {
  const stream = Stream.fromSeed(seed);
  const lines: ResultLine[] = [];
  for (const { name: dataset } of manifest.datasets)
    for (let split = 0; split < manifest.splits; split++)
      for (const method of manifest.methods)
        for (const ratio of manifest.ratios)
          for (const classifier of manifest.classifiers)
            lines.push(lineOf(stream, { dataset, split, method, ratio, classifier }, manifest.tuned));
  return lines;
}

export const failureOf = ({ dataset, split, method, ratio, classifier, seed, version }: ResultLine, error: string): FailedLine => ({
  dataset,
  split,
  method,
  ratio,
  classifier,
  seed,
  version,
  error,
});
