import type { DistanceOps } from './ops-distance.js';
import type { CoreMemory } from './wasm.js';

export const distanceOps = (_memory: CoreMemory): DistanceOps => ({}) as DistanceOps;
