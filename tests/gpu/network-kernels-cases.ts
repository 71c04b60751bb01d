/** Kernels of layers, optimiser and reverse steps, one by one in every mode of gpu.js, against the functions that they are. */
import type { GPU } from 'gpu.js';
import * as activation from '../../kernels/activation.js';
import { adamStep, average, firstMoment, secondMoment } from '../../kernels/adam.js';
import { predictedStart, stepped } from '../../kernels/diffusion.js';
import * as network from '../../kernels/network.js';
import type { GpuTexture, KernelFunction } from '../../ts/backend/gpu-kernels.js';
import { Stream } from '../../ts/random.js';
import { plainKernels } from '../backend/plain-kernels.js';
import { allClose } from '../close.js';
import type { GpuCase } from './cases.js';

type Value = GpuTexture | number;

const U = 2 ** -23;
/** Roundings of exp and division in a shader, as WebGPU allows them: exp (3 + 2|x|) ulp with |x| ≤ 8 here, a quotient 2.5 ulp. */
const SPECIAL = 32;

interface Call {
  readonly kernel: KernelFunction;
  readonly rows: number;
  readonly cols: number;
  readonly values: readonly Value[];
  readonly constants?: Readonly<Record<string, number>>;
  /** Terms that are added up, and what one may come to. */
  readonly terms?: number;
  readonly size?: number;
}

/** B batch rows, I inputs, O outputs. */
function calls(plain: ReturnType<typeof plainKernels>, B: number, I: number, O: number): Call[] {
  const stream = Stream.fromSeed(B).child(I).child(O);
  const filled = (rows: number, cols: number, value: () => number) =>
    plain.upload(Float32Array.from({ length: rows * cols }, value), rows, cols);
  /** Values in −`reach` … `reach`. */
  const grid = (rows: number, cols: number, reach = 2) => filled(rows, cols, () => reach * (2 * stream.uniform() - 1));
  const positive = (rows: number, cols: number) => filled(rows, cols, () => 0.1 + stream.uniform());
  const index = filled(1, B, () => stream.below(I));
  const product = (kernel: KernelFunction, a: GpuTexture, b: GpuTexture, more: readonly Value[] = []): Call => ({
    kernel,
    rows: B,
    cols: O,
    values: [a, b, ...more],
    constants: { inner: I },
    terms: I + 1,
    size: 4,
  });
  const each = (kernel: KernelFunction, values: readonly Value[], size = 8): Call => ({ kernel, rows: B, cols: O, values, size });
  const z = () => grid(B, O, 8);
  return [
    product(network.product, grid(B, I), grid(I, O)),
    product(network.productTransposedB, grid(B, I), grid(O, I)),
    product(network.productTransposedA, grid(I, B), grid(I, O)),
    product(network.productTransposedBoth, grid(I, B), grid(O, I)),
    product(network.linear, grid(B, I), grid(O, I), [grid(1, O)]),
    product(network.linearRelu, grid(B, I), grid(O, I), [grid(1, O)]),
    { kernel: network.columnSums, rows: 1, cols: O, values: [grid(B, O)], constants: { inner: B }, terms: B, size: 2 },
    each(activation.relu, [z()]),
    each(activation.reluBackward, [z(), grid(B, O)]),
    each(activation.silu, [z()]),
    each(activation.siluBackward, [z(), grid(B, O)]),
    each(activation.leaky, [z()]),
    each(activation.leakyBackward, [z(), grid(B, O)]),
    each(activation.tanh, [z()]),
    each(activation.tanhBackward, [grid(B, O, 1), grid(B, O)]),
    each(network.add, [grid(B, O), grid(B, O)]),
    each(network.addScaled, [grid(B, O), grid(B, O), 0.3]),
    each(network.multiply, [grid(B, O), grid(B, O)]),
    each(network.clamp, [grid(B, O), -1, 0.5]),
    each(network.scaledDifference, [grid(B, O), grid(B, O), 0.25]),
    { ...each(network.takeColumns, [grid(B, O + 3)], 0), constants: { at: 2 } },
    each(network.gatherRows, [grid(I, O), index], 0),
    each(network.addRows, [grid(B, O), grid(I, O), index]),
    each(firstMoment, [grid(B, O), grid(B, O), 0.9, 0.1]),
    each(secondMoment, [positive(B, O), grid(B, O), 0.999, 0.001]),
    each(adamStep, [grid(B, O), grid(B, O), positive(B, O), 0.999, 0.003, 1.5, 1e-8]),
    each(average, [grid(B, O), grid(B, O), 0.01]),
    each(predictedStart, [grid(B, O), grid(B, O + 3), 1.1, -0.4, 1.5]),
    each(stepped, [grid(B, O), grid(B, O), grid(B, O), grid(B, O), 0.7, 0.2, 0.3, -0.1]),
  ];
}

async function check(gpu: GPU, B: number, I: number, O: number): Promise<void> {
  const plain = plainKernels();
  for (const { kernel, rows, cols, values, constants = {}, terms = 4, size = 4 } of calls(plain, B, I, O)) {
    const built = gpu.createKernel(kernel.toString(), { output: [cols, rows], constants: { ...constants }, precision: 'single' });
    const lines = ({ rows: count, cols: width }: GpuTexture, flat: Float32Array) =>
      Array.from({ length: count }, (_, row) => flat.subarray(row * width, (row + 1) * width));
    const given = values.map((value) => (typeof value === 'number' ? value : lines(value, plain.read(value))));
    const got = (await (built as unknown as (...given: unknown[]) => unknown)(...given)) as Float32Array[];
    const want = plain.read(plain.run(kernel, rows, cols, values, constants));
    const flat = Float32Array.from(got.flatMap((line) => [...line]));
    allClose(flat, want, { abs: (terms + SPECIAL) * terms * size * U, rel: SPECIAL * U }, `${kernel.name}, ${B}×${I}×${O}`);
  }
}

const SIZES = [
  [5, 17, 4],
  [1, 1, 1],
  [16, 3, 15],
] as const;

export const cases: readonly GpuCase[] = SIZES.map(([B, I, O]) => ({
  name: `each kernel gives what it gives as a plain function, ${B}×${I}×${O}`,
  modes: ['webgl2', 'headlessgl', 'webgpu'],
  run: ({ gpu }) => check(gpu, B, I, O),
}));
