/** The fit of a linear flow: mean and covariance of rows. Dimensions: N rows, W columns. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { LinearFlow } from './linear-flow.js';

/**
 * Of rows (N, W), NaN = missing. A missing number counts as the mean, and columns are then stretched to the variance of what is there.
 * Covariances of few rows are little known: they are drawn towards 0 by W / (N + W).
 */
export function fitLinearFlow(rows: Float32Array, W: number): LinearFlow {
  const N = W === 0 ? 0 : rows.length / W;
  const mean = new Float64Array(W);
  const centred = new Float64Array(rows.length);
  for (let c = 0; c < W; c++) {
    let [sum, there] = [0, 0];
    for (let at = c; at < rows.length; at += W) {
      if (Number.isNaN(rows[at])) continue;
      sum += rows[at] as number;
      there++;
    }
    if (there === 0) continue;
    mean[c] = sum / there;
    const stretch = Math.sqrt(N / there);
    for (let at = c; at < rows.length; at += W) {
      if (!Number.isNaN(rows[at])) centred[at] = ((rows[at] as number) - (mean[c] as number)) * stretch;
    }
  }
  if (W === 0) return { mean, vectors: new Float64Array(0), variances: new Float64Array(0) };
  const { eigenvectorMatrix, realEigenvalues } = new EigenvalueDecomposition(covariance(centred, W), { assumeSymmetric: true });
  const vectors = Float64Array.from(eigenvectorMatrix.to1DArray());
  return { mean, vectors, variances: Float64Array.from(realEigenvalues, (value) => Math.max(value, 0)) };
}

/** Of centred rows (N, W), shrunk off the diagonal. */
function covariance(centred: Float64Array, W: number): Matrix {
  const N = centred.length / W;
  const out = Matrix.zeros(W, W);
  for (let a = 0; a < W; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = 0;
      for (let row = 0; row < centred.length; row += W) sum += (centred[row + a] as number) * (centred[row + b] as number);
      const value = a === b ? sum / N : sum / (N + W); // N / (N + W) of sum / N
      out.set(a, b, value);
      out.set(b, a, value);
    }
  }
  return out;
}
