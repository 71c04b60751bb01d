/**
 * Feature matrices for classifiers and metrics, fitted on a training part. Numbers and ordinals stay numbers (NaN = missing),
 * other levels become 0/1 one-hot with a missing category as a level of its own (where the training part has one).
 */
import type { Table } from '../table/table.js';
import type { Span } from './layout.js';

export interface FeatureMatrix {
  readonly rows: number;
  readonly cols: number;
  readonly values: Float32Array; // (rows, cols) row-major
  readonly spans: readonly Span[];
}

export interface FeatureEncoder {
  readonly spans: readonly Span[];
  /** (N, D); NaN where a number is missing. A level that the training part does not have counts as its most frequent one. */
  features(table: Table): FeatureMatrix;
  /** The space of the fidelity metrics: numbers standardised by the training part (missing = its median), plus 0/1 one-hot. */
  standardised(table: Table): FeatureMatrix;
}
