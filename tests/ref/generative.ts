/** Naive float64 oracles of the networks of CTGAN and TVAE: losses as functions of all parameters, for finite differences. */
import type { Head } from '../../ts/backend/ops-generative.js';
import type { Parameter } from '../../ts/nn/parameters.js';
import { crossEntropy, linear, type Numbers, softmaxRow } from './network.js';

type Lookup = (name: string) => { values: Numbers; rows: number; cols: number };

/** The parameters of a block by name. */
export const lookup =
  (parameters: readonly Parameter[], block: Numbers): Lookup =>
  (name) => {
    const { offset, rows, cols } = parameters.find((p) => p.name === name) as Parameter;
    return { values: Array.from(block).slice(offset, offset + rows * cols), rows, cols };
  };

function layer(p: Lookup, name: string, B: number, x: Numbers): Float64Array {
  const w = p(`${name}.w`);
  return linear(B, w.cols, w.rows, x, w.values, p(`${name}.b`).values).value;
}

const part = (x: Numbers, from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => x[from + i] as number);

/** −(mean real − mean fake) and the penalty of packs (3P, D): fake, real, mixed; masks (3P, outputs) of each layer. */
export function criticLoss(p: Lookup, L: number, packs: number, x: Numbers, masks: readonly Numbers[], weight: number) {
  const rows = 3 * packs;
  let a: Numbers = x;
  const factors: number[][] = [];
  for (let l = 1; l <= L; l++) {
    const z = layer(p, `l${l}`, rows, a);
    const f = Array.from(z, (v, i) => (v > 0 ? 1 : 0.2) * (masks[l - 1]![i] as number));
    factors.push(f);
    a = z.map((v, i) => v * f[i]!);
  }
  const scores = layer(p, 'out', rows, a);
  const mean = (from: number) => part(scores, from, from + packs).reduce((s, v) => s + v, 0) / packs;
  let penalty = 0;
  const gradients: number[][] = [];
  for (let i = 2 * packs; i < rows; i++) {
    let g = Array.from(p('out.w').values);
    for (let l = L; l >= 1; l--) {
      const { values, rows: O, cols: I } = p(`l${l}.w`);
      const h = g.map((v, j) => v * factors[l - 1]![i * O + j]!);
      g = Array.from({ length: I }, (_, k) => h.reduce((s, v, j) => s + v * (values[j * I + k] as number), 0));
    }
    gradients.push(g);
    penalty += (weight * (Math.hypot(...g) - 1) ** 2) / packs;
  }
  return { scores, distance: mean(packs) - mean(0), penalty, gradients };
}

/** Output of the residual network on a batch; also what normalisation made, and the moments of each layer's batch. */
export function residualOutput(p: Lookup, L: number, B: number, x: Numbers) {
  let h = Array.from(x);
  const moments: { mean: number[]; variance: number[]; out: number[] }[] = [];
  for (let l = 1; l <= L; l++) {
    const z = layer(p, `l${l}`, B, h);
    const [O, I] = [z.length / B, h.length / B];
    const [gamma, beta] = [p(`l${l}.gamma`).values, p(`l${l}.beta`).values];
    const mean = Array.from({ length: O }, (_, j) => Array.from({ length: B }, (_, i) => z[i * O + j]!).reduce((s, v) => s + v, 0) / B);
    const variance = mean.map((m, j) => Array.from({ length: B }, (_, i) => (z[i * O + j]! - m) ** 2).reduce((s, v) => s + v, 0) / B);
    const out = Array.from(
      z,
      (v, i) => ((v - mean[i % O]!) / Math.sqrt(variance[i % O]! + 1e-5)) * (gamma[i % O] as number) + (beta[i % O] as number),
    );
    moments.push({ mean, variance, out });
    h = Array.from({ length: B }, (_, i) => [
      ...out.slice(i * O, (i + 1) * O).map((v) => Math.max(0, v)),
      ...h.slice(i * I, (i + 1) * I),
    ]).flat();
  }
  return { output: layer(p, 'out', B, h), moments };
}

/** tanh, or softmax((x + noise) / tau), head by head. */
export function headsOutput(heads: readonly Head[], W: number, x: Numbers, noise: Numbers | null, tau: number): number[] {
  const out: number[] = [];
  for (let i = 0; i < x.length / W; i++) {
    for (const { kind, start, width } of heads) {
      const at = i * W + start;
      const span = part(x, at, at + width);
      if (kind === 'tanh') out.push(Math.tanh(span[0]!));
      else out.push(...softmaxRow(span.map((v, j) => (v + (noise ? (noise[at + j] as number) : 0)) / tau)));
    }
  }
  return out;
}

/** factor / B · Σ of the Gaussian and the categorical negative log-likelihood. */
export function reconstruction(heads: readonly Head[], W: number, x: Numbers, t: Numbers, sigma: Numbers, factor: number): number {
  const B = x.length / W;
  let total = 0;
  for (let i = 0; i < B; i++) {
    for (const { kind, start, width } of heads) {
      const at = i * W + start;
      if (kind === 'tanh') {
        const s = sigma[start] as number;
        total += (Math.tanh(x[at] as number) - (t[at] as number)) ** 2 / (2 * s * s) + Math.log(s);
      } else {
        const target = part(t, at, at + width);
        total += crossEntropy(1, width, part(x, at, at + width), [target.indexOf(Math.max(...target))]);
      }
    }
  }
  return (factor * total) / B;
}

export function divergence(mu: Numbers, lambda: Numbers, B: number): number {
  return Array.from(mu, (m, i) => m * m + Math.exp(lambda[i] as number) - (lambda[i] as number) - 1).reduce((s, v) => s + v, 0) / 2 / B;
}

/** Both losses of the autoencoder, with ReLU between the layers. */
export function autoencoderLoss(
  p: Lookup,
  shape: { encoder: readonly number[]; decoder: readonly number[]; latent: number; width: number },
  heads: readonly Head[],
  x: Numbers,
  c: Numbers,
  epsilon: Numbers,
  factor: number,
) {
  const B = x.length / shape.width;
  const relu = (values: Float64Array) => values.map((v) => Math.max(0, v));
  let h: Numbers = x;
  shape.encoder.forEach((_, l) => {
    h = relu(layer(p, `encoder${l + 1}`, B, h));
  });
  const [mu, lambda] = [layer(p, 'mu', B, h), layer(p, 'lambda', B, h)];
  const z = mu.map((m, i) => m + (epsilon[i] as number) * Math.exp(lambda[i]! / 2));
  const [L, C] = [shape.latent, c.length / B];
  h = Array.from({ length: B }, (_, i) => [...z.slice(i * L, (i + 1) * L), ...part(c, i * C, (i + 1) * C)]).flat();
  shape.decoder.forEach((_, l) => {
    h = relu(layer(p, `decoder${l + 1}`, B, h));
  });
  const output = layer(p, 'out', B, h);
  const sigma = p('sigma').values;
  return {
    mu,
    lambda,
    output,
    reconstruction: reconstruction(heads, shape.width, output, x, sigma, factor),
    divergence: divergence(mu, lambda, B),
  };
}
