/** Squared distances, nearest neighbours and Gaussian-kernel sums. Dimensions: N, M rows, D columns. */
import type { Matrix } from './backend.js';

export interface Neighbours {
  readonly index: Uint32Array; // (N, k) row-major, nearest first, ties by lower row
  readonly squared: Float32Array; // (N, k) squared distances
}

export interface DistanceOps {
  /** The k nearest rows of `reference` for each row of `query`; `excludeSelf` when both are the same matrix. */
  neighbours(query: Matrix, reference: Matrix, k: number, excludeSelf?: boolean): Neighbours;
  /** Squared distance from each row of `query` to its nearest row of `reference`; (N). */
  nearest(query: Matrix, reference: Matrix, excludeSelf?: boolean): Float32Array;
  /** Median Euclidean distance over pairs i < j of x; even counts take the mean of the middle two. */
  medianDistance(x: Matrix): number;
  /** Σ_i Σ_j exp(−‖x_i − y_j‖² / (2 s²)) for each bandwidth s; the n × m matrix is never formed. With y = null over ordered pairs i ≠ j of x. */
  rbfSums(x: Matrix, y: Matrix | null, bandwidths: readonly number[]): Float64Array;
}
