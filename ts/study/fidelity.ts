/** How faithful the synthetic minority is: measured against the real test minority, beside what real rows reach (the floor). */
import { turnsFor } from '../backend/turns.js';
import { detect, detectionAuc } from '../detection.js';
import { fitFeatures } from '../encode/features.js';
import { type Fidelity, fidelity, type Minority } from '../metrics/fidelity.js';
import type { Stream } from '../random.js';
import { concatTables, type Dataset, rowsWhere, type Table, takeRows } from '../table/table.js';
import type { Augmented } from './augment.js';
import type { CellRun } from './cell.js';
import { numberOrNull } from './result.js';

/** The minority rows of a data set's features. */
export const minorityOf = ({ features, y }: Dataset): Table => takeRows(features, rowsWhere(y, 1));

/** Fidelity is a matter of the generator, so at least so many of its rows are judged: few rows make a number of chance. */
export const JUDGED_ROWS = 1000;

/** The rows that were added, and more of the same fit where they are fewer than JUDGED_ROWS; null where none were made. */
export async function judgedRows({ synthetic, sampler }: Augmented, stream: Stream, run: CellRun): Promise<Table | null> {
  if (!synthetic || !sampler || synthetic.rows >= JUDGED_ROWS) return synthetic;
  return concatTables(synthetic, await sampler.sample(JUDGED_ROWS - synthetic.rows, stream, run));
}

/**
 * All of a line's numbers that belong to the synthetic rows; without such rows only the floors. `judged` are those that stand for
 * the generator, `added` those that were added: mmd_b, which depends on the number of rows, is theirs. `stream` is that of the split,
 * the same for every method, so that all methods of a split meet the same floor.
 */
export async function measureFidelity(
  train: Dataset,
  test: Dataset,
  { judged, added }: { readonly judged: Table | null; readonly added: Table | null },
  stream: Stream,
  { backend, signal }: CellRun,
): Promise<Fidelity & { readonly c2st_auc: number | null }> {
  const turn = turnsFor(signal);
  const encoder = fitFeatures(train.features);
  const standardised = (table: Table): Minority => ({ table, rows: encoder.standardised(table) });
  const parts = { training: standardised(minorityOf(train)), test: standardised(minorityOf(test)) };
  const synthetic = judged && standardised(judged);
  const sides = { ...parts, synthetic, added: added && standardised(added) };
  const numbers = await fidelity(backend, sides, stream, turn);
  const told = synthetic && (await detect(synthetic, parts.test, stream.child('c2st'), backend, signal));
  return { ...numbers, c2st_auc: told && numberOrNull(detectionAuc(told)) };
}
