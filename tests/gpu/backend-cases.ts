/** The backend's table of cases on a real GPU: a kernel is compiled for each shape, so that each case takes two of the sizes in turn. */
import { simd } from '../../build/core.js';
import { type GpuBackend, gpuBackend } from '../../ts/backend/gpu.js';
import { loadCore } from '../../ts/backend/wasm.js';
import { allCases } from '../backend/cases/all.js';
import { SIZES, unitsOf } from '../backend/cases/cases.js';
import type { GpuCase } from './cases.js';

let backend: GpuBackend | null = null;

export const cases: readonly GpuCase[] = allCases
  .filter(({ exact }) => !exact)
  .map(({ op, name, run }, i) => ({
    name: `${op}, ${name}`,
    async run(device) {
      backend ??= gpuBackend(device, await loadCore(simd, 'simd'));
      await run(backend, unitsOf(backend), [SIZES[i % SIZES.length] as number, SIZES[(i + 3) % SIZES.length] as number]);
    },
  }));
