/** A layer backward against forward, and the operations that are bound by memory or by exp. */
import { wasmBackend } from '../ts/backend/select.js';
import { matrix } from './inputs.js';
import { type BenchItem, line } from './line.js';
import { bestOfEach } from './timer.js';

const [B, I, O] = [256, 256, 256];
const P = 200_000; // parameters of a small denoiser

export const network: BenchItem = {
  name: 'network',
  run: async () => {
    const backend = await wasmBackend();
    const { network: net } = backend;
    const [x, w, b, dz] = [matrix(backend, 'x', B, I), matrix(backend, 'w', O, I), matrix(backend, 'b', 1, O), matrix(backend, 'dz', B, O)];
    const [y, z, dx, dw, db] = [
      backend.matrix(B, O),
      backend.matrix(B, O),
      backend.matrix(B, I),
      backend.matrix(O, I),
      backend.matrix(1, O),
    ];
    const [weights, gradients, first, second, ema] = ['w', 'g', 'm', 'v', 'e'].map((label) => matrix(backend, label, 1, P)) as [
      typeof x,
      typeof x,
      typeof x,
      typeof x,
      typeof x,
    ];
    net.fill(second, 1);
    const adam = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 1e-4, step: 3, emaDecay: 0.999 };
    const seconds = bestOfEach({
      linear: () => net.linear(x, w, b, y),
      linearSilu: () => net.linear(x, w, b, y, 'silu', z),
      linearBackward: () => net.linearBackward(x, w, dz, dx, dw, db),
      silu: () => net.activation(x, y, 'silu'),
      siluBackward: () => net.activationBackward(x, dz, y, 'silu'),
      relu: () => net.activation(x, y, 'relu'),
      softmax: () => net.softmax(x, y),
      adamw: () => net.adamw(weights, gradients, first, second, ema, adam),
    });
    const flops = 2 * B * I * O;
    const forward = flops / seconds.linear / 1e9;
    const each = (s: number) => (s * 1e9) / (B * O);
    return [
      line('linear 256×256→256', forward, 'GF/s'),
      line('linear with silu', flops / seconds.linearSilu / 1e9, 'GF/s', { reference: forward }),
      line('linear backward', (2 * flops) / seconds.linearBackward / 1e9, 'GF/s', { reference: forward, atLeast: 0.9 }),
      line('relu', each(seconds.relu), 'ns an element'),
      line('silu', each(seconds.silu), 'ns an element'),
      line('silu backward', each(seconds.siluBackward), 'ns an element'),
      line('softmax 256×256', each(seconds.softmax), 'ns an element'),
      line('adamw with average', (seconds.adamw * 1e9) / P, 'ns a parameter'),
    ];
  },
};
