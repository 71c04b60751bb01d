import type { Acceptance } from '../generate/constrained.js';
import type { Fidelity } from '../metrics/fidelity.js';

/** One line of `results.jsonl`: a cell and a classifier. Field names are part of the file format; null where one does not apply. */
export interface ResultLine extends Fidelity {
  readonly dataset: string;
  readonly split: number;
  readonly method: string;
  readonly ratio: number;
  readonly classifier: string;
  readonly seed: number;
  readonly n_train: number;
  readonly n_pos_train: number;
  readonly n_pos_test: number;
  readonly n_synth: number;
  readonly f1: number | null;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1_tuned: number | null;
  readonly threshold: number | null;
  readonly auroc: number | null;
  readonly ap: number | null;
  readonly brier: number | null;
  /** Logistic recalibration of the test predictions (Cox 1958): 0 and 1 are ideal. */
  readonly calibration_intercept: number | null;
  readonly calibration_slope: number | null;
  /** The same three after the prior shift of the augmented training part has been undone. */
  readonly brier_prior: number | null;
  readonly calibration_intercept_prior: number | null;
  readonly calibration_slope_prior: number | null;
  readonly c2st_auc: number | null;
  /** Precision at recall 0, 0.01, …, 1 (the highest at that recall or beyond). */
  readonly pr_curve: readonly number[] | null;
  /** Training loss over steps, at most 50 points; null for methods that do not train. */
  readonly loss_curve: { readonly steps: readonly number[]; readonly losses: readonly number[] } | null;
  /**
   * Where the table's schema has constraints: rows drawn to be added and judged, and those of them that held; the others were drawn
   * again. Left out where there are no constraints or no rows.
   */
  readonly acceptance?: Acceptance;
  readonly fit_s: number;
  readonly sample_s: number;
  readonly classifier_s: number;
  readonly cpu_s: number | null;
  readonly memory_mb: number;
  readonly backend: string;
  readonly variant: string;
  readonly version: string;
}

/** A cell that failed: the grid goes on and the report lists it. */
export interface FailedLine extends Pick<ResultLine, 'dataset' | 'split' | 'method' | 'ratio' | 'classifier' | 'seed' | 'version'> {
  readonly error: string;
}

/** Fields that differ between two otherwise equal runs. */
export const TIME_FIELDS = ['fit_s', 'sample_s', 'classifier_s', 'cpu_s', 'memory_mb'] as const;

/** Results files know no NaN: what is not a finite number is null. */
export const numberOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
