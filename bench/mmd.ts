/**
 * The unbiased MMD² of 5,000 against 5,000 rows of 30 columns (three kernel sums, γ = 1/30), beside scikit-learn's on one thread of
 * an AMD EPYC (docs/performance.md), and what it is made of; neighbours as SMOTE asks for them.
 */
import { wasmBackend } from '../ts/backend/select.js';
import { matrix } from './inputs.js';
import { type BenchItem, line } from './line.js';
import { bestOfEach, consume } from './timer.js';

const [N, D] = [5000, 30];
const S = Math.sqrt(15); // γ = 1 / 2s² = 1/30
const SCIKIT_LEARN_S = 0.47; // three rbf_kernel matrices in float64, summed

export const mmd: BenchItem = {
  name: 'mmd',
  run: async () => {
    const backend = await wasmBackend();
    const { distance } = backend;
    const [x, y, minority] = [matrix(backend, 'x', N, D), matrix(backend, 'y', N, D), matrix(backend, 'minority', 1500, D)];
    const sum = (a: typeof x, b: typeof x | null, bandwidths = [S]) => distance.rbfSums(a, b, bandwidths)[0] as number;
    const seconds = bestOfEach(
      {
        mmd: () => consume((sum(x, null) + sum(y, null)) / (N * (N - 1)) - (2 * sum(x, y)) / (N * N)),
        sum: () => consume(sum(x, y)),
        five: () => consume(sum(x, y, [S / 4, S / 2, S, 2 * S, 4 * S])),
        median: () => consume(distance.medianDistance(minority)),
        neighbours: () => consume(distance.neighbours(minority, minority, 5, true).squared[0] as number),
      },
      8,
    );
    return [
      line('mmd² 5,000 × 5,000 × 30', seconds.mmd, 's', { reference: SCIKIT_LEARN_S, atMost: 0.4 }),
      line('kernel sum 5,000 × 5,000 × 30', seconds.sum * 1000, 'ms'),
      line('kernel sum, five bandwidths', seconds.five * 1000, 'ms'),
      line('median distance 1,500 × 30', seconds.median * 1000, 'ms'),
      line('5 neighbours 1,500 × 30', seconds.neighbours * 1000, 'ms'),
    ];
  },
};
