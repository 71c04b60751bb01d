/** TabDDPM's denoiser on a real GPU: 50 training steps and 20 sampling steps as WASM takes them. */
import * as assert from 'uvu/assert';
import { simd } from '../../build/core.js';
import { gpuBackend } from '../../ts/backend/gpu.js';
import { wasmBackend } from '../../ts/backend/select.js';
import { loadCore } from '../../ts/backend/wasm.js';
import { type Job, sameCurve, sameRows } from '../backend/training.js';
import type { GpuCase } from './cases.js';

const SIZE = { hidden: 32, layers: [64, 48], batch: 64 };
const MIXED: Job = { ...SIZE, layout: { numeric: 6, levels: [3, 2, 5] }, activation: 'relu' };
const NUMBERS: Job = { ...SIZE, layout: { numeric: 10, levels: [] }, activation: 'silu' };

export const cases: readonly GpuCase[] = [
  {
    name: '50 training steps give the losses of WASM, and nothing is read back meanwhile',
    async run(device) {
      const backend = gpuBackend(device, await loadCore(simd, 'simd'));
      const wasm = await wasmBackend();
      for (const job of [MIXED, NUMBERS]) {
        const { reads } = backend.transfers;
        await sameCurve(backend, wasm, job, () => assert.is(backend.transfers.reads, reads));
      }
    },
  },
  {
    name: '20 sampling steps give the rows of WASM',
    async run(device) {
      const backend = gpuBackend(device, await loadCore(simd, 'simd'));
      const wasm = await wasmBackend();
      for (const job of [MIXED, NUMBERS]) await sameRows(backend, wasm, job);
    },
  },
];
