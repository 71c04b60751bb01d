/** The core's exports for tests that check a kernel itself, with helpers to put arrays into its memory. */
import { simd } from '../build/core.js';
import { type CoreExports, type CoreMemory, loadCore } from '../ts/backend/wasm.js';

type CoreFunctions = Readonly<Record<string, CoreExports[string]>> & { readonly [name: string]: (...numbers: number[]) => number };

/** A core with memory of its own. */
export const coreMemory = (): Promise<CoreMemory> => loadCore(simd, 'simd');

/** Exports that are pure functions of numbers. */
export const coreFunctions = async (): Promise<CoreFunctions> => (await coreMemory()).core as CoreFunctions;
