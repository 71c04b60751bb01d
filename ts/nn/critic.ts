/**
 * The critic of a Wasserstein GAN with gradient penalty (Gulrajani et al. 2017), as in CTGAN (Xu et al. 2019, §4.3): linear layers with
 * LeakyReLU and dropout, one score out. It judges several rows at once, put end to end (PacGAN, Lin et al. 2018).
 *
 *   z_l = a_{l−1}·W_lᵀ + b_l,   a_l = f_l ⊙ z_l,   f_l = leaky′(z_l) ⊙ mask_l,   score = a_L·wᵀ + b
 *
 * Dimensions: P packs of rows, D numbers of a pack, L layers. assembly/penalty.ts derives the gradient of the penalty.
 */
import type { Backend, Matrix } from '../backend/backend.js';
import type { Stream } from '../random.js';
import { chainShapes, layOut, linearShapes, type Parameter, views } from './parameters.js';

export interface CriticShape {
  readonly inputs: number; // D
  readonly layers: readonly number[];
  readonly dropout: number; // share of the numbers set to 0
}

export function criticParameters({ inputs, layers }: CriticShape): Parameter[] {
  return layOut([...chainShapes('l', inputs, layers), ...linearShapes('out', layers.at(-1) ?? inputs, 1)]);
}

export interface Critic {
  /**
   * Gradients of all parameters of the critic's loss on x (3P, D): fake packs, real ones, and mixtures of both, at which the gradient is
   * held near 1. losses[slot] = mean real − mean fake score, the distance that it sees; losses[slot + 1] = the penalty.
   */
  learn(x: Matrix, penaltyWeight: number, stream: Stream, losses: Matrix, slot: number): void;
  /** dx (P, D) = gradient of −mean score of fake packs x (P, D): what a generator learns from. */
  teach(x: Matrix, stream: Stream, dx: Matrix): void;
}

/** Memory of one layer for 3P packs. */
interface Layer {
  readonly w: Matrix;
  readonly b: Matrix;
  readonly dw: Matrix;
  readonly db: Matrix;
  readonly z: Matrix; // then its gradient
  readonly f: Matrix;
  readonly a: Matrix; // then its gradient
  readonly h: Matrix; // (P, outputs) of the penalty: gradient by z on the way down
  readonly r: Matrix; // (P, outputs) on the way up
}

export function critic(backend: Backend, shape: CriticShape, weights: Matrix, gradients: Matrix, packs: number): Critic {
  const { network, generative } = backend;
  const P = packs;
  const parameters = criticParameters(shape);
  const [w, d] = [views(backend, parameters, weights), views(backend, parameters, gradients)];
  const layers = shape.layers.map((outputs, l): Layer => {
    const name = `l${l + 1}`;
    const [z, f, a] = [0, 1, 2].map(() => backend.matrix(3 * P, outputs)) as [Matrix, Matrix, Matrix];
    const [h, r] = [backend.matrix(P, outputs), backend.matrix(P, outputs)];
    return { w: w(`${name}.w`), b: w(`${name}.b`), dw: d(`${name}.w`), db: d(`${name}.b`), z, f, a, h, r };
  });
  const scores = backend.matrix(3 * P, 1);
  const filled = (values: number[]) => backend.matrix(values.length, 1, Float32Array.from(values));
  const sides = filled(Array.from({ length: 2 * P }, (_, i) => (i < P ? 1 : -1) / P)); // ∂ loss / ∂ score
  const distance = filled(Array.from({ length: 2 * P }, (_, i) => (i < P ? -1 : 1) / P));
  const [ones, praise] = [filled(new Array(P).fill(1)), filled(new Array(P).fill(-1 / P))];
  const out = { w: w('out.w'), b: w('out.b'), dw: d('out.w'), db: d('out.b') };
  const g = backend.matrix(P, shape.inputs);
  const rows = (x: Matrix, first: number, count: number) => backend.view(x, first * x.cols, count, x.cols);

  const forward = (x: Matrix, stream: Stream) => {
    let input = x;
    for (const layer of layers) {
      const [z, f, a] = [layer.z, layer.f, layer.a].map((m) => rows(m, 0, x.rows)) as [Matrix, Matrix, Matrix];
      network.linear(input, layer.w, layer.b, z);
      network.dropoutMask(f, shape.dropout, stream);
      network.activationBackward(z, f, f, 'leaky');
      network.multiply(z, f, a);
      input = a;
    }
    network.linear(input, out.w, out.b, rows(scores, 0, x.rows));
  };

  /** From dscore (R, 1) of the first R packs: gradients of the parameters, or only dx where it is given. */
  const backward = (x: Matrix, dscore: Matrix, dx: Matrix | null) => {
    const R = dscore.rows;
    const below = (l: number) => (l === 0 ? rows(x, 0, R) : rows((layers[l - 1] as Layer).a, 0, R));
    const into = (l: number) => (l === 0 ? dx : rows((layers[l - 1] as Layer).z, 0, R)); // z is needed no more
    const down = (l: number, dz: Matrix, { w, dw, db }: Pick<Layer, 'w' | 'dw' | 'db'>) => {
      if (dx) network.gemm(dz, w, into(l) as Matrix);
      else network.linearBackward(below(l), w, dz, into(l), dw, db);
    };
    down(layers.length, dscore, out);
    for (let l = layers.length - 1; l >= 0; l--) {
      const layer = layers[l] as Layer;
      const dz = rows(layer.z, 0, R);
      network.multiply(dz, rows(layer.f, 0, R), dz);
      down(l, dz, layer);
    }
  };

  /** Adds the gradient of the penalty at the last P packs. */
  const penalise = (weight: number, losses: Matrix, slot: number) => {
    const factor = (layer: Layer) => rows(layer.f, 2 * P, P);
    let from = { h: ones, w: out.w };
    for (const layer of [...layers].reverse()) {
      network.gemm(from.h, from.w, layer.h);
      network.multiply(layer.h, factor(layer), layer.h);
      from = layer;
    }
    network.gemm(from.h, from.w, g);
    generative.gradientPenalty(g, weight, g, losses, slot);
    let r = g;
    for (const layer of layers) {
      network.gemm(layer.h, r, layer.dw, { transposeA: true, accumulate: true });
      network.gemm(r, layer.w, layer.r, { transposeB: true });
      network.multiply(layer.r, factor(layer), layer.r);
      r = layer.r;
    }
    network.gemm(ones, r, out.dw, { transposeA: true, accumulate: true });
  };

  return {
    learn: (x, penaltyWeight, stream, losses, slot) => {
      forward(x, stream);
      network.gemm(distance, rows(scores, 0, 2 * P), backend.view(losses, slot, 1, 1), { transposeA: true });
      backward(x, sides, null);
      penalise(penaltyWeight, losses, slot + 1);
    },
    teach: (x, stream, dx) => {
      forward(x, stream);
      backward(x, praise, dx);
    },
  };
}
