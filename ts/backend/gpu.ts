/**
 * The backend on a GPU, by gpu.js: operations that kernels/ has run there and leave their results there; all others run on a core of
 * its own, on the same matrices. Which is where is fixed, and published as `placement`.
 */
import type { Backend } from './backend.js';
import type { GpuDevice } from './detect.js';
import { delegated, FAMILIES, type Family } from './gpu-delegate.js';
import { gpuDiffusionOps } from './gpu-diffusion.js';
import { gpuDistanceOps } from './gpu-distance.js';
import { type GpuKernels, gpuKernels } from './gpu-kernels.js';
import { type GpuMemory, gpuMemory, type Transfers } from './gpu-memory.js';
import { gpuNetworkOps } from './gpu-network.js';
import { gpuTreeOps } from './gpu-trees.js';
import { type CoreMemory, loadCore } from './wasm.js';
import { coreBackend, memoryOps } from './wasm-backend.js';

export type Place = 'gpu' | 'wasm';

export interface GpuBackend extends Backend {
  readonly name: 'gpu';
  /** What runs the kernels, and how. */
  readonly device: GpuKernels['device'];
  /** Where each operation runs: {'network.gemm': 'gpu', 'trees.predict': 'wasm', …}. */
  readonly placement: Readonly<Record<string, Place>>;
  /** Whether an operation ('network.gemm') runs on the GPU. */
  supports(operation: string): boolean;
  /** Copies between GPU and core so far. */
  readonly transfers: Readonly<Transfers>;
}

/** What the kernels do of each family. `onCore` are the family's operations run on the core, `core` the core itself, for numbers alone. */
type KernelOps = {
  readonly [Name in Family]?: (memory: GpuMemory, kernels: GpuKernels, onCore: Backend[Name], core: Backend) => Partial<Backend[Name]>;
};

const KERNEL_OPS: KernelOps = {
  network: gpuNetworkOps,
  diffusion: gpuDiffusionOps,
  distance: gpuDistanceOps,
  trees: gpuTreeOps,
};

/** A backend on `device`, with the memory of a core of its own. */
export const gpuBackend = (device: GpuDevice, core: CoreMemory): GpuBackend => composed(gpuKernels(device), core);

/** The same on anything that runs kernels. */
export function composed(kernels: GpuKernels, core: CoreMemory): GpuBackend {
  const memory = gpuMemory(core, kernels);
  const twin = coreBackend(core);
  const placement: Record<string, Place> = {};
  const family = <Name extends Family>(name: Name): Backend[Name] => {
    const onCore = delegated(name, twin[name], memory);
    const onGpu = KERNEL_OPS[name]?.(memory, kernels, onCore, twin) ?? {};
    for (const operation of Object.keys(onCore)) placement[`${name}.${operation}`] = operation in onGpu ? 'gpu' : 'wasm';
    return { ...onCore, ...onGpu };
  };
  const families = Object.fromEntries(FAMILIES.map((name) => [name, family(name)])) as Pick<Backend, Family>;
  return {
    name: 'gpu',
    variant: core.variant,
    device: kernels.device,
    placement,
    supports: (operation) => placement[operation] === 'gpu',
    transfers: memory.transfers,
    ...memoryOps(memory),
    memoryBytes: () => core.memoryBytes() + memory.textureBytes(),
    fork: async () => composed(kernels, await loadCore(core.module, core.variant)),
    ...families,
  };
}
