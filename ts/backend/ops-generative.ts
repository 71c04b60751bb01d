/**
 * What networks need that make mixed rows in one go: output heads, the losses of CTGAN and TVAE (Xu et al. 2019), and the gradient
 * penalty of a Wasserstein critic (Gulrajani et al. 2017).
 *
 * Dimensions: B batch rows, W columns, L latent numbers, P rows that a critic judges, D numbers of each.
 */
import type { Stream } from '../random.js';
import type { Matrix, Words } from './backend.js';

/** A number (tanh, one column) or a category (softmax over its span of columns). */
export interface Head {
  readonly kind: 'tanh' | 'softmax';
  readonly start: number;
  readonly width: number;
}

/** Heads on the backend; together they cover rows of `width` columns. */
export interface Heads {
  readonly table: Words; // (H · 3): kind, first column, width
  readonly list: readonly Head[];
  readonly width: number; // W
}

export interface GenerativeOps {
  /** Puts the heads' places on the backend (below the caller's mark); they must follow one another without gaps. */
  heads(list: readonly Head[]): Heads;
  /** Gumbel noise −ln(−ln u). */
  gumbel(out: Matrix, stream: Stream): void;
  /** out = tanh(x), or softmax((x + noise) / tau) over a span (Jang, Gu & Poole 2017); all (B, W), noise null for none. */
  headsForward(heads: Heads, x: Matrix, noise: Matrix | null, tau: number, out: Matrix): void;
  /** dx from dy and the outputs y; dx may be dy. */
  headsBackward(heads: Heads, y: Matrix, dy: Matrix, tau: number, dx: Matrix): void;
  /**
   * loss[slot] = mean over rows of −ln softmax(x)[target] in one span of each row; its gradient is added to dx. spans (B · 3): first column,
   * width, target within.
   */
  conditionLoss(x: Matrix, spans: Words, dx: Matrix, loss: Matrix, slot: number): void;
  /**
   * loss[slot] = factor / B · Σ of (t − tanh x)² / 2σ² + ln σ of numbers and the cross-entropy of categories with the greatest of t. x, t and
   * dx (B, W), sigma and dsigma (1, W); overwrites the gradients.
   */
  reconstructionLoss(
    heads: Heads,
    x: Matrix,
    t: Matrix,
    sigma: Matrix,
    factor: number,
    dx: Matrix,
    dsigma: Matrix,
    loss: Matrix,
    slot: number,
  ): void;
  /** z = μ + ε·e^(λ/2), λ the log variance; all (B, L) (Kingma & Welling 2014). */
  reparameterise(mu: Matrix, lambda: Matrix, epsilon: Matrix, z: Matrix): void;
  /** loss[slot] = KL(N(μ, e^λ) ‖ N(0, 1)) / B; dmu and dlambda from it and from dz, the gradient through z. dmu may be dz. */
  latentBackward(mu: Matrix, lambda: Matrix, epsilon: Matrix, dz: Matrix, dmu: Matrix, dlambda: Matrix, loss: Matrix, slot: number): void;
  /** loss[slot] = weight · mean (‖g‖ − 1)² over rows; r = its gradient by g. g and r (P, D); r may be g. */
  gradientPenalty(g: Matrix, weight: number, r: Matrix, loss: Matrix, slot: number): void;
  /** out = u·a + (1 − u)·b, one u of each row: u (P, 1), the rest (P, D). */
  mixRows(u: Matrix, a: Matrix, b: Matrix, out: Matrix): void;
}
