import type { RandomOps } from './ops-random.js';
import type { CoreMemory } from './wasm.js';

export const randomOps = (_memory: CoreMemory): RandomOps => ({}) as RandomOps;
