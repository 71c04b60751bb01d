/** Makes the backend that was asked for. The simd core is part of the bundle; the relaxed one is loaded on demand. */
import { simd } from '../../build/core.js';
import type { Backend, Variant } from './backend.js';
import { type CoreMemory, loadCore } from './wasm.js';
import { diffusionOps } from './wasm-diffusion.js';
import { distanceOps } from './wasm-distance.js';
import { generativeOps } from './wasm-generative.js';
import { networkOps } from './wasm-network.js';
import { randomOps } from './wasm-random.js';
import { specialOps } from './wasm-special.js';
import { treeOps } from './wasm-trees.js';

/** A WebAssembly backend with memory of its own. `relaxed` gives machine-dependent last digits (fused multiply-add). */
export async function wasmBackend(variant: Variant = 'simd', bytes?: Uint8Array): Promise<Backend> {
  const source = bytes ?? (variant === 'relaxed' ? (await import('../../build/core-relaxed.js')).relaxed : simd);
  return fromMemory(await loadCore(source, variant));
}

function fromMemory(memory: CoreMemory): Backend {
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
    fork: async () => fromMemory(await loadCore(memory.module, memory.variant)),
    random: randomOps(memory),
    network: networkOps(memory),
    generative: generativeOps(memory),
    diffusion: diffusionOps(memory),
    distance: distanceOps(memory),
    trees: treeOps(memory),
    special: specialOps(memory),
  };
}
