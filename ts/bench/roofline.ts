/**
 * The core kernels under the machine's roof (Williams, Waterman & Patterson 2009): a kernel of i operations a byte cannot do more than
 * min(multiply-add peak, i · memory speed) of them a second. The speed is that of copying as many bytes as the kernel reads and
 * writes, so that both meet the same caches; all in one run. Operations are those that the kernel's source has for an element (a
 * multiply-add is two), each byte is counted once.
 */
import { wasmBackend } from '../backend/select.js';
import { Stream } from '../random.js';
import { matrix } from './inputs.js';
import { measuredLimits, PEAK_FLOPS } from './limits.js';
import { type BenchItem, type BenchLine, line } from './line.js';
import { type Body, bestOfEach, consume } from './timer.js';
import { product } from './work-network.js';

interface Kernel {
  readonly name: string;
  readonly run: Body;
  readonly operations: number;
  readonly bytes: number;
}

const N = 1 << 16; // elements of an elementwise kernel
const LARGE = 1 << 22; // and of one whose blocks no cache holds
const ROWS = 2000; // of a kernel sum
const D = 30;

/** Operations an element, by the source. */
const COUNT = { add: 1, silu: 31, adamw: 17, softmax: 32, normal: 60, rbf: 2 * D + 19 };
/** Bytes an element: what is read and what is written. */
const BYTES = { add: 12, silu: 8, adamw: 36, softmax: 8, normal: 4 };

async function kernels(variant: 'simd' | 'relaxed' | 'debug'): Promise<Kernel[]> {
  const backend = await wasmBackend(variant);
  const { network, random, distance } = backend;
  const each = (name: keyof typeof BYTES, label: string, n: number, run: Body): Kernel => ({
    name: label,
    run,
    operations: COUNT[name] * n,
    bytes: BYTES[name] * n,
  });
  const products = (
    [
      [256, 256, 256],
      [4096, 256, 256],
      [1, 256, 256],
    ] as const
  ).map((shape): Kernel => {
    const [rows, cols, inner] = shape;
    const { run, amount } = product(backend, shape, 'NT');
    return { name: `gemm ${shape.join('×')}`, run, operations: amount, bytes: 4 * (rows * inner + cols * inner + rows * cols) };
  });
  const [a, b, c] = [matrix(backend, 'a', 256, N / 256), matrix(backend, 'b', 256, N / 256), backend.matrix(256, N / 256)];
  const [large, larger, largest] = [0, 1, 2].map(() => backend.matrix(1, LARGE)) as [typeof a, typeof a, typeof a];
  const block = () => backend.matrix(1, N);
  const [w, g, m, v, ema] = [block(), block(), block(), block(), block()];
  const adam = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, step: 3, emaDecay: 0.999 };
  network.fill(v, 1);
  const stream = Stream.fromSeed(1).child('roofline');
  const rows = matrix(backend, 'rows', ROWS, D);
  return [
    ...products,
    each('add', 'add, 768 kB', N, () => network.add(a, b, c)),
    each('add', 'add, 50 MB', LARGE, () => network.add(large, larger, largest)),
    each('adamw', 'AdamW with average', N, () => network.adamw(w, g, m, v, ema, adam)),
    each('silu', 'silu', N, () => network.activation(a, c, 'silu')),
    each('softmax', 'softmax', N, () => network.softmax(a, c)),
    each('normal', 'normal numbers', N, () => random.normal(c, stream)),
    {
      name: `kernel sum ${ROWS}×${ROWS}×${D}`,
      run: () => consume(distance.rbfSums(rows, null, [4])[0] as number),
      operations: (COUNT.rbf * ROWS * ROWS) / 2,
      bytes: 4 * ROWS * D,
    },
  ];
}

export const roofline: BenchItem = {
  name: 'roofline',
  run: async (setting) => {
    let best = 0;
    const lines: BenchLine[] = [];
    for (const { name, run, operations, bytes } of await kernels(setting.variant)) {
      const limits = await measuredLimits(setting);
      const bodies = { run, copy: limits.copy(Math.ceil(bytes / 2)), peak: limits.multiplyAdd };
      const seconds = await bestOfEach(bodies, setting, 15);
      const [peak, intensity] = [PEAK_FLOPS / seconds.peak, operations / bytes];
      best = Math.max(best, peak);
      const roof = Math.min(peak, intensity * (bytes / seconds.copy));
      const item = `roofline, ${name}, under ${roof === peak ? 'the peak' : 'memory'}`;
      const unit = `Gop/s, ${Number(intensity.toPrecision(3))} op/B`;
      lines.push(line(item, operations / seconds.run / 1e9, unit, { reference: roof / 1e9 }));
    }
    const { copy } = await bestOfEach({ copy: (await measuredLimits(setting)).copy(LARGE * 4) }, setting, 8);
    const speed = (2 * LARGE * 4) / copy;
    return [
      line('roofline', best / speed, 'op/B at the ridge'),
      line('roofline, multiply-add peak', best / 1e9, 'Gop/s'),
      line('roofline, memory read and written, 32 MB', speed / 1e9, 'GB/s'),
      ...lines,
    ];
  },
};
