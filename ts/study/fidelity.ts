/** How faithful the synthetic minority is: measured against the real test minority, beside what real rows reach (the floor). */
import type { Backend } from '../backend/backend.js';
import { fitFeatures } from '../encode/features.js';
import { columnDistances, coverage, mmd, nearestRatio, pairDifference } from '../metrics/fidelity.js';
import type { Stream } from '../random.js';
import { type Dataset, type Table, takeRows } from '../table/table.js';
import { detectionAuc } from './detection.js';
import { numberOrNull, type ResultLine } from './result.js';

type Fidelity = Pick<
  ResultLine,
  | 'mmd_b'
  | 'mmd2_u'
  | 'mmd_multi'
  | 'mmd_floor'
  | 'mmd2_u_floor'
  | 'mmd_multi_floor'
  | 'nearest_ratio'
  | 'ks_mean'
  | 'tv_mean'
  | 'wasserstein_mean'
  | 'pair_difference'
  | 'c2st_auc'
  | 'coverage'
>;

const NO_ROWS = {
  mmd_b: null,
  mmd2_u: null,
  mmd_multi: null,
  nearest_ratio: null,
  ks_mean: null,
  tv_mean: null,
  wasserstein_mean: null,
  pair_difference: null,
  c2st_auc: null,
  coverage: null,
} as const;

/** The minority rows of a data set's features. */
export function minorityOf({ features, y }: Dataset): Table {
  const rows: number[] = [];
  for (let i = 0; i < y.length; i++) if (y[i] === 1) rows.push(i);
  return takeRows(features, Uint32Array.from(rows));
}

/** All of a line's numbers that belong to the synthetic rows; with none, only the floors. */
export async function measureFidelity(
  train: Dataset,
  test: Dataset,
  synthetic: Table | null,
  stream: Stream,
  backend: Backend,
): Promise<Fidelity> {
  const encoder = fitFeatures(train.features);
  const real = minorityOf(train);
  const held = minorityOf(test);
  const [trainRows, testRows] = [encoder.standardised(real), encoder.standardised(held)];
  const floor = await mmd(trainRows, testRows, trainRows, stream.child('floor'), backend);
  const floors = {
    mmd_floor: numberOrNull(floor.biased),
    mmd2_u_floor: numberOrNull(floor.unbiased),
    mmd_multi_floor: numberOrNull(floor.multi),
  };
  if (!synthetic || synthetic.rows === 0) return { ...NO_ROWS, ...floors };

  const rows = encoder.standardised(synthetic);
  const distance = await mmd(rows, testRows, trainRows, stream.child('mmd'), backend);
  const columns = columnDistances(held, synthetic);
  return {
    mmd_b: numberOrNull(distance.biased),
    mmd2_u: numberOrNull(distance.unbiased),
    mmd_multi: numberOrNull(distance.multi),
    ...floors,
    nearest_ratio: numberOrNull(await nearestRatio(rows, testRows, trainRows, backend)),
    ks_mean: numberOrNull(columns.ks),
    tv_mean: numberOrNull(columns.tv),
    wasserstein_mean: numberOrNull(columns.wasserstein),
    pair_difference: numberOrNull(pairDifference(held, synthetic)),
    c2st_auc: numberOrNull(await detectionAuc(rows, testRows, stream.child('c2st'), backend)),
    coverage: numberOrNull(await coverage(rows, testRows, backend)),
  };
}
