import type { TreeOps } from './ops-trees.js';
import type { CoreMemory } from './wasm.js';

export const treeOps = (_memory: CoreMemory): TreeOps => ({}) as TreeOps;
