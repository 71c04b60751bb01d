import type { SpecialOps } from './ops-special.js';
import type { CoreMemory } from './wasm.js';

export const specialOps = (_memory: CoreMemory): SpecialOps => ({}) as SpecialOps;
