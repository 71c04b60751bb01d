/** The operations on one instance of the core, put together as a backend. */
import type { Backend } from './backend.js';
import { type CoreMemory, loadCore } from './wasm.js';
import { diffusionOps } from './wasm-diffusion.js';
import { distanceOps } from './wasm-distance.js';
import { generativeOps } from './wasm-generative.js';
import { networkOps } from './wasm-network.js';
import { randomOps } from './wasm-random.js';
import { specialOps } from './wasm-special.js';
import { treeOps } from './wasm-trees.js';

export function coreBackend(memory: CoreMemory): Backend {
  return {
    name: 'wasm',
    variant: memory.variant,
    matrix: memory.matrix,
    words: memory.words,
    write: memory.write,
    writeWords: memory.writeWords,
    view: memory.view,
    read: async (source) => memory.read(source),
    readWords: async (source) => memory.readWords(source),
    mark: memory.mark,
    release: memory.release,
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
