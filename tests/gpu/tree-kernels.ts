/** Kernels of trees and kernel sums, one by one, as gpu.js runs them in any of its modes, against the functions that they are. */
import type { GPU } from 'gpu.js';
import * as assert from 'uvu/assert';
import { simd } from '../../build/core.js';
import { addLeaves, binLimbs, gradientDigits, nodesInOrder, partition, stripSums } from '../../kernels/histogram.js';
import { squaredDistances, stripOfKernels } from '../../kernels/rbf.js';
import { bestPlaces, nearSums } from '../../kernels/split.js';
import type { GpuTexture, KernelFunction } from '../../ts/backend/gpu-kernels.js';
import { gpuTable } from '../../ts/backend/gpu-table.js';
import { loadCore } from '../../ts/backend/wasm.js';
import { Stream } from '../../ts/random.js';
import { plainKernels } from '../backend/plain-kernels.js';
import { allClose } from '../close.js';

export interface Units {
  readonly u: number;
  readonly exp: number;
}

type Value = GpuTexture | number;

/** Runs each kernel for tables of so many rows, features and bins, two nodes at a time. */
export async function checkTreeKernels(gpu: GPU, rows: number, cols: number, maxBins: number, { u, exp }: Units): Promise<void> {
  const plain = plainKernels();
  const stream = Stream.fromSeed(rows).child(cols);
  const what = (kernel: KernelFunction) => `${kernel.name}, ${rows}×${cols}, ${maxBins} bins`;
  /** The kernel's result by gpu.js, and as a plain function. */
  const both = async (kernel: KernelFunction, height: number, width: number, values: readonly Value[]) => {
    const settings = { output: [width, height], precision: 'single' as const, loopMaxIterations: 65_536 };
    const built = gpu.createKernel(kernel.toString(), settings);
    const given = values.map((value) => (typeof value === 'number' ? value : linesOf(plain.read(value), value)));
    const got = (await (built as unknown as (...given: unknown[]) => unknown)(...given)) as Float32Array[];
    const texture = plain.runAnyShape(kernel, height, width, values);
    return { got: Float32Array.from(got.flatMap((line) => [...line])), want: plain.read(texture), texture };
  };
  /** The result of a kernel whose numbers are whole. */
  const exact = async (kernel: KernelFunction, width: number, values: readonly Value[]) => {
    const { got, want, texture } = await both(kernel, 1, width, values);
    assert.equal(got, want, what(kernel));
    return texture;
  };
  const vector = (value: (i: number) => number, length = rows) =>
    plain.upload(
      Float32Array.from({ length }, (_, i) => value(i)),
      1,
      length,
    );

  const x = Float32Array.from({ length: rows * cols }, () => (stream.uniform() < 0.15 ? Number.NaN : stream.below(3 * maxBins)));
  const { on, strips, mostBins } = gpuTable(await loadCore(simd, 'simd'), plain, x, cols, maxBins);
  const margins = vector(() => 8 * stream.uniform() - 4);
  const [positive, weights] = [vector(() => stream.below(2)), vector(() => stream.uniform())];
  const digits = await both(gradientDigits, 1, 4 * rows, [margins, positive, weights]);
  const numbers = (of: Float32Array) => Float64Array.from({ length: 2 * rows }, (_, i) => (of[2 * i]! + of[2 * i + 1]! / 16_384) / 16_384);
  allClose(numbers(digits.got), numbers(digits.want), { abs: exp + 8 * u + 2 ** -27 }, what(gradientDigits));

  const slots = 2;
  const nodes = vector(() => stream.below(slots + 1) - 1);
  const inOrder = await exact(nodesInOrder, rows * cols, [nodes, on.order]);
  const partial = await exact(stripSums, strips * slots * 4, [on.strips, inOrder, on.order, digits.texture, slots, 0]);
  const histograms = await exact(binLimbs, cols * mostBins * slots * 8, [partial, on.firstStrips, slots]);
  for (const settings of [
    [1, 0, 0, 0.05],
    [0, 0.1, 0, 0],
    [0.5, 0, 0.3, 0],
  ]) {
    const limits = plain.upload(Float32Array.of(...settings, 1, 0.25, 0, 0), 1, 8);
    const places = await exact(bestPlaces, cols * slots * 2, [histograms, on.bins, limits, slots, mostBins]);
    await exact(nearSums, cols * slots * 2 * 8, [histograms, on.bins, places, slots, mostBins]);
  }
  const fields = [cols - 1, 1, maxBins, 1, -1, 0, 0, 0, -1, 0, 0, -2, 0, 0, 0, 0];
  const splits = plain.upload(Float32Array.from(fields), 1, fields.length);
  await exact(partition, rows, [nodes, splits, on.codes, rows]);
  const leaves = vector(() => -1 - stream.below(3));
  const added = await both(addLeaves, 1, rows, [margins, leaves, vector((i) => i / 4, 3)]);
  allClose(added.got, added.want, { rel: u, abs: u }, what(addLeaves));

  const [a, b] = [16, 5].map((count) =>
    plain.upload(
      Float32Array.from({ length: count * cols }, () => stream.uniform()),
      count,
      cols,
    ),
  ) as [GpuTexture, GpuTexture];
  const scales = plain.upload(Float32Array.of(0.5, 0.25, 4), 1, 3);
  for (const self of [0, 1]) {
    const distances = await both(squaredDistances, 16, 5, [a, b, scales, cols, self]);
    allClose(distances.got, distances.want, { rel: (cols + 4) * u }, what(squaredDistances));
    const sums = await both(stripOfKernels, 2, 5, [distances.texture, scales, 16, 2]);
    allClose(sums.got, sums.want, { rel: exp + 16 * u }, what(stripOfKernels));
  }
}

/** Row-major values as the nested arrays that gpu.js takes. */
const linesOf = (values: Float32Array, { rows, cols }: GpuTexture) =>
  Array.from({ length: rows }, (_, row) => values.slice(row * cols, (row + 1) * cols));
