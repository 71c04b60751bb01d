/** Products, layers, and the training step of a denoiser. Dimensions: M, N, K of a product, B batch rows, P parameters, T steps of time. */
import type { Backend, Matrix } from '../backend/backend.js';
import { denoiser, denoiserSize, initialWeights } from '../nn/denoiser.js';
import { batchTimes } from '../nn/times.js';
import { Stream } from '../random.js';
import { matrix, numbers } from './inputs.js';
import type { Work } from './work.js';

/** Which of op(a) · op(b) are transposed: NT is a layer's forward pass, NN the gradient by its inputs, TN that by its weights. */
export const FORMS = { NT: [false, true], NN: [false, false], TN: [true, false], TT: [true, true] } as const;
export type Form = keyof typeof FORMS;

const mean = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** c (M, N) = op(a)·op(b). */
export function product(backend: Backend, [M, N, K]: readonly [number, number, number], form: Form): Work {
  const [transposeA, transposeB] = FORMS[form];
  const a = transposeA ? matrix(backend, 'a', K, M) : matrix(backend, 'a', M, K);
  const b = transposeB ? matrix(backend, 'b', N, K) : matrix(backend, 'b', K, N);
  const c = backend.matrix(M, N);
  const options = { transposeA, transposeB };
  return { run: () => backend.network.gemm(a, b, c, options), amount: 2 * M * N * K, check: async () => mean(await backend.read(c)) };
}

/** A layer of I inputs and O outputs on B rows: forward, and backward (two products). */
export function layer(backend: Backend, [B, I, O]: readonly [number, number, number]): Record<'forward' | 'backward', Work> {
  const [x, w, b, dz] = [matrix(backend, 'x', B, I), matrix(backend, 'w', O, I), matrix(backend, 'b', 1, O), matrix(backend, 'dz', B, O)];
  const [y, dx, dw, db] = [backend.matrix(B, O), backend.matrix(B, I), backend.matrix(O, I), backend.matrix(1, O)];
  const { network } = backend;
  return {
    forward: { run: () => network.linear(x, w, b, y), amount: 2 * B * I * O, check: async () => mean(await backend.read(y)) },
    backward: {
      run: () => network.linearBackward(x, w, dz, dx, dw, db),
      amount: 4 * B * I * O,
      check: async () => mean(await backend.read(dw)),
    },
  };
}

/** The network of the work items: 32 → 128 (+ time 128 → 128 → 128) → 256 → 256 → 32 with relu, 144,288 parameters. */
export const DENOISER = { width: 32, hidden: 128, layers: [256, 256], labels: 0, activation: 'relu' } as const;

/** Its weights as training starts with them. */
export const denoiserWeights = (backend: Backend): Promise<Float32Array> =>
  initialWeights(backend, DENOISER, Stream.fromSeed(1).child('weights'));

/** One step: B of T times drawn and embedded, forward, mean squared error, backward, Adam. */
export async function trainingStep(backend: Backend, B: number, T = 1000): Promise<Work> {
  const { network } = backend;
  const P = denoiserSize(DENOISER);
  const weights = backend.matrix(1, P, await denoiserWeights(backend));
  const [gradients, first, second] = [0, 1, 2].map(() => backend.matrix(1, P)) as [Matrix, Matrix, Matrix];
  const width = DENOISER.width;
  const input = backend.matrix(B, width, numbers('input', B * width));
  const target = backend.matrix(B, width, numbers('target', B * width));
  const [output, dOutput, loss] = [backend.matrix(B, width), backend.matrix(B, width), backend.matrix(1, 1)];
  const times = batchTimes(backend, T, B, DENOISER.hidden);
  const stream = Stream.fromSeed(1).child('times');
  const net = denoiser(backend, DENOISER, weights, gradients, B, times.most);
  const adam = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, emaDecay: 0 };
  let step = 0;
  const run = () => {
    const embedded = times.draw(stream);
    net.forward(input, embedded, null, output);
    network.mse(output, target, dOutput, loss, 0);
    net.backward(input, embedded, null, dOutput);
    network.adamw(weights, gradients, first, second, null, { ...adam, step: ++step });
  };
  return { run, amount: 1, check: async () => (await backend.read(loss))[0] as number };
}
