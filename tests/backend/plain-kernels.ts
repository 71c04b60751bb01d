/** Runs kernels as the plain functions that they are, element by element: tests of their arithmetic, and of what is copied when. */
import type { GpuKernels, GpuTexture, KernelFunction } from '../../ts/backend/gpu-kernels.js';

interface Values extends GpuTexture {
  readonly grid: readonly Float32Array[];
}

export interface PlainKernels extends GpuKernels {
  /** Textures that nobody has freed. */
  readonly alive: () => number;
  /** Names of the kernels that were run. */
  readonly runs: string[];
}

export function plainKernels(): PlainKernels {
  const alive = new Set<GpuTexture>();
  const runs: string[] = [];
  const make = (rows: number, cols: number, element: (y: number, x: number) => number): GpuTexture => {
    const grid = Array.from({ length: rows }, (_, y) => {
      const line = new Float32Array(cols);
      for (let x = 0; x < cols; x++) line[x] = element(y, x);
      return line;
    });
    const texture: Values = { rows, cols, grid };
    alive.add(texture);
    return texture;
  };
  const checked = (texture: GpuTexture): Values => {
    if (!alive.has(texture)) throw new Error('a texture is used that was freed');
    return texture as Values;
  };
  const run: GpuKernels['run'] = (kernel: KernelFunction, rows, cols, values, constants = {}) => {
    runs.push(kernel.name);
    const given = values.map((value) => (typeof value === 'number' ? Math.fround(value) : checked(value).grid));
    const thread = { x: 0, y: 0 };
    const call = (kernel as unknown as (...values: unknown[]) => number).bind({ thread, constants }, ...given);
    return make(rows, cols, (y, x) => {
      thread.x = x;
      thread.y = y;
      return call();
    });
  };
  return {
    device: { mode: 'webgl2', renderer: 'plain functions', software: true },
    alive: () => alive.size,
    runs,
    run,
    runAnyShape: (kernel, rows, cols, values) => run(kernel, rows, cols, values),
    upload: (values, rows, cols) => make(rows, cols, (y, x) => values[y * cols + x] as number),
    read: (texture) =>
      Float32Array.from({ length: texture.rows * texture.cols }, (_, i) => {
        const line = checked(texture).grid[Math.floor(i / texture.cols)] as Float32Array;
        return line[i % texture.cols] as number;
      }),
    free: (texture) => {
      checked(texture);
      alive.delete(texture);
    },
  };
}
