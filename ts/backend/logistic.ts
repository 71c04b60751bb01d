/** Logistic regression on one number in float64, for the recalibration and the scaling of probabilities. Dimensions: N rows. */
import type { SpecialOps } from './ops-special.js';

/** logit P(y = 1) = intercept + slope · x */
export interface LogisticLine {
  readonly intercept: number;
  readonly slope: number;
}

/** Probabilities of 0 and 1, whose logit is infinite, are moved inside by this much. */
const CLIP = 1e-6;

/** log(p / (1 − p)) of the clipped probabilities; (N). */
export function logits(p: ArrayLike<number>, special: Pick<SpecialOps, 'log' | 'log1p'>): Float64Array {
  return Float64Array.from(p, (value) => {
    const inside = Math.min(1 - CLIP, Math.max(CLIP, value));
    return special.log(inside) - special.log1p(-inside);
  });
}

/**
 * The line of maximum likelihood for targets (N) in 0 … 1 on x (N). The caller sees to it that there is one: targets strictly
 * inside 0 … 1, or classes of 0 and 1 that overlap in x. Where all x are equal the slope is 0.
 */
export function fitLogisticLine(targets: ArrayLike<number>, x: Float64Array, special: SpecialOps): LogisticLine {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const spread = Math.sqrt(x.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / x.length);
  if (!(spread > 1e-12 * Math.abs(mean))) {
    const share = Array.from(targets).reduce((sum, value) => sum + value, 0) / targets.length;
    return { intercept: special.log(share) - special.log1p(-share), slope: 0 };
  }
  const { a, b } = newton(
    targets,
    x.map((value) => (value - mean) / spread),
    special,
  );
  return { intercept: a - (b * mean) / spread, slope: b / spread };
}

/** Minimises Σ softplus(a + b·x) − y·(a + b·x) by Newton's method with halved steps; x standardised. */
function newton(y: ArrayLike<number>, x: Float64Array, special: SpecialOps): { a: number; b: number } {
  const softplus = (t: number) => Math.max(t, 0) + special.log1p(special.exp(-Math.abs(t)));
  const loss = (a: number, b: number) => x.reduce((sum, v, i) => sum + softplus(a + b * v) - (y[i] as number) * (a + b * v), 0);
  let [a, b] = [0, 0];
  let current = loss(a, b);
  for (let round = 0; round < 100; round++) {
    let [ga, gb, haa, hab, hbb] = [0, 0, 0, 0, 0];
    for (let i = 0; i < x.length; i++) {
      const v = x[i] as number;
      const q = special.sigmoid(a + b * v);
      const w = q * (1 - q);
      ga += q - (y[i] as number);
      gb += (q - (y[i] as number)) * v;
      haa += w;
      hab += w * v;
      hbb += w * v * v;
    }
    const determinant = haa * hbb - hab * hab;
    if (!(determinant > 0)) break;
    const da = (hbb * ga - hab * gb) / determinant;
    const db = (haa * gb - hab * ga) / determinant;
    if (Math.abs(da) + Math.abs(db) <= 1e-8 * (1 + Math.abs(a) + Math.abs(b))) {
      return { a: a - da, b: b - db }; // convergence is quadratic: what is left is below rounding
    }
    let step = 1;
    let next = loss(a - da, b - db);
    for (; !(next <= current) && step > 1e-9; next = loss(a - step * da, b - step * db)) step /= 2;
    if (!(next <= current)) break; // as low as rounding lets it be
    a -= step * da;
    b -= step * db;
    current = next;
  }
  return { a, b };
}
