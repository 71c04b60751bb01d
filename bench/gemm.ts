/** Matrix products against the multiply-add peak of the same run. */
import { wasmBackend } from '../ts/backend/select.js';
import { matrix } from './inputs.js';
import { type BenchItem, type BenchLine, line } from './line.js';
import { PEAK_FLOPS, peakBody } from './peak.js';
import { bestOfEach } from './timer.js';

const TARGET = 0.6; // of the peak, for 256³

/** M, N, K of products that the networks here do: square, a wide batch, a table's width in or out, a small batch, one row. */
const SHAPES = [
  [256, 256, 256],
  [4096, 256, 256],
  [256, 256, 30],
  [256, 30, 256],
  [16, 256, 256],
  [1, 256, 256],
] as const;

const FORMS = { NN: [false, false], NT: [false, true], TN: [true, false], TT: [true, true] } as const;

export const gemm: BenchItem = {
  name: 'gemm',
  run: async () => {
    const backend = await wasmBackend();
    const peak = await peakBody();
    const lines: BenchLine[] = [];
    for (const [M, N, K] of SHAPES) {
      const mark = backend.mark();
      const square = M === 256 && N === 256 && K === 256;
      const c = backend.matrix(M, N);
      const bodies: Record<string, () => void> = { peak };
      for (const [form, [transposeA, transposeB]] of Object.entries(FORMS)) {
        if (!square && form !== 'NT') continue; // NT is the forward pass of a layer
        const a = transposeA ? matrix(backend, 'a', K, M) : matrix(backend, 'a', M, K);
        const b = transposeB ? matrix(backend, 'b', N, K) : matrix(backend, 'b', K, N);
        bodies[form] = () => backend.network.gemm(a, b, c, { transposeA, transposeB });
      }
      const seconds = bestOfEach(bodies);
      const limit = PEAK_FLOPS / seconds.peak! / 1e9;
      if (square) lines.push(line('multiply-add peak', limit, 'GF/s'));
      for (const form of Object.keys(bodies).slice(1)) {
        const judged = square ? { reference: limit, atLeast: TARGET } : { reference: limit };
        lines.push(line(`gemm ${M}×${N}×${K} ${form}`, (2 * M * N * K) / seconds[form]! / 1e9, 'GF/s', judged));
      }
      backend.release(mark);
    }
    return lines;
  },
};
