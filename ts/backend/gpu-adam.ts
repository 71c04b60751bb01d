/** AdamW on the GPU, parameter by parameter: a block of parameters has a texture for each of them. */
import { adamStep, average, firstMoment, secondMoment } from '../../kernels/adam.js';
import type { Matrix } from './backend.js';
import type { GpuMemory } from './gpu-memory.js';
import type { NetworkOps } from './ops-network.js';
import type { SpecialOps } from './ops-special.js';
import { shape } from './wasm-network.js';

export function gpuAdamW(memory: GpuMemory, special: SpecialOps): NetworkOps['adamw'] {
  /** 1 − βᵗ. */
  const correction = (beta: number, t: number) => (beta > 0 ? -special.expm1(t * special.log(beta)) : 1);
  return (weights, gradients, first, second, ema, options) => {
    for (const [name, block] of Object.entries({ gradients, first, second, ema })) shape(name, block, weights.rows, weights.cols);
    const { learningRate, beta1, beta2, epsilon, weightDecay, step, emaDecay } = options;
    const keep = 1 - learningRate * weightDecay;
    const length = learningRate / correction(beta1, step);
    const root = 1 / Math.sqrt(correction(beta2, step));
    for (const { offset, rows, cols } of memory.tiles(gradients)) {
      const part = (block: Matrix) => memory.view(block, offset, rows, cols);
      const [w, g, m, v] = [part(weights), part(gradients), part(first), part(second)];
      memory.set(m, firstMoment, [m, g, beta1, 1 - beta1]);
      memory.set(v, secondMoment, [v, g, beta2, 1 - beta2]);
      memory.set(w, adamStep, [w, m, v, keep, length, root, epsilon]);
      if (ema) memory.set(part(ema), average, [part(ema), w, 1 - emaDecay]);
    }
  };
}
