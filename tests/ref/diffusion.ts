/** Multinomial diffusion and TabDDPM's loss in float64, written from the definitions, one row and one column at a time. */

export interface CategoryCase {
  readonly levels: number;
  readonly t: number;
  readonly x0: number;
  readonly xt: number;
}

/** q(x_s | x_t, p0) for p0 of any kind; p0 itself before t = 0. */
export function posterior(alphaBar: ArrayLike<number>, t: number, s: number, p0: readonly number[], xt: number): number[] {
  if (s < 0) return [...p0];
  const k = p0.length;
  const abarS = alphaBar[s]!;
  const alpha = alphaBar[t]! / abarS;
  const w = p0.map((p, j) => ((j === xt ? alpha : 0) + (1 - alpha) / k) * (abarS * p + (1 - abarS) / k));
  const sum = w.reduce((a, b) => a + b);
  return w.map((v) => v / sum);
}

export function softmax(logits: readonly number[]): number[] {
  const top = Math.max(...logits);
  const e = logits.map((l) => Math.exp(l - top));
  const sum = e.reduce((a, b) => a + b);
  return e.map((v) => v / sum);
}

export const oneHot = (k: number, code: number): number[] => Array.from({ length: k }, (_, j) => (j === code ? 1 : 0));

export const divergence = (q: readonly number[], p: readonly number[]): number =>
  q.reduce((sum, v, j) => (v > 0 ? sum + v * (Math.log(v) - Math.log(p[j]!)) : sum), 0);

/** T·L_t + KL_prior of one row and column, L_0 = −log p0[x0]. */
export function categoryLoss(alphaBar: ArrayLike<number>, steps: number, c: CategoryCase, logits: readonly number[]): number {
  const even = oneHot(c.levels, 0).map(() => 1 / c.levels);
  const last = alphaBar[steps - 1]!;
  const prior = divergence(
    oneHot(c.levels, c.x0).map((v) => last * v + (1 - last) / c.levels),
    even,
  );
  const truth = posterior(alphaBar, c.t, c.t - 1, oneHot(c.levels, c.x0), c.xt);
  const model = posterior(alphaBar, c.t, c.t - 1, softmax(logits), c.xt);
  return steps * divergence(truth, model) + prior;
}
