/** Makes the backend that was asked for. The GPU's part is loaded on demand. */
import { ComputeError } from '../errors.js';
import type { Backend, Variant } from './backend.js';
import { calibrate, calibrationWords, NO_WORK, type Workload } from './calibrate.js';
import { coreBytes, wasmBackend } from './core.js';
import { deviceWords, openGpu } from './detect.js';
import { loadCore } from './wasm.js';

export { wasmBackend };

/** `auto` takes the GPU where a short trial on the shapes of the work says that it wins. */
export type BackendChoice = 'wasm' | 'gpu' | 'auto';

/** A backend, and what computes where. */
export interface Selection {
  readonly backend: Backend;
  readonly name: Backend['name'];
  /** What draws, in words; null on WASM. */
  readonly device: string | null;
  /** Operations that run on the GPU ("network.linear"). */
  readonly placement: readonly string[];
  /** All of that for people; of `auto` also what it measured. */
  readonly words: string;
}

export interface SelectOptions {
  readonly variant?: Variant | undefined;
  /** What `auto` times on both; nothing is ahead where left out, so that WASM stays. */
  readonly workload?: Workload | undefined;
}

/**
 * A backend for a job; `wasm` needs nothing, `gpu` needs the package gpu.js and a graphics processor.
 *
 * @throws {ComputeError}, with what to do, where `gpu` was asked for and gpu.js finds none that is real, and as {@link wasmBackend} does.
 */
export async function selectBackend(choice: BackendChoice, { variant = 'simd', workload }: SelectOptions = {}): Promise<Selection> {
  if (choice === 'wasm') return onWasm(await wasmBackend(variant), `WASM (${variant})`);
  if (choice === 'gpu') return gpuSelection(variant);
  const wasm = await wasmBackend(variant);
  let gpu: Selection;
  try {
    gpu = await gpuSelection(variant);
  } catch (error) {
    if (!(error instanceof ComputeError)) throw error;
    return onWasm(wasm, `auto chose WASM: ${error.message}`);
  }
  const trial = await calibrate(wasm, gpu, workload ?? NO_WORK);
  if (trial.measured.length === 0) return onWasm(wasm, 'auto chose WASM: nothing of this work runs on the GPU');
  const measured = `${calibrationWords(trial)} (${gpu.device})`;
  return trial.winner === 'gpu'
    ? { ...gpu, words: `auto chose the GPU: ${measured}; ${gpu.words}` }
    : onWasm(wasm, `auto chose WASM: ${measured}`);
}

const onWasm = (backend: Backend, words: string): Selection => ({ backend, name: 'wasm', device: null, placement: [], words });

async function gpuSelection(variant: Variant): Promise<Selection> {
  const device = await openGpu();
  const { gpuBackend } = await import('./gpu.js');
  const backend = gpuBackend(device, await loadCore(await coreBytes(variant), variant));
  const placement = Object.keys(backend.placement).filter(backend.supports);
  const words = `GPU (${deviceWords(device)}): ${plainly(placement)}; WASM (${variant}): the rest`;
  return { backend, name: 'gpu', device: deviceWords(device), placement, words };
}

/** Families of operations, by what a reader calls them. */
const FAMILY_WORDS: Readonly<Record<string, string>> = {
  network: 'layers of networks and their optimiser',
  diffusion: 'diffusion steps',
  distance: 'kernel sums',
  trees: 'boosting',
};

const plainly = (placement: readonly string[]): string => {
  const families = [...new Set(placement.map((operation) => operation.split('.')[0] as string))];
  return families.map((family) => FAMILY_WORDS[family] ?? family).join(', ');
};
