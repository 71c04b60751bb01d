import type { DiffusionOps } from './ops-diffusion.js';
import type { CoreMemory } from './wasm.js';

export const diffusionOps = (_memory: CoreMemory): DiffusionOps => ({}) as DiffusionOps;
