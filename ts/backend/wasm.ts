/** Instantiates the core, and hands on what the ops-files need of its memory. */
import { instantiate, instantiateSync } from '@assemblyscript/loader';
import type { Variant } from './backend.js';
import { type CoreExports, type CoreMemory, compileCore, coreMemory } from './core-memory.js';

export * from './core-memory.js';

/** A page must not wait for an instance; elsewhere waiting is faster: the other way loads all of Node's fetch. */
const IN_PAGE = 'document' in globalThis;

/** Instantiates the core. Throws {@link ComputeError} where WebAssembly SIMD is missing. */
export async function loadCore(source: Uint8Array | WebAssembly.Module, variant: Variant): Promise<CoreMemory> {
  const module = await compileCore(source, variant);
  const { exports } = IN_PAGE ? await instantiate(module, {}) : instantiateSync(module, {});
  return coreMemory(exports as unknown as CoreExports, module, variant);
}
