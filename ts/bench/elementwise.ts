/** What is bound by exp or by memory: exponentials and activations an element, normal numbers, the optimiser. */

import { simd } from '../../build/core.js';
import { relaxed } from '../../build/core-relaxed.js';
import { wasmBackend } from '../backend/select.js';
import { loadCore } from '../backend/wasm.js';
import { Stream } from '../random.js';
import { matrix, numbers } from './inputs.js';
import { measuredLimits } from './limits.js';
import { type BenchItem, line } from './line.js';
import { bestOfEach } from './timer.js';

const [B, O] = [256, 256];
const P = 200_000; // parameters of a small denoiser

export const exp: BenchItem = {
  name: 'exp',
  run: async (setting) => {
    const core = await loadCore(setting.variant === 'relaxed' ? relaxed : simd, setting.variant);
    const [from, to] = [core.matrix(B, O, numbers('x', B * O)), core.matrix(B, O)];
    const backend = await wasmBackend(setting.variant);
    const { network } = backend;
    const [x, y, dz] = [matrix(backend, 'x', B, O), backend.matrix(B, O), matrix(backend, 'dz', B, O)];
    const [weights, gradients, first, second, ema] = ['w', 'g', 'm', 'v', 'e'].map((label) => matrix(backend, label, 1, P)) as [
      typeof x,
      typeof x,
      typeof x,
      typeof x,
      typeof x,
    ];
    network.fill(second, 1);
    const adam = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 1e-4, step: 3, emaDecay: 0.999 };
    const seconds = await bestOfEach(
      {
        exp: () => core.core.expEach?.(B * O, from.ptr, to.ptr),
        'exp, silu': () => network.activation(x, y, 'silu'),
        'exp, silu backward': () => network.activationBackward(x, dz, y, 'silu'),
        'exp, tanh': () => network.activation(x, y, 'tanh'),
        'exp, softmax of 256 columns': () => network.softmax(x, y),
        'exp, relu beside it': () => network.activation(x, y, 'relu'),
        'exp, AdamW with average beside it': () => network.adamw(weights, gradients, first, second, ema, adam),
      },
      setting,
    );
    return Object.entries(seconds).map(([item, s]) =>
      item.includes('AdamW') ? line(item, (s * 1e9) / P, 'ns a parameter') : line(item, (s * 1e9) / (B * O), 'ns an element'),
    );
  },
};

const NUMBERS = 1 << 20;
const ENOUGH = 200e6; // normals a second; or half of what memory takes

export const normals: BenchItem = {
  name: 'normals',
  run: async (setting) => {
    const backend = await wasmBackend(setting.variant);
    const limits = await measuredLimits(setting);
    const out = backend.matrix(1, NUMBERS);
    const stream = Stream.fromSeed(1).child('normals');
    const seconds = await bestOfEach(
      {
        normal: () => backend.random.normal(out, stream),
        uniform: () => backend.random.uniform(out, stream),
        write: limits.write(4 * NUMBERS),
        copy: limits.copy(4 * NUMBERS),
      },
      setting,
    );
    const rate = (s: number) => NUMBERS / s / 1e6;
    const memory = rate(seconds.write);
    const enough = Math.min(ENOUGH / 1e6, memory / 2);
    const what = enough < memory / 2 ? '200 M/s' : 'half of memory speed';
    return [
      line('normals', rate(seconds.normal), 'M/s', { reference: enough, atLeast: 1, of: what }),
      line('normals, uniform numbers beside them', rate(seconds.uniform), 'M/s'),
      line('normals, memory written, 4 MB', (4 * memory) / 1000, 'GB/s'),
      line('normals, memory copied, 4 MB', (4 * rate(seconds.copy)) / 1000, 'GB/s'),
    ];
  },
};
