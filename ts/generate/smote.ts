/**
 * SMOTE (Chawla, Bowyer, Hall & Kegelmeyer 2002, JAIR 16): new minority rows on the segments between neighbouring ones;
 * SMOTE-NC where the table has level columns. See neighbours.ts for what is near, interpolation.ts for what is drawn.
 */
import { fitFeatures } from '../encode/features.js';
import { throwIfAborted } from '../errors.js';
import { takeRows } from '../table/table.js';
import type { Generator } from './generator.js';
import { drawPlaces, fitGrids, interpolateTable } from './interpolation.js';
import { minorityRows, UNTRAINED } from './minority.js';
import { checkCounts } from './mixed-rows.js';
import { neighbourhood, weightLevels } from './neighbours.js';

export interface SmoteOptions {
  /** Neighbours a row; shrinks to minority − 1. */
  readonly k: number;
}

export const smote: Generator<SmoteOptions> = {
  name: 'smote',
  minMinority: 2,
  defaults: { k: 5 },
  async fit(train, _stream, run, changed) {
    const options = { ...smote.defaults, ...changed };
    checkCounts({ ...options }, ['k']);
    throwIfAborted(run.signal);
    const minority = takeRows(train.features, minorityRows(train, smote));
    const grids = fitGrids(train.features);
    const points = weightLevels(fitFeatures(train.features).standardised(minority));
    const near = neighbourhood(points, minority.rows, options.k, run.backend);
    return {
      history: UNTRAINED,
      async sample(rows, stream, run) {
        throwIfAborted(run.signal);
        return interpolateTable(minority, near, drawPlaces(rows, near, stream), grids, stream);
      },
    };
  },
};
