/**
 * What a study's lines come to: means and spreads a group, paired comparisons of methods, and verdicts (`summary.json`).
 * A group is (data set, method, ratio, classifier); its values are over splits.
 */
import type { DatasetFacts } from './manifest.js';
import type { PaperFigures } from './paper.js';
import type { Tradeoffs } from './tradeoff-summary.js';

/** Over the splits that have a value: their number, mean, and standard deviation with n − 1 (null below two values). */
export interface Statistic {
  readonly n: number;
  readonly mean: number;
  readonly sd: number | null;
}

/** Fields of a line that belong to the classifier. */
export const UTILITY_FIELDS = [
  'f1',
  'precision',
  'recall',
  'f1_tuned',
  'threshold',
  'auroc',
  'ap',
  'brier',
  'calibration_intercept',
  'calibration_slope',
  'brier_prior',
  'calibration_intercept_prior',
  'calibration_slope_prior',
  'classifier_s',
] as const;
/** Fields of a line that belong to the synthetic rows and are the same for every classifier of the cell. */
export const FIDELITY_FIELDS = [
  'mmd_b',
  'mmd2_u',
  'mmd_multi',
  'mmd_floor',
  'mmd2_u_floor',
  'mmd_multi_floor',
  'nearest_ratio',
  'ks_mean',
  'tv_mean',
  'wasserstein_mean',
  'pair_difference',
  'c2st_auc',
  'coverage',
  'n_synth',
  'fit_s',
  'sample_s',
  'memory_mb',
] as const;
export type UtilityField = (typeof UTILITY_FIELDS)[number];
export type FidelityField = (typeof FIDELITY_FIELDS)[number] | 'mmd2_u_excess';

/** A curve averaged over splits with the standard deviation at each x (0 with one split). */
export interface MeanCurve {
  readonly x: readonly number[];
  readonly mean: readonly number[];
  readonly sd: readonly number[];
  readonly n: number;
}

export interface UtilitySummary {
  readonly dataset: string;
  readonly method: string;
  readonly ratio: number;
  readonly classifier: string;
  /** Splits with a result, and splits whose cell failed. */
  readonly splits: number;
  readonly failed: number;
  readonly values: Readonly<Record<UtilityField, Statistic | null>>;
  /** Precision over recall 0, 0.01, …, 1. */
  readonly pr_curve: MeanCurve | null;
}

/** Of the synthetic rows; methods that make none (`none`, `weight`) have no entry. */
export interface FidelitySummary {
  readonly dataset: string;
  readonly method: string;
  readonly ratio: number;
  readonly splits: number;
  /** `mmd2_u_excess` is mmd2_u − mmd2_u_floor, taken split by split. */
  readonly values: Readonly<Record<FidelityField, Statistic | null>>;
  /** Training loss over steps; null for methods that do not train. */
  readonly loss_curve: MeanCurve | null;
  /** Share of drawn rows that held the table's constraints; left out where it has none. */
  readonly acceptance?: Statistic;
}

export type ComparedField = 'f1' | 'f1_tuned' | 'auroc' | 'ap' | 'brier' | 'brier_prior' | 'mmd2_u_excess';

/**
 * `method` minus `reference` on the splits that both have, with the corrected resampled t-test (Nadeau & Bengio 2003).
 * `classifier` is null for mmd2_u_excess. For brier and MMD lower is better; `better` counts splits where `method` is better.
 */
export interface Comparison {
  readonly dataset: string;
  readonly ratio: number;
  readonly classifier: string | null;
  readonly field: ComparedField;
  readonly method: string;
  readonly reference: string;
  /** For `f1` only: 'f1' in general; 'f1_tuned' where the reference is judged at its tuned threshold. */
  readonly reference_field: ComparedField;
  readonly n: number;
  readonly difference: number;
  readonly better: number;
  /** Two-sided; null with fewer than two splits or no spread. */
  readonly p: number | null;
}

