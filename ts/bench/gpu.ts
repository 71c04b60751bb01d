/**
 * The GPU backend beside the WASM one, on the same work in the same process or page. The two take turns; the best of a few rounds
 * counts, each ending when its result has been read back. Kernels are compiled before.
 */
import type { Backend } from '../backend/backend.js';
import type { BoostingOptions } from '../backend/ops-trees.js';
import { selectBackend, wasmBackend } from '../backend/select.js';
import { boosting } from '../classify/boosting.js';
import { denoiser, denoiserSize } from '../nn/denoiser.js';
import { batchTimes } from '../nn/times.js';
import { Stream } from '../random.js';
import { COHORT_COLUMNS, cohort } from './cohort.js';
import { matrix } from './inputs.js';
import { DENOISER, denoiserWeights, trainingStep } from './work-network.js';
import { unbiasedMmd } from './work-rows.js';

/** Runs once; resolves when the result has been read. */
type Once = () => Promise<unknown>;

interface GpuWork {
  readonly sizes: readonly number[];
  readonly prepare: (backend: Backend, size: number) => Once | Promise<Once>;
}

const MMD_COLUMNS = 30;
const ROUNDS = 3;

/** By item of the bench; a size is the rows of a batch or a table. */
const WORK: Readonly<Record<string, GpuWork>> = {
  'gpu-forward': { sizes: [64, 256, 1024, 4096], prepare: forwardPass },
  'gpu-train': {
    sizes: [64, 256, 1024, 4096],
    prepare: async (backend, rows) => {
      const { run, check } = await trainingStep(backend, rows);
      return async () => {
        run();
        await check();
      };
    },
  },
  'gpu-mmd': {
    sizes: [250, 500, 1000, 2000],
    prepare: (backend, rows) => {
      const [x, y] = [matrix(backend, 'x', rows, MMD_COLUMNS), matrix(backend, 'y', rows, MMD_COLUMNS)];
      const { run } = unbiasedMmd(backend, x, y, 1 / MMD_COLUMNS);
      return async () => run();
    },
  },
  'gpu-histogram': {
    sizes: [1000, 10_000, 30_000],
    prepare: (backend, rows) => {
      const { x, y } = cohort(rows);
      const options: BoostingOptions = { ...boosting.defaults, positiveWeight: 1, rounds: ROUNDS };
      return () => backend.trees.fitBoosting(x, y, COHORT_COLUMNS, options, Stream.fromSeed(1));
    },
  },
};

async function forwardPass(backend: Backend, rows: number): Promise<Once> {
  const weights = backend.matrix(1, denoiserSize(DENOISER), await denoiserWeights(backend));
  const times = batchTimes(backend, 1000, rows, DENOISER.hidden);
  const embedded = times.draw(Stream.fromSeed(1));
  const [input, output] = [matrix(backend, 'input', rows, DENOISER.width), backend.matrix(rows, DENOISER.width)];
  const net = denoiser(backend, DENOISER, weights, backend.matrix(1, weights.cols), rows, times.most);
  return () => {
    net.forward(input, embedded, null, output);
    return backend.read(output);
  };
}

export interface GpuTimes {
  /** What drew, software rasterisers named as such. */
  readonly device: string;
  readonly sizes: readonly { readonly size: number; readonly wasmMs: number; readonly gpuMs: number }[];
}

/** The size from which on the GPU is faster; null where the WASM core is at the largest one. */
export function crossover(sizes: GpuTimes['sizes']): number | null {
  const lost = sizes.map(({ wasmMs, gpuMs }) => gpuMs >= wasmMs).lastIndexOf(true);
  return sizes[lost + 1]?.size ?? null;
}

/** Rounds of a size until this much time has gone, at least one; a larger size is not tried once the GPU took this long for one run. */
const BUDGET_MS = 800;
const LIMIT_MS = 2000;

/** The times of an item on the GPU that there is. Throws {@link ComputeError} where there is none. */
export async function gpuTimes(item: string): Promise<GpuTimes> {
  const { sizes, prepare } = WORK[item] as GpuWork;
  const wasm = await wasmBackend();
  const { backend: gpu, device } = await selectBackend('gpu');
  const times: { size: number; wasmMs: number; gpuMs: number }[] = [];
  for (const size of sizes) {
    const marks = [wasm.mark(), gpu.mark()] as const;
    const [onWasm, onGpu] = [await prepare(wasm, size), await prepare(gpu, size)];
    const best = { wasmMs: Number.POSITIVE_INFINITY, gpuMs: Number.POSITIVE_INFINITY };
    await onWasm();
    await onGpu(); // compiles
    const started = performance.now();
    do {
      best.wasmMs = Math.min(best.wasmMs, await elapsed(onWasm));
      best.gpuMs = Math.min(best.gpuMs, await elapsed(onGpu));
    } while (performance.now() - started < BUDGET_MS);
    times.push({ size, ...best });
    wasm.release(marks[0]);
    gpu.release(marks[1]);
    if (best.gpuMs > LIMIT_MS) break;
  }
  return { device: device as string, sizes: times };
}

async function elapsed(once: Once): Promise<number> {
  const started = performance.now();
  await once();
  return performance.now() - started;
}

export const gpuItemNames: readonly string[] = Object.keys(WORK);
