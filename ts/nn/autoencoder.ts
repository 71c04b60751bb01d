/**
 * The networks of TVAE (Xu et al. 2019, §4), a variational autoencoder (Kingma & Welling 2014) of mixed rows. ReLU between layers:
 *
 *   h = encoder(x),   μ = h·W_μᵀ + b_μ,   λ = h·W_λᵀ + b_λ,   z = μ + ε·e^(λ/2),   x̂ = decoder([z, c])
 *
 * λ is the log variance, c a condition, or nothing. The decoder's heads are means of Gaussians with learned deviations σ, and categories.
 * Dimensions: B batch rows, W columns, L latent numbers, C columns of the condition.
 */
import type { Backend, Matrix } from '../backend/backend.js';
import type { Heads } from '../backend/ops-generative.js';
import { chainShapes, layOut, linearShapes, type Parameter, type ParameterShape, sizeOf, views } from './parameters.js';

export interface AutoencoderShape {
  readonly width: number; // W
  readonly encoder: readonly number[];
  readonly latent: number; // L
  readonly condition: number; // C, 0 = none
  readonly decoder: readonly number[];
}

/** What the decoder is made of. */
export type DecoderShape = Omit<AutoencoderShape, 'encoder'>;

const decoderShapes = ({ width, latent, condition, decoder }: DecoderShape): ParameterShape[] => [
  ...chainShapes('decoder', latent + condition, decoder),
  ...linearShapes('out', decoder.at(-1) ?? latent + condition, width),
  ['sigma', 1, width],
];

/** Those of the decoder are the last ones. */
export function autoencoderParameters(shape: AutoencoderShape): Parameter[] {
  const { width, encoder, latent } = shape;
  const top = encoder.at(-1) ?? width;
  return layOut([
    ...chainShapes('encoder', width, encoder),
    ...linearShapes('mu', top, latent),
    ...linearShapes('lambda', top, latent),
    ...decoderShapes(shape),
  ]);
}

/** The decoder's, in a block of their own: all that drawing needs. */
export const decoderParameters = (shape: DecoderShape): Parameter[] => layOut(decoderShapes(shape));

/** Of a block of all parameters those of the decoder. */
export const decoderWeights = (weights: Float32Array, shape: DecoderShape): Float32Array =>
  weights.slice(-sizeOf(decoderParameters(shape)));

/** Bounds of a learned deviation, and where it starts. */
const [SIGMA_LOW, SIGMA_HIGH] = [0.01, 1] as const;
export const AUTOENCODER_START = { sigma: () => 0.1 };

export interface Autoencoder {
  /**
   * Gradients of all parameters on x (B, W) with conditions c (B, C; null where C = 0) and noise ε (B, L). losses[slot] =
   * reconstruction loss times `factor`, losses[slot + 1] = divergence from N(0, 1). Brings σ into its bounds first.
   */
  learn(heads: Heads, x: Matrix, c: Matrix | null, epsilon: Matrix, factor: number, losses: Matrix, slot: number): void;
}

/** A run of linear layers with ReLU; input is not kept. */
function chain(backend: Backend, prefix: string, widths: readonly number[], batch: number, w: View, d: View | null) {
  const { network } = backend;
  const h = widths.map((width) => backend.matrix(batch, width));
  const dh = d ? widths.map((width) => backend.matrix(batch, width)) : [];
  const L = widths.length;
  return {
    top: (input: Matrix) => h[L - 1] ?? input,
    dTop: dh[L - 1],
    forward: (input: Matrix) => {
      h.forEach((y, l) => {
        network.linear(h[l - 1] ?? input, w(`${prefix}${l + 1}.w`), w(`${prefix}${l + 1}.b`), y, 'relu');
      });
    },
    /** From `dTop`, which the caller has filled; dInput (B, inputs) when given. */
    backward: (input: Matrix, dInput: Matrix | null) => {
      for (let l = L - 1; l >= 0; l--) {
        const dz = dh[l] as Matrix;
        network.activationBackward(h[l] as Matrix, dz, dz, 'relu');
        const [below, dBelow] = [h[l - 1] ?? input, l > 0 ? (dh[l - 1] as Matrix) : dInput];
        const name = `${prefix}${l + 1}`;
        network.linearBackward(below, w(`${name}.w`), dz, dBelow, (d as View)(`${name}.w`), (d as View)(`${name}.b`));
      }
    },
  };
}

type View = (name: string) => Matrix;

export function autoencoder(backend: Backend, shape: AutoencoderShape, weights: Matrix, gradients: Matrix, batch: number): Autoencoder {
  const { network, generative } = backend;
  const { width, latent, condition } = shape;
  const parameters = autoencoderParameters(shape);
  const [w, d] = [views(backend, parameters, weights), views(backend, parameters, gradients)];
  const encoder = chain(backend, 'encoder', shape.encoder, batch, w, d);
  const decoder = chain(backend, 'decoder', shape.decoder, batch, w, d);
  const make = (cols: number) => backend.matrix(batch, cols);
  const [mu, lambda, z, dz, dLambda] = [0, 1, 2, 3, 4].map(() => make(latent)) as [Matrix, Matrix, Matrix, Matrix, Matrix];
  const [seed, dSeed] = [make(latent + condition), make(latent + condition)]; // [z, c]
  const [output, dOutput] = [make(width), make(width)];
  const side = encoder.dTop && backend.matrix(batch, encoder.dTop.cols); // what reaches the encoder through λ

  return {
    learn: (heads, x, c, epsilon, factor, losses, slot) => {
      network.clamp(w('sigma'), SIGMA_LOW, SIGMA_HIGH);
      encoder.forward(x);
      const h = encoder.top(x);
      network.linear(h, w('mu.w'), w('mu.b'), mu);
      network.linear(h, w('lambda.w'), w('lambda.b'), lambda);
      generative.reparameterise(mu, lambda, epsilon, z);
      network.placeColumns(z, 0, seed);
      if (c) network.placeColumns(c, latent, seed);
      decoder.forward(seed);
      const top = decoder.top(seed);
      network.linear(top, w('out.w'), w('out.b'), output);
      generative.reconstructionLoss(heads, output, x, w('sigma'), factor, dOutput, d('sigma'), losses, slot);

      network.linearBackward(top, w('out.w'), dOutput, decoder.dTop ?? dSeed, d('out.w'), d('out.b'));
      decoder.backward(seed, dSeed);
      network.takeColumns(dSeed, 0, dz);
      generative.latentBackward(mu, lambda, epsilon, dz, dz, dLambda, losses, slot + 1);
      network.linearBackward(h, w('mu.w'), dz, encoder.dTop ?? null, d('mu.w'), d('mu.b'));
      network.linearBackward(h, w('lambda.w'), dLambda, side ?? null, d('lambda.w'), d('lambda.b'));
      if (encoder.dTop && side) network.add(encoder.dTop, side, encoder.dTop);
      encoder.backward(x, null);
    },
  };
}

/** The trained decoder, by its own block of weights: raw heads (B, W) of seeds [z, c] (B, L + C). */
export function decoderOf(backend: Backend, shape: DecoderShape, weights: Matrix, batch: number) {
  const w = views(backend, decoderParameters(shape), weights);
  const decoder = chain(backend, 'decoder', shape.decoder, batch, w, null);
  return {
    sigma: w('sigma'),
    decode: (seed: Matrix, output: Matrix) => {
      decoder.forward(seed);
      backend.network.linear(decoder.top(seed), w('out.w'), w('out.b'), output);
    },
  };
}
