/** The compute core behind the library: loaded once, and a fresh instance of it for each job. */
import type { Backend, Variant } from '../backend/backend.js';
import { wasmBackend } from '../backend/select.js';
import { InputError } from '../errors.js';

/** How the core is loaded. */
export interface LoadOptions {
  /**
   * `simd`: the same bytes everywhere. `relaxed`: faster where the processor fuses multiply and add; last digits are the machine's.
   * @defaultValue "simd"
   */
  readonly variant?: 'simd' | 'relaxed';
}

let loaded: Promise<Backend> | undefined;

/**
 * Loads the WebAssembly core. Calling it is optional: whatever needs the core loads the simd one by itself. A later call with another
 * variant counts from the next job on.
 *
 * @throws {InputError} for another variant.
 * @throws {ComputeError} where the engine has no WebAssembly SIMD (or no relaxed SIMD, when that was asked for).
 */
export async function load({ variant = 'simd' }: LoadOptions = {}): Promise<void> {
  if (variant !== 'simd' && variant !== 'relaxed') throw new InputError(`"variant" expected simd or relaxed, got ${variant}`);
  const before = loaded;
  const next = wasmBackend(variant satisfies Variant);
  loaded = next; // at once, so that jobs that start together load it once
  try {
    await next;
  } catch (error) {
    if (loaded === next) loaded = before;
    throw error;
  }
}

/** An instance of the core with memory of its own, so that jobs neither meet nor leave anything behind. */
export async function newBackend(): Promise<Backend> {
  if (!loaded) await load();
  return (await (loaded as Promise<Backend>)).fork();
}
