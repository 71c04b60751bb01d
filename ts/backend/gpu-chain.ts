/** The tables of a diffusion process that kernels look things up in. */
import type { Backend, Matrix } from './backend.js';
import type { GpuMemory } from './gpu-memory.js';
import type { DiffusionLayout, DiffusionProcess, DiffusionSettings, Prediction } from './ops-diffusion.js';

interface Tables {
  /** (T, 4): what x0 and ε are multiplied by, for the noised numbers and for the target. */
  readonly factors: Matrix;
  /** (T, 4): α = ᾱ_t / ᾱ_{t−1}, 1 − α, ᾱ_{t−1}, 1 − ᾱ_{t−1}. */
  readonly chances: Matrix;
  /** (3, W): of each network column its category column, where that starts, and its levels. */
  readonly places: Matrix;
  /** (2, C): of each category column its first network column and its levels; one column without meaning where there is none. */
  readonly spans: Matrix;
  /** The most levels of a column. */
  readonly most: number;
  readonly logFloor: number;
  readonly clip: number;
  /** What the last step still tells of the categories: a constant part of the loss. */
  readonly prior: number;
}

/** A process of the core and its tables. */
export interface GpuProcess extends DiffusionProcess {
  readonly tables: Tables;
}

/** The largest float32 below infinity: no bound. */
const UNBOUNDED = 3.4e38;

export function gpuProcess(memory: GpuMemory, core: Backend, settings: DiffusionSettings): GpuProcess {
  const chain = core.diffusion.process(settings);
  const { layout, steps, prediction, oneHotFloor, clip } = settings;
  const { alphaBar } = chain.schedule;
  const rows = (row: (t: number) => readonly number[]) =>
    memory.matrix(
      steps,
      4,
      Float32Array.from({ length: steps * 4 }, (_, i) => row(Math.floor(i / 4))[i % 4] as number),
    );
  return {
    ...chain,
    tables: {
      factors: rows((t) => mixFactors(alphaBar[t] as number, prediction)),
      chances: rows((t) => stepChances(alphaBar[t] as number, t > 0 ? (alphaBar[t - 1] as number) : 1)),
      ...layoutTables(memory, layout),
      most: Math.max(1, ...layout.levels),
      logFloor: core.special.log(oneHotFloor),
      clip: clip > 0 ? clip : UNBOUNDED,
      prior: core.diffusion.prior(chain),
    },
  };
}

/** x_t = √ᾱ·x0 + √(1 − ᾱ)·ε; the target is v = √ᾱ·ε − √(1 − ᾱ)·x0, ε, or x0. */
function mixFactors(abar: number, prediction: Prediction): number[] {
  const [signal, noise] = [Math.sqrt(abar), Math.sqrt(1 - abar)];
  return [signal, noise, ...(prediction === 'v' ? [-noise, signal] : prediction === 'epsilon' ? [0, 1] : [1, 0])];
}

function stepChances(abar: number, abarBefore: number): number[] {
  const alpha = abar / abarBefore;
  return [alpha, 1 - alpha, abarBefore, 1 - abarBefore];
}

function layoutTables(memory: GpuMemory, { numeric, levels }: DiffusionLayout) {
  const width = levels.reduce((sum, k) => sum + k, numeric);
  const places = new Float32Array(3 * width);
  const columns = Math.max(1, levels.length);
  const spans = new Float32Array(2 * columns);
  let start = numeric;
  levels.forEach((k, c) => {
    spans.set([start], c);
    spans.set([k], columns + c);
    places.fill(c, start, start + k);
    places.fill(start, width + start, width + start + k);
    places.fill(k, 2 * width + start, 2 * width + start + k);
    start += k;
  });
  return { places: memory.matrix(3, width, places), spans: memory.matrix(2, columns, spans) };
}
