/** The WebAssembly core as a backend. The simd one is part of the bundle, the relaxed one is loaded on demand. */
import { simd } from '../../build/core.js';
import type { Backend, Variant } from './backend.js';
import { loadCore } from './wasm.js';
import { coreBackend } from './wasm-backend.js';

/**
 * A WebAssembly backend with memory of its own. `relaxed` gives machine-dependent last digits (fused multiply-add); `bytes` is a core to take
 * instead of the one that comes with the library.
 *
 * @throws {ComputeError} where the engine has no WebAssembly SIMD (or no relaxed SIMD, when that was asked for), or no memory for one more core.
 */
export async function wasmBackend(variant: Variant = 'simd', bytes?: Uint8Array): Promise<Backend> {
  return coreBackend(await loadCore(bytes ?? (await coreBytes(variant)), variant));
}

export const coreBytes = async (variant: Variant): Promise<Uint8Array> =>
  variant === 'relaxed' ? (await import('../../build/core-relaxed.js')).relaxed : simd;
