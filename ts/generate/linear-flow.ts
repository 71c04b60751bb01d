/**
 * The flow from standard normal noise z to normal rows x of mean μ and covariance Σ, along x_t = (1 − t) z + t x. Its velocity is linear,
 * E[x − z | x_t] = μ + E diag((t λ − (1 − t)) / σ_t²) Eᵀ (x_t − t μ), with the eigenvectors E and eigenvalues λ of Σ and
 * σ_t² = t² λ + (1 − t)², and so is the way of a row: from t to s each eigenvector's share of x_t − t μ grows by σ_s / σ_t.
 *
 * linear-flow-fit.ts fits it. Dimensions: R rows, W columns.
 */
export interface LinearFlow {
  readonly mean: Float64Array; // μ (W)
  readonly vectors: Float64Array; // E (W, W), an eigenvector a column
  readonly variances: Float64Array; // λ (W)
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
