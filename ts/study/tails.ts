/** Tail probabilities and quantiles for tests on ranks, for whole degrees of freedom: finite sums of positive terms, so that nothing cancels. */
import type { SpecialOps } from '../backend/ops-special.js';

type Exponential = Pick<SpecialOps, 'exp' | 'log' | 'lgamma'>;

/** P(χ² ≥ x) with `df` degrees of freedom: Q(a + 1, h) = Q(a, h) + hᵃ e⁻ʰ / Γ(a + 1), h = x/2, from Q(½, h) = erfc √h or Q(1, h) = e⁻ʰ. */
export function chiSquaredTail(x: number, df: number, special: Exponential & Pick<SpecialOps, 'erfc'>): number {
  if (!(x > 0)) return x <= 0 ? 1 : Number.NaN;
  const h = x / 2;
  let a = df % 2 === 0 ? 1 : 0.5;
  let tail = a === 1 ? special.exp(-h) : special.erfc(Math.sqrt(h));
  let term = special.exp(a * special.log(h) - h - special.lgamma(a + 1));
  for (; a < df / 2; a++) {
    tail += term;
    term *= h / (a + 1);
  }
  return Math.min(1, tail);
}

/**
 * P(F ≥ f) with `df1` and `df2` degrees of freedom, that is I_y(a, df1/2) with a = df2/2, y = df2 / (df2 + df1·f):
 * I_y(a, b + 1) = I_y(a, b) + yᵃ (1 − y)ᵇ Γ(a + b) / (Γ(a) Γ(b + 1)), from I_y(a, ½), which is Student's t, or I_y(a, 1) = yᵃ.
 */
export function fTail(f: number, df1: number, df2: number, special: Exponential & Pick<SpecialOps, 'log1p' | 'studentT'>): number {
  if (!(f > 0)) return f <= 0 ? 1 : Number.NaN;
  if (f === Number.POSITIVE_INFINITY) return 0;
  const a = df2 / 2;
  const odds = (df1 * f) / df2; // (1 − y) / y
  const logY = -special.log1p(odds);
  const rest = odds / (1 + odds); // 1 − y
  let b = df1 % 2 === 0 ? 1 : 0.5;
  let tail = b === 1 ? special.exp(a * logY) : special.studentT(Math.sqrt(df1 * f), df2);
  let term = special.exp(a * logY + b * special.log(rest) + special.lgamma(a + b) - special.lgamma(a) - special.lgamma(b + 1));
  for (; b < df1 / 2; b++) {
    tail += term;
    term *= (rest * (a + b)) / (b + 1);
  }
  return Math.min(1, tail);
}

const ROOT_2PI = Math.sqrt(2 * Math.PI);

/** The range of `k` standard normal numbers that is passed with probability `level`. */
export function rangeQuantile(k: number, level: number, special: Pick<SpecialOps, 'exp' | 'ndtr'>): number {
  let [low, high] = [0, 40];
  while (high - low > 1e-10) {
    const middle = (low + high) / 2;
    if (1 - rangeBelow(middle, k, special) > level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** P(range ≤ q) = k ∫ φ(z) (Φ(z) − Φ(z − q))ᵏ⁻¹ dz, z the greatest; the trapezoid rule, which is exact on so smooth a bell. */
function rangeBelow(q: number, k: number, { exp, ndtr }: Pick<SpecialOps, 'exp' | 'ndtr'>): number {
  let sum = 0;
  for (let i = -288; i <= 288; i++) {
    const z = i / 32;
    const between = ndtr(z) - ndtr(z - q);
    let power = 1;
    for (let other = 1; other < k; other++) power *= between;
    sum += exp((-z * z) / 2) * power;
  }
  return (k * sum) / 32 / ROOT_2PI;
}