/** A mean over splits with its 95% interval by the corrected resampled variance; no bounds below two values. */
export interface Interval {
  readonly n: number;
  readonly mean: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** A column over splits. KS of numbers, TV of levels: against the test minority, the training minority, and between these two. */
export interface ColumnSummary {
  readonly name: string;
  readonly kind: string;
  readonly test: Statistic | null;
  readonly training: Statistic | null;
  readonly floor: Statistic | null;
  /** Mean share of missing cells. */
  readonly missing_real: number;
  readonly missing_synthetic: number;
}

/** A kind of patients over splits: sex, age band, race. */
export interface SubgroupSummary {
  readonly column: string;
  readonly group: string;
  /** Mean share of all minority rows of that part. */
  readonly share_training: number;
  readonly share_test: number;
  readonly share_synthetic: number;
  /** Synthetic minus training, split by split. */
  readonly share_difference: Interval;
  /** Mean KS or TV of the other columns inside the group, against its test rows; null where no split has rows enough. */
  readonly distance: Statistic | null;
  readonly floor: Statistic | null;
  /** distance − floor, split by split. */
  readonly excess: Interval | null;
}

/** What a method's synthetic patients look like, at the study's first ratio. */
export interface PortraitSummary {
  readonly dataset: string;
  readonly method: string;
  readonly ratio: number;
  readonly splits: number;
  readonly columns: readonly ColumnSummary[];
  readonly subgroups: readonly SubgroupSummary[];
}

export type RankedField = 'f1' | 'f1_tuned' | 'ap' | 'auroc' | 'brier' | 'mmd2_u_excess';

/** What methods are ranked within; `classifier` is null for mmd2_u_excess. */
export interface RankBlock {
  readonly dataset: string;
  readonly classifier: string | null;
}

/** The methods that have a result in every split of every block, ranked by their means in each; rank 1 is the best. */
export interface Ranking {
  readonly field: RankedField;
  readonly ratio: number;
  readonly blocks: readonly RankBlock[];
  /** By mean rank; `ranks` are those in the blocks. */
  readonly methods: readonly { readonly method: string; readonly rank: number; readonly ranks: readonly number[] }[];
  /** Methods with failed or missing results in some block. */
  readonly left_out: readonly string[];
  /** Null with one block, or where all values are equal. */
  readonly test: RankTest | null;
  /** Nemenyi's at 0.05; null with one block. */
  readonly critical_difference: number | null;
  /** First and last place (from 0) of methods that are not told apart: the bars of the picture. */
  readonly bars: readonly (readonly [number, number])[];
}

/**
 * Friedman's χ² with k − 1 degrees of freedom, Iman and Davenport's F with k − 1 and (k − 1)(N − 1). Where all blocks agree F is
 * infinite and null, with no p-value: two blocks of three methods agree one time in six by chance.
 */
export interface RankTest {
  readonly chi2: number;
  readonly p: number;
  readonly f: number | null;
  readonly f_p: number | null;
}

/** In plain words, for a data set. `answer` says whether synthetic rows helped a classifier beyond what is free. */
export interface Verdict {
  readonly dataset: string;
  readonly answer: 'helps' | 'harms' | 'no difference shown' | 'too few splits';
  readonly headline: string;
  readonly sentences: readonly string[];
}

/** What a report tells of a study. */
export interface Summary {
  readonly datasets: readonly DatasetFacts[];
  /** In the order in which tables and pictures list them. */
  readonly methods: readonly string[];
  readonly classifiers: readonly string[];
  readonly ratios: readonly number[];
  readonly splits: number;
  readonly utility: readonly UtilitySummary[];
  readonly fidelity: readonly FidelitySummary[];
  readonly comparisons: readonly Comparison[];
  readonly portraits: readonly PortraitSummary[];
  readonly verdicts: readonly Verdict[];
  /** At the first ratio, over the data sets of real patients (of simulated ones where there are no others). */
  readonly rankings: readonly Ranking[];
  /** What the rankings and fidelity say of TabDDPM over all data sets, in plain words. */
  readonly overall: readonly string[];
  readonly paper: PaperFigures;
  /** Null where they were not measured. */
  readonly tradeoffs: Tradeoffs | null;
  readonly lines: number;
  readonly failures: number;
}
