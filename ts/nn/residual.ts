/**
 * The generator network of CTGAN (Xu et al. 2019, §4.3): residual layers, each of which puts what it makes before what it was given,
 *
 *   h_{l+1} = [relu(batch norm(h_l·W_lᵀ + b_l)), h_l],   output = h_L·Wᵀ + b
 *
 * Dimensions: B batch rows, I inputs, O outputs, L layers.
 */
import type { Backend, Matrix } from '../backend/backend.js';
import type { BatchNorm } from '../backend/ops-network.js';
import { layOut, linearShapes, type Parameter, type ParameterShape, views } from './parameters.js';

export interface ResidualShape {
  readonly inputs: number; // I
  readonly layers: readonly number[];
  readonly outputs: number; // O
}

/** What a batch moves the running moments by. */
const RUNNING_SHARE = 0.1;

/** Inputs of each layer and, last, of the output. */
function inputsOf({ inputs, layers }: ResidualShape): number[] {
  const widths = [inputs];
  for (const outputs of layers) widths.push((widths.at(-1) as number) + outputs);
  return widths;
}

export function residualParameters(shape: ResidualShape): Parameter[] {
  const inputs = inputsOf(shape);
  const layer = (outputs: number, l: number): ParameterShape[] => [
    ...linearShapes(`l${l + 1}`, inputs[l] as number, outputs),
    [`l${l + 1}.gamma`, 1, outputs],
    [`l${l + 1}.beta`, 1, outputs],
  ];
  return layOut([...shape.layers.flatMap(layer), ...linearShapes('out', inputs.at(-1) as number, shape.outputs)]);
}

/** How the parameters that are no linear layers start. */
export const RESIDUAL_START = { gamma: () => 1, beta: () => 0 };

/** Running mean and variance of every layer, in a block of their own. */
export function runningMoments({ layers }: ResidualShape): Parameter[] {
  return layOut(
    layers.flatMap((outputs, l): ParameterShape[] => [
      [`l${l + 1}.mean`, 1, outputs],
      [`l${l + 1}.variance`, 1, outputs],
    ]),
  );
}

/** How they start: 0 and 1. */
export function startingMoments(shape: ResidualShape): Float32Array {
  return Float32Array.from(runningMoments(shape).flatMap(({ name, cols }) => new Array(cols).fill(name.endsWith('mean') ? 0 : 1)));
}

export interface Residual {
  /** output (B, O) of input (B, I); moves the running moments. */
  forward(input: Matrix, output: Matrix): void;
  /** Gradients of all parameters from dOutput (B, O), after `forward`. Overwrites the block of gradients. */
  backward(dOutput: Matrix): void;
  /** output of input by the running moments. */
  evaluate(input: Matrix, output: Matrix): void;
}

interface Layer {
  readonly w: Matrix;
  readonly b: Matrix;
  readonly norm: BatchNorm;
  readonly y: Matrix; // (B, outputs)
  readonly skip: Matrix; // (B, inputs), gradients that come past the layer
}

export function residual(
  backend: Backend,
  shape: ResidualShape,
  weights: Matrix,
  gradients: Matrix | null,
  moments: Matrix,
  batch: number,
): Residual {
  const { network } = backend;
  const parameters = residualParameters(shape);
  const [w, d] = [views(backend, parameters, weights), gradients && views(backend, parameters, gradients)];
  const running = views(backend, runningMoments(shape), moments);
  const widths = inputsOf(shape);
  const h = widths.map((width) => backend.matrix(batch, width));
  const dh = d ? widths.map((width) => backend.matrix(batch, width)) : [];
  const layers = shape.layers.map((outputs, l): Layer => {
    const name = `l${l + 1}`;
    const norm = {
      gamma: w(`${name}.gamma`),
      beta: w(`${name}.beta`),
      runningMean: running(`${name}.mean`),
      runningVariance: running(`${name}.variance`),
      normalised: backend.matrix(batch, outputs),
      inverse: backend.matrix(1, outputs),
    };
    const skip = backend.matrix(batch, d ? (widths[l] as number) : 0);
    return { w: w(`${name}.w`), b: w(`${name}.b`), norm, y: backend.matrix(batch, outputs), skip };
  });

  const pass = (input: Matrix, output: Matrix, normalise: (layer: Layer) => void) => {
    network.placeColumns(input, 0, h[0] as Matrix);
    layers.forEach((layer, l) => {
      const { y } = layer;
      network.linear(h[l] as Matrix, layer.w, layer.b, y);
      normalise(layer);
      network.activation(y, y, 'relu');
      network.placeColumns(y, 0, h[l + 1] as Matrix);
      network.placeColumns(h[l] as Matrix, y.cols, h[l + 1] as Matrix);
    });
    network.linear(h.at(-1) as Matrix, w('out.w'), w('out.b'), output);
  };

  return {
    forward: (input, output) => pass(input, output, ({ y, norm }) => network.batchNorm(y, norm, y, RUNNING_SHARE)),
    evaluate: (input, output) => pass(input, output, ({ y, norm }) => network.batchNormEval(y, norm, y)),
    backward: (dOutput) => {
      const grad = d as (name: string) => Matrix;
      network.linearBackward(h.at(-1) as Matrix, w('out.w'), dOutput, dh.at(-1) as Matrix, grad('out.w'), grad('out.b'));
      for (let l = layers.length - 1; l >= 0; l--) {
        const { w: weight, norm, y, skip } = layers[l] as Layer;
        const [above, name] = [dh[l + 1] as Matrix, `l${l + 1}`];
        network.takeColumns(above, y.cols, skip);
        const dz = backend.view(above, 0, y.rows, y.cols); // the rows of `above` move together: its memory holds dz
        network.takeColumns(above, 0, dz);
        network.activationBackward(y, dz, dz, 'relu');
        network.batchNormBackward(dz, norm, dz, grad(`${name}.gamma`), grad(`${name}.beta`));
        network.linearBackward(h[l] as Matrix, weight, dz, l > 0 ? (dh[l] as Matrix) : null, grad(`${name}.w`), grad(`${name}.b`));
        if (l > 0) network.add(dh[l] as Matrix, skip, dh[l] as Matrix);
      }
    },
  };
}
