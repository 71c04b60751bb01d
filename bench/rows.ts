/** Kernel sums and neighbours: MMD² of 5,000 against 5,000 rows of 30 columns (γ = 1/30), SMOTE of 1,500 rows. */
import { wasmBackend } from '../ts/backend/select.js';
import { normals } from '../ts/bench/inputs.js';
import { type BenchItem, line } from '../ts/bench/line.js';
import { bestOfEach, consume } from '../ts/bench/timer.js';
import { smoteRows, unbiasedMmd } from '../ts/bench/work-rows.js';
import { FIGURES } from './reference.js';

const [N, D, MINORITY] = [5000, 30, 1500];
const S = Math.sqrt(15); // γ = 1 / 2s² = 1/30

export const mmd: BenchItem = {
  name: 'mmd',
  run: async (setting) => {
    const backend = await wasmBackend(setting.variant);
    const { distance } = backend;
    const x = backend.matrix(N, D, await normals(backend, 'x', N * D));
    const y = backend.matrix(
      N,
      D,
      (await normals(backend, 'y', N * D)).map((z) => 0.1 + 1.1 * z),
    );
    const minority = backend.matrix(MINORITY, D, await normals(backend, 'minority', MINORITY * D));
    const work = unbiasedMmd(backend, x, y, 1 / D);
    const seconds = await bestOfEach(
      {
        mmd: work.run,
        five: () => consume(distance.rbfSums(x, y, [S / 4, S / 2, S, 2 * S, 4 * S])[0] as number),
        median: () => consume(distance.medianDistance(minority)),
      },
      setting,
      8,
    );
    return [
      line('mmd', seconds.mmd, 's', { reference: FIGURES.mmd.scikit, timesAsFast: 2.5, of: 'scikit-learn*' }),
      line('mmd, its value', await work.check(), ''),
      line('mmd, one sum of five bandwidths', seconds.five, 's'),
      line('mmd, median distance of 1,500 rows', seconds.median, 's'),
    ];
  },
};

export const smote: BenchItem = {
  name: 'smote',
  run: async (setting) => {
    const backend = await wasmBackend(setting.variant);
    const points = await normals(backend, 'minority', MINORITY * D);
    const minority = backend.matrix(MINORITY, D, points);
    const work = smoteRows(backend, points, D, 30_000);
    const seconds = await bestOfEach(
      { smote: work.run, neighbours: () => consume(distanceOf(backend.distance.neighbours(minority, minority, 5, true).squared)) },
      setting,
      10,
    );
    return [
      line('smote', seconds.smote, 's', { reference: FIGURES.smote.numpy, timesAsFast: 1, of: 'numpy + scikit-learn*' }),
      line('smote, beside imbalanced-learn', seconds.smote, 's', {
        reference: FIGURES.smote.imbalanced,
        timesAsFast: 2,
        of: 'imbalanced-learn*',
      }),
      line('smote, the neighbours alone', seconds.neighbours, 's'),
    ];
  },
};

const distanceOf = (squared: Float32Array): number => squared[0] as number;
