/** Squared distances, nearest neighbours and Gaussian-kernel sums. Dimensions: N, M rows, D columns. */
import type { Stream } from '../random.js';
import type { Matrix } from './backend.js';

export interface Neighbours {
  readonly index: Uint32Array; // (N, k) row-major, nearest first, ties by lower row
  readonly squared: Float32Array; // (N, k) squared distances
}

/** Where each of R rows lies: `gap` of the way from row `base` to row `other`. */
export interface Places {
  readonly base: Uint32Array; // (R)
  readonly other: Uint32Array; // (R)
  readonly gap: Float64Array; // (R), in [0, 1)
}

/** The values that a column can take: those `seen`, ascending, or all in [low, high] that are multiples of 1 / power (0 = any). */
export interface Lattice {
  readonly low: number;
  readonly high: number;
  readonly power: number;
  readonly seen: Float64Array | null;
}

export interface DistanceOps {
  /** The k nearest rows of `reference` for each row of `query`; `excludeSelf` when `query` is `reference` or its first rows, each no neighbour of itself. */
  neighbours(query: Matrix, reference: Matrix, k: number, excludeSelf?: boolean): Neighbours;
  /** Squared distance from each row of `query` to its nearest row of `reference`; (N). */
  nearest(query: Matrix, reference: Matrix, excludeSelf?: boolean): Float32Array;
  /** Median Euclidean distance over pairs i < j of x; even counts take the mean of the middle two. */
  medianDistance(x: Matrix): number;
  /** Σ_i Σ_j exp(−‖x_i − y_j‖² / (2 s²)) for each bandwidth s; the n × m matrix is never formed. With y = null over ordered pairs i ≠ j of x. */
  rbfSums(x: Matrix, y: Matrix | null, bandwidths: readonly number[]): Float64Array;
  /**
   * Draws R places: rows uniformly (or `base`), a neighbour of each by `index` (M, k), a gap; from the children 'row', 'neighbour' and
   * 'gap' of the stream, as Stream's own `below` and `uniform` draw them.
   */
  places(rows: number | Uint32Array, index: Uint32Array, k: number, stream: Stream): Places;
  /**
   * Each column (M), NaN = missing, at the places (R): a + gap · (b − a), or the nearer end where one is missing; then moved to the
   * column's lattice, where there is one.
   */
  interpolate(columns: readonly Float64Array[], places: Places, lattices?: readonly (Lattice | null)[]): Float64Array[];
}
