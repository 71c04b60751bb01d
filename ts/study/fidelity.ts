/** How faithful the synthetic minority is: measured against the real test minority, beside what real rows reach (the floor). */
import { fitFeatures } from '../encode/features.js';
import { type Fidelity, fidelity, type Minority } from '../metrics/fidelity.js';
import type { Stream } from '../random.js';
import { concatTables, type Dataset, rowsWhere, type Table, takeRows } from '../table/table.js';
import type { Augmented } from './augment.js';
import type { CellRun } from './cell.js';
import { detectionAuc } from './detection.js';
import { numberOrNull } from './result.js';

/** The minority rows of a data set's features. */
const minorityOf = ({ features, y }: Dataset): Table => takeRows(features, rowsWhere(y, 1));

/** Fidelity is a matter of the generator, so at least so many of its rows are judged: few rows make a number of chance. */
const JUDGED_ROWS = 1000;

/** The rows that were added, and more of the same fit where they are fewer than JUDGED_ROWS. */
async function judgedRows({ synthetic, sampler }: Augmented, stream: Stream, run: CellRun): Promise<Table | null> {
  if (!synthetic || !sampler || synthetic.rows >= JUDGED_ROWS) return synthetic;
  return concatTables(synthetic, await sampler.sample(JUDGED_ROWS - synthetic.rows, stream, run));
}

/**
 * All of a line's numbers that belong to the synthetic rows; without such rows only the floors. `shared` is the stream of the
 * split, the same for every method, so that all methods of a split meet the same floor; `own` that of the cell. mmd_b, which depends
 * on the number of rows, is that of the rows that were added.
 */
export async function measureFidelity(
  train: Dataset,
  test: Dataset,
  augmented: Augmented,
  shared: Stream,
  own: Stream,
  run: CellRun,
): Promise<Fidelity & { readonly c2st_auc: number | null }> {
  const { backend } = run;
  const encoder = fitFeatures(train.features);
  const standardised = (table: Table): Minority => ({ table, rows: encoder.standardised(table) });
  const parts = { training: standardised(minorityOf(train)), test: standardised(minorityOf(test)) };
  const judged = await judgedRows(augmented, own, run);
  const synthetic = judged && standardised(judged);
  const added = augmented.synthetic && standardised(augmented.synthetic);
  return {
    ...(await fidelity(backend, { ...parts, synthetic, added }, shared)),
    c2st_auc: synthetic && numberOrNull(await detectionAuc(synthetic.rows, parts.test.rows, shared.child('c2st'), backend)),
  };
}
