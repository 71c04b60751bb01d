/** Naive float64 oracles of the network operations, for comparison and for finite differences. Matrices are row-major. */

export type Numbers = ArrayLike<number>;

/** Element (i, j) of op(x) for a row-major x with `cols` columns. */
const at = (x: Numbers, cols: number, i: number, j: number, transpose: boolean): number =>
  x[transpose ? j * cols + i : i * cols + j] as number;

export interface Product {
  readonly value: Float64Array; // (M, N)
  readonly magnitude: Float64Array; // (M, N), Σ|a||b| + |from|: what a rounding error is relative to
}

/** from + op(a)·op(b); op(a) (M, K), op(b) (K, N). */
export function gemm(
  M: number,
  N: number,
  K: number,
  a: Numbers,
  b: Numbers,
  { transposeA = false, transposeB = false, from }: { transposeA?: boolean; transposeB?: boolean; from?: Numbers } = {},
): Product {
  const value = new Float64Array(M * N);
  const magnitude = new Float64Array(M * N);
  for (let i = 0; i < M; i++) {
    for (let j = 0; j < N; j++) {
      let sum = from ? (from[i * N + j] as number) : 0;
      let size = Math.abs(sum);
      for (let k = 0; k < K; k++) {
        const term = at(a, transposeA ? M : K, i, k, transposeA) * at(b, transposeB ? K : N, k, j, transposeB);
        sum += term;
        size += Math.abs(term);
      }
      value[i * N + j] = sum;
      magnitude[i * N + j] = size;
    }
  }
  return { value, magnitude };
}

export const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

export const act: Readonly<Record<'none' | 'relu' | 'silu' | 'leaky' | 'tanh', (z: number) => number>> = {
  none: (z) => z,
  relu: (z) => Math.max(0, z),
  silu: (z) => z * sigmoid(z),
  leaky: (z) => (z > 0 ? z : 0.2 * z),
  tanh: Math.tanh,
};

export const actDerivative: Readonly<Record<'none' | 'relu' | 'silu' | 'leaky' | 'tanh', (z: number) => number>> = {
  none: () => 1,
  relu: (z) => (z > 0 ? 1 : 0),
  silu: (z) => sigmoid(z) * (1 + z * (1 - sigmoid(z))),
  leaky: (z) => (z > 0 ? 1 : 0.2),
  tanh: (z) => 1 - Math.tanh(z) ** 2,
};

/** Pre-activations x·wᵀ + b; x (B, I), w (O, I), b (O). */
export function linear(B: number, I: number, O: number, x: Numbers, w: Numbers, b: Numbers | null): Product {
  const from = b ? Float64Array.from({ length: B * O }, (_, i) => b[i % O] as number) : undefined;
  return gemm(B, O, I, x, w, { transposeB: true, ...(from ? { from } : {}) });
}

/** Mean squared error. */
export function mse(p: Numbers, y: Numbers): number {
  let sum = 0;
  for (let i = 0; i < p.length; i++) sum += ((p[i] as number) - (y[i] as number)) ** 2;
  return sum / p.length;
}

/** Softmax of one row. */
export function softmaxRow(x: readonly number[]): number[] {
  const most = Math.max(...x);
  const e = x.map((v) => Math.exp(v - most));
  const sum = e.reduce((a, b) => a + b, 0);
  return e.map((v) => v / sum);
}

/** Mean cross-entropy of softmax(x) (B, K) against classes (B). */
export function crossEntropy(B: number, K: number, x: Numbers, classes: Numbers): number {
  let total = 0;
  for (let i = 0; i < B; i++) {
    const row = Array.from({ length: K }, (_, j) => x[i * K + j] as number);
    const most = Math.max(...row);
    total += most + Math.log(row.reduce((s, v) => s + Math.exp(v - most), 0)) - (row[classes[i] as number] as number);
  }
  return total / B;
}

/** Central differences of `f` at `x`, one coordinate at a time. */
export function numericGradient(f: (x: Float64Array) => number, x: Numbers, h = 1e-5): Float64Array {
  const point = Float64Array.from(x);
  return point.map((v, i) => {
    point[i] = v + h;
    const up = f(point);
    point[i] = v - h;
    const down = f(point);
    point[i] = v;
    return (up - down) / (2 * h);
  });
}

export interface AdamState {
  readonly w: Float64Array;
  readonly m: Float64Array;
  readonly v: Float64Array;
}

/** One AdamW step in place. */
export function adamw(
  { w, m, v }: AdamState,
  g: Numbers,
  eta: number,
  b1: number,
  b2: number,
  eps: number,
  decay: number,
  t: number,
): void {
  for (let i = 0; i < w.length; i++) {
    const gi = g[i] as number;
    m[i] = b1 * m[i]! + (1 - b1) * gi;
    v[i] = b2 * v[i]! + (1 - b2) * gi * gi;
    const mHat = m[i]! / (1 - b1 ** t);
    const vHat = v[i]! / (1 - b2 ** t);
    w[i] = w[i]! * (1 - eta * decay) - (eta * mHat) / (Math.sqrt(vHat) + eps);
  }
}
