/**
 * Cases that run where a GPU is: in a page of Chromium, or in a Node process with a GL context. A file of cases exports them as
 * `cases`, imports nothing of Node, and throws (uvu/assert, tests/close.ts) where something is wrong.
 */
import { deviceWords, type GpuDevice, type GpuMode, openGpu } from '../../ts/backend/detect.js';

export interface GpuCase {
  readonly name: string;
  /** Where it runs; WebGL in the page and in Node where left out. Kernels of `webgpu` answer with promises: await their results. */
  readonly modes?: readonly GpuMode[];
  run(device: GpuDevice): void | Promise<void>;
}

export const DEFAULT_MODES: readonly GpuMode[] = ['webgl2', 'headlessgl'];

export interface CaseResult {
  readonly name: string;
  readonly error: string | null;
  readonly seconds: number;
}

export interface CaseResults {
  readonly device: string;
  readonly cases: readonly CaseResult[];
}

export const casesOf = (cases: readonly GpuCase[], mode: GpuMode): GpuCase[] =>
  cases.filter(({ modes = DEFAULT_MODES }) => modes.includes(mode));

/** Runs the cases of one mode on one device, one after the other. */
export async function runCases(cases: readonly GpuCase[], mode: GpuMode): Promise<CaseResults> {
  const device = await openGpu(mode);
  const results: CaseResult[] = [];
  for (const { name, run } of casesOf(cases, mode)) {
    const started = performance.now();
    let error: string | null = null;
    try {
      await run(device);
    } catch (thrown) {
      error = (thrown as Error).stack ?? String(thrown);
    }
    results.push({ name, error, seconds: (performance.now() - started) / 1000 });
  }
  return { device: deviceWords(device), cases: results };
}
