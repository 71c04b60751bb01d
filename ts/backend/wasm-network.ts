import type { NetworkOps } from './ops-network.js';
import type { CoreMemory } from './wasm.js';

export const networkOps = (_memory: CoreMemory): NetworkOps => ({}) as NetworkOps;
