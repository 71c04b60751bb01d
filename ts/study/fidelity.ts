/** How faithful the synthetic minority is: measured against the real test minority, beside what real rows reach (the floor). */
import type { Backend } from '../backend/backend.js';
import { fitFeatures } from '../encode/features.js';
import { type Fidelity, fidelity, type Minority } from '../metrics/fidelity.js';
import type { Stream } from '../random.js';
import { type Dataset, type Table, takeRows } from '../table/table.js';
import { detectionAuc } from './detection.js';
import { numberOrNull } from './result.js';

/** The minority rows of a data set's features. */
export function minorityOf({ features, y }: Dataset): Table {
  const rows: number[] = [];
  for (let i = 0; i < y.length; i++) if (y[i] === 1) rows.push(i);
  return takeRows(features, Uint32Array.from(rows));
}

/**
 * All of a line's numbers that belong to the synthetic rows; without such rows only the floors. `shared` is the stream of the
 * split, the same for every method, so that all methods of a split meet the same floor.
 */
export async function measureFidelity(
  train: Dataset,
  test: Dataset,
  synthetic: Table | null,
  shared: Stream,
  backend: Backend,
): Promise<Fidelity & { readonly c2st_auc: number | null }> {
  const encoder = fitFeatures(train.features);
  const standardised = (table: Table): Minority => ({ table, rows: encoder.standardised(table) });
  const parts = { training: standardised(minorityOf(train)), test: standardised(minorityOf(test)) };
  const made = synthetic && synthetic.rows > 0 ? standardised(synthetic) : null;
  return {
    ...(await fidelity(backend, { ...parts, synthetic: made }, shared)),
    c2st_auc: made && numberOrNull(await detectionAuc(made.rows, parts.test.rows, shared.child('c2st'), backend)),
  };
}
