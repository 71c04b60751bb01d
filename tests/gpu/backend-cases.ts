/** The backend's table of cases on a real GPU. */
import { simd } from '../../build/core.js';
import { type GpuBackend, gpuBackend } from '../../ts/backend/gpu.js';
import { loadCore } from '../../ts/backend/wasm.js';
import { unitsOf } from '../backend/cases/cases.js';
import { networkCases } from '../backend/cases/network.js';
import type { GpuCase } from './cases.js';

let backend: GpuBackend | null = null;

export const cases: readonly GpuCase[] = networkCases.map(({ op, name, run }) => ({
  name: `${op}, ${name}`,
  async run(device) {
    backend ??= gpuBackend(device, await loadCore(simd, 'simd'));
    await run(backend, unitsOf(backend));
  },
}));
