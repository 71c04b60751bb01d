/** The network operations that have kernels: kernels/network.ts. */
import { addScaled, product, productTransposedA, productTransposedB, productTransposedBoth } from '../../kernels/network.js';
import type { Matrix } from './backend.js';
import type { GpuKernels } from './gpu-kernels.js';
import type { GpuMemory } from './gpu-memory.js';
import type { NetworkOps } from './ops-network.js';
import { shape } from './wasm-network.js';

export function gpuNetworkOps(memory: GpuMemory, kernels: GpuKernels): Partial<NetworkOps> {
  const on = memory.texture;
  const multiply = (a: Matrix, b: Matrix, c: Matrix, transposeA: boolean, transposeB: boolean) => {
    const [M, K] = transposeA ? [a.cols, a.rows] : [a.rows, a.cols];
    const [N, inner] = transposeB ? [b.rows, b.cols] : [b.cols, b.rows];
    shape('b', b, transposeB ? N : K, transposeB ? K : N);
    shape('c', c, M, N);
    const form = transposeA ? (transposeB ? productTransposedBoth : productTransposedA) : transposeB ? productTransposedB : product;
    return kernels.run(form, M, N, [on(a), on(b)], { inner });
  };
  return {
    gemm: (a, b, c, { transposeA = false, transposeB = false, accumulate = false } = {}) => {
      const result = multiply(a, b, c, transposeA, transposeB);
      if (!accumulate) return memory.keep(c, result);
      memory.keep(c, kernels.run(addScaled, c.rows, c.cols, [on(c), result, 1]));
      kernels.free(result);
    },
  };
}
