/**
 * The flow from standard normal noise z to normal rows x of mean μ and covariance Σ, along x_t = (1 − t) z + t x. Its velocity is linear,
 * E[x − z | x_t] = μ + E diag((t λ − (1 − t)) / σ_t²) Eᵀ (x_t − t μ), with the eigenvectors E and eigenvalues λ of Σ and
 * σ_t² = t² λ + (1 − t)², and so is the way of a row: from t to s each eigenvector's share of x_t − t μ grows by σ_s / σ_t.
 *
 * Dimensions: N rows, W columns.
 */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

export interface LinearFlow {
  readonly mean: Float64Array; // μ (W)
  readonly vectors: Float64Array; // E (W, W), an eigenvector a column
  readonly variances: Float64Array; // λ (W)
}

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

/** velocity (R, W) −= the linear velocity at rows x (R, W) of time t. A missing number counts as the mean. */
export function subtractLinear({ mean, vectors, variances }: LinearFlow, x: Float32Array, t: number, velocity: Float32Array): void {
  const factors = variances.map((variance) => (t * variance - (1 - t)) / varianceAt(variance, t));
  eachRow(mean, vectors, factors, x, t, (at, share) => {
    for (let c = 0; c < mean.length; c++) velocity[at + c] = (velocity[at + c] as number) - (mean[c] as number) - (share[c] as number);
  });
}

/** Moves rows x (R, W) from time t to `next`; what is missing stays so. */
export function followLinear({ mean, vectors, variances }: LinearFlow, x: Float32Array, t: number, next: number): void {
  const factors = variances.map((variance) => Math.sqrt(varianceAt(variance, next) / varianceAt(variance, t)));
  eachRow(mean, vectors, factors, x, t, (at, share) => {
    for (let c = 0; c < mean.length; c++) if (!Number.isNaN(x[at + c])) x[at + c] = next * (mean[c] as number) + (share[c] as number);
  });
}

/** σ_t² */
const varianceAt = (variance: number, t: number): number => t * t * variance + (1 - t) * (1 - t);

/** Calls `use` with each row's place and E diag(factors) Eᵀ (x − t μ), (W). */
function eachRow(
  mean: Float64Array,
  vectors: Float64Array,
  factors: Float64Array,
  x: Float32Array,
  t: number,
  use: (at: number, share: Float64Array) => void,
): void {
  const W = mean.length;
  const [turned, share] = [new Float64Array(W), new Float64Array(W)];
  for (let at = 0; at < x.length; at += W) {
    turned.fill(0);
    for (let c = 0; c < W; c++) {
      const away = (x[at + c] as number) - t * (mean[c] as number);
      if (Number.isNaN(away)) continue;
      for (let k = 0; k < W; k++) turned[k] = (turned[k] as number) + (vectors[c * W + k] as number) * away;
    }
    for (let k = 0; k < W; k++) turned[k] = (turned[k] as number) * (factors[k] as number);
    for (let c = 0; c < W; c++) {
      let sum = 0;
      for (let k = 0; k < W; k++) sum += (vectors[c * W + k] as number) * (turned[k] as number);
      share[c] = sum;
    }
    use(at, share);
  }
}
