/** Whether this engine can run a variant of the core. */
import type { Variant } from '../backend/backend.js';
import { wasmBackend } from '../backend/select.js';
import { InputError } from '../errors.js';

/** Throws {@link InputError} where this engine lacks what the variant needs: once, before any thread starts. */
export async function checkVariant(variant: Variant): Promise<void> {
  try {
    await wasmBackend(variant);
  } catch (error) {
    if (variant !== 'relaxed') throw error;
    throw new InputError(
      `"--fast" expected an engine with relaxed SIMD (Node 22 or newer), got Node ${process.versions.node}; leave it out`,
    );
  }
}
