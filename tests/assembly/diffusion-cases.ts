/** What the tests of diffusion share: a core, processes of golden cases, random inputs. */
import type { DiffusionProcess, DiffusionSettings, Schedule } from '../../ts/backend/ops-diffusion.js';
import { wasmBackend } from '../../ts/backend/select.js';
import type { Stream } from '../../ts/random.js';
import type { GoldenCase } from '../golden.js';

export const EPS = 2 ** -24; // half a unit in the last place of float32, relative
export const SIZES = [1, 3, 4, 5, 15, 16, 17];
export const SCHEDULES: Readonly<Record<string, Schedule>> = {
  cosine: 'cosine',
  linear_scaled: 'linear',
  linear_unscaled: 'linear-unscaled',
};

export const backend = await wasmBackend();
export const ops = backend.diffusion;

export function process(c: GoldenCase, more: Partial<DiffusionSettings> = {}): DiffusionProcess {
  return ops.process({
    layout: { numeric: 0, levels: [] },
    steps: c.T,
    schedule: SCHEDULES[c.schedule]!,
    prediction: 'epsilon',
    oneHotFloor: 1e-2,
    clip: 0,
    ...more,
  });
}

export const row = (values: ArrayLike<number>) => backend.matrix(1, values.length, Float32Array.from(values));

export const draw = (stream: Stream, n: number, f = (u: number) => 4 * u - 2) =>
  Float32Array.from({ length: n }, () => f(stream.uniform()));
export const codesOf = (stream: Stream, rows: number, levels: readonly number[]) =>
  Uint32Array.from({ length: rows * levels.length }, (_, i) => stream.below(levels[i % levels.length]!));
