/** Makes the backend that was asked for. The simd core is part of the bundle; the relaxed one is loaded on demand. */
import { simd } from '../../build/core.js';
import type { Backend, Variant } from './backend.js';
import { loadCore } from './wasm.js';
import { coreBackend } from './wasm-backend.js';

/** A WebAssembly backend with memory of its own. `relaxed` gives machine-dependent last digits (fused multiply-add). */
export async function wasmBackend(variant: Variant = 'simd', bytes?: Uint8Array): Promise<Backend> {
  const source = bytes ?? (variant === 'relaxed' ? (await import('../../build/core-relaxed.js')).relaxed : simd);
  return coreBackend(await loadCore(source, variant));
}
