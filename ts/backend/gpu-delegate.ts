/**
 * Operations that no kernel has: they run on the core, on the twins of their matrices. What they read is brought home from the GPU
 * first, and the textures of what they write are stale afterwards.
 */
import type { Backend } from './backend.js';
import type { GpuMemory } from './gpu-memory.js';
import { Piece } from './gpu-pieces.js';

/** The families of operations of a backend. */
export const FAMILIES = ['random', 'network', 'generative', 'diffusion', 'distance', 'trees', 'special'] as const;
export type Family = (typeof FAMILIES)[number];

/** Which arguments of an operation it writes, by position; all others are only read. An operation that is not named writes none. */
const WRITES: Readonly<Record<string, readonly number[]>> = {
  'random.words': [0],
  'random.uniform': [0],
  'random.normal': [0],
  'random.below': [0],
  'random.permutation': [0],
  'random.categorical': [1],
  'network.gemm': [2],
  'network.linear': [3, 5],
  'network.linearBackward': [3, 4, 5],
  'network.activation': [1],
  'network.activationBackward': [2],
  'network.addRows': [2],
  'network.addRowsBackward': [2],
  'network.gatherRows': [2],
  'network.batchNorm': [1, 2],
  'network.batchNormBackward': [2, 3, 4],
  'network.batchNormEval': [2],
  'network.placeColumns': [2],
  'network.takeColumns': [2],
  'network.dropoutMask': [0],
  'network.multiply': [2],
  'network.addScaled': [3],
  'network.clamp': [0],
  'network.add': [2],
  'network.fill': [0],
  'network.mse': [2, 3],
  'network.softmaxCrossEntropy': [2, 3],
  'network.softmax': [1],
  'network.adamw': [0, 2, 3, 4],
  'generative.gumbel': [0],
  'generative.headsForward': [4],
  'generative.headsBackward': [4],
  'generative.conditionLoss': [2, 3],
  'generative.reconstructionLoss': [5, 6, 7],
  'generative.reparameterise': [3],
  'generative.latentBackward': [4, 5, 6],
  'generative.gradientPenalty': [2, 3],
  'generative.mixRows': [3],
  'diffusion.timeEmbedding': [1],
  'diffusion.noise': [6, 7, 8],
  'diffusion.loss': [7, 8],
  'diffusion.start': [1, 2, 4],
  'diffusion.step': [6, 7, 9, 10],
  'diffusion.gaussianNoise': [4, 5],
  'diffusion.multinomialNoise': [4, 5],
  'diffusion.gaussianStep': [6, 8],
  'diffusion.forward': [3],
  'diffusion.posterior': [5],
};

type Operations = Readonly<Record<string, (...values: unknown[]) => unknown>>;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype;

/** The pieces in an argument: itself, or those of a record such as a layer's normalisation. */
const piecesOf = (value: unknown): Piece[] =>
  value instanceof Piece ? [value] : isRecord(value) ? Object.values(value).filter((part): part is Piece => part instanceof Piece) : [];

const twinOf = (value: unknown): unknown => {
  if (value instanceof Piece) return value.twin;
  if (!isRecord(value) || piecesOf(value).length === 0) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, twinOf(part)]));
};

/** The operations of one family, run on the core's memory. */
export function delegated<Name extends Family>(family: Name, core: Backend[Name], memory: GpuMemory): Backend[Name] {
  const operations = Object.entries(core as unknown as Operations).map(([name, run]) => {
    const writes = WRITES[`${family}.${name}`] ?? [];
    const delegate = (...values: unknown[]) => {
      for (const value of values) piecesOf(value).forEach(memory.home);
      for (const at of writes) piecesOf(values[at]).forEach(memory.overwrite);
      return run(...values.map(twinOf));
    };
    return [name, delegate];
  });
  return Object.fromEntries(operations) as Backend[Name];
}
