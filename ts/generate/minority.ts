/** The rows that a generator learns from. */
import { ComputeError } from '../errors.js';
import { type Dataset, rowsWhere } from '../table/table.js';
import type { TrainingHistory } from './generator.js';

/** Ascending indices of the positive rows; throws {@link ComputeError} when there are fewer than `method` needs. */
export function minorityRows(train: Dataset, method: { readonly name: string; readonly minMinority: number }): Uint32Array {
  const rows = rowsWhere(train.y, 1);
  if (rows.length < method.minMinority) {
    const { column, positive } = train.target;
    throw new ComputeError(
      `method "${method.name}" needs at least ${method.minMinority} rows with ${column} = ${positive} in the training part, got ${rows.length}; choose another method or give more rows`,
    );
  }
  return rows;
}

/** The history of a method that does not train. */
export const UNTRAINED: TrainingHistory = { steps: [], losses: [], seconds: [] };
