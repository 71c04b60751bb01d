/** Instantiates the core, and hands on what the ops-files need of its memory. */
import { instantiate, instantiateSync } from '@assemblyscript/loader';
import { ComputeError } from '../errors.js';
import type { Variant } from './backend.js';
import { type CoreExports, type CoreMemory, compileCore, coreMemory } from './core-memory.js';

export * from './core-memory.js';

/** A page must not wait for an instance; elsewhere waiting is faster: the other way loads all of Node's fetch. */
const IN_PAGE = 'document' in globalThis;

/** Instantiates the core. Throws {@link ComputeError} where WebAssembly SIMD is missing, or memory for one more instance. */
export async function loadCore(source: Uint8Array | WebAssembly.Module, variant: Variant): Promise<CoreMemory> {
  const module = await compileCore(source, variant);
  try {
    const { exports } = IN_PAGE ? await instantiate(module, {}) : instantiateSync(module, {});
    return coreMemory(exports as unknown as CoreExports, module, variant);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ComputeError(`out of memory: this engine has none for one more core (${error.message}); let other jobs end first`);
  }
}
