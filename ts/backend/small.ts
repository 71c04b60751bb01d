/** The backend of `synthward/core`: what TabDDPM and the classifiers compute with. */
import { simd } from '../../build/core.js';
import { ComputeError } from '../errors.js';
import type { Backend } from './backend.js';
import { type CoreExports, type CoreMemory, compileCore, coreMemory } from './core-memory.js';
import type { DistanceOps } from './ops-distance.js';
import type { GenerativeOps } from './ops-generative.js';
import { memoryOps } from './wasm-backend.js';
import { diffusionOps } from './wasm-diffusion.js';
import { neighbourOps } from './wasm-neighbours.js';
import { networkOps } from './wasm-network.js';
import { randomOps } from './wasm-random.js';
import { specialOps } from './wasm-special.js';
import { treeOps } from './wasm-trees.js';

/**
 * A backend with memory of its own on the simd core. Operations that only other methods need throw {@link ComputeError}.
 *
 * @throws {ComputeError} where the engine has no WebAssembly SIMD.
 */
export const smallBackend = async (): Promise<Backend> => backendOn(await instance(await compileCore(simd, 'simd')));

/** Without the loader of AssemblyScript: its strings and arrays are not needed where pointers are passed. */
async function instance(module: WebAssembly.Module): Promise<CoreMemory> {
  const { exports } = await WebAssembly.instantiate(module, {});
  return coreMemory(orAbsent(exports as unknown as CoreExports), module, 'simd');
}

function backendOn(memory: CoreMemory): Backend {
  return {
    name: 'wasm',
    variant: memory.variant,
    ...memoryOps(memory),
    memoryBytes: memory.memoryBytes,
    fork: async () => backendOn(await instance(memory.module)),
    random: randomOps(memory),
    network: networkOps(memory),
    generative: orAbsent<GenerativeOps>({}),
    diffusion: diffusionOps(memory),
    distance: orAbsent<DistanceOps>(neighbourOps(memory)),
    trees: treeOps(memory),
    special: specialOps(memory),
  };
}

/** What is there, as it is; anything else can be called for nothing but an error that says where it is. */
function orAbsent<Ops extends object>(there: Partial<Ops>): Ops {
  const elsewhere = new Proxy({}, { get: (_, name) => () => absent(String(name)) });
  return Object.assign(Object.create(elsewhere), there);
}

function absent(name: string): never {
  throw new ComputeError(`"${name}" is not part of synthward/core; take the backend of synthward`);
}
