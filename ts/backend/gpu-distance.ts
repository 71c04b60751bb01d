/**
 * Kernel sums on the GPU, by kernels/rbf.ts: tiles of distances that every bandwidth sums in strips; the strips are added here, in
 * float64 and in a fixed order. Neighbours and medians are the core's. Dimensions: N and M rows, D columns.
 */
import { squaredDistances, stripOfKernels } from '../../kernels/rbf.js';
import { InputError } from '../errors.js';
import type { Matrix } from './backend.js';
import type { GpuKernels } from './gpu-kernels.js';
import type { GpuMemory } from './gpu-memory.js';
import type { DistanceOps } from './ops-distance.js';
import { powerOfTwo } from './wasm-distance.js';

/** Rows and columns of a tile. */
const TILE = 2048;
/** Rows of a strip, as in kernels/rbf.ts. */
const STRIP = 256;
/** Beyond this γ only equal rows count. */
const STEEPEST = 1e30;

export function gpuDistanceOps(memory: GpuMemory, kernels: GpuKernels): Pick<DistanceOps, 'rbfSums'> {
  /** The rows of x in blocks, each of them a texture that stays. */
  const blocks = (x: Matrix) => {
    const views: Matrix[] = [];
    for (let first = 0; first < x.rows; first += TILE) {
      views.push(memory.view(x, first * x.cols, Math.min(TILE, x.rows - first), x.cols));
    }
    return views;
  };
  return {
    rbfSums: (x, y, bandwidths) => {
      const other = y ?? x;
      if (x.cols !== other.cols) throw new InputError(`"columns" expected equal numbers, got ${x.cols} and ${other.cols}`);
      for (const s of bandwidths) if (!(s > 0 && s < Infinity)) throw new InputError(`"bandwidths" expected positive numbers, got ${s}`);
      const sums = new Float64Array(bandwidths.length);
      const pairs = y ? x.rows * other.rows : x.rows * (x.rows - 1);
      if (pairs === 0 || bandwidths.length === 0 || x.cols === 0) return sums.fill(pairs);
      if (![x, other].every((matrix) => memory.read(matrix).every(Number.isFinite))) return sums.fill(Number.NaN); // a value is missing
      const unit = powerOfTwo(Math.max(...bandwidths)); // any unit of the data is within the range of float32
      const settings = [1 / unit, ...bandwidths.map((s) => Math.min(STEEPEST, 0.5 / ((s / unit) * (s / unit))))];
      const scales = kernels.upload(Float32Array.from(settings), 1, settings.length);
      const add = (a: Matrix, b: Matrix, self: number, times: number) => {
        const tile = [memory.texture(a), memory.texture(b), scales, x.cols, self];
        const distances = kernels.runAnyShape(squaredDistances, a.rows, b.rows, tile);
        const height = Math.ceil(a.rows / STRIP) * sums.length;
        const strips = kernels.runAnyShape(stripOfKernels, height, b.rows, [distances, scales, a.rows, sums.length]);
        kernels.read(strips).forEach((value, at) => {
          const s = Math.floor(at / b.rows) % sums.length;
          sums[s] = (sums[s] as number) + times * value;
        });
        for (const texture of [distances, strips]) kernels.free(texture);
      };
      for (const [i, a] of blocks(x).entries()) {
        for (const [j, b] of blocks(other).entries()) {
          if (y) add(a, b, 0, 1);
          else if (j >= i) add(a, b, Number(i === j), i === j ? 1 : 2); // each pair of blocks once
        }
      }
      kernels.free(scales);
      return sums;
    },
  };
}
