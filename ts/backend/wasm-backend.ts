/** The operations on one instance of the core, put together as a backend. */
import type { Backend, Matrix, Words } from './backend.js';
import { type CoreMemory, loadCore } from './wasm.js';
import { diffusionOps } from './wasm-diffusion.js';
import { distanceOps } from './wasm-distance.js';
import { generativeOps } from './wasm-generative.js';
import { networkOps } from './wasm-network.js';
import { randomOps } from './wasm-random.js';
import { specialOps } from './wasm-special.js';
import { treeOps } from './wasm-trees.js';

/** What backends have of their memory, whatever it is. */
type MemoryOps = Pick<Backend, 'matrix' | 'words' | 'write' | 'writeWords' | 'view' | 'read' | 'readWords' | 'mark' | 'release'>;
type Memory = Omit<MemoryOps, 'read' | 'readWords'> & {
  read(source: Matrix): Float32Array;
  readWords(source: Words): Uint32Array;
};

/** The backend's side of a memory: the same, but that reading is asynchronous. */
export const memoryOps = ({ matrix, words, write, writeWords, view, read, readWords, mark, release }: Memory): MemoryOps => ({
  ...{ matrix, words, write, writeWords, view, mark, release },
  read: async (source) => read(source),
  readWords: async (source) => readWords(source),
});

export function coreBackend(memory: CoreMemory): Backend {
  return {
    name: 'wasm',
    variant: memory.variant,
    ...memoryOps(memory),
    memoryBytes: memory.memoryBytes,
    fork: async () => coreBackend(await loadCore(memory.module, memory.variant)),
    random: randomOps(memory),
    network: networkOps(memory),
    generative: generativeOps(memory),
    diffusion: diffusionOps(memory),
    distance: distanceOps(memory),
    trees: treeOps(memory),
    special: specialOps(memory),
  };
}
