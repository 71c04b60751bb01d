/**
 * One training step of a denoiser, 32 → 128 (+ time 128 → 128 → 128) → 256 → 256 → 32 with relu, 144,288 parameters: forward, mean
 * squared error, backward, AdamW. Once with the time embedded for each row, as the reference does, and once as TabDDPM here trains:
 * each of T = 100 times embedded once, which gives the same gradients.
 */
import { wasmBackend } from '../ts/backend/select.js';
import { denoiser, denoiserSize } from '../ts/nn/denoiser.js';
import { matrix, numbers } from './inputs.js';
import { type BenchItem, type BenchLine, line } from './line.js';
import { bestOfEach } from './timer.js';

const SHAPE = { width: 32, hidden: 128, layers: [256, 256], labels: 0, activation: 'relu' } as const;
/** Steps a second of PyTorch 2 on two cores, by batch. */
const TORCH = { 256: 197, 4096: 14.2 };

export const step: BenchItem = {
  name: 'step',
  run: async () => {
    const lines: BenchLine[] = [];
    for (const [batch, reference] of Object.entries(TORCH)) {
      for (const [how, U] of [
        ['time a row', Number(batch)],
        ['100 times', 100],
      ] as const)
        lines.push(line(`step, batch ${batch}, ${how}`, 1 / (await secondsOf(Number(batch), U)), 'steps/s', { reference }));
    }
    return lines;
  },
};

/** Seconds of a step on B rows with U distinct times. */
async function secondsOf(B: number, U: number): Promise<number> {
  const backend = await wasmBackend();
  const P = denoiserSize(SHAPE);
  const [weights, gradients] = [
    backend.matrix(
      1,
      P,
      numbers('weights', P).map((w) => w * 0.1),
    ),
    backend.matrix(1, P),
  ];
  const [first, second, loss] = [backend.matrix(1, P), backend.matrix(1, P), backend.matrix(1, 1)];
  const [input, target] = [matrix(backend, 'input', B, SHAPE.width), matrix(backend, 'target', B, SHAPE.width)];
  const [output, dOutput] = [backend.matrix(B, SHAPE.width), backend.matrix(B, SHAPE.width)];
  const distinct = backend.words(
    U,
    Uint32Array.from({ length: U }, (_, i) => i),
  );
  const index = backend.words(
    B,
    Uint32Array.from({ length: B }, (_, i) => (i * 7919) % U),
  );
  const times = { table: backend.matrix(U, SHAPE.hidden), index };
  const net = denoiser(backend, SHAPE, weights, gradients, B, U);
  const adam = { learningRate: 1e-4, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, step: 1, emaDecay: 0 };
  const train = () => {
    backend.diffusion.timeEmbedding(distinct, times.table);
    net.forward(input, times, null, output);
    backend.network.mse(output, target, dOutput, loss, 0);
    net.backward(input, times, null, dOutput);
    backend.network.adamw(weights, gradients, first, second, null, adam);
  };
  return bestOfEach({ train }, 10).train;
}
