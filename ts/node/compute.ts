/** Where a command computes: what was asked for is tried on a worker thread before the work starts, and told once. */
import type { Variant } from '../backend/backend.js';
import type { BackendChoice, Selection } from '../backend/select.js';
import { type Job, workloadOf } from '../study/workload.js';
import { runTask } from './pool.js';
import { checkVariant } from './variant.js';
import type { SelectTask } from './worker.js';

export interface ComputeRequest {
  /** The WASM core where left out. */
  readonly backend?: BackendChoice | undefined;
  readonly variant: Variant;
  /** Told what computes where, once, when another backend than WASM was asked for. */
  readonly onBackend?: ((words: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a run's workers are given, and what its results say. */
export type Compute = Omit<Selection, 'backend'> & { readonly variant: Variant };

/**
 * Settles the request for a job. Throws {@link InputError} where the engine lacks relaxed SIMD, {@link ComputeError} where a GPU was
 * asked for and there is none.
 */
export async function settleCompute({ backend = 'wasm', variant, onBackend, signal }: ComputeRequest, job: Job): Promise<Compute> {
  await checkVariant(variant);
  if (backend === 'wasm') return { name: 'wasm', device: null, placement: [], words: 'WASM', variant };
  const data = { backend, variant, datasets: [], setting: null };
  const task: SelectTask = { workload: workloadOf(job) };
  const selection = await runTask<SelectTask, Omit<Selection, 'backend'>>('select', task, data, signal);
  onBackend?.(selection.words);
  return { ...selection, variant };
}
